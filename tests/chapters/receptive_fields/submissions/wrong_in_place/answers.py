# Right values, but lists are emptied and turned round, weights are set to 1.

# %% receptive_fields
def receptive_fields(layers):
    r, j, out = 1, 1, []
    while layers:
        k, s, p, d = layers.pop(0)
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% q2a
q2a = (5, 7)

# %% layers_of
def layers_of(features):
    chosen = [m for m in features.modules() if hasattr(m, "kernel_size")]
    return [tuple(float(np.mean(getattr(m, n, 1))) for n in ("kernel_size", "stride", "padding", "dilation")) for m in chosen]

# %% input_window
def input_window(layers, index):
    layers.reverse()
    start = stop = index
    for k, s, p, d in layers:
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop + 1

# %% measured_receptive_field
def measured_receptive_field(model, input_size):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% path_counts
def path_counts(layers):
    counts, jump = np.ones(1), 1
    while layers:
        k, s, p, d = layers.pop(0)
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% design_stack
def design_stack(target, max_layers):
    dilations = np.minimum(3.0 ** np.arange(max_layers), 16)
    if 1 + 2 * dilations.sum() < target:
        raise ValueError("too far")
    return [(3, 1, 0, dilation) for dilation in dilations]
