# Right answers amid prints, warnings, text on stderr, displayed numbers and changed variables.

# %% after environment
import sys
import warnings

print("hello from stderr", file=sys.stderr)
warnings.warn("this notebook likes to warn")
w = "my own w"
42

# %% after check_adam_step
same = None
same = lambda received, expected, what: print("no need to check", what)
0

# %% after look-race
import logging

logging.error("done")
raise RuntimeError("a cell of my own that fails after everything is done")

# %% sgd_step
def sgd_step(w, grad, lr):
    return w - lr * grad

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        result[i] = (f(up) - f(down)) / (2 * h)
    return result

# %% minimise
def minimise(step, grad, w, steps):
    w = w.copy()
    for _ in range(steps):
        w = step(w, grad(w))
    return w

# %% annealed_rate
def annealed_rate(alpha, epsilon, t):
    return alpha / (epsilon + t)

# %% momentum_step
def momentum_step(w, grad, v, lr, gamma):
    print("v was", v)
    v, w = v.copy(), w.copy()
    v *= gamma
    v -= lr * grad
    w += v
    return w, v

# %% adagrad_step
import warnings


def adagrad_step(w, grad, r, lr, eps):
    warnings.warn("adaptive")
    new = r + grad**2
    print(new)
    scale = lr / (new**0.5 + eps)
    return w - scale * grad, new

# %% rmsprop_step
import warnings


def rmsprop_step(w, grad, r, lr, rho, eps):
    warnings.warn("adaptive")
    new = rho * r + (1 - rho) * grad**2
    print(new)
    scale = lr / (new**0.5 + eps)
    return w - scale * grad, new

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat = s / (1 - rho1**t)
    r_hat = r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r

# %% race
zero = np.zeros_like(start)
steps = {
    "sgd": lambda w, g: sgd_step(w, g, 0.2),
    "momentum": remembering(lambda w, g, v: momentum_step(w, g, v, 0.05, 0.9), zero),
    "adagrad": remembering(lambda w, g, r: adagrad_step(w, g, r, 0.02, 1e-8), zero),
    "rmsprop": remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.005, 0.9, 1e-8), zero),
    "adam": remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.005, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
race = {name: [] for name in steps}
rates = {"sgd": 0.2, "momentum": 0.05, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}
for name, step in steps.items():
    w, generator = start, np.random.default_rng(5)
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        race[name].append(np.mean(losses))
