# Right answers with torch.optim, named tuples, reduce and rows of the unit matrix.

# %% sgd_step
def sgd_step(w, grad, lr):
    weights = torch.tensor(w, requires_grad=True)
    weights.grad = torch.tensor(grad, dtype=weights.dtype)
    torch.optim.SGD([weights], lr=lr).step()
    return weights.detach()

# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    moves = h * np.eye(w.size)
    return np.array([(f(w + e.reshape(w.shape)) - f(w - e.reshape(w.shape))) / (2 * h) for e in moves]).reshape(w.shape)

# %% minimise
from functools import reduce


def minimise(step, grad, w, steps):
    return reduce(lambda at, _: step(at, grad(at)), range(steps), w + 0)

# %% annealed_rate
def annealed_rate(alpha, epsilon, t):
    return torch.tensor(float(alpha), dtype=torch.float64) / torch.tensor(float(epsilon + t), dtype=torch.float64)

# %% momentum_step
from collections import namedtuple

Moved = namedtuple("Moved", "w v")


def momentum_step(w, grad, v, lr, gamma):
    velocity = gamma * v - lr * grad
    return Moved(w=w + velocity, v=velocity)

# %% adagrad_step
def adagrad_step(w, grad, r, lr, eps):
    weights = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.Adagrad([weights], lr=lr, eps=eps)
    weights.grad = torch.zeros_like(weights)
    optimizer.step()
    optimizer.state[weights]["sum"].copy_(torch.tensor(r))
    with torch.no_grad():
        weights.copy_(torch.tensor(w))
    weights.grad = torch.tensor(grad)
    optimizer.step()
    return weights.detach().numpy(), optimizer.state[weights]["sum"].numpy()

# %% rmsprop_step
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

# %% adam_step
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    weights = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=lr, betas=(rho1, rho2), eps=eps)
    weights.grad = torch.tensor(grad)
    optimizer.state[weights] = {
        "step": torch.tensor(float(t - 1)),
        "exp_avg": torch.tensor(s),
        "exp_avg_sq": torch.tensor(r),
    }
    optimizer.step()
    state = optimizer.state[weights]
    return weights.detach(), state["exp_avg"], state["exp_avg_sq"]

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
