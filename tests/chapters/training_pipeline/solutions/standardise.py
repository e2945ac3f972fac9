"""Right and wrong solutions of the task `standardise`."""

# %% right: loops
def standardise(train, test):
    train, test = train.astype(float), test.astype(float)
    a, b = np.empty_like(train), np.empty_like(test)
    for c in range(train.shape[1]):
        mu = sum(train[:, c]) / len(train)
        sigma = (sum((v - mu) ** 2 for v in train[:, c]) / len(train)) ** 0.5
        if sigma == 0:
            sigma = 1.0
        a[:, c], b[:, c] = (train[:, c] - mu) / sigma, (test[:, c] - mu) / sigma
    return a, b

# %% right: torch, float32, a list
def standardise(train, test):
    a, b = torch.from_numpy(train).float(), torch.from_numpy(test).float()
    std, mean = torch.std_mean(a, dim=0, correction=0)
    std[std < 1e-7] = 1
    return [(a - mean) / std, (b - mean) / std]

# %% right: divides where it can, chatty
def standardise(train, test):
    mu, sigma = np.mean(train, 0), np.std(train, 0)
    print(mu, sigma)

    def scale(table):
        centred = table - mu
        return np.divide(centred, sigma, out=centred.copy(), where=sigma > 0)

    return scale(train), scale(test)

# %% right: statistics module, nested lists
import statistics


def standardise(train, test):
    numbers = [(statistics.fmean(c), statistics.pstdev(c) or 1.0) for c in train.T.tolist()]
    return tuple([[(v - m) / s for v, (m, s) in zip(row, numbers)] for row in t.tolist()] for t in (train, test))

# %% right: a constant column by its values
def standardise(train, test):
    constant = np.ptp(train, axis=0) == 0
    sigma = np.sqrt(np.var(train, axis=0))
    sigma[constant] = 1.0
    return tuple((t - train.mean(axis=0)) / sigma for t in (train, test))

# %% wrong: sample standard deviation => "This is the sample standard deviation (ddof=1)"
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0, ddof=1)
    sigma[sigma == 0] = 1
    return (train - mu) / sigma, (test - mu) / sigma

# %% wrong: torch's default deviation => "divide by N, not by N - 1"
def standardise(train, test):
    a, b = torch.tensor(train), torch.tensor(test)
    sigma = a.std(dim=0)
    sigma[sigma == 0] = 1
    return (a - a.mean(dim=0)) / sigma, (b - a.mean(dim=0)) / sigma

# %% wrong: test by its own statistics => "Test was scaled with its own mean and standard deviation; take train's."
def standardise(train, test):
    out = []
    for t in (train, test):
        sigma = t.std(0)
        out.append((t - t.mean(0)) / np.where(sigma == 0, 1, sigma))
    return tuple(out)

# %% wrong: both together => "Mean and standard deviation were taken from train and test together; take train's."
def standardise(train, test):
    both = np.concatenate([train, test])
    mu, sigma = both.mean(0), both.std(0)
    sigma[sigma == 0] = 1
    return (train - mu) / sigma, (test - mu) / sigma

# %% wrong: divides by zero => "A column that is constant in train was divided by 0."
def standardise(train, test):
    return (train - train.mean(0)) / train.std(0), (test - train.mean(0)) / train.std(0)

# %% wrong: adds a tiny number => "A column that is constant in train was divided by a tiny number"
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0) + 1e-8
    return (train - mu) / sigma, (test - mu) / sigma

# %% wrong: constant columns become 0 => "A column that is constant in train became 0 in test; it is only centred."
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0)
    return tuple(np.where(sigma == 0, 0, (t - mu) / np.where(sigma == 0, 1, sigma)) for t in (train, test))

# %% wrong: constant columns stay => "A column that is constant in train came back as it was; it is centred."
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0)
    return tuple(np.where(sigma == 0, t, (t - mu) / np.where(sigma == 0, 1, sigma)) for t in (train, test))

# %% wrong: nan_to_num after dividing by zero => "A column that is constant in train"
def standardise(train, test):
    return tuple(np.nan_to_num((t - train.mean(0)) / train.std(0), posinf=0, neginf=0) for t in (train, test))

# %% wrong: drops constant columns => "A column that is constant in train was dropped."
def standardise(train, test):
    keep = train.std(0) > 0
    mu, sigma = train.mean(0)[keep], train.std(0)[keep]
    return (train[:, keep] - mu) / sigma, (test[:, keep] - mu) / sigma

# %% wrong: only centred => "Columns were centred, but not divided by the standard deviation."
def standardise(train, test):
    return train - train.mean(0), test - train.mean(0)

# %% wrong: only divided => "Columns were divided by the standard deviation, but not centred."
def standardise(train, test):
    sigma = np.where(train.std(0) == 0, 1, train.std(0))
    return train / sigma, test / sigma

# %% wrong: variance => "Columns were divided by the variance; take its root."
def standardise(train, test):
    v = np.where(train.var(0) == 0, 1, train.var(0))
    return (train - train.mean(0)) / v, (test - train.mean(0)) / v

# %% wrong: one mean for all columns => "One mean and one standard deviation were taken for all columns; each has its own."
def standardise(train, test):
    mu, sigma = train.mean(), train.std() or 1
    return (train - mu) / sigma, (test - mu) / sigma

# %% wrong: to the range 0 to 1 => "Values were scaled to 0…1"
def standardise(train, test):
    low, high = train.min(0), train.max(0)
    span = np.where(high == low, 1, high - low)
    return (train - low) / span, (test - low) / span

# %% wrong: test untouched => "Only train was scaled; test came back as it was."
def standardise(train, test):
    sigma = np.where(train.std(0) == 0, 1, train.std(0))
    return (train - train.mean(0)) / sigma, test.copy()

# %% wrong: train changed first, then its mean taken again => "take train's statistics before train changes"
def standardise(train, test):
    train = (train - train.mean(0)) / np.where(train.std(0) == 0, 1, train.std(0))
    test = (test - train.mean(0)) / np.where(train.std(0) == 0, 1, train.std(0))
    return train, test

# %% wrong: in place => "changes its argument number 1, number 2 in place; work on a copy instead."
def standardise(train, test):
    mu, sigma = train.mean(0), train.std(0)
    sigma[sigma == 0] = 1
    for t in (train, test):
        t -= mu
        t /= sigma
    return train, test

# %% wrong: along the rows => "of `standardise(train, test)` with train" and "Rows were scaled; features are columns (axis 0)."
def standardise(train, test):
    return tuple(
        (t - t.mean(1, keepdims=True)) / np.where(t.std(1, keepdims=True) == 0, 1, t.std(1, keepdims=True)) for t in (train, test)
    )

# %% wrong: no return => "None (is a `return` missing?)"
def standardise(train, test):
    (train - train.mean(0)) / train.std(0)

# %% wrong: stacked in one array => "but the tuple (train, test) was expected"
def standardise(train, test):
    sigma = np.where(train.std(0) == 0, 1, train.std(0))
    return np.vstack([(train - train.mean(0)) / sigma, (test - train.mean(0)) / sigma])

# %% wrong: the answers of the example => "has shape (2, 2), but shape" and "This is the answer of the visible example: use the function's arguments."
def standardise(train, test):
    return np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[2.0, 1.0]])


# %% wrong: cut off at three deviations => "Values were cut off at three deviations"
def standardise(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return np.clip((train - mean) / std, -3, 3), np.clip((test - mean) / std, -3, 3)
