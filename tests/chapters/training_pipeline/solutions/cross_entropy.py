"""Right and wrong solutions of the task `cross_entropy`."""

# %% right: torch, a tensor
def cross_entropy(logits, labels):
    return nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(labels).long())

# %% right: scipy's logsumexp
from scipy.special import logsumexp


def cross_entropy(logits, labels):
    return np.mean(logsumexp(logits, axis=1) - np.take_along_axis(logits, labels[:, None], axis=1)[:, 0])

# %% right: loops in plain Python, chatty
import math


def cross_entropy(logits, labels):
    total = 0
    for z, y in zip(logits.tolist(), labels.tolist()):
        top = max(z)
        total += top + math.log(sum(math.exp(v - top) for v in z)) - z[y]
        print("so far", total)
    return total / len(labels)

# %% right: one-hot labels, float32
def cross_entropy(logits, labels):
    z = logits.astype(np.float32)
    z = z - z.max(axis=-1, keepdims=True)
    logs = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return -np.float32((one_hot(labels, logits.shape[1]) * logs).sum() / len(z))

# %% right: logaddexp, a 0-d array
def cross_entropy(logits, labels):
    return np.array([np.logaddexp.reduce(z - z[y]) for z, y in zip(logits, labels)]).mean()[...]

# %% wrong: base 2 => "The logarithm has base 2; take the natural one."
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log2(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels] / np.log(2))

# %% wrong: base 2, through the probability => "The logarithm has base 2; take the natural one." and "The probability was computed before its logarithm: in floating point it is 0 here, or no number. Simplify ln p first."
def cross_entropy(logits, labels):
    return -np.log2(softmax(logits)[np.arange(len(labels)), labels]).mean()

# %% wrong: base 10 => "The logarithm has base 10; take the natural one." and "The probability was computed before its logarithm: in floating point it is 0 here, or no number. Simplify ln p first."
def cross_entropy(logits, labels):
    return -np.log10(softmax(logits)[np.arange(len(labels)), labels]).mean()

# %% wrong: sum => "This is the sum over the samples; take their mean."
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]).sum()

# %% wrong: logarithm of the softmax => "The probability was computed before its logarithm"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits)[np.arange(len(labels)), labels]).mean()

# %% wrong: a tiny number added => "A tiny number keeps the probability from 0"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits)[np.arange(len(labels)), labels] + 1e-9).mean()

# %% wrong: clipped => "A tiny number keeps the probability from 0"
def cross_entropy(logits, labels):
    return -np.log(np.clip(softmax(logits)[np.arange(len(labels)), labels], 1e-12, 1)).mean()

# %% wrong: mean over all entries => "The mean was taken over all entries of the matrix; divide by the number of samples."
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(one_hot(labels, logits.shape[1]) * logs).mean()

# %% wrong: sign => "The sign is wrong"
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return (z[np.arange(len(labels)), labels] - np.log(np.exp(z).sum(axis=1))).mean()

# %% wrong: takes the logits for probabilities => "The logarithm of a negative number was taken" and "The logits were taken for probabilities: softmax is missing."
def cross_entropy(logits, labels):
    return -np.log(logits[np.arange(len(labels)), labels]).mean()

# %% wrong: softmax twice => "Softmax was applied twice."
def cross_entropy(logits, labels):
    z = softmax(logits)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]).mean()

# %% wrong: a list of losses => "These are the losses of the single samples"
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]

# %% wrong: the first sample => "Only the first sample was used."
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z[0]).sum()) - z[0, labels[0]]

# %% wrong: the largest probability => "The largest probability was taken; take that of the right class."
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)).mean()

# %% wrong: classes from 1 => "Classes are shifted by one: label 0 is column 0."
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels - 1]).mean()

# %% wrong: the logarithm of the mean => "The logarithm was taken of the mean probability"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits)[np.arange(len(labels)), labels].mean())

# %% wrong: no shift => "Exponentials overflow, or all of a row become 0: take each row's largest score away first."
def cross_entropy(logits, labels):
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]).mean()

# %% wrong: the largest of all => "The largest of all scores was taken away"
def cross_entropy(logits, labels):
    z = logits - logits.max()
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]).mean()

# %% wrong: nan_to_num => "Infinite losses were turned into finite numbers"
def cross_entropy(logits, labels):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.nan_to_num(np.log(p[np.arange(len(labels)), labels])).mean()

# %% wrong: the score only => "the logarithm of the sum is missing"
def cross_entropy(logits, labels):
    return -logits[np.arange(len(labels)), labels].mean()

# %% wrong: no logarithm => "The logarithm is missing"
def cross_entropy(logits, labels):
    return softmax(logits)[np.arange(len(labels)), labels].mean()

# %% wrong: columns => "Softmax ran down the columns"
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=0)
    logs = z - np.log(np.exp(z).sum(axis=0))
    return -logs[np.arange(len(labels)), labels].mean()

# %% wrong: in place => "changes its argument number 1 in place; work on a copy instead."
def cross_entropy(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]).mean()

# %% wrong: no return => "None (is a `return` missing?)"
def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]).mean()

# %% wrong: the example => "This is an answer of the visible example"
def cross_entropy(logits, labels):
    if logits.max() >= 1000:
        return 1000.0 if labels[0] else 0.0
    return 0.4904146265058631
