# Tries: a set and a dictionary whose keys all have the same hash, which take hours to build.
# Solves: predictions

# %% total
total = {}
kernel = get_ipython().kernel
import sys

Packer = sys.modules["inside.wire"].Packer
pack = Packer.pack
modulus = 2**61 - 1
keys = ["set", [["int", modulus * n] for n in range(1, 200_000)]]
Packer.pack = lambda self, value, depth=0: keys if type(value) is dict else pack(self, value, depth)
