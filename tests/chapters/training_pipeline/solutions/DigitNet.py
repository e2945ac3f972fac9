"""Right and wrong solutions of the task `DigitNet`."""

# %% right: the tutorial's two blocks
class DigitNet(nn.Module):
    def __init__(self):
        super(DigitNet, self).__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.conv2 = nn.Sequential(nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(320, 10)

    def forward(self, x):
        x = self.conv2(self.conv1(x))
        return self.fc(x.view(x.size(0), -1))

# %% right: functions, pooling before the activation, chatty
import torch.nn.functional as F


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(in_channels=1, out_channels=10, kernel_size=(5, 5))
        self.b = nn.Conv2d(in_channels=10, out_channels=20, kernel_size=(5, 5), padding="valid")
        self.c = nn.Linear(20 * 4 * 4, 10)
        print("a network")

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.a(x), 2))
        x = F.relu(F.max_pool2d(self.b(x), 2))
        return self.c(torch.flatten(x, 1))

# %% right: one Sequential, lazy layers, dropout
class DigitNet(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.LazyConv2d(10, 5), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
            nn.LazyConv2d(20, 5), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
            nn.Flatten(), nn.Dropout(0.2), nn.LazyLinear(10),
        )

# %% right: the linear layer first, a loop, clamp for ReLU
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(320, 10)
        self.convolutions = nn.ModuleList([nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5)])

    def forward(self, x):
        for convolution in self.convolutions:
            x = nn.functional.adaptive_max_pool2d(convolution(x).clamp(min=0), (x.shape[2] - 4) // 2)
        return self.last(x.reshape(len(x), 320))

# %% wrong: log-softmax at the end => "The network ends with log-softmax; return the scores before it."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x).log_softmax(dim=1)

# %% wrong: softmax at the end => "The network ends with softmax; return the scores before it."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x).softmax(dim=1)

# %% wrong: ReLU at the end => "An activation (ReLU) stands after the last layer; return plain scores."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x).relu()

# %% wrong: no activation => "There is no activation: ReLU after each convolution."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 10, 5), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10))

    def forward(self, x):
        return self.body(x)

# %% wrong: one activation only => "ReLU is missing after the second convolution."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: mean pooling => "The pooling takes means; max pooling was asked for."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: sigmoids => "The activation is a sigmoid; ReLU was asked for."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.Sigmoid(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.Sigmoid(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: padded to the same size => "parameters, in 6 arrays" and "as if the convolutions were padded"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(980, 10),
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: 3×3 filters => "parameters, in 6 arrays" and "The filters of a convolution are 3×3; 5×5 were asked for."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(500, 10)
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: no bias in the convolutions => "A layer has no bias; all three have one."
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(320, 10),
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: one layer more => "There are 4 layers with weights; three were asked for"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 50),
            nn.ReLU(), nn.Linear(50, 10),
        )

    def forward(self, x):
        return self.body(x)

# %% wrong: fits three pictures only => "`DigitNet` raised RuntimeError" and "The number of pictures is fixed to 3"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(320, 10)

    def forward(self, x):
        return self.fc(self.body(x).view(3, 320))

# %% wrong: squeezes a single picture => "has shape (10,), but shape (1, 10) was expected"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def forward(self, x):
        return self.body(x).squeeze()

# %% wrong: dropout without regard to the mode => "has wrong values" and "dropout is on, also in evaluation mode"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.fc = nn.Linear(320, 10)

    def forward(self, x):
        return self.fc(nn.functional.dropout(self.body(x), 0.5))

# %% wrong: no module => "but an nn.Module was expected"
class DigitNet:
    def __init__(self):
        self.body = nn.Sequential(
            nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
        )

    def __call__(self, x):
        return self.body(x)

    def parameters(self):
        return self.body.parameters()

# %% wrong: the right parameters, zeros for scores => "All pictures get the same logits"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5), nn.Linear(320, 10)

    def forward(self, x):
        return torch.zeros(len(x), 10)

# %% wrong: the right parameters for show, another network in a list => "numbers that are neither its parameters nor its buffers"
class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5), nn.Linear(320, 10)
        self.real = [nn.Linear(784, 300), nn.Linear(300, 320)]

    def forward(self, x):
        return self.fc(torch.relu(self.real[1](torch.relu(self.real[0](x.flatten(1))))))
