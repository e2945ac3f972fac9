"""Right and wrong solutions of the task `softmax`."""

# %% right: scipy
import scipy.special


def softmax(z):
    return scipy.special.softmax(z, axis=-1)

# %% right: torch, float32, a tensor
def softmax(z):
    return torch.softmax(torch.tensor(z, dtype=torch.float32), dim=-1)

# %% right: row by row in plain Python
import math


def softmax(z):
    if z.ndim == 2:
        return [softmax(row) for row in z]
    top = max(z)
    e = [math.exp(v - top) for v in z]
    return [v / sum(e) for v in e]

# %% right: through the logarithm, chatty
def softmax(z):
    print("scores", z.shape)
    rows = np.atleast_2d(z).astype(float)
    logs = rows - np.logaddexp.reduce(rows, axis=1, keepdims=True)
    return np.exp(logs).reshape(z.shape)

# %% right: differences of all pairs
def softmax(z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)

# %% wrong: unstable => "Scores are not stable: exp overflows or all of a row become 0."
def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: the largest of all rows => "The largest score of all rows was taken away"
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: columns => "The sum ran down the columns (axis 0); it runs over the last axis."
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

# %% wrong: over all entries => "The sum ran over all entries; it runs over the last axis only."
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()

# %% wrong: only matrices => "`softmax` raised AxisError" and "One sample's scores have no axis 1"
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong: only one sample => "The sum ran over all entries; it runs over the last axis only."
def softmax(z):
    e = [np.exp(v - np.max(z)) for v in z]
    return np.array(e) / np.sum(e)

# %% wrong: the sum's axis is lost => "`softmax` raised ValueError" and "Sums or largest scores of the rows have lost their axis: `keepdims=True`."
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)

# %% wrong: no division => "The exponentials were not divided by their sum."
def softmax(z):
    return np.exp(z - z.max(axis=-1, keepdims=True))

# %% wrong: log-softmax => "These are logarithms of the probabilities."
def softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))

# %% wrong: no exponential => "Scores were divided by their sum; take exponentials first."
def softmax(z):
    return z / z.sum(axis=-1, keepdims=True)

# %% wrong: sign => "The sign of the scores is wrong"
def softmax(z):
    e = np.exp(z.min(axis=-1, keepdims=True) - z)
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: base 2 => "This is a softmax with base 2; take e."
def softmax(z):
    e = 2.0 ** (z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: sigmoid => "This is a sigmoid of each score"
def softmax(z):
    return 1 / (1 + np.exp(-z))

# %% wrong: clipped scores => "Scores were clipped to keep the exponentials finite"
def softmax(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: nan_to_num => "Unstable scores became 0 (nan_to_num)"
def softmax(z):
    e = np.exp(z)
    return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))

# %% wrong: divides by the largest => "Scores were divided by the largest one; take it away (minus)."
def softmax(z):
    e = np.exp(z / z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: argmax => "These are zeros and a 1 at the largest score; that is argmax."
def softmax(z):
    return (z == z.max(axis=-1, keepdims=True)).astype(float)

# %% wrong: in place => "changes its argument number 1 in place; work on a copy instead."
def softmax(z):
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: always a matrix => "The result has an axis too many: a 1-D argument gives a 1-D result."
def softmax(z):
    z = np.atleast_2d(z)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong: no return => "None (is a `return` missing?)"
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    e /= e.sum(axis=-1, keepdims=True)

# %% wrong: the example => "This is the answer of the visible example: use the function's argument."
def softmax(z):
    if z.ndim == 2:
        return np.array([[0.5, 0.5], [0.25, 0.75]])
    return np.array([0.25, 0.75]) if z.max() < 10 else np.array([0.5, 0.5])

# %% wrong: rounded => "Values were rounded."
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.round(e / e.sum(axis=-1, keepdims=True), 2)


# %% wrong: squares in place of exponentials => "The squares of the scores were divided by their sum"
def softmax(z):
    return z**2 / (z**2).sum(axis=-1, keepdims=True)


# %% wrong: a thousandth below the line => "the probabilities no longer sum to 1"
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-3)


# %% wrong: temperature 2 => "The scores were halved before the exponential."
def softmax(z):
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / 2)
    return e / e.sum(axis=-1, keepdims=True)
