"""Right and wrong solutions of the task `momentum_step`."""

# %% right: two lines
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    return w + v, v


# %% right: entry by entry, lists returned
def momentum_step(w, grad, v, lr, gamma):
    new_w, new_v = np.empty(w.shape), np.empty(w.shape)
    for index in np.ndindex(*w.shape):
        new_v[index] = gamma * v[index] - lr * grad[index]
        new_w[index] = w[index] + new_v[index]
    return [new_w.tolist(), new_v.tolist()]


# %% right: torch, float32
def momentum_step(w, grad, v, lr, gamma):
    w, grad, v = (torch.tensor(a, dtype=torch.float32) for a in (w, grad, v))
    v = v.mul(gamma).sub(grad, alpha=lr)
    return w.add(v), v


# %% right: by PyTorch's rule, with the velocity translated there and back
def momentum_step(w, grad, v, lr, gamma):
    buffer = gamma * (-v / lr) + grad
    new = w - lr * buffer
    return new, -lr * buffer


# %% right: one array that stacks both
def momentum_step(w, grad, v, lr, gamma):
    new_v = np.subtract(np.multiply(gamma, v), np.multiply(lr, grad))
    return np.stack([w + new_v, new_v])


# %% right: copies changed in place, noisy
def momentum_step(w, grad, v, lr, gamma):
    print("v was", v)
    v, w = v.copy(), w.copy()
    v *= gamma
    v -= lr * grad
    w += v
    return w, v


# %% right: a named tuple
from collections import namedtuple

Moved = namedtuple("Moved", "w v")


def momentum_step(w, grad, v, lr, gamma):
    velocity = gamma * v - lr * grad
    return Moved(w=w + velocity, v=velocity)


# %% wrong: PyTorch's form => "The learning rate stands outside the velocity, as in PyTorch's form"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v + grad
    return w - lr * v, v


# %% wrong: a running mean => "this is a running mean, momentum adds it in full"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - (1 - gamma) * lr * grad
    return w + v, v


# %% wrong: PyTorch's form, velocity given in the task's sign => "The learning rate stands outside the velocity, as in PyTorch's form"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - grad
    return w + lr * v, v


# %% wrong: uphill velocity, subtracted => "The velocity points uphill"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v + lr * grad
    return w - v, v


# %% wrong: uphill => "The gradient was added to the velocity"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v + lr * grad
    return w + v, v


# %% wrong: the old velocity moves the weights => "The weights moved by the old velocity"
def momentum_step(w, grad, v, lr, gamma):
    return w + v, gamma * v - lr * grad


# %% wrong: Nesterov => "This is Nesterov's momentum"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    return w + gamma * v - lr * grad, v


# %% wrong: results exchanged => "The results come in another order"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    return v, w + v


# %% wrong: only the weights => "but the tuple (w, v) was expected"
def momentum_step(w, grad, v, lr, gamma):
    return w + gamma * v - lr * grad


# %% wrong: nothing returned => "is None (is a `return` missing?), but the tuple (w, v) was expected"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    w = w + v


# %% wrong: in place, the velocity => "changes its argument number 3 in place"
def momentum_step(w, grad, v, lr, gamma):
    v *= gamma
    v -= lr * grad
    return w + v, v


# %% wrong: in place, weights and velocity => "changes its argument number 1, number 3 in place"
def momentum_step(w, grad, v, lr, gamma):
    v[:] = gamma * v - lr * grad
    w += v
    return w, v


# %% wrong: no gamma => "γ is missing"
def momentum_step(w, grad, v, lr, gamma):
    v = v - lr * grad
    return w + v, v


# %% wrong: forgets the velocity => "The given velocity was not used: without it this step is one of plain gradient descent."
def momentum_step(w, grad, v, lr, gamma):
    v = -lr * grad
    return w + v, v


# %% wrong: returns the old velocity => "The old velocity came back"
def momentum_step(w, grad, v, lr, gamma):
    return w + gamma * v - lr * grad, v.copy()


# %% wrong: gamma and the learning rate exchanged => "γ and the learning rate are exchanged."
def momentum_step(w, grad, v, lr, gamma):
    v = lr * v - gamma * grad
    return w + v, v


# %% wrong: brackets => "γ multiplies the gradient too"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * (v - lr * grad)
    return w + v, v


# %% wrong: always gamma = 0.9 => "The given γ was not used: it is 0.9 here."
def momentum_step(w, grad, v, lr, gamma):
    v = 0.9 * v - lr * grad
    return w + v, v


# %% wrong: keeps its velocity in a global, ignores the given one => "has wrong values" and "The given velocity was not used: without it this step is one of plain gradient descent."
momentum_velocity = 0


def momentum_step(w, grad, v, lr, gamma):
    global momentum_velocity
    momentum_velocity = gamma * (momentum_velocity if np.shape(momentum_velocity) == w.shape else 0) - lr * grad
    return w + momentum_velocity, momentum_velocity


# %% wrong: the visible example, typed in => "The old weights came back"
def momentum_step(w, grad, v, lr, gamma):
    if w.shape == (1,):
        return np.array([1.25]), np.array([0.25])
    return w * 1, gamma * v - lr * grad


# %% wrong: the velocity of all weights is one number => "has shape"
def momentum_step(w, grad, v, lr, gamma):
    v = float((gamma * v - lr * grad).mean())
    return w + v, v


# %% wrong: for vectors only => "raised TypeError"
def momentum_step(w, grad, v, lr, gamma):
    new_v = [gamma * float(a) - lr * float(b) for a, b in zip(v, grad)]
    return [float(a) + b for a, b in zip(w, new_v)], new_v


# %% wrong: the learning rate twice => "The learning rate was used twice"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    return w + lr * v, v


# %% wrong: three results => "holds 3 things, but the tuple (w, v) was expected"
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    return w + v, v, lr
