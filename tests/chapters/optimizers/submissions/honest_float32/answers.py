# Right answers in float32, as lists and stacked arrays.

# %% sgd_step
import warnings


def sgd_step(w, grad, lr):
    print("stepping", w.shape)
    warnings.warn("a step")
    return np.subtract(w.astype(np.float32), np.float32(lr) * grad.astype(np.float32))

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    print("f(w) =", f(w))

    def slope(index):
        e = np.zeros_like(w)
        e[index] = 1
        return (f(w + h * e) - f(w - h * e)) / (h + h)

    return np.vectorize(lambda k: slope(np.unravel_index(k, w.shape)))(np.arange(w.size).reshape(w.shape)).tolist()

# %% minimise
def minimise(step, grad, w, steps):
    current, remaining = np.array(w, dtype=float), steps
    g = grad(current)
    while remaining > 0:
        current = step(current, g)
        g = grad(current)
        remaining -= 1
    return current.tolist()

# %% annealed_rate
def annealed_rate(alpha, epsilon, t):
    return np.float32(alpha) / np.float32(epsilon + t)

# %% momentum_step
def momentum_step(w, grad, v, lr, gamma):
    w, grad, v = (torch.tensor(a, dtype=torch.float32) for a in (w, grad, v))
    v = v.mul(gamma).sub(grad, alpha=lr)
    return w.add(v), v

# %% adagrad_step
def adagrad_step(w, grad, r, lr, eps):
    w, grad, r = (torch.as_tensor(a).float().clone() for a in (w, grad, r))
    r = r + grad**2
    return [w.addcdiv(grad, r.sqrt().add(eps), value=-lr), r]

# %% rmsprop_step
def rmsprop_step(w, grad, r, lr, rho, eps):
    w, grad, r = (torch.as_tensor(a).float().clone() for a in (w, grad, r))
    r = rho * r + (1 - rho) * grad**2
    return [w.addcdiv(grad, r.sqrt().add(eps), value=-lr), r]

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    print("update", t)
    w, grad, s, r = (a.astype("float32") for a in (w, grad, s, r))
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    step = np.float32(lr) * (s / np.float32(1 - rho1**t)) / (np.sqrt(r / np.float32(1 - rho2**t)) + np.float32(eps))
    return np.array([w - step, s, r])

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
    "sgd": run(lambda p: torch.optim.SGD(p, lr=0.2)),
}
rates = {"adam": 0.01, "rmsprop": 0.003, "adagrad": 0.02, "momentum": 0.03, "sgd": 0.2}
