# The first cell raises, one solution cell raises before it defines its function, one function raises; the rest is right.

# %% after about
raise RuntimeError("before anything else")

# %% sgd_step
def sgd_step(w, grad, lr):
    return w - lr * grad

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    raise ValueError(f"cannot do this with {w}")

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
raise RuntimeError("no function today")

# %% adagrad_step
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r

# %% rmsprop_step
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat = s / (1 - rho1**t)
    r_hat = r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r
