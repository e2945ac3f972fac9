# Right answers amid prints, warnings, text on stderr, displayed numbers and changed variables.

# %% after environment
import sys
import warnings

print("hello from stderr", file=sys.stderr)
warnings.warn("this notebook likes to warn")
layers = "my own layers"
42

# %% after check_receptive_fields
same = lambda received, expected, what: print("no need to check", what)
0

# %% receptive_fields
import itertools
import warnings


def receptive_fields(layers):
    print("layers:", layers)
    warnings.warn("this takes a while")
    step = lambda state, layer: (state[0] + layer[3] * (layer[0] - 1) * state[1], state[1] * layer[1])
    return list(itertools.accumulate(layers, step, initial=(1, 1)))[1:]

# %% q2a
fields = receptive_fields([(5, 2, 0, 1), (2, 1, 0, 1)])
q2a = fields[0][0], fields[1][0]

# %% layers_of
def layers_of(features):
    out = []
    for child in features.children():
        if isinstance(child, nn.Sequential):
            out.extend(layers_of(child))
        elif hasattr(child, "kernel_size"):
            out.append([int(np.max(getattr(child, name, 1))) for name in ("kernel_size", "stride", "padding", "dilation")])
    return out

# %% input_window
def input_window(layers, index):
    window = torch.arange(index, index + 1)
    for k, s, p, d in layers[::-1]:
        window = torch.cat([window * s - p, window * s - p + d * (k - 1)])
        print(window)
    return window.min(), window.max() + 1

# %% measured_receptive_field
import warnings


def measured_receptive_field(model, input_size):
    warnings.warn("measuring")
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x).squeeze(0).squeeze(0)
    g = torch.autograd.grad(y[y.shape[0] // 2, y.shape[1] // 2], x)[0].squeeze()
    print(g)
    used = g != 0
    size = []
    for axis in (1, 0):
        line = used.any(dim=axis).int()
        size.append(input_size - line.argmax() - line.flip(0).argmax())
    return size

# %% path_counts
def path_counts(layers):
    product, jump = np.poly1d([1]), 1
    for k, s, p, d in layers:
        factor = np.zeros((k - 1) * d * jump + 1)
        factor[:: d * jump] = 1
        product = product * np.poly1d(factor)
        jump *= s
        print(product)
    return product.coeffs

# %% design_stack
def design_stack(target, max_layers):
    dilations = [1, 3, 9, *[16] * max_layers][:max_layers]
    if 1 + 2 * sum(dilations) < target:
        raise ValueError("out of reach")
    return [(3, 1, dilation, dilation) for dilation in dilations]
