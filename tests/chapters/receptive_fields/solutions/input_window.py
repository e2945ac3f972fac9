"""Right and wrong solutions of the task `input_window`."""

# %% right: back layer by layer
def input_window(layers, index):
    start, end = index, index
    for kernel, stride, padding, dilation in layers[::-1]:
        start = start * stride - padding
        end = end * stride - padding + dilation * (kernel - 1)
    return start, end + 1

# %% right: in closed form with the fields
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    before = [1] + [jump for _, jump in receptive_fields(layers)][:-1]
    start = index * j - sum(layer[2] * b for layer, b in zip(layers, before))
    return [start, start + r]

# %% right: with recursion
def input_window(layers, index, stop=None):
    stop = index + 1 if stop is None else stop
    if not layers:
        return index, stop
    kernel, stride, padding, dilation = layers[-1]
    first = index * stride - padding
    last = (stop - 1) * stride - padding + (kernel - 1) * dilation
    return input_window(layers[:-1], first, last + 1)

# %% right: a set of all inputs, tap by tap
def input_window(layers, index):
    seen = {index}
    for kernel, stride, padding, dilation in reversed(layers):
        seen = {unit * stride - padding + tap * dilation for unit in seen for tap in range(kernel)}
    return min(seen), max(seen) + 1

# %% right: numpy, an array
def input_window(layers, index):
    ends = np.array([index, index])
    for kernel, stride, padding, dilation in reversed(list(layers)):
        ends = ends * stride - padding + np.array([0, dilation * (kernel - 1)])
    return ends + [0, 1]

# %% right: a range of torch numbers, noisy
def input_window(layers, index):
    window = torch.arange(index, index + 1)
    for k, s, p, d in layers[::-1]:
        window = torch.cat([window * s - p, window * s - p + d * (k - 1)])
        print(window)
    return window.min(), window.max() + 1

# %% right: start, jump and field forward
def input_window(layers, index):
    start, jump, field = 0, 1, 1
    for layer in layers:
        k, s, p, d = layer
        start -= p * jump
        field += (k - 1) * d * jump
        jump *= s
    begin = np.int64(start + index * jump)
    return (begin, begin + np.int64(field))

# %% wrong: forgets the padding => "The padding is ignored"
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    return index * j, index * j + r

# %% wrong: counts the padding in inputs => "it was counted in inputs"
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    start = index * j - sum(layer[2] for layer in layers)
    return start, start + r

# %% wrong: scales the padding with the jump after the layer => "take the jump from before the layer"
def input_window(layers, index):
    fields = receptive_fields(layers)
    r, j = fields[-1]
    start = index * j - sum(layer[2] * jump for layer, (_, jump) in zip(layers, fields))
    return start, start + r

# %% wrong: adds the padding => "The padding moves the window to the left"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s + p
        stop = stop * s + p + d * (k - 1)
    return start, stop + 1

# %% wrong: an inclusive stop => "The stop is exclusive"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop

# %% wrong: cut off at 0 => "The window was cut off at the input's first pixel"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return max(0, start), stop + 1

# %% wrong: cut off in every layer => "Windows that begin in the padding" and "The window was cut off at the input's first pixel; it may begin at a negative number."
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = max(0, start * s - p)
        stop = stop * s - p + d * (k - 1)
    return start, stop + 1

# %% wrong: from the first layer to the last => "go back from the last one"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in layers:
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop + 1

# %% wrong: the exclusive stop carried back => "The exclusive stop was carried back"
def input_window(layers, index):
    start, stop = index, index + 1
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop

# %% wrong: the length instead of the stop => "The second number is the window's length"
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    start = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
    return start, r

# %% wrong: forgets the dilation => "The dilation is ignored"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + k - 1
    return start, stop + 1

# %% wrong: only the last layer's stride => "not by the last layer's alone"
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    start, jump = 0, 1
    for k, s, p, d in layers:
        start -= p * jump
        jump *= s
    start += index * layers[-1][1]
    return start, start + r

# %% wrong: windows side by side => "Windows overlap"
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    start, jump = 0, 1
    for k, s, p, d in layers:
        start -= p * jump
        jump *= s
    start += index * r
    return start, start + r

# %% wrong: units numbered from 1 => "Units are numbered from 0"
def input_window(layers, index):
    start = stop = index - 1
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop + 1

# %% wrong: twice the padding => "The padding counts at the front only"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s - 2 * p
        stop = stop * s - 2 * p + d * (k - 1)
    return start, stop + 1

# %% wrong: turns the list round in place => "changes the list of layers it is given"
def input_window(layers, index):
    layers.reverse()
    start = stop = index
    for k, s, p, d in layers:
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop + 1

# %% wrong: empties the list => "changes the list of layers it is given"
def input_window(layers, index):
    start = stop = index
    while layers:
        k, s, p, d = layers.pop()
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return start, stop + 1

# %% wrong: floats => "but whole numbers were expected"
def input_window(layers, index):
    centre, radius = float(index), 0.0
    for k, s, p, d in reversed(layers):
        centre = centre * s - p + d * (k - 1) / 2
        radius = radius * s + d * (k - 1) / 2
    return centre - radius, centre + radius + 1

# %% wrong: a range => "start, stop"
def input_window(layers, index):
    start = stop = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
        stop = stop * s - p + d * (k - 1)
    return list(range(start, stop + 1))

# %% wrong: the examples by heart => "This is the answer of a visible example" and "see the same window, but it moves with `index`"
def input_window(layers, index):
    return {0: (-3, 4), 1: (2, 11), 2: (1, 8)}.get(index, (1, 8))

# %% wrong: the window's length without jumps => "The strides don't reach the window's length"
def input_window(layers, index):
    start = index
    for k, s, p, d in reversed(layers):
        start = start * s - p
    return start, start + 1 + sum(d * (k - 1) for k, s, p, d in layers)

# %% wrong: centred on the unit => "it begins there"
def input_window(layers, index):
    r, j = receptive_fields(layers)[-1]
    start = index * j - r // 2
    return start, start + r
