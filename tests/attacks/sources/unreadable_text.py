# Tries: texts that can't be written to a file or a page: lone surrogates, null bytes, control characters.
# Solves: total

# %% moving_sum
import sys

from IPython.display import HTML, display

odd = "\ud800\udfff \x00\x01\x08\x1b[31m\x1b]0;x\x07 \ufffe\uffff \u202e"
print(odd)
sys.stderr.write(odd)
display(HTML(odd), {"text/plain": odd}, raw=False)


def moving_sum(x, width):
    raise RuntimeError(odd)

# %% predictions
predictions = odd
