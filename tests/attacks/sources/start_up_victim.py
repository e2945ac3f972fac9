# Tries: nothing of its own: it comes after `start_up_files` and has no answers but those that one may have left.
# Shows: nothing inherited

# %% total
import builtins
import glob
import os

inherited = [name for name in ("moving_sum", "total") if hasattr(builtins, name)]
inherited += [path for place in ("/tmp", "/scratch", "/dev/shm", os.path.expanduser("~")) for path in glob.glob(f"{place}/**/*left*", recursive=True)]
inherited += [path for place in ("/tmp", "/scratch", "/dev/shm") for path in glob.glob(f"{place}/**/sitecustomize.py", recursive=True)]
print(inherited or "nothing inherited")
