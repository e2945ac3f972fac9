# Right answers with torch: tensors as numbers, torch.func, gradients for the paths.

# %% receptive_fields
def receptive_fields(layers):
    r = torch.tensor(1)
    j = torch.tensor(1)
    out = []
    for k, s, p, d in layers:
        r = r + d * (k - 1) * j
        j = j * s
        out.append((r, j))
    return out

# %% q2a
q2a = torch.tensor([5, 7])

# %% layers_of
def layers_of(features):
    names = {"Conv2d", "MaxPool2d", "AvgPool2d"}
    chosen = [m for _, m in features.named_modules() if type(m).__name__ in names]
    first = lambda value: torch.as_tensor(value).flatten()[0]
    return [(first(m.kernel_size), first(m.stride), first(m.padding), first(getattr(m, "dilation", 1))) for m in chosen]

# %% input_window
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    before = [1] + [jump for _, jump in receptive_fields(layers)][:-1]
    start = index * j - sum(layer[2] * b for layer, b in zip(layers, before))
    return [start, start + r]

# %% measured_receptive_field
def measured_receptive_field(model, input_size):
    def unit(x):
        y = model(x[None, None])
        return y[0, 0, y.shape[2] // 2, y.shape[3] // 2]

    gradient = torch.func.grad(unit)(torch.zeros(input_size, input_size))
    rows, columns = gradient.nonzero().unbind(dim=1)
    return (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1)

# %% path_counts
def path_counts(layers):
    if not layers:
        return np.array([1.0])
    r = receptive_fields(layers)[-1][0]
    x = torch.ones(1, 1, r, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel, stride, _, dilation in layers:
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, kernel, dtype=torch.float64), stride=stride, dilation=dilation)
    y.sum().backward()
    return x.grad[0, 0]

# %% design_stack
def design_stack(target, max_layers):
    if 1 + 2 * max_layers >= target:
        return [(torch.tensor(3), torch.tensor(1), torch.tensor(2), torch.tensor(1))] * max_layers
    longest = 3**max_layers if max_layers <= 3 else 27 + 32 * (max_layers - 3)
    if target > longest:
        raise ValueError("no stack")
    return [(3, 1, torch.tensor(min(3**i, 16)), min(3**i, 16)) for i in range(max_layers)]
