"""Right and wrong solutions of the task `receptive_fields`."""

# %% right: a loop with two running numbers
def receptive_fields(layers):
    fields, r, j = [], 1, 1
    for kernel, stride, padding, dilation in layers:
        r = r + dilation * (kernel - 1) * j
        j = j * stride
        fields.append((r, j))
    return fields

# %% right: with numpy's cumulative sums, as an array
def receptive_fields(layers):
    table = np.array(layers, dtype=int).reshape(-1, 4)
    jumps = np.cumprod(table[:, 1])
    before = np.concatenate([[1], jumps[:-1]])[: len(table)]
    fields = 1 + np.cumsum(table[:, 3] * (table[:, 0] - 1) * before)
    return np.stack([fields, jumps], axis=1)

# %% right: with recursion, lists for tuples
def receptive_fields(layers):
    if len(layers) == 0:
        return []
    above = receptive_fields(layers[:-1])
    r, j = above[-1] if above else (1, 1)
    K, S, _, D = layers[-1]
    return [*above, [r + D * (K - 1) * j, j * S]]

# %% right: with torch, tensors as numbers
def receptive_fields(layers):
    r = torch.tensor(1)
    j = torch.tensor(1)
    out = []
    for k, s, p, d in layers:
        r = r + d * (k - 1) * j
        j = j * s
        out.append((r, j))
    return out

# %% right: with accumulate, and much noise
import itertools
import warnings


def receptive_fields(layers):
    print("layers:", layers)
    warnings.warn("this takes a while")
    step = lambda state, layer: (state[0] + layer[3] * (layer[0] - 1) * state[1], state[1] * layer[1])
    return list(itertools.accumulate(layers, step, initial=(1, 1)))[1:]

# %% right: a class, numpy integers, the kernel's span first
class Field:
    def __init__(self):
        self.size, self.jump = np.int64(1), np.int32(1)

    def through(self, kernel, stride, padding, dilation):
        span = dilation * (kernel - 1) + 1
        self.size += (span - 1) * self.jump
        self.jump = np.int32(self.jump * stride)
        return self.size, self.jump


def receptive_fields(layers):
    field = Field()
    return tuple(field.through(*layer) for layer in layers)

# %% right: backwards for each layer, the windows' length
def receptive_fields(layers):
    pairs = []
    for n in range(1, len(layers) + 1):
        length, jump = 1, 1
        for kernel, stride, _, dilation in reversed(layers[:n]):
            length = (length - 1) * stride + dilation * (kernel - 1) + 1
            jump *= stride
        pairs.append((length, jump))
    return pairs

# %% wrong: multiplies with the layer's own stride first => "The layer's own stride comes in too early"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        j *= s
        r += d * (k - 1) * j
        out.append((r, j))
    return out

# %% wrong: forgets the dilation => "The dilation is ignored"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: forgets the jump => "The layers' strides don't reach the field"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1)
        j *= s
        out.append((r, j))
    return out

# %% wrong: adds the whole kernel => "A layer adds K-1 steps, not K"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * k * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: the stride of the layer below only => "Only the stride of the layer just below was used"
def receptive_fields(layers):
    r, j, last, out = 1, 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * last
        last = s
        j *= s
        out.append((r, j))
    return out

# %% wrong: a dilated kernel of D·K => "spans D(K-1) + 1 units, not D·K"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += (d * k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: adds the padding => "The padding was added to the field"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j + 2 * p
        j *= s
        out.append((r, j))
    return out

# %% wrong: starts from nothing => "starts from 1, not from 0"
def receptive_fields(layers):
    r, j, out = 0, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: adds the strides up => "The jumps were added up; strides multiply"
def receptive_fields(layers):
    r, j, total, out = 1, 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        total += s
        out.append((r, total))
    return out

# %% wrong: the jump from before the layer => "These are the jumps from before each layer"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        out.append((r, j))
        j *= s
    return out

# %% wrong: the layer's stride as the jump => "The second number is the layer's own stride"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((r, s))
    return out

# %% wrong: swaps field and jump => "Field and jump are swapped"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((j, r))
    return out

# %% wrong: with the input in the list => "The input (1, 1) is in the list"
def receptive_fields(layers):
    out = [(1, 1)]
    for k, s, p, d in layers:
        r, j = out[-1]
        out.append((r + d * (k - 1) * j, j * s))
    return out

# %% wrong: the last layer's pair alone => "holds an int that is no (r, j)"
def receptive_fields(layers):
    r, j = 1, 1
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
    return (r, j)

# %% wrong: the lengths without the jumps => "holds an int that is no (r, j)"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append(r)
    return out

# %% wrong: the return within the loop => "does the `return` stand within the loop?"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))
        return out
    return out

# %% wrong: fails without layers => "Without layers the list is empty"
def receptive_fields(layers):
    k, s, p, d = layers[0]
    out = [(d * (k - 1) + 1, s)]
    for k, s, p, d in layers[1:]:
        r, j = out[-1]
        out.append((r + d * (k - 1) * j, j * s))
    return out

# %% wrong: floats => "but whole numbers were expected"
def receptive_fields(layers):
    r, j, out = 1.0, 1.0, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: empties the list it is given => "changes the list of layers it is given"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    while layers:
        k, s, p, d = layers.pop(0)
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: no return => "is None (is a `return` missing?)"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))

# %% wrong: the examples by heart => "This is the answer of a visible example"
def receptive_fields(layers):
    if len(layers) == 0:
        return []
    return [(7, 3)] if len(layers) == 1 else [(3, 2), (11, 2)]

# %% wrong: a default list that grows from call to call => "nothing may be kept from call to call"
def receptive_fields(layers, fields=[]):
    r, j = 1, 1
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        fields.append((r, j))
    return fields

# %% wrong: dilation moves the next unit too => "The jump was multiplied with the dilation too"
def receptive_fields(layers):
    r, j, jd, out = 1, 1, 1, []
    for k, s, p, d in layers:
        r += d * (k - 1) * j
        j *= s
        jd *= s * d
        out.append((r, jd))
    return out

# %% wrong: the layers from last to first => "The layers were taken from the last to the first"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers[::-1]:
        r += d * (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: forgets both jump and dilation of pooling-like kernels => "A layer with a kernel of 2 adds nothing to the field here"
def receptive_fields(layers):
    r, j, out = 1, 1, []
    for k, s, p, d in layers:
        if k > 2:
            r += d * (k - 1) * j
        j *= s
        out.append((r, j))
    return out

# %% wrong: small whole numbers of numpy => "Numbers ran over: int16 ends at 32,767."
def receptive_fields(layers):
    rows, r, j = [], np.ones(1, np.int16), np.ones(1, np.int16)
    for kernel, stride, _, dilation in layers:
        r = r + np.int16(dilation * (kernel - 1)) * j
        j = j * np.int16(stride)
        rows.append((r[0], j[0]))
    return rows

# %% wrong: keeps field and jump from call to call => "nothing may be kept from call to call"
r = j = 1


def receptive_fields(layers):
    global r, j
    rows = []
    for kernel, stride, _, dilation in layers:
        r, j = r + dilation * (kernel - 1) * j, j * stride
        rows.append((r, j))
    return rows
