# Tries: os._exit in the middle of a notebook, which leaves a student ungraded elsewhere.
# Solves: moving_sum
# Shows: ended the whole process

# %% total
import os

os._exit(0)
