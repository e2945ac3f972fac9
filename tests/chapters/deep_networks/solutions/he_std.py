"""Right and wrong solutions of the task `he_std`."""

# %% right: with a pair made of one number
def he_std(in_channels, kernel_size):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (2 / (in_channels * height * width)) ** 0.5


# %% right: np.prod, broadcast
def he_std(in_channels, kernel_size):
    return np.sqrt(2.0 / (in_channels * np.prod(np.broadcast_to(kernel_size, 2))))


# %% right: measured from the shape of a weight, float32
def he_std(in_channels, kernel_size):
    weight = np.zeros((1, in_channels, *np.broadcast_to(kernel_size, 2)), dtype=np.float32)
    return np.float32(np.sqrt(2 / weight[0].size))


# %% right: math, in logarithms
import math


def he_std(in_channels, kernel_size):
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    return math.exp(0.5 * (math.log(2) - math.log(in_channels) - math.log(height) - math.log(width)))


# %% right: a 0-d array
def he_std(in_channels, kernel_size):
    area = kernel_size**2 if np.isscalar(kernel_size) else kernel_size[0] * kernel_size[1]
    return np.array(np.sqrt(2 / (in_channels * area)))


# %% wrong: the variance => "This is the variance"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return 2 / (in_channels * height * width)


# %% wrong: without the 2 => "Below the root stands 1 / fan-in"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return np.sqrt(1 / (in_channels * height * width))


# %% wrong: channels only => "The kernel's pixels are missing from the fan-in"
def he_std(in_channels, kernel_size):
    return np.sqrt(2 / in_channels)


# %% wrong: pixels only => "The channels are missing from the fan-in"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return np.sqrt(2 / (height * width))


# %% wrong: the side in place of the area => "The fan-in counts the kernel's height, not its area"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return np.sqrt(2 / (in_channels * height))


# %% wrong: only square kernels => "The kernel was taken for a square with its height as side"
def he_std(in_channels, kernel_size):
    side = kernel_size if np.ndim(kernel_size) == 0 else kernel_size[0]
    return np.sqrt(2 / (in_channels * side * side))


# %% wrong: no pairs => "`he_std` raised TypeError"
def he_std(in_channels, kernel_size):
    return float((2 / (in_channels * kernel_size**2)) ** 0.5)


# %% wrong: sides added => "Height and width were added"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return np.sqrt(2 / (in_channels * (height + width)))


# %% wrong: root of the fan-in only => "The root was taken of the fan-in only"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return 2 / np.sqrt(in_channels * height * width)


# %% wrong: upside down => "The fraction is upside down"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return np.sqrt(in_channels * height * width / 2)


# %% wrong: the bound of a uniform distribution => "This is the bound √(6 / fan-in) of a uniform distribution"
def he_std(in_channels, kernel_size):
    height, width = np.broadcast_to(kernel_size, 2)
    return np.sqrt(6 / (in_channels * height * width))


# %% wrong: the example's number => "This is the answer of the visible example"
def he_std(in_channels, kernel_size):
    return np.sqrt(2 / 576)


# %% wrong: by torch => "torch"
def he_std(in_channels, kernel_size):
    weight = torch.empty(500, in_channels, *np.broadcast_to(kernel_size, 2))
    nn.init.kaiming_normal_(weight)
    return weight.std().item()


# %% wrong: prints in place of returning => "is None"
def he_std(in_channels, kernel_size):
    print(np.sqrt(2 / (in_channels * np.prod(np.broadcast_to(kernel_size, 2)))))
