# Tries: to have paths of the grading machine printed in its outputs.
# Raises: LinAlgError
# Hides: @COURSE@
# Hides: @PROJECT@

# %% moving_sum
import os
import sys

print(open("/proc/self/mountinfo").read())
print(sys.path, sys.prefix, sys.base_prefix, sys.executable, os.environ, os.getcwd(), np.__file__)


def moving_sum(x, width):
    raise ImportError(sys.prefix, path=sys.executable)


get_ipython().run_line_magic("lsmagic", "")
np.linalg.inv(np.zeros((2, 2)))
