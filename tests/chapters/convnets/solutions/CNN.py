"""Right and wrong solutions of the task `CNN`."""

# %% right: layers as modules, one after the other
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 84)
        self.fc2 = nn.Linear(84, num_classes)
        self.activation = nn.Tanh()
        self.pool = nn.AvgPool2d(2)

    def forward(self, x):
        x = self.pool(self.activation(self.conv1(x)))
        x = self.pool(self.activation(self.conv2(x)))
        return self.fc2(self.activation(self.fc1(torch.flatten(x, 1))))

# %% right: blocks in a list, batch normalisation, dropout, global mean, chatty
import warnings

import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.drop = nn.Dropout2d(0.2)

    def forward(self, x):
        return self.drop(F.max_pool2d(F.gelu(self.norm(self.conv(x))), kernel_size=2))


class CNN(nn.Module):
    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        widths = [1, 12, 24, 48]
        self.blocks = nn.ModuleList(Block(a, b) for a, b in zip(widths, widths[1:]))
        self.head = nn.Linear(48, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        print("a batch of", len(x))
        warnings.warn("forward")
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(dim=(-1, -2)))

# %% right: parameters and functions only, the last layer starts at zero
from torch.nn import functional as F


class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.kernels = nn.ParameterList([nn.Parameter(torch.randn(8, 1, 3, 3) / 3), nn.Parameter(torch.randn(8, 8, 3, 3) / 8)])
        self.matrix = nn.Parameter(torch.zeros(8 * 5 * 5, num_classes))
        self.offset = nn.Parameter(torch.zeros(num_classes))

    def forward(self, x):
        for kernel in self.kernels:
            x = F.conv2d(x, kernel).clamp_min(0)
            x = F.adaptive_max_pool2d(x, x.shape[-1] // 2)
        return torch.einsum("nchw,chwk->nk", x, self.matrix.view(8, 5, 5, -1)) + self.offset

# %% right: a subclass of Sequential, lazy layers
class CNN(nn.Sequential):
    def __init__(self, num_classes=10):
        super().__init__(
            nn.LazyConv2d(16, 3),
            nn.SiLU(),
            nn.MaxPool2d(3, stride=2),
            nn.Dropout(0.1),
            nn.LazyConv2d(16, 3, groups=4),
            nn.PReLU(),
            nn.AdaptiveAvgPool2d(4),
            nn.Flatten(),
            nn.LazyLinear(num_classes),
        )

# %% right: pictures normalised inside, a residual, pooling by reshape, a huge bias at the start
class CNN(nn.Module):
    def __init__(self, num_classes=10, channels=10):
        super().__init__()
        self.first = nn.Conv2d(1, channels, 5, stride=1, padding="same")
        self.second = nn.Conv2d(channels, channels, 3, padding="same")
        self.out = nn.Linear(channels * 49, num_classes)
        nn.init.constant_(self.out.bias, 3.0)

    @staticmethod
    def halve(x):
        n, c, h, w = x.shape
        return x.view(n, c, h // 2, 2, w // 2, 2).amax(dim=(3, 5))

    def forward(self, x):
        x = self.first((x - 0.1307) / 0.3081)
        x = self.halve(torch.where(x > 0, x, 0.1 * x))
        x = self.halve(x + torch.relu(self.second(x)))
        return self.out(x.flatten(start_dim=1))

# %% wrong: softmax at the end => "the network ends with softmax"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes), nn.Softmax(dim=1)
        )

    def forward(self, x):
        return self.net(x)

# %% wrong: log-softmax at the end => "the network ends with log-softmax"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2)
        return torch.log_softmax(self.fc(x.flatten(1)), dim=-1)

# %% wrong: ReLU at the end => "an activation stands after the last layer"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2)
        return torch.relu(self.fc(x.flatten(1)))

# %% wrong: tanh at the end => "Scores stay between -1 and 1 however large the weights are"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2)
        return torch.tanh(self.fc(x.flatten(1)))

# %% wrong: the classes instead of the scores => "CNN()(x) for 6 pictures"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2)
        return self.fc(x.flatten(1)).argmax(dim=1)

# %% wrong: too many parameters => "CNN() has 421,642 parameters."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, num_classes))

    def forward(self, x):
        return self.classifier(self.features(x))

# %% wrong: ten classes whatever was asked for => "The last layer's size is `num_classes`, not 10."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, 10))

    def forward(self, x):
        return self.net(x)

# %% wrong: squeezes a single picture => "`squeeze()` drops the batch axis of a single picture"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))

    def forward(self, x):
        return self.net(x).squeeze()

# %% wrong: a fixed batch size => "CNN()(x) for 17 pictures"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)
        self.num_classes = num_classes

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2).flatten(1)
        out = torch.zeros(6, self.num_classes)
        out[: len(x)] = self.fc(x[:6])
        return out[: len(x)]

# %% wrong: no pooling => "The logits come from no pooling."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 144, num_classes))

    def forward(self, x):
        return self.net(x)

# %% wrong: linear layers only => "The logits come from no convolution"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 64), nn.ReLU(), nn.Linear(64, num_classes))

    def forward(self, x):
        return self.net(x)

# %% wrong: no activation => "The logits come from no activation."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))

    def forward(self, x):
        return self.net(x)

# %% wrong: dropout that is never switched off => "something random is left on"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2).flatten(1)
        return self.fc(nn.functional.dropout(x, 0.5))

# %% wrong: the statistics of the batch => "A picture's logits change with the other pictures of its batch."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.norm = nn.BatchNorm2d(8, track_running_stats=False)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.norm(self.conv(x))), 2).flatten(1)
        return self.fc(x)

# %% wrong: reshapes over the pictures => "A picture's logits change with the other pictures of its batch."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2)
        return self.fc(x.transpose(0, 1).reshape(-1, 8 * 144))

# %% wrong: ignores the picture => "All pictures get the same logits: does `forward` use its argument?"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))

    def forward(self, x):
        return self.net(torch.ones(len(x), 1, 28, 28))

# %% wrong: pictures of 32×32 expected => "mat1 and mat2 shapes cannot be multiplied"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 196, num_classes))

    def forward(self, x):
        return self.net(x)

# %% wrong: super is not called => "raised AttributeError"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))

    def forward(self, x):
        return self.net(x)

# %% wrong: a function => "but an nn.Module was expected"
def CNN(num_classes=10):
    net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))
    return lambda x: net(x)

# %% wrong: the model, not its class => "`CNN` is a model (Sequential), but a class was expected."
CNN = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, 10))

# %% wrong: no forward => "`CNN` raised NotImplementedError"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 144, num_classes)

# %% wrong: makes a ReLU, but never applies it => "The logits come from no activation."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.relu = nn.ReLU()
        self.pool = nn.AvgPool2d(2)
        self.fc = nn.Linear(16 * 7 * 7, num_classes)

    def forward(self, x):
        x = self.pool(self.conv1(x))
        x = self.pool(self.conv2(x))
        return self.fc(torch.flatten(x, 1))

# %% wrong: makes a pooling layer, but never applies it => "The logits come from no pooling."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, stride=2)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(16 * 36, num_classes)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        return self.fc(torch.flatten(x, 1))

# %% wrong: a convolution and its pooling whose result nobody takes => "The logits come from no convolution, no pooling."
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv, self.pool = nn.Conv2d(1, 8, 3), nn.MaxPool2d(2)
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, num_classes))

    def forward(self, x):
        self.pool(self.conv(x))
        return self.net(x)

# %% wrong: layers that only bear the names => "come from no convolution, no activation, no pooling"
class Conv2d(nn.Identity):
    __module__ = "torch.nn.modules.conv"


class ReLU(nn.Identity):
    __module__ = "torch.nn.modules.activation"


class MaxPool2d(nn.Identity):
    __module__ = "torch.nn.modules.pooling"


class CNN(nn.Sequential):
    def __init__(self, num_classes=10):
        super().__init__(Conv2d(), ReLU(), MaxPool2d(), nn.Flatten(), nn.Linear(784, num_classes))

# %% wrong: three million hidden parameters in a list => "numbers that are neither its parameters nor its buffers"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.hidden = [nn.Linear(8 * 144, 2600)]
        self.fc = nn.Linear(2600, num_classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2).flatten(1)
        return self.fc(torch.relu(self.hidden[0](x)))

# %% wrong: hidden parameters in a closure, the same in every network => "numbers that are neither its parameters nor its buffers"
def build():
    matrix = torch.randn(8 * 144, 200) / 30
    return lambda x: torch.relu(x @ matrix)


widen = build()


class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5)
        self.fc = nn.Linear(200, num_classes)

    def forward(self, x):
        return self.fc(widen(torch.max_pool2d(torch.relu(self.conv(x)), 2).flatten(1)))

# %% wrong: all layers in a plain list => "do its layers belong to self, also those in a list?"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.layers = [nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

# %% wrong: a few hidden weights, drawn anew for each network => "is a tensor in self neither an `nn.Parameter` nor a buffer"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.kernels = torch.randn(8, 1, 5, 5)
        self.fc = nn.Linear(8 * 144, num_classes)

    def forward(self, x):
        return self.fc(torch.max_pool2d(torch.relu(nn.functional.conv2d(x, self.kernels)), 2).flatten(1))

# %% wrong: a small network of its own beside what it shows => "still depend on the input: it computes with more than it shows"
kernels, matrix = torch.randn(4, 1, 5, 5) / 5, torch.randn(4 * 144, 10) / 20


class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 144, num_classes))

    def forward(self, x):
        own = torch.max_pool2d(torch.relu(nn.functional.conv2d(x, kernels)), 2).flatten(1) @ matrix
        return self.net(x) + own[:, :1]

# %% wrong: the same scores for every picture => "All pictures get the same logits"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))
        self.scores = nn.Parameter(torch.arange(float(num_classes)))

    def forward(self, x):
        self.net(x)
        return self.scores.expand(len(x), -1)

# %% wrong: scores that no parameter changes => "they come from elsewhere"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 144, num_classes))
        self.num_classes = num_classes

    def forward(self, x):
        return 5 - x.flatten(1)[:, 300 : 300 + self.num_classes] + 0 * self.net(x)

# %% right: padding by hand, group norm, weight normalisation, no biases
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.first = nn.utils.parametrizations.weight_norm(nn.Conv2d(1, 8, 3, bias=False))
        self.norm = nn.GroupNorm(2, 8)
        self.second = nn.utils.parametrizations.spectral_norm(nn.Conv2d(8, 12, 3, bias=False))
        self.out = nn.Sequential(nn.LayerNorm(12 * 49), nn.Linear(12 * 49, num_classes, bias=False))

    def forward(self, x):
        x = nn.functional.hardswish(self.norm(self.first(nn.functional.pad(x, (1, 1, 1, 1)))), inplace=True)
        x = nn.functional.avg_pool2d(x, 2)
        x = nn.functional.softsign(self.second(nn.functional.pad(x, (1, 1, 1, 1), mode="reflect")))
        return self.out(nn.functional.lp_pool2d(x, 2, 2).flatten(1))

# %% right: a layer that is left over, scores scaled, fixed grids and filters that aren't learned
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.register_buffer("grid", torch.linspace(-1, 1, 28).expand(1, 1, 28, 28), persistent=False)
        self.blur = torch.ones(1, 1, 3, 3) / 9
        self.unused = nn.Conv2d(3, 3, 3)
        self.conv = nn.Conv2d(2, 16, 3, padding=1)
        self.norm = nn.BatchNorm2d(16)
        self.fc = nn.Linear(16, num_classes)
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x):
        x = nn.functional.conv2d(x, self.blur, padding=1)
        x = torch.cat([x, self.grid.expand_as(x)], dim=1)
        x = torch.relu(self.norm(self.conv(x)))
        return self.scale * self.fc(nn.functional.adaptive_max_pool2d(x, 1).flatten(1))

# %% wrong: leaky ReLU after the last layer => "don't move the logits as far up as down: an activation follows it"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16 * 7 * 7, 64)
        self.fc2 = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.fc1(torch.flatten(x, 1)))
        return nn.functional.leaky_relu(self.fc2(x))


# %% wrong: a convolution without effect => "the convolution has no effect"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.fc1 = nn.Linear(196, 64)
        self.fc2 = nn.Linear(64, num_classes)

    def forward(self, x):
        x = x + 0 * self.conv(x).mean(dim=1, keepdim=True)
        return self.fc2(torch.relu(self.fc1(nn.functional.max_pool2d(x, 2).flatten(1))))


# %% wrong: a kernel as large as the picture => "such layers are linear layers by another name"
class CNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 40, 28)
        self.pool = nn.MaxPool2d(1)
        self.fc = nn.Linear(40, num_classes)

    def forward(self, x):
        return self.fc(self.pool(torch.relu(self.conv(x))).flatten(1))
