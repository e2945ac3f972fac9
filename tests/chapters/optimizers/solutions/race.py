"""Right and wrong solutions of the task `race`."""

# %% right: five loops written out as one, states in a dict
race, rates = {}, {}
for name, rate in [("sgd", 0.3), ("momentum", 0.05), ("adagrad", 0.02), ("rmsprop", 0.005), ("adam", 0.005)]:
    rates[name] = rate
    w, generator = start.copy(), np.random.default_rng(1)
    a, b, t = np.zeros(start.shape), np.zeros(start.shape), 0
    race[name] = []
    for epoch in range(5):
        total = 0
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            total, t = total + loss, t + 1
            if name == "sgd":
                w = sgd_step(w, g, rate)
            elif name == "momentum":
                w, a = momentum_step(w, g, a, rate, 0.9)
            elif name == "adagrad":
                w, a = adagrad_step(w, g, a, rate, 1e-8)
            elif name == "rmsprop":
                w, a = rmsprop_step(w, g, a, rate, 0.9, 1e-8)
            else:
                w, a, b = adam_step(w, g, a, b, t, rate, 0.9, 0.999, 1e-8)
        race[name].append(total / 32)


# %% right: with torch.optim on the network itself
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


# %% right: arrays for lists, float32 weights, another seed, a sixth rule
def losses_of(step, seed=11):
    w, generator = start.astype(np.float32), np.random.default_rng(seed)
    table = np.zeros((5, 32), dtype=np.float32)
    for epoch in range(5):
        for number, batch in enumerate(batches(generator)):
            table[epoch, number], g = loss_and_gradient(w, batch)
            w = step(w, g.astype(np.float32))
    return table.mean(axis=1)


zero = np.zeros_like(start)
race = dict(
    sgd=losses_of(lambda w, g: sgd_step(w, g, 0.2)),
    momentum=losses_of(remembering(lambda w, g, v: momentum_step(w, g, v, 0.02, 0.9), zero)),
    adagrad=losses_of(remembering(lambda w, g, r: adagrad_step(w, g, r, 0.01, 1e-8), zero)),
    rmsprop=losses_of(remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.01, 0.9, 1e-8), zero)),
    adam=losses_of(remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.002, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1)),
    annealed=losses_of(remembering(lambda w, g, t: (sgd_step(w, g, annealed_rate(10, 30, t)), t + 1), 0)),
)
rates = {
    "sgd": np.float32(0.2),
    "momentum": np.array(0.02),
    "adagrad": 0.01,
    "rmsprop": 1e-2,
    "adam": torch.tensor(0.002),
    "annealed": (10, 30),
}

# %% right: a learning rate chosen by trying, chatty
import warnings
from collections import OrderedDict, defaultdict


def course(step):
    w, generator, means = start, np.random.default_rng(3), ()
    for epoch in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        means += (sum(losses) / len(losses),)
    print("ended at", means[-1])
    return means


warnings.warn("this takes a while")
zero = np.zeros(len(start))
makers = {
    "sgd": lambda rate: lambda w, g: sgd_step(w, g, rate),
    "momentum": lambda rate: remembering(lambda w, g, v: momentum_step(w, g, v, rate, 0.9), zero),
    "adagrad": lambda rate: remembering(lambda w, g, r: adagrad_step(w, g, r, rate, 1e-8), zero),
    "rmsprop": lambda rate: remembering(lambda w, g, r: rmsprop_step(w, g, r, rate, 0.9, 1e-8), zero),
    "adam": lambda rate: remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, rate, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
found = defaultdict(dict)
for name, maker in makers.items():
    for rate in (0.1, 0.3) if name == "sgd" else (0.01, 0.03):
        found[name][rate] = course(maker(rate))
rates = OrderedDict((name, min(runs, key=lambda rate: runs[rate][-1])) for name, runs in found.items())
race = OrderedDict((name, found[name][rate]) for name, rate in rates.items())


# %% right: high learning rates, at which the path jumps
def course(step):
    w, generator, means = start, np.random.default_rng(11), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        means.append(np.mean(losses))
    return means


zero = np.zeros_like(start)
rates = {"sgd": 0.4, "momentum": 0.1, "adagrad": 0.05, "rmsprop": 0.01, "adam": 0.02}
race = {
    "sgd": course(lambda w, g: sgd_step(w, g, 0.4)),
    "momentum": course(remembering(lambda w, g, v: momentum_step(w, g, v, 0.1, 0.9), zero)),
    "adagrad": course(remembering(lambda w, g, r: adagrad_step(w, g, r, 0.05, 1e-8), zero)),
    "rmsprop": course(remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.01, 0.9, 1e-8), zero)),
    "adam": course(remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.02, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1)),
}

# %% wrong: no learning rates => "`rates` is still None"
race, rates = (
    {name: [2.0, 1.0, 0.7, 0.5, 0.4 - number / 100] for number, name in enumerate(["sgd", "momentum", "adagrad", "rmsprop", "adam"])},
    None,
)

# %% wrong: an answer of last year, which didn't state its learning rates => "`rates`"
zero = np.zeros_like(start)
steps = {
    "sgd": lambda w, g: sgd_step(w, g, 0.2),
    "momentum": remembering(lambda w, g, v: momentum_step(w, g, v, 0.05, 0.9), zero),
    "adagrad": remembering(lambda w, g, r: adagrad_step(w, g, r, 0.02, 1e-8), zero),
    "rmsprop": remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.005, 0.9, 1e-8), zero),
    "adam": remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.005, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
race = {}
for name, step in steps.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        race[name].append(np.mean(losses))

# %% wrong: invented losses, usual learning rates => "gives other losses than `race['sgd']` holds" and "Were these learning rates run, each rule from `start`"
rates = {"sgd": 0.2, "momentum": 0.05, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}
race = {name: [2.0, 1.0, 0.7, 0.5, 0.4 - number / 100] for number, name in enumerate(rates)}

# %% wrong: one rule run, the others made from its losses => "gives other losses than `race['adagrad']` holds" and "Were these learning rates run, each rule from `start`"
rates, race = {"sgd": 0.2, "momentum": 0.05, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}, {}
w, generator, race["sgd"] = start, np.random.default_rng(0), []
for _ in range(5):
    losses = []
    for batch in batches(generator):
        loss, g = loss_and_gradient(w, batch)
        losses.append(loss)
        w = sgd_step(w, g, 0.2)
    race["sgd"].append(np.mean(losses))
for number, name in enumerate(["momentum", "adagrad", "rmsprop", "adam"]):
    race[name] = [loss * (0.95 - number / 50) for loss in race["sgd"]]

# %% wrong: other learning rates stated than run => "gives other losses than `race['sgd']` holds" and "Were these learning rates run, each rule from `start`"
zero = np.zeros_like(start)
rates = dict.fromkeys(["sgd", "momentum", "adagrad", "rmsprop", "adam"], 0.01)
steps = {
    "sgd": lambda w, g: sgd_step(w, g, 0.2),
    "momentum": remembering(lambda w, g, v: momentum_step(w, g, v, 0.05, 0.9), zero),
    "adagrad": remembering(lambda w, g, r: adagrad_step(w, g, r, 0.02, 1e-8), zero),
    "rmsprop": remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.005, 0.9, 1e-8), zero),
    "adam": remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.005, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
race = {}
for name, step in steps.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        race[name].append(np.mean(losses))


# %% wrong: losses taken after the update => "as if each was taken after the update"
def course(make, rate):
    step, w, means = make(rate), start.copy(), []
    generator = np.random.default_rng(1)
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            _, g = loss_and_gradient(w, batch)
            w = step(w, g)
            losses.append(loss_and_gradient(w, batch)[0])
        means.append(float(np.mean(losses)))
    return means


zero = np.zeros_like(start)
rates = {"sgd": 0.1, "momentum": 0.03, "adagrad": 0.01, "rmsprop": 0.002, "adam": 0.003}
makers = {
    "sgd": lambda rate: lambda w, g: sgd_step(w, g, rate),
    "momentum": lambda rate: remembering(lambda w, g, v: momentum_step(w, g, v, rate, 0.9), zero),
    "adagrad": lambda rate: remembering(lambda w, g, r: adagrad_step(w, g, r, rate, 1e-8), zero),
    "rmsprop": lambda rate: remembering(lambda w, g, r: rmsprop_step(w, g, r, rate, 0.9, 1e-8), zero),
    "adam": lambda rate: remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, rate, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
race = {name: course(make, rates[name]) for name, make in makers.items()}

# %% wrong: rates are texts => "`rates['sgd']` is a str, but a number was expected"
rates = {"sgd": "0.2", "momentum": "0.05", "adagrad": "0.02", "rmsprop": "0.005", "adam": "0.005"}
race = {name: [2.0, 1.0, 0.7, 0.5, 0.4 - number / 100] for number, name in enumerate(rates)}

# %% wrong: a learning rate of 0 => "a learning rate is a positive number" and "Were these learning rates run, each rule from `start`"
rates = {"sgd": 0, "momentum": 0.05, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}
race = {name: [2.0, 1.0, 0.7, 0.5, 0.4 - number / 100] for number, name in enumerate(rates)}

# %% wrong: rates without names => "`rates` is a list, but a dict was expected"
rates = [0.2, 0.05, 0.02, 0.005, 0.005]
race = {name: [2.0, 1.0, 0.7, 0.5, 0.4 - number / 100] for number, name in enumerate(["sgd", "momentum", "adagrad", "rmsprop", "adam"])}

# %% wrong: 0.01 for all => "The last loss of sgd is"
zero = np.zeros_like(start)
rates = {"sgd": 0.01, "momentum": 0.02, "adagrad": 0.01, "rmsprop": 0.01, "adam": 0.01}
steps = {
    "sgd": lambda w, g: sgd_step(w, g, 0.01),
    "momentum": remembering(lambda w, g, v: momentum_step(w, g, v, 0.02, 0.9), zero),
    "adagrad": remembering(lambda w, g, r: adagrad_step(w, g, r, 0.01, 1e-8), zero),
    "rmsprop": remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.01, 0.9, 1e-8), zero),
    "adam": remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.01, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
race = {}
for name, step in steps.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        race[name].append(np.mean(losses))

# %% wrong: never updates the weights => "don't fall" and "They stay where an untrained network begins: are the weights updated?"
race = {}
for number, name in enumerate(["sgd", "momentum", "adagrad", "rmsprop", "adam"]):
    generator, race[name] = np.random.default_rng(number), []
    for _ in range(5):
        race[name].append(float(np.mean([loss_and_gradient(start, batch)[0] for batch in batches(generator)[:16]])))
    race[name].sort()

# %% wrong: goes on from where the last one stopped => "The first loss of"
race, w, generator = {}, start, np.random.default_rng(0)
for name in ["sgd", "momentum", "adagrad", "rmsprop", "adam"]:
    v, race[name] = np.zeros_like(start), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w, v = momentum_step(w, g, v, 0.05, 0.9)
        race[name].append(np.mean(losses))

# %% wrong: the same rule five times => "are the same to the last digit"
race = {}
for name in ["sgd", "momentum", "adagrad", "rmsprop", "adam"]:
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = sgd_step(w, g, 0.2)
        race[name].append(np.mean(losses))

# %% wrong: sums over the batches => "sums over the 32 batches"
zero = np.zeros_like(start)
rates = {"sgd": 0.2, "momentum": 0.05, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}
steps = {
    "sgd": lambda w, g: sgd_step(w, g, 0.2),
    "momentum": remembering(lambda w, g, v: momentum_step(w, g, v, 0.05, 0.9), zero),
    "adagrad": remembering(lambda w, g, r: adagrad_step(w, g, r, 0.02, 1e-8), zero),
    "rmsprop": remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.005, 0.9, 1e-8), zero),
    "adam": remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.005, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
race = {}
for name, step in steps.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        total = 0
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            total += loss
            w = step(w, g)
        race[name].append(total)

# %% wrong: gradient descent under five names => "The losses of most rules are not such as they give with the learning rates in `rates`." and "`race['momentum']` holds what sgd gives with it" and "Is that the rule that was run, and is its state kept from batch to batch?"
race, rates = {}, {"sgd": 0.2, "momentum": 0.25, "adagrad": 0.3, "rmsprop": 0.15, "adam": 0.1}
for name, rate in rates.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = sgd_step(w, g, rate)
        race[name].append(np.mean(losses))

# %% wrong: every batch's loss => "has shape (160,)"
race = {}
for name, rate in {"sgd": 0.2, "momentum": 0.25, "adagrad": 0.3, "rmsprop": 0.15, "adam": 0.1}.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            race[name].append(loss)
            w = sgd_step(w, g, rate)

# %% wrong: other keys => "has no key 'sgd'"
race = {"SGD": [2, 1, 0.5, 0.4, 0.3], "Momentum": [2, 1, 0.5, 0.4, 0.2], "AdaGrad": [1, 0.5, 0.4, 0.3, 0.2]}

# %% wrong: a list => "is a list, but a dict was expected"
race = [[2.0, 1.0, 0.5, 0.4, 0.3], [2.0, 1.0, 0.5, 0.4, 0.2]]

# %% wrong: not filled in => "is still None"
race = None

# %% wrong: diverged => "the learning rate is too large"
race = {}
for name, rate in {"sgd": 1e3, "momentum": 2e3, "adagrad": 3e3, "rmsprop": 4e3, "adam": 5e3}.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator)[:8]:
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = w - rate * g
        race[name].append(np.mean(losses) * float("inf") if np.mean(losses) > 1e3 else float("nan"))

# %% wrong: shares of right answers => "don't fall" and "look like shares of right answers"
race = {
    name: [0.4 + 0.1 * epoch + 0.001 * number for epoch in range(5)]
    for number, name in enumerate(["sgd", "momentum", "adagrad", "rmsprop", "adam"])
}

# %% wrong: one epoch only => "has shape (1,)"
race = {}
for number, name in enumerate(["sgd", "momentum", "adagrad", "rmsprop", "adam"]):
    w, losses = start, []
    for batch in batches(np.random.default_rng(number)):
        loss, g = loss_and_gradient(w, batch)
        losses.append(loss)
        w = sgd_step(w, g, 0.2)
    race[name] = [np.mean(losses)]

# %% wrong: texts => "`race['sgd']` holds texts; five numbers were expected"
race = {name: ["2.1", "0.9", "0.5", "0.4", "0.3"] for name in ["sgd", "momentum", "adagrad", "rmsprop", "adam"]}

# %% wrong: forgets the state after every batch => "is its state kept from batch to batch"
race, rates = {}, {"sgd": 0.2, "momentum": 0.02, "adagrad": 0.02, "rmsprop": 0.005, "adam": 0.005}
zero = np.zeros_like(start)
steps = {
    "sgd": lambda w, g: sgd_step(w, g, 0.2),
    "momentum": lambda w, g: momentum_step(w, g, zero, 0.02, 0.9)[0],
    "adagrad": remembering(lambda w, g, r: adagrad_step(w, g, r, 0.02, 1e-8), zero),
    "rmsprop": remembering(lambda w, g, r: rmsprop_step(w, g, r, 0.005, 0.9, 1e-8), zero),
    "adam": remembering(lambda w, g, s, r, t: (*adam_step(w, g, s, r, t, 0.005, 0.9, 0.999, 1e-8), t + 1), zero, zero, 1),
}
for name, step in steps.items():
    w, generator, race[name] = start, np.random.default_rng(0), []
    for _ in range(5):
        losses = []
        for batch in batches(generator):
            loss, g = loss_and_gradient(w, batch)
            losses.append(loss)
            w = step(w, g)
        race[name].append(np.mean(losses))

# %% wrong: one number a rule => "was expected"
race = dict.fromkeys(["sgd", "momentum", "adagrad", "rmsprop", "adam"], 0.3)

# %% wrong: zeros => "aren't positive"
race = {name: [0.0] * 5 for name in ["sgd", "momentum", "adagrad", "rmsprop", "adam"]}
