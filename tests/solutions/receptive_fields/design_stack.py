"""Right and wrong solutions of the task `design_stack`."""

# %% right: always the largest dilation
def design_stack(target, max_layers):
    if 1 + 32 * max_layers < target:
        raise ValueError("out of reach")
    return [(3, 1, 16, 16)] * max_layers

# %% right: no more layers than needed
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError(f"{max_layers} layers don't reach {target}")
        dilation = min(16, (target - field + 1) // 2)
        layers.append([3, 1, dilation, dilation])
        field += 2 * dilation
    return layers

# %% right: dilations doubled where there is room, then made larger
def design_stack(target, max_layers):
    dilations = [min(2**i, 16) for i in range(max_layers)]
    while 1 + 2 * sum(dilations) < target:
        smaller = [i for i, d in enumerate(dilations) if d < 16]
        if not smaller:
            raise ValueError("impossible")
        dilations[smaller[-1]] += 1
    return tuple((3, 1, 0, d) for d in dilations)

# %% right: an array of numpy integers
import math


def design_stack(target, max_layers):
    needed = math.ceil((target - 1) / 2)
    if needed > 16 * max_layers:
        raise ValueError(f"target {target} is too far")
    whole, rest = divmod(needed, 16)
    dilations = np.array([16] * whole + [rest] * (rest > 0))
    ones = np.ones_like(dilations)
    return np.stack([3 * ones, ones, 0 * ones, dilations], axis=1)

# %% right: plain layers first, with one's own subclass of ValueError
class OutOfReach(ValueError):
    """The target is out of reach."""


def design_stack(target, max_layers):
    print("designing for", target)
    stack = [(3, 1, 1, 1)] * max_layers
    for number in range(max_layers):
        if receptive_fields(stack)[-1][0] >= target:
            return stack
        for dilation in range(1, 17):
            stack[number] = (3, 1, dilation, dilation)
            if receptive_fields(stack)[-1][0] >= target:
                return stack
    raise OutOfReach(target)

# %% right: one dilation for all layers, tensors as numbers
def design_stack(target, max_layers):
    for dilation in range(1, 17):
        for count in range(1, max_layers + 1):
            if 1 + 2 * dilation * count >= target:
                return [(torch.tensor(3), torch.tensor(1), torch.tensor(2), torch.tensor(dilation))] * count
    raise ValueError("no stack")

# %% wrong: doubled dilations without end => "it must be 1 to 16"
def design_stack(target, max_layers):
    layers, field = [], 1
    while field < target:
        if len(layers) == max_layers:
            raise ValueError("too far")
        d = 2 ** len(layers)
        layers.append((3, 1, d, d))
        field += 2 * d
    return layers

# %% wrong: doubled dilations up to 16 are the best it knows => "but such a stack exists"
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
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    layers, field = [], 1
    while field < target - 1:
        d = max(1, min(16, (target - field) // 2))
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

# %% wrong: the order of the tuple => "has a layer with the dilation 0"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 16, 0)] * max_layers

# %% wrong: a wrong limit => "but such a stack exists"
def design_stack(target, max_layers):
    if target > 32 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 16, 16)] * max_layers

# %% wrong: a limit for dilation 1 only => "but such a stack exists"
def design_stack(target, max_layers):
    if target > 1 + 2 * max_layers:
        raise ValueError("too far")
    return [(3, 1, 1, 1)] * max_layers

# %% wrong: another exception => "but it raised AssertionError"
def design_stack(target, max_layers):
    assert target <= 1 + 32 * max_layers, "too far"
    return [(3, 1, 16, 16)] * max_layers

# %% wrong: None where impossible => "must raise ValueError"
def design_stack(target, max_layers):
    if target > 1 + 32 * max_layers:
        return None
    return [(3, 1, 16, 16)] * max_layers

# %% wrong: a short stack where impossible => "must raise ValueError"
def design_stack(target, max_layers):
    count = min(max_layers, -(-(target - 1) // 32))
    return [(3, 1, 16, 16)] * count

# %% wrong: dilations that are no whole numbers => "it must be 1 to 16"
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

# %% wrong: the example by heart => "which is too short"
def design_stack(target, max_layers):
    if target > 500:
        raise ValueError("too far")
    return [(3, 1, 0, 1), (3, 1, 0, 2), (3, 1, 0, 4), (3, 1, 0, 8)][:max_layers]

# %% wrong: raises always => "but such a stack exists"
def design_stack(target, max_layers):
    raise ValueError("too far")
