"""Right and wrong solutions of the task `vgg_counts`."""

# %% right: one walk through the list
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters = macs = 0
    channels, size = 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    features = channels * size**2
    for outputs in [4096, 4096, num_classes]:
        parameters += linear_parameters(features, outputs)
        macs += features * outputs
        features = outputs
    return parameters, macs

# %% right: without own functions, a list
def vgg_counts(config, image_size=224, num_classes=1000):
    weights, biases, macs = [], [], []
    seen, size = 3, image_size
    for entry in config:
        if isinstance(entry, str):
            size = size // 2
            continue
        weights.append(9 * seen * entry)
        biases.append(entry)
        macs.append(9 * seen * entry * size * size)
        seen = entry
    widths = [seen * size * size, 4096, 4096, num_classes]
    for before, after in zip(widths, widths[1:]):
        weights.append(before * after)
        biases.append(after)
        macs.append(before * after)
    return [sum(weights) + sum(biases), sum(macs)]

# %% right: the real network on the device meta, counted by torch
from torch.utils.flop_counter import FlopCounterMode


def vgg_counts(config, image_size=224, num_classes=1000):
    layers, channels, size = [], 3, image_size
    for entry in config:
        if entry == "M":
            layers.append(nn.MaxPool2d(2))
            size //= 2
        else:
            layers += [nn.Conv2d(channels, entry, 3, padding=1, device="meta"), nn.ReLU()]
            channels = entry
    layers += [nn.Flatten(), nn.Linear(channels * size**2, 4096, device="meta"), nn.Linear(4096, 4096, device="meta")]
    model = nn.Sequential(*layers, nn.Linear(4096, num_classes, device="meta"))
    with FlopCounterMode(display=False) as counter:
        model(torch.empty(1, 3, image_size, image_size, device="meta"))
    return sum(p.numel() for p in model.parameters()), counter.get_total_flops() // 2

# %% right: recursion, numpy
def vgg_counts(config, image_size=224, num_classes=1000, channels=3):
    if len(config) == 0:
        widths = np.array([channels * image_size**2, 4096, 4096, num_classes], dtype=np.int64)
        products = widths[:-1] @ widths[1:]
        return np.array([products + widths[1:].sum(), products])
    first, *rest = config
    if first == "M":
        return vgg_counts(rest, image_size // 2, num_classes, channels)
    here = np.array([conv_parameters(channels, first, 3), conv_macs(channels, first, 3, image_size)])
    return here + vgg_counts(rest, image_size, num_classes, first)

# %% right: a copy of the list, emptied, with prints
def vgg_counts(config, image_size=224, num_classes=1000):
    todo = list(config)
    parameters, macs, channels, size = 0.0, 0.0, 3, image_size
    while todo:
        entry = todo.pop(0)
        print(entry, size)
        if entry == "M":
            size = int(size / 2)
        else:
            parameters += entry * (channels * 9 + 1)
            macs += entry * channels * 9 * size**2
            channels = entry
    parameters += (channels * size**2 + 1) * 4096 + 4097 * 4096 + 4097 * num_classes
    return parameters, macs + channels * size**2 * 4096 + 4096**2 + 4096 * num_classes

# %% wrong: no linear layers => "The linear layers are missing."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    return parameters, macs

# %% wrong: no biases in the linear layers => "The biases of the linear layers are missing."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    linear = channels * size**2 * 4096 + 4096 * 4096 + 4096 * num_classes
    return parameters + linear, macs + linear

# %% wrong: biases as MACs => "Biases were counted as MACs."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_parameters(channels, entry, 3) * size**2
            channels = entry
    linear = (channels * size**2 + 1) * 4096 + 4097 * 4096 + 4097 * num_classes
    return parameters + linear, macs + linear

# %% wrong: always 7×7 pixels at the end => "The first linear layer was taken to see 7·7 pixels of each channel"
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * 49, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: VGG-16's head whatever the list => "The first linear layer was taken to see 512·7·7 numbers."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((512 * 7 * 7, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: every convolution sees three channels => "Each convolution was taken to see 3 channels"
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, size = 0, 0, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(3, entry, 3)
            macs += conv_macs(3, entry, 3, size)
            last = entry
    for inputs, outputs in ((last * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: the pooling changes nothing => "The pooling doesn't halve the size."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry != "M":
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: convolutions without padding => "The convolutions are padded: only the pooling makes the maps smaller."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            size -= 2
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: rounds up => "An odd size is halved and rounded down, not up."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size = (size + 1) // 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: keeps fractions of pixels => "here half a pixel is kept"
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size = size / 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += channels * entry * 9 * size**2
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: always 1,000 classes => "The number of classes is ignored: it isn't always 1,000."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, 1000)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: the macs first => "The two numbers are swapped: parameters first."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return macs, parameters

# %% wrong: empties the given list => "has changed the list `VGG16`"
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    while config:
        entry = config.pop(0)
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs

# %% wrong: only the parameters => "is an int, but a tuple of 2 integers was expected"
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, channels, size = 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            channels = entry
    for inputs, outputs in ((channels * size**2, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
    return parameters

# %% wrong: knows the visible examples => "This is the answer of a visible example"
def vgg_counts(config, image_size=224, num_classes=1000):
    return (138357544, 15470264320) if image_size == 224 else (16830523, 16823136)

# %% wrong: pixels counted in one direction => "The first linear layer sees size·size pixels of each channel."
def vgg_counts(config, image_size=224, num_classes=1000):
    parameters, macs, channels, size = 0, 0, 3, image_size
    for entry in config:
        if entry == "M":
            size //= 2
        else:
            parameters += conv_parameters(channels, entry, 3)
            macs += conv_macs(channels, entry, 3, size)
            channels = entry
    for inputs, outputs in ((channels * size, 4096), (4096, 4096), (4096, num_classes)):
        parameters += linear_parameters(inputs, outputs)
        macs += inputs * outputs
    return parameters, macs
