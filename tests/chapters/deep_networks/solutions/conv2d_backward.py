"""Right and wrong solutions of the task `conv2d_backward`."""

# %% right: tap by tap with einsum
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros_like(padded), np.zeros_like(weight)
    rows, columns = grad.shape[1:]
    for k in range(weight.shape[2]):
        for m in range(weight.shape[3]):
            place = np.s_[:, k : k + rows * stride : stride, m : m + columns * stride : stride]
            seen = padded[place][:, :rows, :columns]
            gw[:, :, k, m] = np.einsum("oij,cij->oc", grad, seen)
            gx[place][:, :rows, :columns] += np.einsum("oij,oc->cij", grad, weight[:, :, k, m])
    if padding:
        gx = gx[:, padding:-padding, padding:-padding]
    return gx, gw, grad.sum((1, 2))


# %% right: plain loops over everything, lists returned
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    channels, rows, columns = x.shape
    gx, gw, gb = np.zeros(x.shape), np.zeros(weight.shape), [0.0] * len(weight)
    for o, i, j in np.ndindex(*grad.shape):
        gb[o] += float(grad[o, i, j])
        for c, k, m in np.ndindex(*weight.shape[1:]):
            row, column = i * stride + k - padding, j * stride + m - padding
            if 0 <= row < rows and 0 <= column < columns:
                gw[o, c, k, m] += float(grad[o, i, j]) * float(x[c, row, column])
                gx[c, row, column] += float(grad[o, i, j]) * float(weight[o, c, k, m])
    return [gx.tolist(), gw.tolist(), gb]


# %% right: im2col as one matrix product, float32
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=np.float32) for a in (x, weight, grad))
    index = np.arange(x[:, 0, 0].size * (x.shape[1] + 2 * padding) * (x.shape[2] + 2 * padding))
    index = index.reshape(len(x), x.shape[1] + 2 * padding, x.shape[2] + 2 * padding)
    windows = np.lib.stride_tricks.sliding_window_view(index, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    columns = windows.transpose(0, 3, 4, 1, 2).reshape(weight[0].size, -1)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding))).ravel()
    flat = grad.reshape(len(grad), -1)
    gw = (flat @ padded[columns].T).reshape(weight.shape)
    gx = np.zeros(padded.size, dtype=np.float32)
    np.add.at(gx, columns, weight.reshape(len(weight), -1).T @ flat)
    gx = gx.reshape(index.shape)[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return gx.copy(), gw, flat.sum(axis=1)


# %% right: full correlation of a gradient with holes
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    height, width = weight.shape[2:]
    size = [n + 2 * padding - k + 1 for n, k in zip(x.shape[1:], (height, width))]
    holes = np.zeros((len(grad), *size))
    holes[:, ::stride, ::stride][:, : grad.shape[1], : grad.shape[2]] = grad
    full = np.pad(holes, ((0, 0), (height - 1, height - 1), (width - 1, width - 1)))
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
    gx = conv2d(full, turned, np.zeros(len(x)))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gw = np.stack([[conv2d(channel[None], one[None, None], [0])[0] for channel in padded] for one in holes])
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, holes.sum(axis=(1, 2))


# %% right: small steps, one number after the other
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    zero = np.zeros(len(weight))

    def unit_steps(function, shape):
        result = np.zeros(shape)
        for index in np.ndindex(*shape):
            unit = np.zeros(shape)
            unit[index] = 1
            result[index] = (function(unit) * grad).sum()
        return result

    gx = unit_steps(lambda unit: conv2d(unit, weight, zero, stride, padding), x.shape)
    gw = unit_steps(lambda unit: conv2d(x, unit, zero, stride, padding), weight.shape)
    return gx, gw, np.asarray(grad, dtype=float).sum(axis=(1, 2))


# %% wrong: true convolution => "kernels turned by 180° on the way"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    weight = weight[..., ::-1, ::-1]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw[..., ::-1, ::-1], grad.sum(axis=(1, 2))


# %% wrong: kernel turned once too often for the input => "grad_x was computed with the kernels turned by 180° on the way"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o, :, ::-1, ::-1]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: means over the places => "grad_weight is the mean over the places" and "grad_bias is the mean over the places"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window] / grad[o].size
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.mean(axis=(1, 2))


# %% wrong: overwrites in place of adding => "later ones overwrite what came before" and "Only the last place counts for grad_weight"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] = grad[o, i, j] * padded[window]
        gx[window] = grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: no holes for the stride => "The stride was ignored"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i : i + weight.shape[2], j : j + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: the padding stays in grad_x => "The rows and columns of the padding are still there"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx, gw, grad.sum(axis=(1, 2))


# %% wrong: the padding cut at the end => "The padding was cut off at the end only"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, : x.shape[1], : x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: another order => "The gradients come in another order"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gw, grad.sum(axis=(1, 2)), gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy()


# %% wrong: only the first filter counts for the input => "Only the first filter gives gradient to the input"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        if o == 0:
            gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: one bias for all maps => "grad_bias is the sum over all maps"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, np.full(len(grad), grad.sum())


# %% wrong: all channels alike in the weights => "All input channels were added up in grad_weight"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    x, weight, grad = (np.asarray(a, dtype=float) for a in (x, weight, grad))
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros(padded.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window].sum(axis=0)
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: whole numbers stay whole numbers => "but floats were expected"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    gx = np.zeros(padded.shape, dtype=np.result_type(weight, grad))
    gw = np.zeros(weight.shape, dtype=np.result_type(x, grad))
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        gw[o] += grad[o, i, j] * padded[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx[:, padding : padding + x.shape[1], padding : padding + x.shape[2]].copy(), gw, grad.sum(axis=(1, 2))


# %% wrong: only two gradients => "holds 2 things, but the tuple (grad_x, grad_weight, grad_bias) was expected"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    gx, gw = np.zeros(x.shape), np.zeros(weight.shape)
    for o, i, j in np.ndindex(*grad.shape):
        window = np.s_[:, i : i + weight.shape[2], j : j + weight.shape[3]]
        gw[o] += grad[o, i, j] * x[window]
        gx[window] += grad[o, i, j] * weight[o]
    return gx, gw


# %% wrong: by torch => "torch"
def conv2d_backward(x, weight, grad, stride=1, padding=0):
    parts = [torch.tensor(np.asarray(a, dtype=float), requires_grad=True) for a in (x, weight, np.zeros(len(weight)))]
    out = nn.functional.conv2d(*parts, stride=stride, padding=padding)
    out.backward(torch.tensor(np.asarray(grad, dtype=float)))
    return tuple(part.grad.numpy() for part in parts)
