"""Right and wrong solutions of the task `design_stack`."""

# %% right: each dilation as large as the field below it
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError(f"{max_layers} layers don't reach {target}")
        dilation = min(16, field)
        layers.append([3, 1, dilation, dilation])
        field += 2 * dilation
    return layers

# %% right: all layers, numpy integers in an array, the largest dilation first
def design_stack(target, max_layers):
    dilations = np.array([1, 3, 9, *[16] * max_layers][:max_layers][::-1])
    if 1 + 2 * dilations.sum() < target:
        raise ValueError(f"target {target} is too far")
    ones = np.ones_like(dilations)
    return np.stack([3 * ones, ones, 0 * ones, dilations], axis=1)

# %% right: doubled dilations where they reach, then tripled ones
def design_stack(target, max_layers):
    for dilations in ([1, 2, 4, 8], [1, 3, 9]):
        dilations = [*dilations, *[16] * max_layers][:max_layers]
        if 1 + 2 * sum(dilations) >= target:
            return tuple((3, 1, 0, d) for d in dilations)
    raise ValueError("impossible")

# %% right: tries dilations and counts paths, with one's own subclass of ValueError
class OutOfReach(ValueError):
    """The target is out of reach."""


def design_stack(target, max_layers):
    print("designing for", target)
    stack = []
    while not stack or receptive_fields(stack)[-1][0] < target:
        if len(stack) == max_layers:
            raise OutOfReach(target)
        longer = [[*stack, (3, 1, dilation, dilation)] for dilation in range(1, 17)]
        stack = [one for one in longer if min(path_counts(one)) > 0][-1]
    return stack

# %% right: plain layers where they reach, tensors as numbers
def design_stack(target, max_layers):
    if 1 + 2 * max_layers >= target:
        return [(torch.tensor(3), torch.tensor(1), torch.tensor(2), torch.tensor(1))] * max_layers
    longest = 3**max_layers if max_layers <= 3 else 27 + 32 * (max_layers - 3)
    if target > longest:
        raise ValueError("no stack")
    return [(3, 1, torch.tensor(min(3**i, 16)), min(3**i, 16)) for i in range(max_layers)]

# %% wrong: always the largest dilation => "is a stack whose field has holes"
def design_stack(target, max_layers):
    if 1 + 32 * max_layers < target:
        raise ValueError("out of reach")
    return [(3, 1, 16, 16)] * max_layers

# %% wrong: no more layers than needed, with holes => "is a stack whose field has holes"
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError(f"{max_layers} layers don't reach {target}")
        dilation = min(16, (target - field + 1) // 2)
        layers.append([3, 1, dilation, dilation])
        field += 2 * dilation
    return layers

# %% wrong: the dilations of no holes, the limit of dilation 16 => "must raise ValueError when the longest field without holes"
def design_stack(target, max_layers):
    dilations = [1, 3, 9, *[16] * max_layers][:max_layers]
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 0, d) for d in dilations]

# %% wrong: dilations one larger than the field below => "Its smaller dilations make a field of"
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError("too far")
        d = min(16, field + 1)
        layers.append((3, 1, d, d))
        field += 2 * d
    return layers

# %% wrong: tripled dilations without end => "it must be 1 to 16"
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError("too far")
        d = 3 ** len(layers)
        layers.append((3, 1, d, d))
        field += 2 * d
    return layers

# %% wrong: doubled dilations up to 16 are the best it knows => "Targets beyond the field of doubled dilations (1, 2, 4, …) are refused"
def design_stack(target, max_layers):
    layers, field = [], 1
    for number in range(max_layers):
        if field >= target:
            break
        d = min(16, 2**number)
        layers.append((3, 1, d, d))
        field += 2 * d
    if field < target:
        raise ValueError("too far")
    return layers

# %% wrong: never refuses => "must raise ValueError"
def design_stack(target, max_layers):
    return [(3, 1, 16, 16)] * max_layers

# %% wrong: more layers than allowed => "layers, but at most"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 1, 1)] * ((target + 1) // 2)

# %% wrong: stops one short => "which is too short"
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target - 1:
        if len(layers) == max_layers:
            raise ValueError("too far")
        d = max(1, min(16, field, (target - field) // 2))
        layers.append((3, 1, d, d))
        field += 2 * d
    return layers or [(3, 1, 0, 1)]

# %% wrong: thinks a layer adds 3·D => "which is too short"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    layers, field = [], 1
    while field < target:
        d = min(16, -(-(target - field) // 3))
        layers.append((3, 1, d, d))
        field += 3 * d
    return layers

# %% wrong: a larger kernel => "has a layer with the kernel"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    kernel = target if target % 2 else target + 1
    return [(kernel, 1, kernel // 2, 1)]

# %% wrong: strides => "has a layer with the stride"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 2, 1, 16)] * max_layers

# %% wrong: the order of the tuple => "Are padding and dilation swapped?"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 16, 0)] * max_layers

# %% wrong: a wrong limit => "The limit is one too small"
def design_stack(target, max_layers):
    dilations = [1, 3, 9, *[16] * max_layers][:max_layers]
    if target > 2 * sum(dilations):
        raise ValueError("too far")
    return [(3, 1, 0, d) for d in dilations]

# %% wrong: a limit for dilation 1 only => "Targets beyond the longest field with dilation 1 are refused"
def design_stack(target, max_layers):
    if target > 1 + 2 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 1, 1)] * max_layers

# %% wrong: another exception => "but it raised AssertionError"
def design_stack(target, max_layers):
    dilations = [1, 3, 9, *[16] * max_layers][:max_layers]
    assert target <= 1 + 2 * sum(dilations), "too far"
    return [(3, 1, 0, d) for d in dilations]

# %% wrong: None where impossible => "must raise ValueError"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        return None
    return [(3, 1, 0, d) for d in [1, 3, 9, *[16] * max_layers][:max_layers]]

# %% wrong: a short stack where impossible => "must raise ValueError"
def design_stack(target, max_layers):
    return [(3, 1, 0, d) for d in [1, 3, 9, *[16] * max_layers][:max_layers]]

# %% wrong: dilations that are no whole numbers => "it must be a whole number"
def design_stack(target, max_layers):
    dilation = (target - 1) / 2 / max_layers
    if dilation > 16:
        raise ValueError("too far")
    return [(3, 1, 0, dilation)] * max_layers

# %% wrong: whole numbers as floats => "but whole numbers were expected"
def design_stack(target, max_layers):
    dilation = np.ceil((target - 1) / 2 / max_layers)
    if dilation > 16:
        raise ValueError("too far")
    return [(3, 1, 0, dilation)] * max_layers

# %% wrong: only the dilations => "that is no (kernel, stride, padding, dilation)"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [16] * max_layers

# %% wrong: a negative padding => "has a layer with the padding"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 1, -1, 16)] * max_layers

# %% wrong: the example by heart => "Other targets get the same stack, but the field has to reach `target`."
def design_stack(target, max_layers):
    if target > 500:
        raise ValueError("too far")
    return [(3, 1, 0, 1), (3, 1, 0, 2), (3, 1, 0, 4), (3, 1, 0, 8)][:max_layers]

# %% wrong: raises always => "A target of 2 is refused, too"
def design_stack(target, max_layers):
    raise ValueError("too far")
