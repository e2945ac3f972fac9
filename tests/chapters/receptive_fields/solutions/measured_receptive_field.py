"""Right and wrong solutions of the task `measured_receptive_field`."""

# %% right: backward and the input's grad
def measured_receptive_field(model, input_size):
    x = torch.ones(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    h, w = y.shape[-2:]
    y[0, 0, h // 2, w // 2].backward()
    rows = torch.where(x.grad[0, 0].abs().sum(dim=1) != 0)[0]
    columns = torch.where(x.grad[0, 0].abs().sum(dim=0) != 0)[0]
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)

# %% right: a random input, numpy
def measured_receptive_field(model, input_size):
    model.eval()
    x = torch.rand((1, 1, input_size, input_size)).requires_grad_()
    out = model(x)
    mask = torch.zeros_like(out)
    mask[:, :, out.size(2) // 2, out.size(3) // 2] = 1
    out.backward(gradient=mask)
    where = np.argwhere(x.grad.numpy()[0, 0] != 0)
    return (where.max(axis=0) - where.min(axis=0) + 1).tolist()

# %% right: autograd.grad, tensors in a list, noisy
import warnings


def measured_receptive_field(model, input_size):
    warnings.warn("measuring")
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x).squeeze(0).squeeze(0)
    g = torch.autograd.grad(y[y.shape[0] // 2, y.shape[1] // 2], x)[0].squeeze()
    print(g)
    used = g != 0
    size = []
    for axis in (1, 0):
        line = used.any(dim=axis).int()
        size.append(input_size - line.argmax() - line.flip(0).argmax())
    return size

# %% right: torch.func on a function of the input
def measured_receptive_field(model, input_size):
    def unit(x):
        y = model(x[None, None])
        return y[0, 0, y.shape[2] // 2, y.shape[3] // 2]

    gradient = torch.func.grad(unit)(torch.zeros(input_size, input_size))
    rows, columns = gradient.nonzero().unbind(dim=1)
    return (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1)

# %% right: the Jacobian of the whole model
def measured_receptive_field(model, input_size):
    jacobian = torch.autograd.functional.jacobian(model, torch.zeros(1, 1, input_size, input_size))
    one = jacobian[0, 0, jacobian.shape[2] // 2, jacobian.shape[3] // 2, 0, 0]
    spans = [one.abs().amax(dim=axis).nonzero() for axis in (1, 0)]
    return np.array([span[-1].item() - span[0].item() + 1 for span in spans])

# %% right: a deep copy in double precision, loops
import copy


def measured_receptive_field(model, input_size):
    model = copy.deepcopy(model).double()
    for parameter in model.parameters():
        parameter.requires_grad = False
    x = torch.zeros(1, 1, input_size, input_size, dtype=torch.float64, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    top = left = input_size
    bottom = right = -1
    for i in range(input_size):
        for j in range(input_size):
            if x.grad[0, 0, i, j] != 0:
                top, bottom = min(top, i), max(bottom, i)
                left, right = min(left, j), max(right, j)
    return bottom - top + 1, right - left + 1

# %% wrong: the gradient of all outputs => "This is the gradient of all outputs together"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    model(x).sum().backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: the unit in the corner => "This is the field of a unit in a corner"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    model(x)[0, 0, 0, 0].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: the last unit => "This is the field of a unit in a corner"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    model(x)[0, 0, -1, -1].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: the middle of the input as the unit's number => "raised IndexError" and "The unit was numbered by the middle of the input"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    model(x)[0, 0, input_size // 2, input_size // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: height and width swapped => "Height and width are swapped"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(columns.max() - columns.min() + 1), int(rows.max() - rows.min() + 1)

# %% wrong: without the last row => "there are last - first + 1 rows"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min()), int(columns.max() - columns.min())

# %% wrong: counts the rows with a gradient => "those between the first and the last count"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    used = x.grad[0, 0] != 0
    return int(used.any(dim=1).sum()), int(used.any(dim=0).sum())

# %% wrong: a tolerance => "Small gradients were left out"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0].abs() > 1e-6, as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: isclose to zero => "Small gradients were left out"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = np.nonzero(~np.isclose(x.grad[0, 0].numpy(), 0))
    return np.ptp(rows) + 1, np.ptp(columns) + 1

# %% wrong: the formula instead of a measurement => "AttributeError" and "This is what the formula says; measure it with this model's own weights."
def measured_receptive_field(model, input_size):
    layers = [(m.kernel_size, m.stride, m.padding, m.dilation) for m in model.layers]
    return tuple(receptive_fields([tuple(n[axis] for n in layer) for layer in layers])[-1][0] for axis in (0, 1))

# %% wrong: the formula for every kind of model => "This is what the formula says"
def measured_receptive_field(model, input_size):
    stacks = [m for m in model.modules() if isinstance(m, nn.Sequential)]
    size = [1, 1]
    for stack in stacks:
        layers = [(m.kernel_size, m.stride, m.padding, m.dilation) for m in stack]
        for axis in (0, 1):
            size[axis] = max(size[axis], receptive_fields([tuple(n[axis] for n in layer) for layer in layers])[-1][0])
    return tuple(size)

# %% wrong: sets the weights to 1 => "changes the model's weights" and "This is what the formula says; measure it with this model's own weights."
def measured_receptive_field(model, input_size):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: sets a copy's weights to 1 => "This is what the formula says"
import copy


def measured_receptive_field(model, input_size):
    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: a training step => "changes the model's weights"
def measured_receptive_field(model, input_size):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    optimizer.step()
    rows, columns = torch.nonzero(x.grad[0, 0], as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: the size of the output => "This is the size of the output"
def measured_receptive_field(model, input_size):
    y = model(torch.zeros(1, 1, input_size, input_size))
    return tuple(y.shape[2:])

# %% wrong: the height twice => "columns may differ from rows"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows = x.grad[0, 0].any(dim=1).nonzero()
    r = int(rows.max() - rows.min() + 1)
    return r, r

# %% wrong: the middle row and column of the gradient => "Only the middle row and the middle column"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    g = x.grad[0, 0]
    m = input_size // 2
    return int((g[:, m] != 0).sum()), int((g[m] != 0).sum())

# %% wrong: the number of inputs => "not a pair (height, width)"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    return int((x.grad != 0).sum())

# %% wrong: forgets that the input needs gradients => "raised RuntimeError"
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size)
    y = model(x)
    torch.autograd.grad(y[0, 0, y.shape[2] // 2, y.shape[3] // 2], x)
    return 3, 5

# %% wrong: positive gradients only of a flipped comparison => "Gradients below their mean were left out; every gradient other than 0 counts."
def measured_receptive_field(model, input_size):
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows, columns = torch.nonzero(x.grad[0, 0] > x.grad.mean(), as_tuple=True)
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)

# %% wrong: overlooks negative gradients => "Negative gradients were left out"
def measured_receptive_field(model, input_size):
    x = torch.ones(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    seen = x.grad[0, 0] > 0
    rows, columns = torch.nonzero(seen.any(dim=1)).flatten(), torch.nonzero(seen.any(dim=0)).flatten()
    return (int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1) if len(rows) else (0, 0)

# %% wrong: sums gradients along rows and columns, where they cancel => "Gradients of a row or column were summed, and cancel" and "Small gradients were left out; every gradient other than 0 counts."
def measured_receptive_field(model, input_size):
    x = torch.ones(1, 1, input_size, input_size, dtype=torch.float64, requires_grad=True)
    y = model.double()(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    model.float()
    rows, columns = (torch.nonzero(x.grad[0, 0].sum(dim=dim).abs() > 1e-12).flatten() for dim in (1, 0))
    return (int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1) if len(rows) * len(columns) else (0, 0)
