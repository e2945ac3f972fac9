# Tries: output without end, as text, as displays and as one line.
# Solves: moving_sum
# Raises: KeyboardInterrupt

# %% total
import sys

from IPython.display import HTML, display

while True:
    print("x" * 1000)
    display(HTML("x" * 10_000))
    sys.stderr.write("y" * 100)
