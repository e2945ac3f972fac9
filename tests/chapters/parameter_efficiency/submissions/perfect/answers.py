# Right answers, short and plain.

# %% conv_parameters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups * height * width + bias)

# %% linear_parameters
def linear_parameters(in_features, out_features, bias=True):
    return out_features * (in_features + bias)

# %% q3_model_a
q3_model_a = conv_parameters(3, 8, 5)

# %% q3_model_b
q3_model_b = linear_parameters(32 * 32 * 3, 28 * 28 * 8)

# %% conv_matrix
def conv_matrix(W, input_shape):
    height, width = W.shape
    rows = []
    for i in range(input_shape[0] - height + 1):
        for j in range(input_shape[1] - width + 1):
            picture = np.zeros(input_shape)
            picture[i : i + height, j : j + width] = W
            rows.append(picture.ravel())
    return np.array(rows)

# %% conv_macs
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    height, width = (output_size, output_size) if isinstance(output_size, int) else output_size
    return conv_parameters(in_channels, out_channels, kernel_size, False, groups) * height * width

# %% vgg_counts
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters = macs = 0
    channels, size = 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
            continue
        parameters += conv_parameters(channels, entry, 3)
        macs += conv_macs(channels, entry, 3, size)
        channels = entry
    features = channels * size * size
    for outputs in (4096, 4096, num_classes):
        parameters += linear_parameters(features, outputs)
        macs += linear_parameters(features, outputs, bias=False)
        features = outputs
    return parameters, macs

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
    with torch.no_grad():
        moved_first = layer(torch.roll(x, shift, dims=(2, 3)))
        moved_last = torch.roll(layer(x), shift, dims=(2, 3))
    return (moved_first - moved_last).abs().max().item()

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
