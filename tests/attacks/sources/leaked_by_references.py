# Tries: hidden inputs in the names of types and in what remote objects say of themselves.
# Hides: 8675309

# %% moving_sum
def moving_sum(x, width):
    return type("E" + "_".join(str(int(n)) for n in x), (), {})()
