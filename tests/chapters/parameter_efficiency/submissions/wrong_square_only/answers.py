# Right for square kernels and pictures, wrong for all others; the symmetries in the tutorial's words.

# %% conv_parameters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    size = kernel_size[0] if isinstance(kernel_size, tuple) else kernel_size
    return out_channels * (in_channels // groups * size**2 + bias)

# %% linear_parameters
def linear_parameters(in_features, out_features, bias=True):
    return out_features * (in_features + bias)

# %% q3_model_a
q3_model_a = conv_parameters(3, 8, 5)

# %% q3_model_b
q3_model_b = linear_parameters(32 * 32 * 3, 28 * 28 * 8)

# %% conv_matrix
def conv_matrix(W, input_shape):
    n, k = input_shape[0], W.shape[0]
    m = n - k + 1
    M = np.zeros((m * m, n * n))
    for i in range(m):
        for j in range(m):
            for a in range(k):
                M[i * m + j, (i + a) * n + j : (i + a) * n + j + k] = W[a]
    return M

# %% conv_macs
def conv_macs(in_channels, out_channels, kernel_size, output_size, groups=1):
    return out_channels * in_channels // groups * kernel_size**2 * output_size**2

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
        moved_first = layer(torch.roll(x, shift, dims=(3, 2)))
        moved_last = torch.roll(layer(x), shift, dims=(3, 2))
    return (moved_first - moved_last).abs().max().item()

# %% symmetries
symmetries = {
    "circular convolution": "invariant",
    "zero-padded convolution": "invariant",
    "convolution with stride 2": "invariant",
    "ReLU": "neither",
    "max pooling 2x2": "invariant",
    "global average pooling": "invariant",
    "circular convolution, ReLU, global average pooling": "invariant",
    "fully connected": "neither",
}
