# Tries: threads that go on after their cell, print grades and change answers already given.
# Solves: moving_sum

# %% total
import threading
import time


def later():
    while True:
        globals().update(total=0, predictions=[0] * 60)
        print("100")
        get_ipython().kernel.outputs.display({"text/plain": "100"}, count=1)
        time.sleep(0.001)


for _ in range(4):
    threading.Thread(target=later).start()
total = 1
