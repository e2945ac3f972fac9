# Right answers as arrays: numpy integers, float32 counts, lists where tuples are asked for.

# %% receptive_fields
def receptive_fields(layers):
    table = np.array(layers, dtype=int).reshape(-1, 4)
    jumps = np.cumprod(table[:, 1])
    before = np.concatenate([[1], jumps[:-1]])[: len(table)]
    fields = 1 + np.cumsum(table[:, 3] * (table[:, 0] - 1) * before)
    return np.stack([fields, jumps], axis=1)

# %% q2a
q2a = np.array([5, 7], dtype=np.uint8)

# %% layers_of
def layers_of(features):
    rows = []
    for module in features.modules():
        match module:
            case nn.Conv2d() | nn.MaxPool2d(kernel_size=_):
                row = module.kernel_size, module.stride, module.padding, module.dilation
            case nn.AvgPool2d():
                row = module.kernel_size, module.stride, module.padding, 1
            case _:
                print("left out:", module)
                continue
        rows.append([np.broadcast_to(number, 2)[1] for number in row])
    return np.array(rows).reshape(-1, 4)

# %% input_window
def input_window(layers, index):
    ends = np.array([index, index])
    for kernel, stride, padding, dilation in reversed(list(layers)):
        ends = ends * stride - padding + np.array([0, dilation * (kernel - 1)])
    return ends + [0, 1]

# %% measured_receptive_field
def measured_receptive_field(model, input_size):
    model.eval()
    x = torch.rand((1, 1, input_size, input_size)).requires_grad_()
    out = model(x)
    mask = torch.zeros_like(out)
    mask[:, :, out.size(2) // 2, out.size(3) // 2] = 1
    out.backward(gradient=mask)
    where = np.argwhere(x.grad.numpy()[0, 0] != 0)
    return (where.max(axis=0) - where.min(axis=0) + 1).tolist()

# %% path_counts
def path_counts(layers):
    counts, jump = np.ones(1, dtype=np.float32), 1
    for k, s, _, d in layers:
        gap = d * jump
        new = np.zeros(len(counts) + gap * (k - 1), dtype=np.float32)
        for t in range(k):
            new[t * gap : t * gap + len(counts)] += counts
        counts, jump = new, jump * s
    return counts

# %% design_stack
def design_stack(target, max_layers):
    dilations = np.array([1, 3, 9, *[16] * max_layers][:max_layers][::-1])
    if 1 + 2 * dilations.sum() < target:
        raise ValueError(f"target {target} is too far")
    ones = np.ones_like(dilations)
    return np.stack([3 * ones, ones, 0 * ones, dilations], axis=1)
