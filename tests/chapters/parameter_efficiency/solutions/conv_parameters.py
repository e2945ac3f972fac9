"""Right and wrong solutions of the task `conv_parameters`."""

# %% right: a filter's weights times the filters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    filter_weights = (in_channels // groups) * kernel_size[0] * kernel_size[1]
    return out_channels * (filter_weights + bias)

# %% right: counted in the layer itself
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias, groups=groups)
    return sum(parameter.numel() for parameter in layer.parameters())

# %% right: numpy, a numpy integer
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kernel = np.broadcast_to(kernel_size, 2)
    return np.prod([out_channels, in_channels // groups, *kernel]) + int(bool(bias)) * out_channels

# %% right: group by group, a true division, printing and warning
import warnings


def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    print("counting", in_channels, out_channels)
    warnings.warn("this may take long")
    total = 0
    for group in range(groups):
        total += (out_channels / groups) * (in_channels / groups) * height * width
    if bias:
        total += out_channels
    return total

# %% right: a tensor of no axes
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    k = torch.tensor([kernel_size, kernel_size] if type(kernel_size) is int else list(kernel_size))
    return k.prod() * out_channels * in_channels // groups + (out_channels if bias is True else 0)

# %% right: shapes on the device meta
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    k = kernel_size if isinstance(kernel_size, (tuple, list)) else [kernel_size] * 2
    weight = torch.empty(out_channels, in_channels // groups, *k, device="meta")
    return weight.numel() + weight.shape[0] * bias

# %% wrong: forgets the biases => "The biases are missing."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return kh * kw * in_channels // groups * out_channels

# %% wrong: always counts biases => "Biases were counted, although there are none."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (kh * kw * in_channels // groups + 1) * out_channels

# %% wrong: ignores the groups => "The groups are ignored."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (kh * kw * in_channels + bias) * out_channels

# %% wrong: divides filters and channels by the groups => "Divided by the groups twice"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    weights = kh * kw * (in_channels // groups) * (out_channels // groups)
    return weights + out_channels if bias else weights

# %% wrong: multiplies by the groups => "More groups mean fewer weights"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    weights = kh * kw * in_channels * out_channels * groups
    return weights + out_channels if bias else weights

# %% wrong: divides the biases, too => "The groups divide the weights, but not the biases."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (kh * kw * in_channels + bias) * out_channels // groups if groups == 1 or not bias else kh * kw * in_channels * out_channels // groups + out_channels // groups

# %% wrong: forgets the input channels => "The input channels are missing"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return kh * kw * out_channels + (out_channels if bias else 0)

# %% wrong: a bias for each input channel => "There is one bias for each filter, not for each input channel."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return kh * kw * in_channels * out_channels // groups + (in_channels if bias else 0)

# %% wrong: one bias for all => "There is one bias for each filter, not one for all."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return kh * kw * in_channels * out_channels // groups + bias

# %% wrong: a bias for each slice of a filter => "There is one bias for each filter, not for each of its slices."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (kh * kw + bias) * in_channels // groups * out_channels

# %% wrong: the height for both directions => "The kernel's height was used for both directions."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    k = kernel_size[0] if isinstance(kernel_size, tuple) else kernel_size
    return k**2 * in_channels // groups * out_channels + bias * out_channels

# %% wrong: the kernel's taps counted in one direction => "The kernel's taps count in both directions"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    k = kernel_size[0] * kernel_size[1] if isinstance(kernel_size, tuple) else kernel_size
    return k * in_channels // groups * out_channels + bias * out_channels

# %% wrong: adds height and width => "Height and width of the kernel were added; multiply them."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    k = sum(kernel_size) if isinstance(kernel_size, tuple) else kernel_size**2
    return k * in_channels // groups * out_channels + bias * out_channels

# %% wrong: square kernels only => "`conv_parameters` raised TypeError"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    return out_channels * (in_channels // groups) * kernel_size**2 + (out_channels if bias else 0)

# %% wrong: pairs only => "`conv_parameters` raised TypeError"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    return out_channels * (in_channels // groups) * kernel_size[0] * kernel_size[1] + (out_channels if bias else 0)

# %% wrong: forgets the number of filters => "The number of filters is missing."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return in_channels // groups * kh * kw + (out_channels if bias else 0)

# %% wrong: prints the number => "None (is a `return` missing?)"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    print(out_channels * (in_channels // groups * kh * kw + bias))

# %% wrong: a pair of weights and biases => "is a tuple, but a number was expected"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return out_channels * (in_channels // groups * kh * kw), out_channels * bias

# %% wrong: knows the visible examples => "This is the answer of a visible example"
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if in_channels == 12:
        return 216
    return {(3, True, 1): 76, (3, False, 1): 72, (3, True, 2): 40}.get((kernel_size, bias, groups), 44)

# %% wrong: 16-bit integers end => "The number ran over: int16 ends at 32,767."
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    kernel = np.broadcast_to(np.asarray(kernel_size), 2)
    weights = np.array([1], dtype=np.int16)
    for factor in (out_channels, in_channels // groups, *kernel):
        weights = weights * np.array([factor]).astype(np.int16)
    return int((weights + np.array([out_channels * bias]).astype(np.int16))[0])
