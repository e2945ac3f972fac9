# Two solution cells are no Python; the rest is right.

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
    v = gamma * v - lr * grad
    return w + v, v

# %% adagrad_step
def adagrad_step(w, grad, r, lr, eps)
    return w - lr * grad / (

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

# %% race
race = {"sgd": [2.2, 1.1, 0.5, 0.4, 0.3]
