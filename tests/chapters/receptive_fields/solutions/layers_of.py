"""Right and wrong solutions of the task `layers_of`."""

# %% right: all modules with isinstance
def layers_of(features):
    def single(value):
        return value[0] if isinstance(value, (tuple, list)) else value

    found = []
    for module in features.modules():
        if isinstance(module, (nn.Conv2d, nn.MaxPool2d)):
            found.append((single(module.kernel_size), single(module.stride), single(module.padding), single(module.dilation)))
        elif isinstance(module, nn.AvgPool2d):
            found.append((single(module.kernel_size), single(module.stride), single(module.padding), 1))
    return found

# %% right: with recursion over children
def layers_of(features):
    out = []
    for child in features.children():
        if isinstance(child, nn.Sequential):
            out.extend(layers_of(child))
        elif hasattr(child, "kernel_size"):
            out.append([int(np.max(getattr(child, name, 1))) for name in ("kernel_size", "stride", "padding", "dilation")])
    return out

# %% right: by class names, with torch
def layers_of(features):
    names = {"Conv2d", "MaxPool2d", "AvgPool2d"}
    chosen = [m for _, m in features.named_modules() if type(m).__name__ in names]
    first = lambda value: torch.as_tensor(value).flatten()[0]
    return [(first(m.kernel_size), first(m.stride), first(m.padding), first(getattr(m, "dilation", 1))) for m in chosen]

# %% right: by match, an array of numpy integers, noisy
def layers_of(features):
    rows = []
    for module in features.modules():
        match module:
            case nn.Conv2d() | nn.MaxPool2d(kernel_size=_):
                row = module.kernel_size, module.stride, module.padding, module.dilation
            case nn.AvgPool2d():
                row = module.kernel_size, module.stride, module.padding, 1
            case _:
                print("left out:", module)
                continue
        rows.append([np.broadcast_to(number, 2)[1] for number in row])
    return np.array(rows).reshape(-1, 4)

# %% right: with a stack of what is still to be opened
def layers_of(features):
    waiting, layers = [features], []
    while waiting:
        module = waiting.pop()
        if isinstance(module, nn.Sequential):
            waiting.extend(reversed(list(module)))
            continue
        try:
            numbers = [module.kernel_size, module.stride, module.padding]
        except AttributeError:
            continue
        numbers.append(module.dilation if hasattr(module, "dilation") else 1)
        layers.append(tuple(n if type(n) is int else n[0] for n in numbers))
    return layers

# %% wrong: convolutions only => "The poolings are missing"
def layers_of(features):
    convs = [m for m in features.modules() if isinstance(m, nn.Conv2d)]
    return [(m.kernel_size[0], m.stride[0], m.padding[0], m.dilation[0]) for m in convs]

# %% wrong: pairs as they are => "holds something other than numbers"
def layers_of(features):
    kinds = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)
    return [(m.kernel_size, m.stride, m.padding, getattr(m, "dilation", 1)) for m in features.modules() if isinstance(m, kinds)]

# %% wrong: average poolings asked for their dilation => "raised AttributeError"
def layers_of(features):
    kinds = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)
    chosen = [m for m in features.modules() if isinstance(m, kinds)]
    return [tuple(int(np.max(n)) for n in (m.kernel_size, m.stride, m.padding, m.dilation)) for m in chosen]

# %% wrong: no average poolings => "The average poolings are missing"
def layers_of(features):
    chosen = [m for m in features.modules() if isinstance(m, (nn.Conv2d, nn.MaxPool2d))]
    return [tuple(int(np.max(n)) for n in (m.kernel_size, m.stride, m.padding, m.dilation)) for m in chosen]

# %% wrong: a Sequential inside is passed over => "What stands in a Sequential within is missing"
def layers_of(features):
    chosen = [m for m in features if isinstance(m, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d))]
    return [tuple(int(np.max(getattr(m, n, 1))) for n in ("kernel_size", "stride", "padding", "dilation")) for m in chosen]

# %% wrong: padding and dilation swapped => "Padding and dilation are swapped"
def layers_of(features):
    chosen = [m for m in features.modules() if isinstance(m, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d))]
    return [tuple(int(np.max(getattr(m, n, 1))) for n in ("kernel_size", "stride", "dilation", "padding")) for m in chosen]

# %% wrong: a pooling's stride is its kernel => "A pooling's stride was taken to be its kernel"
def layers_of(features):
    layers = []
    for m in features.modules():
        if isinstance(m, nn.Conv2d):
            layers.append((m.kernel_size[0], m.stride[0], m.padding[0], m.dilation[0]))
        elif isinstance(m, (nn.MaxPool2d, nn.AvgPool2d)):
            k = int(np.max(m.kernel_size))
            layers.append((k, k, int(np.max(m.padding)), int(np.max(getattr(m, "dilation", 1)))))
    return layers

# %% wrong: poolings without padding and dilation => "The padding and dilation of poolings are ignored"
def layers_of(features):
    layers = []
    for m in features.modules():
        if isinstance(m, nn.Conv2d):
            layers.append((m.kernel_size[0], m.stride[0], m.padding[0], m.dilation[0]))
        elif isinstance(m, (nn.MaxPool2d, nn.AvgPool2d)):
            layers.append((int(np.max(m.kernel_size)), int(np.max(m.stride)), 0, 1))
    return layers

# %% wrong: the dilation is 1 always => "The dilation is ignored"
def layers_of(features):
    chosen = [m for m in features.modules() if isinstance(m, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d))]
    return [(*(int(np.max(getattr(m, n))) for n in ("kernel_size", "stride", "padding")), 1) for m in chosen]

# %% wrong: the kinds one after another => "keep the order of the data"
def layers_of(features):
    chosen = [m for kind in (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d) for m in features.modules() if isinstance(m, kind)]
    return [tuple(int(np.max(getattr(m, n, 1))) for n in ("kernel_size", "stride", "padding", "dilation")) for m in chosen]

# %% wrong: activations as layers of one pixel => "Modules without a kernel are in the list, too"
def layers_of(features):
    chosen = [m for m in features.modules() if not isinstance(m, nn.Sequential)]
    names = ("kernel_size", 1), ("stride", 1), ("padding", 0), ("dilation", 1)
    return [tuple(int(np.max(getattr(m, name, other))) for name, other in names) for m in chosen]

# %% wrong: only ever AlexNet => "These are the layers of AlexNet"
def layers_of(features):
    return [(11, 4, 2, 1), (3, 2, 0, 1), (5, 1, 2, 1), (3, 2, 0, 1), (3, 1, 1, 1), (3, 1, 1, 1), (3, 1, 1, 1), (3, 2, 0, 1)]

# %% wrong: pooling kernels assumed to be numbers => "holds something other than numbers"
def layers_of(features):
    layers = []
    for m in features.modules():
        if isinstance(m, nn.Conv2d):
            layers.append((m.kernel_size[0], m.stride[0], m.padding[0], m.dilation[0]))
        elif isinstance(m, nn.MaxPool2d):
            layers.append((m.kernel_size, m.stride, m.padding, m.dilation))
        elif isinstance(m, nn.AvgPool2d):
            layers.append((m.kernel_size, m.stride, m.padding, 1))
    return layers

# %% wrong: without the dilation in the tuple => "that is no (kernel, stride, padding, dilation)"
def layers_of(features):
    chosen = [m for m in features.modules() if hasattr(m, "kernel_size")]
    return [tuple(int(np.max(getattr(m, n))) for n in ("kernel_size", "stride", "padding")) for m in chosen]

# %% wrong: floats => "but whole numbers were expected"
def layers_of(features):
    chosen = [m for m in features.modules() if hasattr(m, "kernel_size")]
    return [tuple(float(np.mean(getattr(m, n, 1))) for n in ("kernel_size", "stride", "padding", "dilation")) for m in chosen]

# %% wrong: prints instead of returning => "is None (is a `return` missing?)"
def layers_of(features):
    for m in features.modules():
        if hasattr(m, "kernel_size"):
            print(m.kernel_size, m.stride, m.padding)
