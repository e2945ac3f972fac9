# Right answers with loops, in plain Python where it goes.

# %% conv_parameters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if type(kernel_size) is int:
        kernel_size = (kernel_size, kernel_size)
    total = 0
    for each_filter in range(out_channels):
        for channel in range(in_channels // groups):
            total += kernel_size[0] * kernel_size[1]
        if bias:
            total += 1
    return total

# %% linear_parameters
def linear_parameters(in_features, out_features, bias=True):
    return out_features * (in_features + bias)

# %% q3_model_a
q3_model_a = conv_parameters(3, 8, 5)

# %% q3_model_b
q3_model_b = linear_parameters(32 * 32 * 3, 28 * 28 * 8)

# %% conv_matrix
def conv_matrix(W, input_shape):
    H, width = input_shape
    kH, kW = len(W), len(W[0])
    M = [[0] * (H * width) for _ in range((H - kH + 1) * (width - kW + 1))]
    row = 0
    for i in range(H - kH + 1):
        for j in range(width - kW + 1):
            for a in range(kH):
                for b in range(kW):
                    M[row][(i + a) * width + j + b] = W[a][b]
            row += 1
    return M

# %% conv_macs
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    sizes = []
    for size in (kernel_size, output_size):
        if isinstance(size, int):
            sizes += [size, size]
        else:
            sizes += [size[0], size[1]]
    macs = 0
    for row in range(sizes[2]):
        for column in range(sizes[3]):
            macs += out_channels * (in_channels // groups) * sizes[0] * sizes[1]
    return macs

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
    first = layer(torch.roll(torch.roll(x, shift[0], 2), shift[1], 3)).detach()
    second = torch.roll(torch.roll(layer(x).detach(), shift[0], 2), shift[1], 3)
    worst = 0.0
    for a, b in zip(first.flatten().tolist(), second.flatten().tolist()):
        worst = max(worst, abs(a - b))
    return worst

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
