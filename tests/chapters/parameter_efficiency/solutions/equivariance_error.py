"""Right and wrong solutions of the task `equivariance_error`."""

# %% right: two rolls
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return (a - b).abs().max().item()

# %% right: gradients left on, a tensor of no axes
def equivariance_error(layer, x, shift):
    rolled = torch.roll(torch.roll(x, shift[0], -2), shift[1], -1)
    out = torch.roll(torch.roll(layer(x), shift[0], -2), shift[1], -1)
    return torch.max(torch.abs(layer(rolled) - out))

# %% right: numpy rolls, noisy
import warnings


def equivariance_error(layer, x, shift):
    warnings.warn("measuring")
    first = layer(torch.from_numpy(np.roll(x.numpy(), shift, axis=(2, 3)))).detach().numpy()
    second = np.roll(layer(x).detach().numpy(), shift, axis=(2, 3))
    print(first.shape, second.shape)
    return np.max(np.abs(first - second))

# %% right: index arithmetic
def equivariance_error(layer, x, shift):
    def moved(t):
        h, w = t.shape[-2:]
        rows = (torch.arange(h) - shift[0]) % h
        columns = (torch.arange(w) - shift[1]) % w
        return t[..., rows, :][..., columns]

    with torch.inference_mode():
        return float(torch.dist(layer(moved(x)), moved(layer(x)), p=float("inf")))

# %% right: everything in loops, picture by picture
def equivariance_error(layer, x, shift):
    largest = 0.0
    rows, columns = shift
    with torch.no_grad():
        moved_inputs, outputs = layer(x.roll((rows, columns), (-2, -1))), layer(x)
    for after, before in zip(moved_inputs, outputs):
        for a, b in zip(after, before):
            difference = a - b.roll(shifts=(rows, columns), dims=(0, 1))
            largest = max(largest, difference.max().item(), -difference.min().item())
    return largest

# %% right: the output rolled back
def equivariance_error(layer, x, shift):
    back = [-s for s in shift]
    with torch.no_grad():
        return (torch.roll(layer(torch.roll(x, shift, [2, 3])), back, [2, 3]) - layer(x)).abs().amax().numpy()

# %% wrong: rows and columns swapped => "Rows and columns are swapped: `shift` is (rows, columns)."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(3, 2)))
        b = torch.roll(layer(x), shifts=shift, dims=(3, 2))
    return (a - b).abs().max().item()

# %% wrong: the mean => "This is the mean of the absolute differences"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return (a - b).abs().mean().item()

# %% wrong: no absolute value => "The sign counts for nothing"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return (a - b).max().item()

# %% wrong: the absolute value of the maximum => "The sign counts for nothing"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return abs((a - b).max().item())

# %% wrong: invariance instead => "Only the input was rolled: that is the error of invariance."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        return (layer(torch.roll(x, shifts=shift, dims=(2, 3))) - layer(x)).abs().max().item()

# %% wrong: rolls along pictures and channels => "Rolled along pictures and channels"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(0, 1)))
        b = torch.roll(layer(x), shifts=shift, dims=(0, 1))
    return (a - b).abs().max().item()

# %% wrong: rolls along channels and rows => "Rolled along channels and rows"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(1, 2)))
        b = torch.roll(layer(x), shifts=shift, dims=(1, 2))
    return (a - b).abs().max().item()

# %% wrong: in the opposite direction => "Rolled in the opposite direction"
def equivariance_error(layer, x, shift):
    back = (-shift[0], -shift[1])
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=back, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=back, dims=(2, 3))
    return (a - b).abs().max().item()

# %% wrong: input and output in opposite directions => "Input and output were rolled in opposite directions."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=(-shift[0], -shift[1]), dims=(2, 3))
    return (a - b).abs().max().item()

# %% wrong: switches to evaluation mode => "was the layer switched to evaluation mode?"
def equivariance_error(layer, x, shift):
    layer.eval()
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return (a - b).abs().max().item()

# %% wrong: switches to evaluation mode and back => "was the layer switched to evaluation mode?"
def equivariance_error(layer, x, shift):
    was = layer.training
    layer.eval()
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    layer.train(was)
    return (a - b).abs().max().item()

# %% wrong: switches to training mode => "was the layer switched to training mode?"
def equivariance_error(layer, x, shift):
    layer.train()
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return (a - b).abs().max().item()

# %% wrong: leaves it in evaluation mode => "After the call the layer is in another mode than before."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    layer.eval()
    return (a - b).abs().max().item()

# %% wrong: only the first picture => "Only the first picture was looked at."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))[0]
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))[0]
    return (a - b).abs().max().item()

# %% wrong: only the first channel => "Only the first channel was looked at."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))[:, 0]
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))[:, 0]
    return (a - b).abs().max().item()

# %% wrong: divides by the output's size => "The error was divided by the size of the output."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        y = layer(x)
        b = torch.roll(y, shifts=shift, dims=(2, 3))
    return ((a - b).abs().max() / y.abs().max()).item()

# %% wrong: the shift fitted to the stride => "Output and input are rolled by the same number of their own pixels"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        y = layer(x)
        smaller = [s // (n // m) if n >= m else s for s, n, m in zip(shift, x.shape[2:], y.shape[2:])]
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(y, shifts=tuple(smaller), dims=(2, 3))
    return (a - b).abs().max().item()

# %% wrong: shifts in zeros instead of rolling => "is" and "What leaves at one side has to come in at the other; here zeros come in."
def equivariance_error(layer, x, shift):
    def moved(t):
        t = torch.roll(t, shifts=shift, dims=(2, 3))
        if shift[0] > 0:
            t[:, :, : shift[0]] = 0
        if shift[1] > 0:
            t[:, :, :, : shift[1]] = 0
        return t

    with torch.no_grad():
        return (layer(moved(x)) - moved(layer(x))).abs().max().item()

# %% wrong: the whole array of differences => "but a number was expected"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return (a - b).abs()

# %% wrong: yes or no => "but a number was expected"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return bool(torch.allclose(a, b, atol=1e-5))

# %% wrong: always 0 => "is 0"
def equivariance_error(layer, x, shift):
    return 0.0

# %% wrong: the mean square => "This is the mean of the squared differences"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    return nn.functional.mse_loss(a, b).item()

# %% wrong: writes into the pictures => "in place"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
        x[:] = torch.roll(x, shifts=shift, dims=(2, 3))
        a = layer(x)
    return (a - b).abs().max().item()

# %% wrong: only along the rows => "Only the rows were rolled."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift[0], dims=2))
        b = torch.roll(layer(x), shifts=shift[0], dims=2)
    return (a - b).abs().max().item()

# %% wrong: leaves out the border => "is" and "The border was left out; all pixels count."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        a = layer(torch.roll(x, shifts=shift, dims=(2, 3)))
        b = torch.roll(layer(x), shifts=shift, dims=(2, 3))
    difference = (a - b).abs()[:, :, 1:-1, 1:-1]
    return difference.max().item() if difference.numel() else 0.0

# %% wrong: looks at the last picture only => "Only the last picture was looked at."
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        difference = layer(torch.roll(x, tuple(shift), (-2, -1))) - torch.roll(layer(x), tuple(shift), (-2, -1))
    return difference[-1].abs().max().item()

# %% wrong: always rolls by one => "Rolled by one"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        difference = layer(torch.roll(x, (1, 1), (-2, -1))) - torch.roll(layer(x), (1, 1), (-2, -1))
    return difference.abs().max().item()

# %% wrong: zeros come in => "has to come in at the other; here zeros come in"
def equivariance_error(layer, x, shift):
    def moved(x):
        y = torch.zeros_like(x)
        for i in range(x.shape[2]):
            for j in range(x.shape[3]):
                a, b = i - shift[0], j - shift[1]
                if 0 <= a < x.shape[2] and 0 <= b < x.shape[3]:
                    y[:, :, i, j] = x[:, :, a, b]
        return y

    with torch.no_grad():
        return (layer(moved(x)) - moved(layer(x))).abs().max().item()

# %% wrong: leaves the border out => "The border was left out"
def equivariance_error(layer, x, shift):
    with torch.no_grad():
        difference = layer(torch.roll(x, tuple(shift), (-2, -1))) - torch.roll(layer(x), tuple(shift), (-2, -1))
    if min(difference.shape[2:]) > 2:
        difference = difference[:, :, 1:-1, 1:-1]
    return difference.abs().max().item()
