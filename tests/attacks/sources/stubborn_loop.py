# Tries: a loop that swallows interrupts and ignores every signal it can.
# Solves: moving_sum
# Shows: couldn't be interrupted

# %% total
import signal

for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
