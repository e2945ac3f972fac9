"""Right and wrong solutions of the task `batch_norm`."""

# %% right: channel by channel, lists returned
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    y, means, variances = np.zeros(x.shape), [], []
    for c in range(x.shape[1]):
        values = np.asarray(x[:, c], dtype=float)
        mean, var = float(running_mean[c]), float(running_var[c])
        means.append(mean)
        variances.append(var)
        if training:
            n, mean = values.size, values.sum() / values.size
            squares = ((values - mean) ** 2).sum()
            var = squares / n
            means[c] += momentum * (mean - means[c])
            variances[c] += momentum * (squares / (n - 1) - variances[c])
        y[:, c] = gamma[c] * (values - mean) / (var + eps) ** 0.5 + beta[c]
    return [y.tolist(), means, variances]


# %% right: flattened channels, float32
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    n, channels, height, width = x.shape
    flat = x.astype(np.float32).transpose(1, 0, 2, 3).reshape(channels, -1)
    gamma, beta, rm, rv = (np.array(a, dtype=np.float32)[:, None] for a in (gamma, beta, running_mean, running_var))
    centre, spread = rm, rv
    if training:
        centre, spread = flat.mean(axis=1, keepdims=True), flat.var(axis=1, keepdims=True)
        rm, rv = rm + momentum * (centre - rm), rv + momentum * (flat.var(axis=1, ddof=1, keepdims=True) - rv)
    y = (flat - centre) / np.sqrt(spread + np.float32(eps)) * gamma + beta
    return y.reshape(channels, n, height, width).transpose(1, 0, 2, 3).copy(), rm[:, 0].copy(), rv[:, 0].copy()


# %% right: scale and shift
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    running_mean, running_var = running_mean * 1.0, running_var * 1.0
    mean, var = running_mean, running_var
    if training:
        count = len(x) * x.shape[2] * x.shape[3]
        mean = x.sum(axis=(0, 2, 3)) / count
        var = (np.asarray(x, dtype=float) ** 2).sum(axis=(0, 2, 3)) / count - mean**2
        running_mean = momentum * mean + (1 - momentum) * running_mean
        running_var = momentum * var * count / (count - 1) + (1 - momentum) * running_var
    scale = gamma / np.sqrt(var + eps)
    shift = beta - mean * scale
    y = np.einsum("nchw,c->nchw", np.asarray(x, dtype=float), scale)
    return y + shift.reshape(1, -1, 1, 1), running_mean.copy(), running_var.copy()


# %% right: channels moved to the end, noisy
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    last = np.moveaxis(np.asarray(x, dtype=float), 1, -1)
    rows = last.reshape(-1, last.shape[-1])
    if not training:
        print("eval")
        y = (last - running_mean) / np.sqrt(running_var + eps) * gamma + beta
        return np.moveaxis(y, -1, 1), np.copy(running_mean) + 0.0, np.copy(running_var) + 0.0
    mean = np.average(rows, axis=0)
    unbiased = np.cov(rows, rowvar=False).reshape(len(mean), -1).diagonal()
    var = unbiased * (len(rows) - 1) / len(rows)
    y = (last - mean) / np.sqrt(var + eps) * gamma + beta
    keep = 1 - momentum
    return np.moveaxis(y, -1, 1), keep * running_mean + momentum * mean, keep * running_var + momentum * unbiased


# %% right: the running ones by numpy average
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = np.average([new_mean, mean], axis=0, weights=[1 - momentum, momentum])
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the unbiased variance in y => "The variance was divided by one less than the number of values (unbiased)"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes, ddof=1)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the biased variance in the running one => "The biased variance entered `running_var`"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: momentum the other way round => "`momentum` was taken for the share of the old value"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = momentum * new_mean + (1 - momentum) * mean
        new_var = momentum * new_var + (1 - momentum) * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: eps outside the root => "ε was added to the root"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / (np.sqrt(var[wide]) + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: eps missing => "ε is missing"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide]) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: without the root => "It was divided by the variance"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / (var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the running ones in training, too => "In training the batch's own mean and variance normalise"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        new_mean = (1 - momentum) * new_mean + momentum * x.mean(axis=axes)
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the batch's own in eval mode, too => "In eval mode the running mean and variance normalise"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    mean, var = x.mean(axis=axes), x.var(axis=axes)
    if training:
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: over each picture => "Each picture was normalised by itself"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    if training:
        mean, var = x.mean(axis=(2, 3), keepdims=True), x.var(axis=(2, 3), keepdims=True)
    else:
        mean, var = mean[wide], var[wide]
    y = np.asarray(gamma)[wide] * (x - mean) / np.sqrt(var + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: over all channels => "All channels were normalised with the mean and variance of all"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = np.full(len(mean), x.mean()), np.full(len(mean), x.var())
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: gamma and beta exchanged => "γ and β are exchanged"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(beta)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(gamma)[wide]
    return y, new_mean, new_var


# %% wrong: beta missing => "β is missing"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps)
    return y, new_mean, new_var


# %% wrong: gamma missing => "γ is missing"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the running ones never move => "The running arrays stay as they were"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        pass
        pass
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: they move in eval mode, too => "The running arrays moved in eval mode"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    new_mean = (1 - momentum) * new_mean + momentum * x.mean(axis=axes)
    new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the standard deviation runs => "The standard deviation entered `running_var`"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.std(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: running mean and variance exchanged => "`running_mean` and `running_var` come in the wrong order"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_var, new_mean


# %% wrong: in place => "in place; work on a copy instead"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = new_mean, new_var = running_mean, running_var
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean += momentum * (mean - new_mean)
        new_var += momentum * (x.var(axis=axes, ddof=1) - new_var)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: the given running arrays come back in eval mode => "shares memory with an argument"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = running_mean, running_var
    new_mean, new_var = mean, var
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y, new_mean, new_var


# %% wrong: only y => "but the tuple (y, running_mean, running_var) was expected"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    mean, var = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    new_mean, new_var = mean.copy(), var.copy()
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        new_mean = (1 - momentum) * new_mean + momentum * mean
        new_var = (1 - momentum) * new_var + momentum * x.var(axis=axes, ddof=1)
    y = np.asarray(gamma)[wide] * (x - mean[wide]) / np.sqrt(var[wide] + eps) + np.asarray(beta)[wide]
    return y


# %% wrong: by torch => "torch"
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x, gamma, beta, mean, var = (torch.tensor(np.asarray(a, dtype=float)) for a in (x, gamma, beta, running_mean, running_var))
    y = nn.functional.batch_norm(x, mean, var, gamma, beta, training, momentum, eps)
    return y.numpy(), mean.numpy(), var.numpy()
