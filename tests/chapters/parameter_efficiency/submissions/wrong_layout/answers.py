# Matrix transposed and flipped, numbers swapped, pointwise first, invariance for equivariance.

# %% conv_parameters
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups * height * width + bias)

# %% linear_parameters
def linear_parameters(in_features, out_features, bias=True):
    return out_features * (in_features + bias)

# %% q3_model_a
q3_model_a = 19_273_856

# %% q3_model_b
q3_model_b = 608

# %% conv_matrix
def conv_matrix(W, input_shape):
    height, width = W.shape
    columns = []
    for i in range(input_shape[0] - height + 1):
        for j in range(input_shape[1] - width + 1):
            picture = np.zeros(input_shape)
            picture[i : i + height, j : j + width] = W
            columns.append(picture.ravel())
    return np.stack(columns, axis=1)

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
    return macs, parameters

# %% DepthwiseSeparable
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.depth = nn.Conv2d(out_channels, out_channels, kernel_size, padding=kernel_size // 2, groups=out_channels, bias=False)

    def forward(self, x):
        return self.depth(self.point(x))

# %% equivariance_error
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        return (layer(torch.roll(x, shift, dims=(2, 3))) - layer(x)).abs().max().item()

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
