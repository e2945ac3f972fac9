# Right answers in float32 and as tensors, lists where tuples are asked for.

# %% conv_parameters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    size = torch.tensor([kernel_size, kernel_size] if isinstance(kernel_size, int) else kernel_size)
    return size.prod() * (in_channels // groups) * out_channels + (out_channels if bias else 0)

# %% linear_parameters
def linear_parameters(in_features, out_features, bias=True):
    return np.float64(in_features * out_features + out_features * bias)

# %% q3_model_a
q3_model_a = np.float32(608)

# %% q3_model_b
q3_model_b = torch.tensor(19273856)

# %% conv_matrix
def conv_matrix(W, input_shape):
    kernel = torch.as_tensor(np.array(W, dtype=np.float32))
    planes = torch.eye(input_shape[0] * input_shape[1]).reshape(-1, 1, *input_shape)
    return nn.functional.conv2d(planes, kernel[None, None]).flatten(start_dim=1).T

# %% conv_macs
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    height, width = (output_size, output_size) if isinstance(output_size, int) else output_size
    return conv_parameters(in_channels, out_channels, kernel_size, False, groups) * height * width

# %% vgg_counts
def vgg_counts(config, image_size=224, num_classes=1000):
    counts = np.zeros(2, dtype=np.int64)
    channels, size = 3, image_size
    for entry in config:
        if entry == "M":
            size = size // 2
        else:
            counts += [entry * (9 * channels + 1), 9 * channels * entry * size**2]
            channels = entry
    widths = [channels * size**2, 4096, 4096, num_classes]
    for a, b in zip(widths, widths[1:]):
        counts += [(a + 1) * b, a * b]
    return counts.tolist()

# %% DepthwiseSeparable
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% equivariance_error
def equivariance_error(layer, x, shift):
    before = np.roll(layer(x).detach().numpy(), shift, axis=(-2, -1))
    after = layer(torch.from_numpy(np.roll(x.numpy(), shift, axis=(-2, -1)))).detach().numpy()
    return np.abs(before - after).max()

# %% symmetries
symmetries = {
    "circular convolution": "equivariant",
    "zero-padded convolution": "neither",
    "convolution with stride 2": "neither",
    "ReLU": "equivariant",
    "max pooling 2x2": "neither",
    "global average pooling": "invariant",
    "circular convolution, ReLU, global average pooling": "invariant",
    "fully connected": "neither",
}

# %% [markdown] q3b_symmetry
# Model A uses the same kernels at every place, so an edge that moves gives the same response, moved along: equivariant,
# not invariant, since the map changes. Model B has other weights for every place and shows neither. Global average
# pooling after Model A makes the result invariant; then one knows no longer where the edge was.

# %% [markdown] where_not_to_share
# Passport photos: eyes are always in the upper half, so their place says what they are. Locally connected layers, or
# the coordinates as further channels, can use that.
