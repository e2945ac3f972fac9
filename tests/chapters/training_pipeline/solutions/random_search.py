"""Right and wrong solutions of the task `random_search`."""

# %% right: Python's random
import random


def random_search(objective, space, trials, seed):
    generator = random.Random(seed)
    best, value = None, float("inf")
    for _ in range(trials):
        parameters = {name: generator.choice(choices) for name, choices in space.items()}
        now = objective(parameters)
        if now < value:
            best, value = parameters, now
    return best, value

# %% right: everything drawn first, then the minimum; numpy's choice
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    drawn = {name: rng.choice(np.array(choices, dtype=object), size=trials) for name, choices in space.items()}
    results = []
    for t in range(trials):
        parameters = {name: drawn[name][t] for name in space}
        results.append((objective(dict(parameters)), t, parameters))
        print("trial", t, results[-1])
    value, _, parameters = min(results, key=lambda r: r[:2])
    return [parameters, value]

# %% right: torch's generator, the last of equal values
def random_search(objective, space, trials, seed):
    generator = torch.Generator().manual_seed(seed)
    best = None
    for _ in range(trials):
        parameters = {}
        for name in sorted(space):
            parameters[name] = space[name][torch.randint(len(space[name]), (), generator=generator).item()]
        value = objective(parameters)
        if best is None or value <= best[1]:
            best = (parameters, value)
    return best

# %% right: numpy's old generator, an index into all combinations
import itertools


def random_search(objective, space, trials, seed):
    grid = list(itertools.product(*space.values()))
    state = np.random.RandomState(seed)
    tried = [dict(zip(space, grid[state.randint(len(grid))])) for _ in range(trials)]
    values = [float(objective(p)) for p in tried]
    return tried[int(np.argmin(values))], np.min(values)

# %% right: one dict used again, copied when it is the best
def random_search(objective, space, trials, seed):
    rng, current, best, least = np.random.default_rng([seed, 7]), {}, {}, np.inf
    for _ in range(trials):
        for name in space:
            current[name] = space[name][int(rng.random() * len(space[name]))]
        value = objective(current)
        if value < least:
            least, best = value, current.copy()
    return best, least

# %% wrong: the largest => "This is the largest value; the smallest was asked for."
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    best, value = None, -np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now > value:
            best, value = p, now
    return best, value

# %% wrong: the last => "This is what the objective gave when it was last called."
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        value = objective(p)
    return p, value

# %% wrong: the smallest value with the last parameters => "They are those of the last trial"
def random_search(objective, space, trials, seed):
    rng, value = np.random.default_rng(seed), np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        value = min(value, objective(p))
    return p, value

# %% wrong: one dict for all trials => "in a dict that isn't changed later"
def random_search(objective, space, trials, seed):
    rng, p, best, value = np.random.default_rng(seed), {}, None, np.inf
    for _ in range(trials):
        for name, choices in space.items():
            p[name] = choices[rng.integers(len(choices))]
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: the objective is asked twice => "times for" and "what the objective gave when it was last called"
def random_search(objective, space, trials, seed):
    rng, best = np.random.default_rng(seed), None
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        if best is None or objective(p) < objective(best):
            best = p
    return best, objective(best)

# %% wrong: once more for the best => "The objective was called 8 times for 7 trials." and "what the objective gave when it was last called"
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    tried = [{name: choices[rng.integers(len(choices))] for name, choices in space.items()} for _ in range(trials)]
    best = min(tried, key=objective)
    return best, objective(best)

# %% wrong: known combinations aren't tried again => "times for"
def random_search(objective, space, trials, seed):
    rng, known = np.random.default_rng(seed), {}
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        key = tuple(p.items())
        if key not in known:
            known[key] = objective(p)
    best = min(known, key=known.get)
    return dict(best), known[best]

# %% wrong: without replacement => "`random_search` raised ValueError"
import itertools
import random


def random_search(objective, space, trials, seed):
    grid = [dict(zip(space, values)) for values in itertools.product(*space.values())]
    tried = random.Random(seed).sample(grid, trials)
    values = [objective(p) for p in tried]
    return tried[int(np.argmin(values))], min(values)

# %% wrong: a shuffled grid, over and over => "Combinations are drawn without replacement"
import itertools


def random_search(objective, space, trials, seed):
    rng, tried = np.random.default_rng(seed), []
    grid = [dict(zip(space, values)) for values in itertools.product(*space.values())]
    while len(tried) < trials:
        tried += [grid[i] for i in rng.permutation(len(grid))]
    values = [objective(p) for p in tried[:trials]]
    return tried[int(np.argmin(values))], min(values)

# %% wrong: one index for all names => "One index, or one random number, is drawn for all names"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    longest = max(map(len, space.values()))
    for _ in range(trials):
        i = rng.integers(longest)
        p = {name: choices[i % len(choices)] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: a new generator for each name => "Each name has a generator of its own, all with the same seed"
def random_search(objective, space, trials, seed):
    best, value = None, np.inf
    generators = {name: np.random.default_rng(seed) for name in space}
    for _ in range(trials):
        p = {name: choices[generators[name].integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: a new generator for each trial => "never came up" and "is a generator made anew, with the same seed, for each of them?"
def random_search(objective, space, trials, seed):
    best, value = None, np.inf
    for _ in range(trials):
        rng = np.random.default_rng(seed)
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: the last choice is never drawn => "the last of the 4 choices never came up"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(0, max(1, len(choices) - 1))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: rounded, so that the ends come up less often => "The choices come up with different probabilities." and "as if a number were rounded"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: choices[round(rng.random() * (len(choices) - 1))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: a grid in order, no chance => "With another seed `random_search` draws the same parameters: is `seed` used?"
import itertools


def random_search(objective, space, trials, seed):
    grid = itertools.cycle(dict(zip(space, values)) for values in itertools.product(*space.values()))
    tried = list(itertools.islice(grid, trials))
    values = [objective(p) for p in tried]
    return tried[int(np.argmin(values))], min(values)

# %% wrong: the seed isn't used => "Called twice with the same seed, `random_search` draws different parameters."
import random


def random_search(objective, space, trials, seed):
    best, value = None, np.inf
    for _ in range(trials):
        p = {name: random.choice(choices) for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: a seed of its own => "With another seed `random_search` draws the same parameters: is `seed` used?"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(42), None, np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: numpy's global state => "the global random state is used"
def random_search(objective, space, trials, seed):
    np.random.seed(seed)
    best, value = None, np.inf
    for _ in range(trials):
        p = {name: choices[np.random.randint(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: Python's global state => "the global random state is used"
import random


def random_search(objective, space, trials, seed):
    random.seed(seed)
    best, value = None, np.inf
    for _ in range(trials):
        p = {name: random.choice(choices) for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: one generator for all calls => "Called twice with the same seed, `random_search` draws different parameters."
shared = np.random.default_rng(0)


def random_search(objective, space, trials, seed):
    best, value = None, np.inf
    for _ in range(trials):
        p = {name: choices[shared.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: starts from a finite number => "No trial was taken for the best"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, 1e9
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: indices => "That is an index, not a choice"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: int(rng.integers(len(choices))) for name, choices in space.items()}
        now = objective({name: space[name][i] for name, i in p.items()} if "x" in space else p)
        if now < value:
            best, value = p, now
    if "x" in space:
        best = {name: space[name][i] for name, i in best.items()}
    return best, value

# %% wrong: numbers between the ends => "It is a number between two choices"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {}
        for name, choices in space.items():
            numeric = all(isinstance(c, float) for c in choices)
            p[name] = rng.uniform(min(choices), max(choices)) if numeric else choices[rng.integers(len(choices))]
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: only one name is drawn => "every name of the space was expected"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        names = list(space) if "x" in space else [list(space)[rng.integers(len(space))]]
        p = {name: space[name][rng.integers(len(space[name]))] for name in names}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: keyword arguments => "calls the objective with keyword arguments, but one dict was expected"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(**p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: value first => "The result is in the wrong order: (best_parameters, best_value)."
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return value, best

# %% wrong: parameters only => "but the tuple (best_parameters, best_value) was expected"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best

# %% wrong: shuffles the lists of the space => "changes its argument `space` in place; work on a copy instead."
import random


def random_search(objective, space, trials, seed):
    generator, best, value = random.Random(seed), None, np.inf
    for choices in space.values():
        choices.sort(key=str)
        generator.shuffle(choices)
    for _ in range(trials):
        p = {name: generator.choice(choices) for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: one trial too few => "times for"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(1, trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        now = objective(p)
        if now < value:
            best, value = p, now
    return best, value

# %% wrong: no return => "None (is a `return` missing?)"
def random_search(objective, space, trials, seed):
    rng, best, value = np.random.default_rng(seed), None, np.inf
    for _ in range(trials):
        p = {name: choices[rng.integers(len(choices))] for name, choices in space.items()}
        value = min(value, objective(p))

# %% wrong: numpy's choice from a mixed list => "It is the text of a choice"
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    best, best_value = None, float("inf")
    for _ in range(trials):
        parameters = {name: rng.choice([c for c in choices if c is not None]) for name, choices in space.items()}
        value = objective(parameters)
        if value < best_value:
            best, best_value = parameters, value
    return best, best_value

# %% wrong: each choice exactly as often as the others => "comes up exactly 360 times"
def random_search(objective, space, trials, seed):
    rng = np.random.default_rng(seed)
    columns = {name: [choices[i % len(choices)] for i in rng.permutation(trials)] for name, choices in space.items()}
    best, best_value = None, float("inf")
    for trial in range(trials):
        parameters = {name: columns[name][trial] for name in space}
        value = objective(parameters)
        if value < best_value:
            best, best_value = parameters, value
    return best, best_value
