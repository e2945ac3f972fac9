# Tries: the names every check needs, replaced in builtins.
# Raises: TypeError

# %% total
import builtins

real = builtins.isinstance
builtins.all = builtins.any = builtins.callable = lambda *args: True
builtins.abs = builtins.sum = builtins.max = builtins.round = lambda *args, **kwargs: 0
builtins.isinstance = lambda value, kind: True if kind is AssertionError else real(value, kind)
builtins.AssertionError = type("Passed", (BaseException,), {})
builtins.print = builtins.repr = lambda *args, **kwargs: "passed"
total = 0
