# Tries: the polite ways out: sys.exit, exit, quit, SystemExit, KeyboardInterrupt, GeneratorExit, and input().
# Solves: predictions, net
# Raises: SystemExit, KeyboardInterrupt, EOFError, GeneratorExit

# %% moving_sum
import sys

exit()
quit()
get_ipython().ask_exit()
input()

# %% total
sys.exit(0)

# %% after check_total
raise KeyboardInterrupt

# %% after check_moving_sum
raise GeneratorExit
