# One solution cell is no Python; the rest is right.

# %% receptive_fields
def receptive_fields(layers):
    fields, r, j = [], 1, 1
    for kernel, stride, padding, dilation in layers:
        r = r + dilation * (kernel - 1) * j
        j = j * stride
        fields.append((r, j))
    return fields

# %% q2a
q2a = (5, 7)

# %% layers_of
def layers_of(features):
    def single(value):
        return value[0] if isinstance(value, (tuple, list)) else value

    found = []
    for module in features.modules():
        if isinstance(module, (nn.Conv2d, nn.MaxPool2d)):
            found.append((single(module.kernel_size), single(module.stride), single(module.padding), single(module.dilation)))
        elif isinstance(module, nn.AvgPool2d):
            found.append((single(module.kernel_size), single(module.stride), single(module.padding), 1))
    return found

# %% input_window
def input_window(layers, index)
    return (index,

# %% measured_receptive_field
def measured_receptive_field(model, input_size):
    x = torch.ones(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    h, w = y.shape[-2:]
    y[0, 0, h // 2, w // 2].backward()
    rows = torch.where(x.grad[0, 0].abs().sum(dim=1) != 0)[0]
    columns = torch.where(x.grad[0, 0].abs().sum(dim=0) != 0)[0]
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)

# %% path_counts
def path_counts(layers):
    counts, jump = np.array([1]), 1
    for kernel, stride, padding, dilation in layers:
        taps = np.zeros((kernel - 1) * dilation * jump + 1, dtype=int)
        taps[:: dilation * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= stride
    return counts

# %% design_stack
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError(f"{max_layers} layers don't reach {target}")
        dilation = min(16, field)
        layers.append([3, 1, dilation, dilation])
        field += 2 * dilation
    return layers
