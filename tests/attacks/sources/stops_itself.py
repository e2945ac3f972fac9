# Tries: SIGSTOP to itself and to all its processes, snapshots included, so that nothing answers and nothing ends.
# Solves: moving_sum
# Shows: couldn't be interrupted

# %% total
import os
import signal

for pid in range(2, 200):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGSTOP)
        except OSError:
            pass
os.kill(os.getpid(), signal.SIGSTOP)
