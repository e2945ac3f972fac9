# Right answers with the meta device, scipy's Toeplitz blocks, einsum and a measured dict.

# %% conv_parameters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    with torch.device("meta"):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias, groups=groups)
    return sum(map(torch.numel, layer.parameters()))

# %% linear_parameters
def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> int:
    match bias:
        case True:
            return conv_parameters(in_features, out_features, 1)
        case _:
            return in_features * out_features

# %% q3_model_a
q3_model_a = conv_parameters(3, 8, 5)

# %% q3_model_b
q3_model_b = linear_parameters(32 * 32 * 3, 28 * 28 * 8)

# %% conv_matrix
from numpy.lib.stride_tricks import sliding_window_view


def conv_matrix(W, input_shape):
    one_hot = np.eye(np.prod(input_shape)).reshape(*input_shape, -1)
    windows = sliding_window_view(one_hot, W.shape, axis=(0, 1))
    return np.einsum("ijpkl,kl->ijp", windows, W).reshape(-1, one_hot.shape[-1])

# %% conv_macs
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    height, width = (output_size, output_size) if isinstance(output_size, int) else output_size
    return conv_parameters(in_channels, out_channels, kernel_size, False, groups) * height * width

# %% vgg_counts
from torch.utils.flop_counter import FlopCounterMode


def vgg_counts(config, image_size=224, num_classes=1000):
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        layers = []
        for entry in config:
            layers.append(nn.MaxPool2d(2) if entry == "M" else nn.LazyConv2d(entry, 3, padding=1))
        model = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(4096), nn.Linear(4096, 4096), nn.Linear(4096, num_classes))
        model(torch.empty(1, 3, image_size, image_size))
    return sum(p.numel() for p in model.parameters()), counter.get_total_flops() // 2

# %% DepthwiseSeparable
class DepthwiseSeparable(nn.Sequential):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__(
            nn.LazyConv2d(in_channels, kernel_size, padding="same", groups=in_channels, bias=False),
            nn.LazyConv2d(out_channels, 1, bias=False),
        )

# %% equivariance_error
@torch.inference_mode()
def equivariance_error(layer, x, shift):
    roll = lambda t: t.roll(shift, (-2, -1))
    return (layer(roll(x)) - roll(layer(x))).abs().amax()

# %% symmetries
symmetries = {}
for name, layer in layers.items():
    x = torch.rand(2, 1, 28, 28)
    shifts = [(1, 0), (0, 1), (4, -7)]
    with torch.no_grad():
        if all(torch.allclose(layer(x.roll(s, (2, 3))), layer(x), atol=1e-5) for s in shifts):
            symmetries[name] = "Invariant"
        elif all(equivariance_error(layer, x, s) < 1e-5 for s in shifts):
            symmetries[name] = "Equivariant"
        else:
            symmetries[name] = "Neither"

# %% [markdown] q3b_symmetry
# Model A uses the same kernels at every place, so an edge that moves gives the same response, moved along: equivariant,
# not invariant, since the map changes. Model B has other weights for every place and shows neither. Global average
# pooling after Model A makes the result invariant; then one knows no longer where the edge was.

# %% [markdown] where_not_to_share
# Passport photos: eyes are always in the upper half, so their place says what they are. Locally connected layers, or
# the coordinates as further channels, can use that.
