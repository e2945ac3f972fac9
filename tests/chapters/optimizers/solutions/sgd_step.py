"""Right and wrong solutions of the task `sgd_step`."""

# %% right: one line
def sgd_step(w, grad, lr):
    return w - lr * grad


# %% right: entry by entry, in a list comprehension over the flat array
def sgd_step(w, grad, lr):
    flat = [float(a) - lr * float(b) for a, b in zip(w.ravel(), grad.ravel())]
    return np.array(flat).reshape(w.shape)


# %% right: by torch's own optimizer, returning a tensor
def sgd_step(w, grad, lr):
    weights = torch.tensor(w, requires_grad=True)
    weights.grad = torch.tensor(grad, dtype=weights.dtype)
    torch.optim.SGD([weights], lr=lr).step()
    return weights.detach()


# %% right: in float32, noisy
import warnings


def sgd_step(w, grad, lr):
    print("stepping", w.shape)
    warnings.warn("a step")
    return np.subtract(w.astype(np.float32), np.float32(lr) * grad.astype(np.float32))


# %% right: a copy changed in place, other names
def sgd_step(weights, gradient, alpha):
    new = weights.copy()
    new -= alpha * gradient
    return new


# %% right: nested lists by recursion
def sgd_step(w, grad, lr):
    if np.ndim(w) == 0:
        return float(w) - lr * float(grad)
    return [sgd_step(a, b, lr) for a, b in zip(w, grad)]


# %% wrong: uphill => "The weights move uphill"
def sgd_step(w, grad, lr):
    return w + lr * grad


# %% wrong: changes w in place => "changes its argument number 1 in place"
def sgd_step(w, grad, lr):
    w -= lr * grad
    return w


# %% wrong: changes the gradient in place => "changes its argument number 2 in place"
def sgd_step(w, grad, lr):
    grad *= lr
    return w - grad


# %% wrong: changes the tensor that shares w's memory => "changes its argument number 1 in place"
def sgd_step(w, grad, lr):
    weights = torch.from_numpy(w)
    weights.sub_(lr * torch.from_numpy(grad))
    return weights.numpy().copy()


# %% wrong: without the learning rate => "The learning rate is missing."
def sgd_step(w, grad, lr):
    return w - grad


# %% wrong: returns the change => "Only the change was returned"
def sgd_step(w, grad, lr):
    return -lr * grad


# %% wrong: nothing returned => "is None"
def sgd_step(w, grad, lr):
    w = w - lr * grad


# %% wrong: knows the example only => "The old weights came back"
def sgd_step(w, grad, lr):
    if w.shape == (2,) and w[0] == 1:
        return np.array([0.95, -2.1])
    return w.copy()


# %% wrong: the sign of the gradient => "Only the sign of the gradient was used"
def sgd_step(w, grad, lr):
    return w - lr * np.sign(grad)


# %% wrong: a gradient of length one => "The gradient was normalised to length 1"
def sgd_step(w, grad, lr):
    return w - lr * grad / np.linalg.norm(grad)


# %% wrong: averages over the weights => "The gradient was divided by the number of weights."
def sgd_step(w, grad, lr):
    return w - lr * grad / grad.size


# %% wrong: the fixed learning rate of the example => "has wrong values" and "The given learning rate was not used: it is 0.1 here."
def sgd_step(w, grad, lr):
    return w - 0.1 * grad


# %% wrong: flattens => "has shape (12,), but shape (3, 4) was expected"
def sgd_step(w, grad, lr):
    return np.array([a - lr * b for a, b in zip(w.flat, grad.flat)])


# %% wrong: whole numbers => "The result is rounded: keep all digits."
def sgd_step(w, grad, lr):
    return np.round(w - lr * grad).astype(int)


# %% wrong: updates the first axis only => "holds other numbers than with the same entries in a row"
def sgd_step(w, grad, lr):
    new = np.array(w)
    for i in range(len(w)):
        if np.ndim(w[i]) == 0:
            new[i] = w[i] - lr * grad[i]
    return new


# %% wrong: remembers a velocity between calls => "something is remembered between calls"
sgd_velocity = {}


def sgd_step(w, grad, lr):
    sgd_velocity[w.shape] = 0.5 * sgd_velocity.get(w.shape, 0) - lr * grad
    return w + sgd_velocity[w.shape]


# %% wrong: exchanges weights and gradient => "Weights and gradient are exchanged."
def sgd_step(w, grad, lr):
    return grad - lr * w


# %% wrong: a dict => "is a dict"
def sgd_step(w, grad, lr):
    return {"w": w - lr * grad}


# %% wrong: clips the gradient => "has wrong values" and "The gradient was cut off at -1 and 1: each entry counts in full."
def sgd_step(w, grad, lr):
    return w - lr * np.clip(grad, -1, 1)


# %% wrong: not written => "is not written yet"
def sgd_step(w, grad, lr):
    raise NotImplementedError()


# %% wrong: weight decay => "The weights shrink on their own"
def sgd_step(w, grad, lr):
    return w - lr * (grad + 0.01 * w)
