"""Right and wrong solutions of the task `path_counts`."""

# %% right: convolving with kernels of ones
def path_counts(layers):
    counts, jump = np.array([1]), 1
    for kernel, stride, padding, dilation in layers:
        taps = np.zeros((kernel - 1) * dilation * jump + 1, dtype=int)
        taps[:: dilation * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= stride
    return counts

# %% right: back from the unit, in a dictionary
from collections import Counter


def path_counts(layers):
    paths = Counter({0: 1})
    for kernel, stride, _, dilation in reversed(layers):
        below = Counter()
        for unit, count in paths.items():
            for tap in range(kernel):
                below[unit * stride + tap * dilation] += count
        paths = below
    return [paths[i] for i in range(max(paths) + 1)]

# %% right: by gradients in double precision
def path_counts(layers):
    if not layers:
        return np.array([1.0])
    r = receptive_fields(layers)[-1][0]
    x = torch.ones(1, 1, r, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel, stride, _, dilation in layers:
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, kernel, dtype=torch.float64), stride=stride, dilation=dilation)
    y.sum().backward()
    return x.grad[0, 0]

# %% right: with polynomials, noisy
def path_counts(layers):
    product, jump = np.poly1d([1]), 1
    for k, s, p, d in layers:
        factor = np.zeros((k - 1) * d * jump + 1)
        factor[:: d * jump] = 1
        product = product * np.poly1d(factor)
        jump *= s
        print(product)
    return product.coeffs

# %% right: with recursion, plain lists
def path_counts(layers):
    if len(layers) == 0:
        return [1]
    kernel, stride, _, dilation = layers[0]
    above = path_counts(layers[1:])
    counts = [0] * ((len(above) - 1) * stride + dilation * (kernel - 1) + 1)
    for unit, count in enumerate(above):
        for tap in range(kernel):
            counts[unit * stride + tap * dilation] += count
    return counts

# %% right: float32 with slices
def path_counts(layers):
    counts, jump = np.ones(1, dtype=np.float32), 1
    for k, s, _, d in layers:
        gap = d * jump
        new = np.zeros(len(counts) + gap * (k - 1), dtype=np.float32)
        for t in range(k):
            new[t * gap : t * gap + len(counts)] += counts
        counts, jump = new, jump * s
    return counts

# %% wrong: without strides => "The strides are ignored"
def path_counts(layers):
    counts = np.ones(1)
    for k, s, p, d in layers:
        taps = np.zeros(d * (k - 1) + 1)
        taps[::d] = 1
        counts = np.convolve(counts, taps)
    return counts

# %% wrong: without dilation => "The dilation is ignored"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        taps = np.zeros(jump * (k - 1) + 1)
        taps[::jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% wrong: with the layer's own stride => "The layer's own stride was used"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        jump *= s
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
    return counts

# %% wrong: shares => "These are shares that sum to 1"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1 / k
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% wrong: shares of the largest => "These are shares of the largest number"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts / counts.max()

# %% wrong: only which inputs are used => "This says only which inputs are used"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts > 0

# %% wrong: ones everywhere => "Every input of the field has the count 1" and "This says only which inputs are used; count the paths."
def path_counts(layers):
    return np.ones(receptive_fields(layers)[-1][0] if layers else 1)

# %% wrong: without the holes => "The holes between the taps were left out"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts[counts > 0]

# %% wrong: with the padding around => "Zeros for the padding stand around the counts"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    for k, s, p, d in layers:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.pad(np.convolve(counts, taps), p)
        jump *= s
    return counts

# %% wrong: fails without layers => "Without layers there is one path"
def path_counts(layers):
    counts, jump = np.ones(layers[0][0]), 1
    k, s, p, d = layers[0]
    counts = np.zeros(d * (k - 1) + 1)
    counts[::d] = 1
    jump = s
    for k, s, p, d in layers[1:]:
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% wrong: empties the list of layers => "changes the list of layers it is given"
def path_counts(layers):
    counts, jump = np.ones(1), 1
    while layers:
        k, s, p, d = layers.pop(0)
        taps = np.zeros(d * jump * (k - 1) + 1)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% wrong: Pascal's triangle for everything => "The counts rise by 1 to the middle and fall again, whatever the layers are"
def path_counts(layers):
    r = receptive_fields(layers)[-1][0] if layers else 1
    half = list(range(1, (r + 1) // 2 + 1))
    return half + half[::-1][r % 2 :]

# %% wrong: in eight bits => "uint8 ends at 255"
def path_counts(layers):
    counts, jump = np.ones(1, dtype=np.uint8), 1
    for k, s, p, d in layers:
        taps = np.zeros(d * jump * (k - 1) + 1, dtype=np.uint8)
        taps[:: d * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= s
    return counts

# %% wrong: the total => "This is the number of all paths"
def path_counts(layers):
    total = 1
    for k, s, p, d in layers:
        total *= k
    return total

# %% wrong: int16 ends at 32,767 => "Numbers ran over: int16 ends at 32,767."
def path_counts(layers):
    counts, jump = np.ones(1, dtype=np.int16), 1
    for kernel, stride, _, dilation in layers:
        taps = np.zeros((kernel - 1) * dilation * jump + 1, dtype=np.int16)
        taps[:: dilation * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= stride
    return counts

# %% wrong: int32 ends at 2,147,483,647 => "Numbers ran over: int32 ends at 2,147,483,647."
def path_counts(layers):
    counts, jump = np.ones(1, dtype=np.int32), 1
    for kernel, stride, _, dilation in layers:
        taps = np.zeros((kernel - 1) * dilation * jump + 1, dtype=np.int32)
        taps[:: dilation * jump] = 1
        counts = np.convolve(counts, taps)
        jump *= stride
    return counts
