"""Right and wrong solutions of the task `adagrad_step`."""

# %% right: two lines
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% right: entry by entry, with math
import math


def adagrad_step(w, grad, r, lr, eps):
    new_w, new_r = w.copy(), r.copy()
    for i in np.ndindex(w.shape):
        new_r[i] = float(r[i]) + float(grad[i])**2
        new_w[i] = w[i] - lr * grad[i] / (math.sqrt(new_r[i]) + eps)
    return new_w, new_r


# %% right: torch in float32, a list of tensors
def adagrad_step(w, grad, r, lr, eps):
    w, grad, r = (torch.as_tensor(a).float().clone() for a in (w, grad, r))
    r = r + grad**2
    return [w.addcdiv(grad, r.sqrt().add(eps), value=-lr), r]


# %% right: by torch.optim.Adagrad with the given state
def adagrad_step(w, grad, r, lr, eps):
    weights = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.Adagrad([weights], lr=lr, eps=eps)
    weights.grad = torch.zeros_like(weights)
    optimizer.step()
    optimizer.state[weights]["sum"].copy_(torch.tensor(r))
    with torch.no_grad():
        weights.copy_(torch.tensor(w))
    weights.grad = torch.tensor(grad)
    optimizer.step()
    return weights.detach().numpy(), optimizer.state[weights]["sum"].numpy()


# %% right: powers of one half, warnings and prints
import warnings


def adagrad_step(w, grad, r, lr, eps):
    warnings.warn("adaptive")
    new = r + grad**2
    print(new)
    scale = lr / (new**0.5 + eps)
    return w - scale * grad, new


# %% right: nested lists
def adagrad_step(w, grad, r, lr, eps):
    shape = w.shape
    rows = [(c + b**2, a, b) for a, b, c in zip(w.ravel().tolist(), grad.ravel().tolist(), r.ravel().tolist())]
    new_r = [c for c, a, b in rows]
    new_w = [a - lr * b / (c**0.5 + eps) for c, a, b in rows]
    return np.reshape(new_w, shape).tolist(), np.reshape(new_r, shape).tolist()


# %% wrong: ε inside the root => "ε stands inside the root"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r + eps)), r


# %% wrong: ε squared inside the root => "ε² was added inside the root"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r + eps**2)), r


# %% wrong: no ε => "The given ε has no effect"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r)), r


# %% wrong: no ε, NaN hidden => "has wrong values" and "The given ε has no effect: it is missing, or always another, tiny one."
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - np.nan_to_num(lr * grad / np.sqrt(r)), r


# %% wrong: ε as a floor => "divided by the larger of √r and ε"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.maximum(np.sqrt(r), eps)), r


# %% wrong: no root => "The root is missing"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (r + eps), r


# %% wrong: the root of the old r => "the root of the old r"
def adagrad_step(w, grad, r, lr, eps):
    return w - lr * grad / (np.sqrt(r) + eps), r + grad**2


# %% wrong: uphill => "The weights move uphill"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w + lr * grad / (np.sqrt(r) + eps), r


# %% wrong: no learning rate => "The learning rate is missing."
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - grad / (np.sqrt(r) + eps), r


# %% wrong: in place => "changes its argument number 3 in place"
def adagrad_step(w, grad, r, lr, eps):
    r += grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: weights in place => "changes its argument number 1 in place"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    w -= lr * grad / (np.sqrt(r) + eps)
    return w, r


# %% wrong: results exchanged => "The results come in another order"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return r, w - lr * grad / (np.sqrt(r) + eps)


# %% wrong: only the weights => "but the tuple (w, r) was expected"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps)


# %% wrong: the gradient not squared => "without being squared"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: returns the root => "The root of r was returned"
def adagrad_step(w, grad, r, lr, eps):
    r = np.sqrt(r + grad**2)
    return w - lr * grad / (r + eps), r


# %% wrong: returns the old r => "The old r came back"
def adagrad_step(w, grad, r, lr, eps):
    new = r + grad**2
    return w - lr * grad / (np.sqrt(new) + eps), r.copy()


# %% wrong: one mean for all weights => "were averaged over all weights"
def adagrad_step(w, grad, r, lr, eps):
    r = r + (grad**2).mean()
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the squared gradient above the root => "The squared gradient stands above the root"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad**2 / (np.sqrt(r) + eps), r


# %% wrong: always the usual ε => "The given ε has no effect"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + 1e-8), r


# %% wrong: ε added to the quotient => "ε was added to the quotient"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * (grad / np.sqrt(r) + eps), r


# %% wrong: the example only => "has wrong values" and "The step is plain gradient descent: the division by √r + ε is missing."
def adagrad_step(w, grad, r, lr, eps):
    if w.shape == (1,):
        return np.array([0.75]), np.array([25.0])
    return w - lr * grad, r + grad


# %% wrong: nothing returned => "is None (is a `return` missing?), but the tuple (w, r) was expected"
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    w = w - lr * grad / (np.sqrt(r) + eps)


# %% wrong: flattened => "w of `adagrad_step(…)` has shape"
def adagrad_step(w, grad, r, lr, eps):
    w, grad, r = w.ravel(), grad.ravel(), r.ravel()
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the norm of the gradient => "has wrong values" and "The length of the whole gradient went into r; each weight has a sum or mean of its own squares."
def adagrad_step(w, grad, r, lr, eps):
    r = r + np.linalg.norm(grad)
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: a mean, as RMSprop => "as in RMSprop"
def adagrad_step(w, grad, r, lr, eps):
    r = 0.5 * r + 0.5 * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the size of the gradient => "The size of the gradient was added to r"
def adagrad_step(w, grad, r, lr, eps):
    r = r + abs(grad)
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: forgets the past => "The old r was lost"
def adagrad_step(w, grad, r, lr, eps):
    r = grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: keeps the sum in a global => "something is remembered between calls"
adagrad_sums = {}


def adagrad_step(w, grad, r, lr, eps):
    key = (w.tobytes(), r.tobytes())
    adagrad_sums[key] = adagrad_sums.get(key, r) + grad**2
    return w - lr * grad / (np.sqrt(adagrad_sums[key]) + eps), adagrad_sums[key]
