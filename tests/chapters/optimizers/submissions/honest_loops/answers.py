# Right answers entry by entry, in plain Python.

# %% sgd_step
def sgd_step(w, grad, lr):
    flat = [float(a) - lr * float(b) for a, b in zip(w.ravel(), grad.ravel())]
    return np.array(flat).reshape(w.shape)

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    x = np.array(w, dtype=float)
    g = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for value in it:
        i, old = it.multi_index, float(value)
        x[i] = old + h
        right = f(x)
        x[i] = old - h
        left = f(x)
        x[i] = old
        g[i] = (right - left) / 2 / h
    return g

# %% minimise
def minimise(step, grad, w, steps):
    path = [w.copy()]
    while len(path) <= steps:
        g = grad(path[-1])
        print("gradient", np.abs(g).max())
        path.append(np.asarray(step(path[-1], g)))
    return path[-1]

# %% annealed_rate
from fractions import Fraction


def annealed_rate(alpha, epsilon, t):
    print("t =", t)
    return float(Fraction(alpha) / (Fraction(epsilon) + Fraction(t)))

# %% momentum_step
def momentum_step(w, grad, v, lr, gamma):
    new_w, new_v = np.empty(w.shape), np.empty(w.shape)
    for index in np.ndindex(*w.shape):
        new_v[index] = gamma * v[index] - lr * grad[index]
        new_w[index] = w[index] + new_v[index]
    return [new_w.tolist(), new_v.tolist()]

# %% adagrad_step
import math


def adagrad_step(w, grad, r, lr, eps):
    new_w, new_r = w.copy(), r.copy()
    for i in np.ndindex(w.shape):
        new_r[i] = float(r[i]) + float(grad[i])**2
        new_w[i] = w[i] - lr * grad[i] / (math.sqrt(new_r[i]) + eps)
    return new_w, new_r

# %% rmsprop_step
import math


def rmsprop_step(w, grad, r, lr, rho, eps):
    new_w, new_r = w.copy(), r.copy()
    for i in np.ndindex(w.shape):
        new_r[i] = rho * float(r[i]) + (1 - rho) * float(grad[i])**2
        new_w[i] = w[i] - lr * grad[i] / (math.sqrt(new_r[i]) + eps)
    return new_w, new_r

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    new_w, new_s, new_r = np.zeros(w.shape), np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        new_s[i] = rho1 * s[i] + (1 - rho1) * grad[i]
        new_r[i] = rho2 * r[i] + (1 - rho2) * grad[i] * grad[i]
        mean, square = new_s[i] / (1 - rho1**t), new_r[i] / (1 - rho2**t)
        new_w[i] = w[i] - lr * mean / (square**0.5 + eps)
    return new_w, new_s, new_r

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
