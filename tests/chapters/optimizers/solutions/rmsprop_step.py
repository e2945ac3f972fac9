"""Right and wrong solutions of the task `rmsprop_step`."""

# %% right: two lines
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% right: entry by entry, with math
import math


def rmsprop_step(w, grad, r, lr, rho, eps):
    new_w, new_r = w.copy(), r.copy()
    for i in np.ndindex(w.shape):
        new_r[i] = rho * float(r[i]) + (1 - rho) * float(grad[i])**2
        new_w[i] = w[i] - lr * grad[i] / (math.sqrt(new_r[i]) + eps)
    return new_w, new_r


# %% right: torch in float32, a list of tensors
def rmsprop_step(w, grad, r, lr, rho, eps):
    w, grad, r = (torch.as_tensor(a).float().clone() for a in (w, grad, r))
    r = rho * r + (1 - rho) * grad**2
    return [w.addcdiv(grad, r.sqrt().add(eps), value=-lr), r]


# %% right: by torch.optim.RMSprop with the given state
def rmsprop_step(w, grad, r, lr, rho, eps):
    weights = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.RMSprop([weights], lr=lr, alpha=rho, eps=eps)
    weights.grad = torch.zeros_like(weights)
    optimizer.step()
    optimizer.state[weights]["square_avg"].copy_(torch.tensor(r))
    with torch.no_grad():
        weights.copy_(torch.tensor(w))
    weights.grad = torch.tensor(grad)
    optimizer.step()
    return weights.detach().numpy(), optimizer.state[weights]["square_avg"].numpy()


# %% right: powers of one half, warnings and prints
import warnings


def rmsprop_step(w, grad, r, lr, rho, eps):
    warnings.warn("adaptive")
    new = rho * r + (1 - rho) * grad**2
    print(new)
    scale = lr / (new**0.5 + eps)
    return w - scale * grad, new


# %% right: nested lists
def rmsprop_step(w, grad, r, lr, rho, eps):
    shape = w.shape
    rows = [(rho * c + (1 - rho) * b**2, a, b) for a, b, c in zip(w.ravel().tolist(), grad.ravel().tolist(), r.ravel().tolist())]
    new_r = [c for c, a, b in rows]
    new_w = [a - lr * b / (c**0.5 + eps) for c, a, b in rows]
    return np.reshape(new_w, shape).tolist(), np.reshape(new_r, shape).tolist()


# %% wrong: ε inside the root => "ε stands inside the root"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r + eps)), r


# %% wrong: ε squared inside the root => "ε² was added inside the root"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r + eps**2)), r


# %% wrong: no ε => "The given ε has no effect"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r)), r


# %% wrong: no ε, NaN hidden => "has wrong values" and "The given ε has no effect: it is missing, or always another, tiny one."
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - np.nan_to_num(lr * grad / np.sqrt(r)), r


# %% wrong: ε as a floor => "divided by the larger of √r and ε"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.maximum(np.sqrt(r), eps)), r


# %% wrong: no root => "The root is missing"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (r + eps), r


# %% wrong: the root of the old r => "the root of the old r"
def rmsprop_step(w, grad, r, lr, rho, eps):
    return w - lr * grad / (np.sqrt(r) + eps), rho * r + (1 - rho) * grad**2


# %% wrong: uphill => "The weights move uphill"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w + lr * grad / (np.sqrt(r) + eps), r


# %% wrong: no learning rate => "The learning rate is missing."
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - grad / (np.sqrt(r) + eps), r


# %% wrong: in place => "changes its argument number 3 in place"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r *= rho
    r += (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: weights in place => "changes its argument number 1 in place"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    w -= lr * grad / (np.sqrt(r) + eps)
    return w, r


# %% wrong: results exchanged => "The results come in another order"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return r, w - lr * grad / (np.sqrt(r) + eps)


# %% wrong: only the weights => "but the tuple (w, r) was expected"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps)


# %% wrong: the gradient not squared => "without being squared"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: returns the root => "The root of r was returned"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = np.sqrt(rho * r + (1 - rho) * grad**2)
    return w - lr * grad / (r + eps), r


# %% wrong: returns the old r => "The old r came back"
def rmsprop_step(w, grad, r, lr, rho, eps):
    new = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(new) + eps), r.copy()


# %% wrong: one mean for all weights => "were averaged over all weights"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * (grad**2).mean()
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the squared gradient above the root => "The squared gradient stands above the root"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad**2 / (np.sqrt(r) + eps), r


# %% wrong: always the usual ε => "The given ε has no effect"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + 1e-8), r


# %% wrong: ε added to the quotient => "ε was added to the quotient"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * (grad / np.sqrt(r) + eps), r


# %% wrong: the example only => "has wrong values" and "The step is plain gradient descent: the division by √r + ε is missing."
def rmsprop_step(w, grad, r, lr, rho, eps):
    if w.shape == (1,):
        return np.array([0.5]), np.array([9.0])
    return w - lr * grad, r + grad


# %% wrong: nothing returned => "is None (is a `return` missing?), but the tuple (w, r) was expected"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    w = w - lr * grad / (np.sqrt(r) + eps)


# %% wrong: flattened => "w of `rmsprop_step(…)` has shape"
def rmsprop_step(w, grad, r, lr, rho, eps):
    w, grad, r = w.ravel(), grad.ravel(), r.ravel()
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the norm of the gradient => "has wrong values" and "The length of the whole gradient went into r; each weight has a sum or mean of its own squares."
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * np.linalg.norm(grad)
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: ρ exchanged => "ρ and 1 - ρ are exchanged"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = (1 - rho) * r + rho * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: a sum, as AdaGrad => "as in AdaGrad"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: no 1 - ρ => "The factor 1 - ρ of the new square is missing"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the square of everything => "1 - ρ was squared together with the gradient"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + ((1 - rho) * grad) ** 2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: a bias correction of its own => "has wrong values" and "r was divided by 1 - ρ (a bias correction, as Adam has one); RMSprop takes r as it is."
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r / (1 - rho)) + eps), r


# %% wrong: always ρ = 0.9 => "has wrong values" and "The given ρ was not used: it is 0.9 here."
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = 0.9 * r + 0.1 * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r


# %% wrong: the slides, read literally => "ε stands inside the root"
def rmsprop_step(w, grad, r, lr, rho, eps):
    new_r = rho * r + (1 - rho) * grad * grad
    new_w = w - lr / np.sqrt(eps + new_r) * grad
    return new_w, new_r


# %% wrong: centred => "The mean gradient was taken off (centred RMSprop)"
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    mean = (1 - rho) * grad
    return w - lr * grad / (np.sqrt(np.abs(r - mean**2)) + eps), r
