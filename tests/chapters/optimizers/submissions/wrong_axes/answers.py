# For vectors only, results in another order, one mean for all weights, one number for another.

# %% sgd_step
def sgd_step(w, grad, lr):
    return np.array([a - lr * b for a, b in zip(w.flat, grad.flat)])

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in range(len(w)):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        result[i] = (f(up) - f(down)) / (2 * h)
    return result

# %% minimise
def minimise(step, grad, w, steps):
    w = w.ravel()
    for _ in range(steps):
        w = step(w, grad(w))
    return w

# %% annealed_rate
def annealed_rate(alpha, epsilon, t):
    return alpha / (epsilon + t)

# %% momentum_step
def momentum_step(w, grad, v, lr, gamma):
    v = gamma * v - lr * grad
    return v, w + v

# %% adagrad_step
def adagrad_step(w, grad, r, lr, eps):
    r = r + (grad**2).mean()
    return w - lr * grad / (np.sqrt(r) + eps), r

# %% rmsprop_step
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = rho * r + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(r) + eps)

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), r, s

# %% race
race = {}
for name, rate in {"sgd": 0.2, "momentum": 0.25, "adagrad": 0.3, "rmsprop": 0.15, "adam": 0.1}.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            race[name].append(loss)
            w = sgd_step(w, g, rate)
