# Tries: to kill its parent, its session, its process group and every process id there can be.
# Solves: moving_sum
# Earns: check_moving_sum 0 (it kills its own snapshot as well: what it had earned is lost, and nobody else's)

# %% total
import os
import signal

for pid in (os.getppid(), 1, *range(3, 300)):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
