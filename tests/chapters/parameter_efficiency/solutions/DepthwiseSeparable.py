"""Right and wrong solutions of the task `DepthwiseSeparable`."""

# %% right: two convolutions
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=(kernel_size - 1) // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% right: a Sequential with padding "same"
class DepthwiseSeparable(nn.Sequential):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__(
            nn.Conv2d(in_channels, in_channels, kernel_size, padding="same", groups=in_channels, bias=False),
            nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False),
        )

# %% right: parameters and functions
import torch.nn.functional as F


class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.mix = nn.Parameter(torch.randn(out_channels, in_channels) / in_channels**0.5)
        self.kernels = nn.Parameter(torch.randn(in_channels, kernel_size, kernel_size) / kernel_size)

    def forward(self, x):
        half = self.kernels.shape[-1] // 2
        y = F.conv2d(x, self.kernels[:, None], padding=half, groups=len(self.kernels))
        return torch.einsum("oc,nchw->nohw", self.mix, y)

# %% right: a linear layer for the channels, zero padding as a layer
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.pad = nn.ZeroPad2d(kernel_size // 2)
        self.spatial = nn.Conv2d(in_channels, in_channels, kernel_size, groups=in_channels, bias=False)
        self.channels = nn.Linear(in_channels, out_channels, bias=False)

    def forward(self, x):
        print("input", tuple(x.shape))
        return self.channels(self.spatial(self.pad(x)).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

# %% right: one convolution for each channel
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.each = nn.ModuleList(nn.Conv2d(1, 1, kernel_size, padding=kernel_size // 2, bias=False) for _ in range(in_channels))
        self.mix = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        planes = [conv(x[:, c : c + 1]) for c, conv in enumerate(self.each)]
        return self.mix(torch.cat(planes, dim=1))

# %% right: one full convolution with a product of weights
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Parameter(nn.init.kaiming_uniform_(torch.empty(1, in_channels, kernel_size, kernel_size)))
        self.point = nn.Parameter(nn.init.kaiming_uniform_(torch.empty(out_channels, in_channels, 1, 1)))

    def forward(self, x):
        return nn.functional.conv2d(x, self.depth * self.point, padding=self.depth.shape[-1] // 2)

# %% right: lazy layers
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.LazyConv2d(in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.pointwise = nn.LazyConv2d(out_channels, 1, bias=False)

    def forward(self, x):
        x = self.depthwise(x)
        x = self.pointwise(x)
        return x

# %% wrong: biases in both => "Both convolutions have biases"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels)
        self.point = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: a bias in the pointwise part => "The pointwise convolution has biases"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: a bias in the depthwise part => "Zeros in don't give zeros out: there is a bias." and "The depthwise convolution has biases; pass bias=False."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: a full convolution => "This is a full convolution."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        return self.conv(x)

# %% wrong: no groups => "The first convolution is a full one"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: pointwise first => "The channels are mixed first and filtered then; depthwise comes first." and "The pointwise convolution comes first; depthwise comes first."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.depth = nn.Conv2d(out_channels, out_channels, kernel_size, padding=kernel_size // 2, groups=out_channels, bias=False)

    def forward(self, x):
        return self.depth(self.point(x))

# %% wrong: an activation between => "an activation stands between the layers or after them"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(torch.relu(self.depth(x)))

# %% wrong: an activation at the end => "an activation stands between the layers or after them"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False),
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.layers(x)

# %% wrong: MobileNet's batch norm between => "Zeros in don't give zeros out: there is a bias." and "A normalisation between the two has parameters, too; neither layer is followed by one."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.norm = nn.BatchNorm2d(in_channels)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.norm(self.depth(x)))

# %% wrong: normalises without parameters => "Twice the input doesn't give twice the output: something normalises."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(nn.functional.normalize(self.depth(x), dim=1))

# %% wrong: no padding => "has shape" and "The padding doesn't fit the kernel: K // 2 rows and columns of zeros on each side keep height and width for an odd K."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: padding 1 whatever the kernel => "has shape" and "The padding doesn't fit the kernel: K // 2 rows and columns of zeros on each side keep height and width for an odd K."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=1, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: a kernel of 3 whatever is asked => "was expected" and "The kernel has 3×3 taps, whatever `kernel_size` says."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, 3, padding=1, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: circular padding => "The border was padded with the opposite side; pad with zeros."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding="same", padding_mode="circular", groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: the border repeated => "The border was padded by repeating it; pad with zeros."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.half = kernel_size // 2
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(nn.functional.pad(x, [self.half] * 4, mode="replicate")))

# %% wrong: the depthwise part makes the new channels => "raised ValueError"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(out_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: the pointwise part in groups, too => "raised ValueError"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, groups=in_channels, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: one kernel for all channels => "All channels share one kernel in the depthwise convolution."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(1, 1, kernel_size, padding=kernel_size // 2, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        n, c, h, w = x.shape
        return self.point(self.depth(x.reshape(n * c, 1, h, w)).reshape(n, c, h, w))

# %% wrong: no pointwise part => "has shape" and "The output has as many channels as the input: the pointwise convolution, which makes out_channels of them, is missing." and "The pointwise convolution is missing."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)

    def forward(self, x):
        return self.depth(x)

# %% wrong: tensors instead of parameters => "The parameters aren't registered"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = torch.randn(in_channels, 1, kernel_size, kernel_size)
        self.point = torch.randn(out_channels, in_channels, 1, 1)

    def forward(self, x):
        x = nn.functional.conv2d(x, self.depth, padding=self.depth.shape[-1] // 2, groups=len(self.depth))
        return nn.functional.conv2d(x, self.point)

# %% wrong: a list instead of a ModuleList => "The parameters aren't registered"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.layers = [depth, nn.Conv2d(in_channels, out_channels, 1, bias=False)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

# %% wrong: new layers in every pass => "The parameters aren't registered"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.sizes = in_channels, out_channels, kernel_size

    def forward(self, x):
        c_in, c_out, k = self.sizes
        x = nn.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in, bias=False)(x)
        return nn.Conv2d(c_in, c_out, 1, bias=False)(x)

# %% wrong: the right number of parameters, but only a pointwise layer used => "the depthwise convolution has no effect"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(x)

# %% wrong: the right number of parameters, zeros out => "the pointwise part mixes all channels"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.out_channels = out_channels

    def forward(self, x):
        return torch.zeros(len(x), self.out_channels, *x.shape[2:])

# %% wrong: separated along rows and columns instead => "was expected" and "Each channel has kernels of K×1 and 1×K; one of K×K was asked for."
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        half = kernel_size // 2
        self.rows = nn.Conv2d(in_channels, in_channels, (kernel_size, 1), padding=(half, 0), groups=in_channels, bias=False)
        self.columns = nn.Conv2d(in_channels, in_channels, (1, kernel_size), padding=(0, half), groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.columns(self.rows(x)))

# %% wrong: dilated => "The kernel's taps lie 2 pixels apart"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding="same", dilation=2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: forgets to call the parent's constructor => "raised AttributeError"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(x))

# %% wrong: no module at all => "but an nn.Module was expected"
class DepthwiseSeparable:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def __call__(self, x):
        return self.point(self.depth(x))

    def parameters(self):
        return [*self.depth.parameters(), *self.point.parameters()]

# %% wrong: adds the input => "raised RuntimeError"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return x + self.point(self.depth(x))

# %% wrong: the right parameters, the same maps for every picture => "All pictures get the same outputs"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.point(self.depth(torch.ones_like(x)))

# %% wrong: a full convolution in a list beside what is shown => "numbers that are neither its parameters nor its buffers"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depth = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.point = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.more = [nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2, bias=False)]

    def forward(self, x):
        return self.point(self.depth(x)) + self.more[0](x)

# %% wrong: dropout between the two => "In training mode the output is another one than in evaluation mode"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.pointwise(nn.functional.dropout(self.depthwise(x), 0.1, self.training))


# %% wrong: batch normalisation without weights after it => "In training mode the output is another one than in evaluation mode"
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels, bias=False)
        self.norm = nn.BatchNorm2d(out_channels, affine=False)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        return self.norm(self.pointwise(self.depthwise(x)))
