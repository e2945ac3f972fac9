"""Right and wrong solutions of the task `dropout`."""

# %% right: a mask by comparison
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% right: binomial
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.binomial(1, 1 - p, size=x.shape)
    return x * mask / (1 - p)


# %% right: choice, lists
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.choice([0, 1], size=x.shape, p=[p, 1 - p])
    return (x * mask / (1 - p)).tolist()


# %% right: value by value, float32
def dropout(x, p, rng, training):
    if p < 0 or p >= 1:
        raise ValueError(p)
    y = x.astype(np.float32)
    if training:
        for index in np.ndindex(*x.shape):
            y[index] = 0 if rng.uniform() < p else y[index] / (1 - p)
    return y


# %% right: zeros written into a copy
def dropout(x, p, rng, training):
    if p < 0:
        raise ValueError("negative")
    elif p >= 1:
        raise ValueError("too large")
    elif not training:
        return x * 1.0
    y = x / (1.0 - p)
    y[rng.uniform(0, 1, size=y.shape) < p] = 0
    return y


# %% wrong: p is the probability of keeping => "p is the probability of becoming 0"
def dropout(x, p, rng, training):
    if not 0 < p <= 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) < p
    return x * mask / p


# %% wrong: mask turned round => "p is the probability of becoming 0"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) < p
    return x * mask / (1 - p)


# %% wrong: no rescaling => "Kept values stay as they are"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask


# %% wrong: rescaled in eval mode => "In eval mode the values were scaled" and "Kept values stay as they are"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x * (1 - p)
    mask = rng.random(x.shape) >= p
    return x * mask


# %% wrong: divided by p => "Kept values were divided by p"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / max(p, 1e-9)


# %% wrong: multiplied => "Kept values were multiplied with 1 - p"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask * (1 - p)


# %% wrong: a generator of its own => "Another seed gives the same result" and "The same places become 0 each time"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = np.random.default_rng(0).random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: the global generator => "The same seed gives another result the second time"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = np.random.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: one draw for each row => "has the same share of zeros"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random((len(x), 1)) >= p
    return x * mask / (1 - p)


# %% wrong: an exact number => "Exactly the same number of values becomes 0"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.permutation(np.arange(x.size) >= p * x.size).reshape(x.shape)
    return x * mask / (1 - p)


# %% wrong: always in training mode => "dropout(x, 0.25, rng, False) has wrong values"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: never drops => "0% of dropout(x, 0.1, rng, True) are 0" and "Kept values stay as they are"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x


# %% wrong: p = 1 allowed => "must raise ValueError when p is 1"
def dropout(x, p, rng, training):
    if not 0 <= p <= 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: negative p allowed => "must raise ValueError when p is -0.25"
def dropout(x, p, rng, training):
    if p >= 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: refused in training only => "must raise ValueError when p is -0.25 and training is False"
def dropout(x, p, rng, training):
    if training and not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: the same array in eval mode => "shares memory with an argument"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("0 <= p < 1 was expected")
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: assert in place of ValueError => "but it raised AssertionError"
def dropout(x, p, rng, training):
    assert 0 <= p < 1
    x = np.array(x, dtype=float)
    if not training:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)


# %% wrong: by torch => "torch"
def dropout(x, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError(p)
    torch.manual_seed(int(rng.integers(1 << 30)))
    return nn.functional.dropout(torch.tensor(x), p, training).numpy()
