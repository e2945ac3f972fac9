# Tries: as much output as each cell may have, in many cells, so that the result can't be handed on.
# Solves: predictions

# %% moving_sum
from IPython.display import HTML, display

display(HTML("x" * 7_900_000))

# %% total
display(HTML("é" * 3_000_000), HTML("é" * 3_000_000))

# %% net
for _ in range(199):
    display(HTML("\0" * 6_000))

# %% after check_net
get_ipython().kernel.channel.send({"outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 7_000_000}]})

# %% after check_net
get_ipython().kernel.channel.send({"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}] * 150_000})
