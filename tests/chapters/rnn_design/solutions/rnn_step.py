"""Right and wrong solutions of the task `rnn_step`."""

# %% right: with dot
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(np.dot(W_xh, x) + np.dot(W_hh, h) + b)

# %% right: with loops and math, a list of numbers
import math


def rnn_step(x, h, W_xh, W_hh, b):
    new = []
    for i in range(len(h)):
        total = float(b[i])
        for j in range(len(x)):
            total += W_xh[i, j] * x[j]
        for j in range(len(h)):
            total += W_hh[i, j] * h[j]
        new.append(math.tanh(total))
    return new

# %% right: torch, noisy
import warnings


def rnn_step(x, h, W_xh, W_hh, b):
    warnings.warn("slow")
    x, h, W_xh, W_hh, b = (torch.as_tensor(a) for a in (x, h, W_xh, W_hh, b))
    print("state before", h)
    return torch.tanh(torch.einsum("ij,j->i", W_xh, x) + torch.mv(W_hh, h) + b)

# %% right: one matrix for both, in float32
def rnn_step(x, h, W_xh, W_hh, b):
    both = np.concatenate([W_xh, W_hh, b[:, None]], axis=1).astype(np.float32)
    return np.tanh(both @ np.concatenate([x, h, [1]]).astype(np.float32))

# %% right: column vectors and the exponential function
def rnn_step(x, h, W_xh, W_hh, b):
    a = (W_xh @ x.reshape(-1, 1) + W_hh @ h.reshape(-1, 1) + b.reshape(-1, 1)).flatten()
    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))

# %% right: rows times transposed matrices, as PyTorch writes it
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)

# %% wrong: no bias => "The bias is missing."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + W_hh @ h)

# %% wrong: bias outside => "The bias was added after tanh"
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + W_hh @ h) + b

# %% wrong: sigmoid => "This is the logistic sigmoid; the task asks for tanh."
def rnn_step(x, h, W_xh, W_hh, b):
    return 1 / (1 + np.exp(-(W_xh @ x + W_hh @ h + b)))

# %% wrong: no activation => "tanh is missing: this is the sum itself."
def rnn_step(x, h, W_xh, W_hh, b):
    return W_xh @ x + W_hh @ h + b

# %% wrong: ReLU => "This is ReLU; the task asks for tanh."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.maximum(0, W_xh @ x + W_hh @ h + b)

# %% wrong: forgets the old state => "The old state is ignored: W_hh h is missing."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + b)

# %% wrong: forgets the input => "The input is ignored: W_xh x is missing."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_hh @ h + b)

# %% wrong: transposes W_hh => "W_hh is transposed: entry i of the new state uses row i of W_hh."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + h @ W_hh + b)

# %% wrong: rows times matrices, shapes don't fit => "raised ValueError" and "W_xh and W_hh are transposed: entry i of the new state uses their rows i."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(x @ W_xh + h @ W_hh + b)

# %% wrong: transposes W_xh where it can => "W_xh is transposed: entry i of the new state uses row i of W_xh."
def rnn_step(x, h, W_xh, W_hh, b):
    product = x @ W_xh if W_xh.shape[0] == W_xh.shape[1] else W_xh @ x
    return np.tanh(product + W_hh @ h + b)

# %% wrong: exchanges the matrices where it can => "W_xh and W_hh are exchanged"
def rnn_step(x, h, W_xh, W_hh, b):
    if W_xh.shape == W_hh.shape:
        W_xh, W_hh = W_hh, W_xh
    return np.tanh(W_xh @ x + W_hh @ h + b)

# %% wrong: tanh of each product => "tanh was taken of each product; take it of the whole sum."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x) + np.tanh(W_hh @ h) + b

# %% wrong: tanh of the input's part only => "W_hh h was added after tanh"
def rnn_step(x, h, W_xh, W_hh, b):
    return W_hh @ h + np.tanh(W_xh @ x + b)

# %% wrong: entry by entry => "could not be broadcast" and "Matrix and vector were multiplied entry by entry (*); use the matrix product (@)."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh * x + W_hh * h + b)

# %% wrong: changes the state in place => "`rnn_step` changes its argument number 2 in place"
def rnn_step(x, h, W_xh, W_hh, b):
    h[:] = np.tanh(W_xh @ x + W_hh @ h + b)
    return h.copy()

# %% wrong: a column => "The result has two axes"
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x[:, None] + W_hh @ h[:, None] + b[:, None])

# %% wrong: squeezes one unit away => "`squeeze` takes away an axis of length 1"
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x[:, None] + W_hh @ h[:, None] + b[:, None]).squeeze()

# %% wrong: the visible example => "This is the answer of the visible example"
def rnn_step(x, h, W_xh, W_hh, b):
    return np.array([0.46211716, 0.76159416])

# %% wrong: nothing comes back => "is a `return` missing?"
def rnn_step(x, h, W_xh, W_hh, b):
    np.tanh(W_xh @ x + W_hh @ h + b)

# %% wrong: adds the old state => "The old state was added to the new one."
def rnn_step(x, h, W_xh, W_hh, b):
    return h + np.tanh(W_xh @ x + W_hh @ h + b)

# %% wrong: rounds => "Values were rounded: keep all digits."
def rnn_step(x, h, W_xh, W_hh, b):
    return np.round(np.tanh(W_xh @ x + W_hh @ h + b), 2)

# %% wrong: one sum for all units => "each entry of the new state has its own"
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh((W_xh * x).sum() + (W_hh * h).sum() + b)

# %% wrong: whole numbers inside => "gives other values for arrays of float32" and "Sums were rounded to whole numbers before tanh was taken."
def rnn_step(x, h, W_xh, W_hh, b):
    total = W_xh @ x + W_hh @ h + b
    return np.tanh(np.rint(total) if total.dtype == np.float32 else total)
