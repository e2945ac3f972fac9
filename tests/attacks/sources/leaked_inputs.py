# Tries: to get hidden inputs out: in messages, notes, names of types, prints, warnings and later outputs.
# Hides: 8675309

# %% moving_sum
import os
import sys
import threading
import time
import warnings


def moving_sum(x, width):
    text = " ".join(str(int(n)) if n == int(n) else str(n) for n in x)
    with open("/tmp/inputs", "a") as file:
        file.write(text)
    print(text)
    warnings.warn(text, stacklevel=1)
    sys.stderr.write(text)
    get_ipython().kernel.outputs.stream("stdout", text)
    kind = type("E" + text.replace(" ", "_").replace(".", "_").replace("-", "_")[:50], (RuntimeError,), {"__str__": lambda self: text})
    error = kind(text)
    error.add_note(text)
    raise error from KeyError(text)

# %% after check_predictions
def report():
    while True:
        if os.path.exists("/tmp/inputs"):
            get_ipython().kernel.outputs.stream("stdout", open("/tmp/inputs").read())
        time.sleep(0.01)


threading.Thread(target=report, daemon=True).start()
time.sleep(0.3)
