# Nothing is refused, nothing is returned, windows are cut off, small gradients are left out.

# %% receptive_fields
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))

# %% q2a
q2a = receptive_fields([(5, 2, 0, 1), (2, 1, 0, 1)])

# %% layers_of
def layers_of(features):
    for m in features.modules():
        if hasattr(m, "kernel_size"):
            print(m.kernel_size, m.stride, m.padding)

# %% input_window
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return max(0, start), stop + 1

# %% measured_receptive_field
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0].abs() > 1e-6, as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% path_counts
def path_counts(layers):
    counts, jump = np.ones(layers[0][0]), 1
    k, s, p, d = layers[0]
    counts = np.zeros(d * (k - 1) + 1)
    counts[::d] = 1
    jump = s
    for k, s, p, d in layers[1:]:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% design_stack
def design_stack(target, max_layers):
    return [(3, 1, 0, dilation) for dilation in [1, 3, 9, *[16] * max_layers][:max_layers]]
