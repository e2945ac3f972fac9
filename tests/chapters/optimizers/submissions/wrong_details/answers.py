# No bias correction, forward differences, one step too many, the old velocity, a missing root, a learning rate of 0.01.

# %% sgd_step
def sgd_step(w, grad, lr):
    return w + lr * grad

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        up = w.copy()
        up[i] += h
        result[i] = (f(up) - f(w)) / h
    return result

# %% minimise
def minimise(step, grad, w, steps):
    for _ in range(steps + 1):
        w = step(w, grad(w))
    return w

# %% annealed_rate
def annealed_rate(alpha, epsilon, t):
    return alpha / epsilon + t

# %% momentum_step
def momentum_step(w, grad, v, lr, gamma):
    return w + v, gamma * v - lr * grad

# %% adagrad_step
def adagrad_step(w, grad, r, lr, eps):
    r = r + grad**2
    return w - lr * grad / (r + eps), r

# %% rmsprop_step
def rmsprop_step(w, grad, r, lr, rho, eps):
    r = (1 - rho) * r + rho * grad**2
    return w - lr * grad / (np.sqrt(r) + eps), r

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    return w - lr * s / (np.sqrt(r) + eps), s, r

# %% race
def run(make):
    nn.utils.vector_to_parameters(torch.from_numpy(start).float(), network.parameters())
    optimizer, generator, means = make(network.parameters()), np.random.default_rng(7), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        means.append(torch.stack(losses).mean())
    return means


race = {
    "adam": run(lambda p: torch.optim.Adam(p, lr=0.01)),
    "rmsprop": run(lambda p: torch.optim.RMSprop(p, lr=0.003, alpha=0.9)),
    "adagrad": run(lambda p: torch.optim.Adagrad(p, lr=0.02)),
    "momentum": run(lambda p: torch.optim.SGD(p, lr=0.03, momentum=0.9)),
    "sgd": run(lambda p: torch.optim.SGD(p, lr=0.01)),
}
rates = {"adam": 0.01, "rmsprop": 0.003, "adagrad": 0.02, "momentum": 0.03, "sgd": 0.01}
