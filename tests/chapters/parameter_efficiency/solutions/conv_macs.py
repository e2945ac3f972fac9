"""Right and wrong solutions of the task `conv_macs`."""

# %% right: the formula
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    def both(size):
        return (size, size) if isinstance(size, int) else size

    (kh, kw), (h, w) = both(kernel_size), both(output_size)
    return out_channels * h * w * (in_channels // groups) * kh * kw

# %% right: numpy, a numpy integer
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    taps, places = np.broadcast_to(kernel_size, 2).prod(), np.broadcast_to(output_size, 2).prod()
    return taps * places * in_channels * out_channels // groups

# %% right: from the weights
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    output_size = [output_size] * 2 if type(output_size) == int else output_size
    return conv_parameters(in_channels, out_channels, kernel_size, False, groups) * output_size[0] * output_size[1]

# %% right: measured with torch's counter
from torch.utils.flop_counter import FlopCounterMode


def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    size = output_size if isinstance(output_size, tuple) else (output_size,) * 2
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        layer = nn.Conv2d(in_channels, out_channels, kernel, groups=groups)
        layer(torch.empty(1, in_channels, size[0] + kernel[0] - 1, size[1] + kernel[1] - 1))
    return counter.get_total_flops() // 2

# %% right: true division, noisy
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    if np.ndim(kernel_size) == 0:
        kernel_size = [kernel_size, kernel_size]
    if np.ndim(output_size) == 0:
        output_size = [output_size, output_size]
    result = 1
    for factor in (*kernel_size, *output_size, in_channels, out_channels):
        print("times", factor)
        result *= factor
    return result / groups

# %% wrong: only the weights => "This is the number of weights; each is used at every place of the output."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return out_channels * (in_channels // groups) * kh * kw

# %% wrong: the output counted in one direction => "The places count in both directions"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    places = output_size[0] * output_size[1] if isinstance(output_size, tuple) else output_size
    return out_channels * (in_channels // groups) * kh * kw * places

# %% wrong: ignores the groups => "The groups are ignored."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return out_channels * in_channels * kh * kw * h * w

# %% wrong: divides twice by the groups => "Divided by the groups twice"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return (out_channels // groups) * (in_channels // groups) * kh * kw * h * w

# %% wrong: two operations for each => "A multiply–accumulate counts as one operation, not as two."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return 2 * out_channels * (in_channels // groups) * kh * kw * h * w

# %% wrong: counts the biases => "Biases were counted"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return conv_parameters(in_channels, out_channels, kernel_size, groups=groups) * h * w

# %% wrong: adds the biases once => "The number of biases was added"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return out_channels * (in_channels // groups) * kh * kw * h * w + out_channels

# %% wrong: takes the output for the input => "`output_size` is the size of the output: don't subtract the kernel again."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return out_channels * (in_channels // groups) * kh * kw * (h - kh + 1) * (w - kw + 1)

# %% wrong: the output's height for both directions => "The output's height was used for both directions."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h = output_size[0] if isinstance(output_size, tuple) else output_size
    return out_channels * (in_channels // groups) * kh * kw * h * h

# %% wrong: the kernel's width for both directions => "The kernel's width was used for both directions."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    k = kernel_size[-1] if isinstance(kernel_size, tuple) else kernel_size
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return out_channels * (in_channels // groups) * k * k * h * w

# %% wrong: forgets the number of filters => "The number of filters is missing."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return (in_channels // groups) * kh * kw * h * w

# %% wrong: forgets the input channels => "The input channels are missing"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return out_channels * kh * kw * h * w

# %% wrong: the kernel counted in one direction => "The kernel's taps count in both directions"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    taps = kernel_size[0] * kernel_size[1] if isinstance(kernel_size, tuple) else kernel_size
    h, w = output_size if isinstance(output_size, tuple) else (output_size, output_size)
    return out_channels * (in_channels // groups) * taps * h * w

# %% wrong: square outputs only => "`conv_macs` raised TypeError"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return out_channels * (in_channels // groups) * kh * kw * output_size**2

# %% wrong: one kind of size for both => "`conv_macs` raised TypeError"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    if isinstance(kernel_size, int):
        return out_channels * (in_channels // groups) * kernel_size**2 * output_size**2
    return out_channels * (in_channels // groups) * kernel_size[0] * kernel_size[1] * output_size[0] * output_size[1]

# %% wrong: nothing returned => "None (is a `return` missing?)"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    macs = conv_parameters(in_channels, out_channels, kernel_size, False, groups) * np.prod(output_size)

# %% wrong: knows the visible examples => "This is the answer of a visible example"
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    return 42 if in_channels == 1 else 1800 // groups

# %% wrong: 32-bit integers end => "The number ran over: int32 ends at 2,147,483,647."
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    kernel, output = (np.broadcast_to(np.asarray(size, dtype=np.int32), 2) for size in (kernel_size, output_size))
    return int(np.prod(np.array([out_channels, in_channels // groups, *kernel, *output], dtype=np.int32), dtype=np.int32))
