"""Right and wrong solutions of the task `batch_norm_backward`."""

# %% right: step by step through the graph
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad, gamma = (np.asarray(a, dtype=float) for a in (x, grad, gamma))
    axes, count = (0, 2, 3), x.size // x.shape[1]
    mean = x.mean(axis=axes, keepdims=True)
    centred = x - mean
    var = (centred**2).mean(axis=axes, keepdims=True)
    inverse = 1 / np.sqrt(var + eps)
    g_normal = grad * gamma.reshape(1, -1, 1, 1)
    g_inverse = (g_normal * centred).sum(axis=axes, keepdims=True)
    g_var = -0.5 * inverse**3 * g_inverse
    g_centred = g_normal * inverse + 2 * centred * g_var / count
    g_mean = -g_centred.sum(axis=axes, keepdims=True)
    return g_centred + g_mean / count, (grad * centred * inverse).sum(axis=axes), grad.sum(axis=axes)


# %% right: channel by channel with the matrix of derivatives, lists
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    gx, gg, gb = np.zeros(x.shape), [], []
    for c in range(x.shape[1]):
        values, g = x[:, c].ravel().astype(float), grad[:, c].ravel().astype(float)
        n, root = values.size, np.sqrt(values.var() + eps)
        normal = (values - values.mean()) / root
        jacobian = (np.eye(n) - 1 / n - np.outer(normal, normal) / n) / root
        gx[:, c] = (gamma[c] * jacobian @ g).reshape(x[:, c].shape)
        gg.append(float(g @ normal))
        gb.append(float(g.sum()))
    return [gx.tolist(), gg, gb]


# %% right: float32, flattened
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    flat, g = (a.astype(np.float32).swapaxes(0, 1).reshape(x.shape[1], -1) for a in (x, grad))
    centred = flat - flat.mean(axis=1, keepdims=True)
    root = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(eps))
    normal = centred / root
    gg, gb, n = (g * normal).sum(axis=1), g.sum(axis=1), g.shape[1]
    gx = np.float32(1) * gamma[:, None] / (n * root) * (n * g - gb[:, None] - normal * gg[:, None])
    shape = (x.shape[1], x.shape[0], *x.shape[2:])
    return gx.reshape(shape).swapaxes(0, 1).copy(), gg, gb


# %% right: small steps
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)

    def loss(x, gamma, beta):
        normal = (x - x.mean(axis=(0, 2, 3), keepdims=True)) / np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps)
        return ((gamma[:, None, None] * normal + beta[:, None, None]) * grad).sum()

    beta = np.zeros(len(gamma))
    return (
        numerical_gradient(lambda x: loss(x, gamma, beta), x),
        numerical_gradient(lambda gamma: loss(x, gamma, beta), gamma),
        numerical_gradient(lambda beta: loss(x, gamma, beta), beta),
    )


# %% right: the gradients of γ and β first, then used
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.s_[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    g_gamma, g_beta = (grad * normal).sum(axis=axes), grad.sum(axis=axes)
    taken = (g_beta[wide] + normal * g_gamma[wide]) / grad[:, 0].size
    print(taken.shape)
    return np.asarray(gamma)[wide] / root * (grad - taken), g_gamma, g_beta


# %% wrong: the direct way only => "Only the direct way was taken, as in eval mode"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: not through the variance => "The way through the variance is missing"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: not through the mean => "The way through the mean is missing"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: ways added => "The ways through mean and variance were added"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad + mean + along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: no gamma => "γ is missing in grad_x"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = 1 / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: no root => "The division by the root of the variance is missing in grad_x"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: sums in place of means => "weren't divided by the number of values"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.sum(axis=axes, keepdims=True)
    along = normal * (grad * normal).sum(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: over the pictures only => "The means go over the pictures only"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=0, keepdims=True)
    along = normal * (grad * normal).mean(axis=0, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: unbiased => "The variance is the unbiased one"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, ddof=1, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: no eps => "ε is missing"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True))
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: eps outside => "ε was added to the root"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True)) + eps
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: means for gamma and beta => "grad_gamma is the mean" and "grad_beta is the mean"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).mean(axis=axes), grad.mean(axis=axes)


# %% wrong: gamma times x as it is => "grad_gamma multiplies with x as it is"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * x).sum(axis=axes), grad.sum(axis=axes)


# %% wrong: gamma and beta exchanged => "The gradients of γ and β come in the wrong order"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, grad.sum(axis=axes), (grad * normal).sum(axis=axes)


# %% wrong: grad_x last => "The gradients come in another order"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return (grad * normal).sum(axis=axes), grad.sum(axis=axes), grad_x


# %% wrong: beta as one number => "grad_beta is one number"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum()


# %% wrong: four axes kept => "grad_gamma has shape (1, C, 1, 1)" and "grad_beta has shape (1, C, 1, 1)"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * (grad - mean - along)
    return grad_x, (grad * normal).sum(axis=axes, keepdims=True), grad.sum(axis=axes, keepdims=True)


# %% wrong: grad changed in place => "in place; work on a copy instead"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad = np.asarray(x, dtype=float), np.asarray(grad, dtype=float)
    axes, wide = (0, 2, 3), np.asarray(gamma)[:, None, None]
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    saved = grad.copy()
    mean = grad.mean(axis=axes, keepdims=True)
    along = normal * (grad * normal).mean(axis=axes, keepdims=True)
    grad_x = wide / root * np.subtract(grad, mean + along, out=grad)
    return grad_x, (saved * normal).sum(axis=axes), saved.sum(axis=axes)


# %% wrong: only grad_x => "but the tuple (grad_x, grad_gamma, grad_beta) was expected"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    return np.zeros(x.shape)


# %% wrong: by torch => "torch"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, gamma, beta = (torch.tensor(np.asarray(a, dtype=float), requires_grad=True) for a in (x, gamma, 0 * gamma))
    nn.functional.batch_norm(x, None, None, gamma, beta, True, 0.1, eps).backward(torch.tensor(np.asarray(grad, dtype=float)))
    return x.grad, gamma.grad, beta.grad


# %% wrong: the gradient of the unbiased form => "The variance is the unbiased one"
def batch_norm_backward(x, gamma, grad, eps=1e-5):
    x, grad, axes = np.asarray(x, dtype=float), np.asarray(grad, dtype=float), (0, 2, 3)
    root = np.sqrt(x.var(axis=axes, ddof=1, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    along = normal * (grad * normal).sum(axis=axes, keepdims=True) / (x[:, 0].size - 1)
    grad_x = np.asarray(gamma)[:, None, None] / root * (grad - grad.mean(axis=axes, keepdims=True) - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)
