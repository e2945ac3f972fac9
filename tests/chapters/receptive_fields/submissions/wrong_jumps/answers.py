# The stride comes in one layer too early, is forgotten, or doesn't multiply.

# %% receptive_fields
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        j *= s
        r += d * (k - 1) * j
        out.append((r, j))
    return out

# %% q2a
q2a = (5, 5 + (2 - 1))

# %% layers_of
def layers_of(features):
    layers = []
    for m in features.modules():
        if isinstance(m, nn.Conv2d):
            layers.append((m.kernel_size[0], m.stride[0], m.padding[0], m.dilation[0]))
        elif isinstance(m, (nn.MaxPool2d, nn.AvgPool2d)):
            k = int(np.max(m.kernel_size))
            layers.append((k, k, int(np.max(m.padding)), int(np.max(getattr(m, "dilation", 1)))))
    return layers

# %% input_window
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    start, jump = 0, 1
    for k, s, p, d in layers:
        start -= p * jump
        jump *= s
    start += index * layers[-1][1]
    return start, start + r

# %% measured_receptive_field
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    model(x)[0, 0, input_size // 2, input_size // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% path_counts
def path_counts(layers):
    counts = np.ones(1)
    for k, s, p, d in layers:
        taps = np.zeros(d * (k - 1) + 1)
        taps[::d] = 1
        counts = np.convolve(counts, taps)
    return counts

# %% design_stack
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 2, 1, 16)] * max_layers
