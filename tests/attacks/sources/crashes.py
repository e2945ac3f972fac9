# Tries: a segmentation fault, a stack overflow in C and a bad free.
# Solves: moving_sum
# Shows: ended the whole process

# %% total
import ctypes

ctypes.string_at(8)
