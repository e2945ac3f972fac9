# Tries: objects that would run code where they are unpickled, in every place a value can stand.

# %% moving_sum
import pickle


class Payload:
    def __reduce__(self):
        return eval, ("open('@COURSE@/left-by-an-attack', 'w').close() or 385",)

    __getstate__ = __reduce__


def moving_sum(x, width):
    return np.array([Payload(), pickle.dumps(Payload())], dtype=object)

# %% total
total = Payload()

# %% net
def Net(*args):
    return pickle.dumps(Payload())

# %% predictions
predictions = np.array([(1, "a")] * 60, dtype=[("label", object), ("text", "U5")])
