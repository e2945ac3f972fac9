"""Right and wrong solutions of the task `replace_head`."""

# %% right: the convolution
def replace_head(model, num_classes):
    old = model.classifier[1]
    model.classifier[1] = nn.Conv2d(old.in_channels, num_classes, kernel_size=(1, 1), stride=(1, 1))
    nn.init.normal_(model.classifier[1].weight, mean=0.0, std=0.01)
    nn.init.zeros_(model.classifier[1].bias)
    model.classifier[2] = nn.Identity()
    model.num_classes = num_classes
    return model

# %% right: a whole new classifier, with a linear layer
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(512, num_classes)
    )
    return model

# %% right: setattr, without a bias, no ReLU after it
def replace_head(model, num_classes):
    setattr(model.classifier, "1", nn.Conv2d(512, num_classes, 1, bias=False))
    model.classifier[2] = nn.Identity()
    print(model.classifier)
    return model

# %% right: two layers
def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    layers = list(model.classifier)
    layers[1:3] = [nn.Conv2d(512, 64, 1), nn.ReLU(), nn.BatchNorm2d(64), nn.Conv2d(64, num_classes, 1)]
    model.classifier = nn.Sequential(*layers)
    return model

# %% right: lazy layers, first used inside
import warnings


def replace_head(model, num_classes):
    warnings.warn("lazy")
    model.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.LazyConv2d(num_classes, 1), nn.AdaptiveAvgPool2d(1))
    was = model.training
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, 64, 64))
    model.train(was)
    return model

# %% right: finds the layer with 1,000 outputs
def replace_head(model, num_classes):
    for number, layer in enumerate(model.classifier):
        if getattr(layer, "out_channels", None) == 1000:
            new = nn.Conv2d(layer.in_channels, num_classes, layer.kernel_size)
            new.weight.data = 0.01 * torch.randn_like(new.weight)
            model.classifier[number] = new
            model.classifier[number + 1] = nn.Identity()
    return model

# %% wrong: a linear layer where a convolution was => "A linear layer wants rows of numbers"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Linear(512, num_classes)
    return model

# %% wrong: the classifier is a linear layer => "A linear layer wants rows of numbers"
def replace_head(model, num_classes):
    model.classifier = nn.Linear(512, num_classes)
    return model

# %% wrong: as for a ResNet => "New parameters fc.weight, fc.bias are there"
def replace_head(model, num_classes):
    model.fc = nn.Linear(512, num_classes)
    return model

# %% wrong: the number only => "setting `num_classes` or `out_channels` makes no new layer"
def replace_head(model, num_classes):
    model.num_classes = num_classes
    model.classifier[1].out_channels = num_classes
    return model

# %% wrong: channels of ImageNet's scores => "Into the classifier go 512 maps"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(1000, num_classes, kernel_size=1)
    return model

# %% wrong: on top of the old scores => "The old layer with 1,000 outputs is still in the classifier"
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(*model.classifier, nn.Flatten(), nn.Linear(1000, num_classes))
    return model

# %% wrong: frozen with the rest => "The new layer was frozen, too"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    for parameter in model.parameters():
        parameter.requires_grad = False
    return model

# %% wrong: frees everything => "Parameters that were frozen require gradients again"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    model.requires_grad_(True)
    return model

# %% wrong: freezes the rest => "Parameters that were free are frozen now"
def replace_head(model, num_classes):
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    return model

# %% wrong: keeps the first layer's state only => "Parameters that were free are frozen now" and "each is to stay as it is"
def replace_head(model, num_classes):
    learns = next(model.parameters()).requires_grad
    for parameter in model.features.parameters():
        parameter.requires_grad = learns
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    return model

# %% wrong: a copy => "a copy was changed, not the model that was given"
import copy


def replace_head(model, num_classes):
    model = copy.deepcopy(model)
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    return model

# %% wrong: a new network => "The returned model is a network with other weights"
def replace_head(model, num_classes):
    return torchvision.models.squeezenet1_1(num_classes=num_classes)

# %% wrong: returns nothing => "What `replace_head` returns is None"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)

# %% wrong: returns the layer => "returns another model than the given one"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    return model.classifier[1]

# %% wrong: always eight classes => "Is the argument `num_classes` used?"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, 8, kernel_size=1)
    return model

# %% wrong: only the last layer's place => "fails" and "The old layer with 1,000 outputs is still in the classifier"
def replace_head(model, num_classes):
    model.classifier[-1] = nn.Linear(1000, num_classes)
    return model

# %% wrong: a 3×3 kernel without padding => "fails" and "A kernel of 3×3 has no room in maps of a single pixel"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=3)
    return model

# %% wrong: fresh features => "`replace_head` changed values of the model"
def replace_head(model, num_classes):
    fresh = torchvision.models.squeezenet1_1(num_classes=num_classes)
    for ours, new in zip(model.features.parameters(), fresh.features.parameters()):
        ours.data.copy_(new.data)
    model.classifier = fresh.classifier
    return model

# %% wrong: a head without input => "All pictures get the same scores"
class Constant(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.scores = nn.Parameter(torch.randn(n))

    def forward(self, x):
        return self.scores.expand(len(x), -1)


def replace_head(model, num_classes):
    model.classifier = Constant(num_classes)
    return model

# %% wrong: flattened maps of 64 pixels => "fails" and "Flattened maps are the longer the larger the picture is"
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(nn.Flatten(), nn.Linear(512 * 3 * 3, num_classes))
    return model

# %% right: a module with LayerNorm after the mean
class Head(nn.Module):
    """A predictor for maps (N, 512, h, w)."""

    def __init__(self, channels: int, classes: int):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.fc = nn.Linear(channels, classes)

    def forward(self, maps):
        return self.fc(self.norm(maps.mean(dim=(2, 3))))


def replace_head(model, num_classes):
    model.classifier = Head(512, num_classes)
    return model

# %% right: a hidden layer with GELU
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 64), nn.GELU(), nn.Dropout(0.2), nn.Linear(64, num_classes)
    )
    return model

# %% right: batch normalisation, SiLU, a last layer of zeros
def replace_head(model, num_classes):
    last = nn.Linear(32, num_classes)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    model.classifier = nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.BatchNorm1d(512), nn.Linear(512, 32), nn.SiLU(), last)
    return model

# %% wrong: torchvision's ReLU stays behind the new convolution => "No score is negative: an activation such as ReLU stands after the last layer"
def replace_head(model, num_classes):
    model.classifier[1] = nn.Conv2d(512, num_classes, kernel_size=1)
    return model

# %% wrong: ends with softmax => "Each row sums to 1: the classifier ends with softmax"
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes), nn.Softmax(dim=1))
    return model

# %% wrong: ends with log-softmax => "the classifier ends with log-softmax"
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes), nn.LogSoftmax(dim=1))
    return model

# %% wrong: tanh at the end => "an activation stands after the last layer"
def replace_head(model, num_classes):
    model.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes), nn.Tanh())
    return model
