"""What typical mistakes in the assignment `deep_networks` lead to: a sentence for the student, and the wrong answer.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed. Where a function returns several arrays, there is a table for each.
"""

from collections.abc import Callable

import numpy as np

from autograder.reference import deep_networks as reference

Mistakes = dict[str, np.ndarray]
Backward = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]
SIGN = "The sign is wrong: what is asked for is the gradient, not the step against it."


def he_mistakes(in_channels: int, height: int, width: int) -> dict[str, float]:
    """Typical mistakes in `he_std`."""
    fan = in_channels * height * width
    return {
        "This is the variance; the standard deviation is its root.": 2 / fan,
        "Below the root stands 1 / fan-in; for layers with ReLU, which halves the mean square, it is 2 / fan-in.": fan**-0.5,
        "The kernel's pixels are missing from the fan-in: each output sums over all channels and all pixels of the kernel.": (
            (2 / in_channels) ** 0.5
        ),
        "The channels are missing from the fan-in: each output sums over all channels and all pixels of the kernel.": (
            (2 / (height * width)) ** 0.5
        ),
        "The fan-in counts the kernel's height, not its area.": (2 / (in_channels * height)) ** 0.5,
        "The fan-in counts the kernel's width, not its area.": (2 / (in_channels * width)) ** 0.5,
        "The kernel was taken for a square with its height as side.": (2 / (in_channels * height**2)) ** 0.5,
        "The kernel was taken for a square with its width as side.": (2 / (in_channels * width**2)) ** 0.5,
        "Height and width were added; a kernel has height · width pixels.": (2 / (in_channels * (height + width))) ** 0.5,
        "The root was taken of the fan-in only; it belongs around 2 / fan-in.": 2 / fan**0.5,
        "The root was taken of the 2 only; it belongs around 2 / fan-in.": 2**0.5 / fan,
        "The fraction is upside down: the more numbers are summed, the smaller the weights.": (fan / 2) ** 0.5,
        "This is the bound √(6 / fan-in) of a uniform distribution; its standard deviation is smaller by √3.": (6 / fan) ** 0.5,
        "This is the answer of the visible example: use the function's arguments.": (2 / 576) ** 0.5,
    }


def relu_mistakes(x: np.ndarray, grad: np.ndarray) -> Mistakes:
    """Typical mistakes in `relu_backward`."""
    x, grad = x.astype(float), grad.astype(float)
    passes = x > 0
    return {
        "This is the mask of 0 and 1; multiply it with `grad`.": passes * 1.0,
        "`grad` comes back as it was: where x is negative, the output didn't depend on it.": grad,
        "This is ReLU of x, the way forward.": np.maximum(x, 0),
        "This is ReLU of `grad`: what decides is the sign of x.": np.maximum(grad, 0),
        "Negative gradients became 0 too: only the sign of x decides.": np.maximum(grad, 0) * passes,
        "The gradient passes where x is negative, and is 0 where x is positive: it should be the other way round.": grad * (x < 0),
        "Where x is negative the sign was turned, as for the absolute value; it should be 0 there.": grad * np.sign(x),
        "`grad` was multiplied with the output; the slope of ReLU is 1 where x is positive.": grad * np.maximum(x, 0),
        "`grad` was multiplied with x; the slope of ReLU is 1 or 0.": grad * x,
        "Where x is exactly 0 the gradient passes; 0 was asked for.": grad * (x >= 0),
        "Where x is exactly 0 half of the gradient passes; 0 was asked for.": grad * (passes + 0.5 * (x == 0)),
        "Where x is negative a hundredth of the gradient passes, as for a leaky ReLU; 0 was asked for.": grad * np.where(passes, 1, 0.01),
        "Gradients were cut to whole numbers: the result needs a floating type.": np.trunc(grad * passes),
        SIGN: -grad * passes,
    }


def turned(turn: Callable[[np.ndarray], np.ndarray]) -> Backward:
    """`conv2d_backward` for a layer that turns its kernels before they slide; it is its own inverse."""

    def backward(x: np.ndarray, weight: np.ndarray, grad: np.ndarray, stride: int = 1, padding: int = 0):
        grad_x, grad_weight, grad_bias = reference.conv2d_backward(x, turn(weight), grad, stride, padding)
        return grad_x, turn(grad_weight), grad_bias

    return backward


def conv_mistakes(x: np.ndarray, weight: np.ndarray, grad: np.ndarray, stride: int, padding: int) -> tuple[Mistakes, Mistakes, Mistakes]:
    """Typical mistakes in `conv2d_backward`, for the gradients of the input, the weights and the bias."""
    x, weight, grad = (a.astype(float) for a in (x, weight, grad))
    right = reference.conv2d_backward(x, weight, grad, stride, padding)
    return (
        {**_of_input(x, weight, grad, stride, padding, right[0]), SIGN: -right[0]},
        {**_of_weight(x, weight, grad, stride, padding, right[1]), SIGN: -right[1]},
        {**_of_bias(grad, right[2]), SIGN: -right[2]},
    )


def _of_input(x, weight, grad, stride, padding, right) -> Mistakes:
    def gradient(weight=weight, grad=grad, stride=stride, padding=padding):
        return reference.conv2d_backward(x, weight, grad, stride, padding)[0]

    with_border = reference.conv2d_backward(_padded(x, padding), weight, grad, stride)[0]
    overwritten = np.zeros_like(with_border)
    for o, i, j in np.ndindex(*grad.shape):
        overwritten[_window(weight, i, j, stride)] = grad[o, i, j] * weight[o]
    rows, columns = x.shape[1:]
    mistakes = {
        "grad_x was computed with the kernels turned by 180° on the way: an input meets the weight that it met forward.": gradient(
            weight[..., ::-1, ::-1]
        ),
        "Only the first filter gives gradient to the input: sum over all of them.": gradient(weight[:1], grad[:1]),
        "Only the last filter gives gradient to the input: sum over all of them.": gradient(weight[-1:], grad[-1:]),
        "grad_x is the mean over the filters: sum over them.": right / len(weight),
        "Windows overlap, and later ones overwrite what came before: add with +=.": overwritten[:, padding:, padding:][:, :rows, :columns],
        "The rows and columns of the padding are still there: cut them off.": with_border,
        "The padding was cut off at the end only; it lies on all four sides.": with_border[:, :rows, :columns],
        "The padding was cut off at the beginning only; it lies on all four sides.": with_border[:, 2 * padding :, 2 * padding :],
        "The kernels' sum went to each input that a window saw: each input gets the weight it met.": gradient(
            np.broadcast_to(weight.mean(axis=(2, 3), keepdims=True), weight.shape)
        ),
        "All input channels got the same: sum over the filters, not over the channels.": np.broadcast_to(
            right.sum(axis=0, keepdims=True), right.shape
        ),
        "grad_x is transposed: rows and columns are mixed up.": right.swapaxes(1, 2),
        "grad_x is turned by 180°.": right[:, ::-1, ::-1],
    }
    if stride > 1:
        mistakes[STRIDE] = gradient(stride=1)
    if weight.shape[2] == weight.shape[3]:
        mistakes["grad_x was computed with transposed kernels."] = gradient(weight.swapaxes(2, 3))
    return mistakes


STRIDE = "The stride was ignored: output (i, j) belongs to the window that starts at row i·stride, column j·stride."


def _of_weight(x, weight, grad, stride, padding, right) -> Mistakes:
    def gradient(x=x, stride=stride, padding=padding):
        return reference.conv2d_backward(x, weight, grad, stride, padding)[1]

    places = grad[0].size
    last = [_padded(x, padding)[_window(weight, grad.shape[1] - 1, grad.shape[2] - 1, stride)] * g[-1, -1] for g in grad]
    mistakes = {
        "grad_weight is the mean over the places: a weight is used at each of them, and its gradients add up.": right / places,
        "grad_weight is turned by 180°: a layer computes cross-correlation.": right[..., ::-1, ::-1],
        "Only the last place counts for grad_weight: add the places up with +=.": np.stack(last),
        "All filters got the sum over the filters: filter o gets what comes through map o.": np.broadcast_to(
            right.sum(axis=0, keepdims=True), right.shape
        ),
        "All input channels were added up in grad_weight: each slice of a filter meets a channel of its own.": np.broadcast_to(
            right.sum(axis=1, keepdims=True), right.shape
        ),
        "grad_weight has the axes of filters and input channels in the wrong order.": right.swapaxes(0, 1),
        "grad_weight was multiplied with the weights.": right * weight,
        "grad_weight was divided by the number of input channels.": right / len(x),
    }
    if stride > 1:
        mistakes[STRIDE] = gradient(stride=1)
    if padding:
        repeated = np.pad(x, ((0, 0), (padding, padding), (padding, padding)), mode="edge")
        mistakes["The padding repeats the border's pixels; forward, it was zeros."] = gradient(repeated, padding=0)
    if weight.shape[2] == weight.shape[3]:
        mistakes["grad_weight is transposed."] = right.swapaxes(2, 3)
    return mistakes


def _of_bias(grad, right) -> Mistakes:
    return {
        "grad_bias is the mean over the places: a bias is added at each of them, and its gradients add up.": grad.mean(axis=(1, 2)),
        "grad_bias is the sum over all maps: bias o gets what comes through map o.": np.full(len(grad), grad.sum()),
        "grad_bias counts the places; sum up the gradients there.": np.full(len(grad), float(grad[0].size)),
        "grad_bias is one number: each map has a bias of its own.": np.array(grad.sum()),
        "grad_bias has shape (C_out, 1, 1); (C_out,) was asked for.": right[:, None, None],
        "The gradients of a map's rows weren't added up in grad_bias.": grad.sum(axis=2),
        "grad_bias is the sum over the maps: sum over the places, and keep the maps apart.": grad.sum(axis=0),
    }


def _padded(x: np.ndarray, padding: int) -> np.ndarray:
    return np.pad(x, ((0, 0), (padding, padding), (padding, padding)))


def _window(weight: np.ndarray, i: int, j: int, stride: int) -> tuple[slice, slice, slice]:
    height, width = weight.shape[2:]
    return slice(None), slice(i * stride, i * stride + height), slice(j * stride, j * stride + width)


def pool_mistakes(x: np.ndarray, grad: np.ndarray, size: int, stride: int) -> Mistakes:
    """Typical mistakes in `max_pool2d_backward`."""
    x, grad = x.astype(float), grad.astype(float)

    def routed(share: Callable, step: int = stride, adds: bool = True, sent: np.ndarray = grad) -> np.ndarray:
        """Each window's gradient times what `share` says of the window."""
        result = np.zeros_like(x)
        for i, j in np.ndindex(*grad.shape):
            window = slice(i * step, i * step + size), slice(j * step, j * step + size)
            values = x[window]
            if values.size:
                shares = share(values) * sent[i, j]
                result[window] = result[window] + shares if adds else np.where(shares, shares, result[window])
        return result

    def first(values, order="C"):
        mask = np.zeros(values.size)
        mask[values.ravel(order).argmax()] = 1
        return mask.reshape(values.shape, order=order)

    def within(values):
        return (values == values.max()) * 1.0

    right = routed(first)
    corner = np.zeros_like(x)
    for i, j in np.ndindex(*grad.shape):
        row, column = np.argwhere(first(x[i * stride : i * stride + size, j * stride : j * stride + size]))[0]
        corner[row, column] += grad[i, j]
    return {
        "Each number of a window got the same share, as in average pooling: the largest gets all.": routed(
            lambda values: np.full(values.shape, 1 / values.size)
        ),
        "Each number of a window got the whole gradient: only the largest does.": routed(np.ones_like),
        "The smallest number of each window got the gradient.": routed(lambda values: first(-values)),
        "The number of the largest absolute value got the gradient: -5 is smaller than 2.": routed(lambda values: first(np.abs(values))),
        "In a tie the last one got the gradient; the first in row order takes all.": routed(lambda v: first(v[::-1, ::-1])[::-1, ::-1]),
        "In a tie all of them got the whole gradient; the first in row order takes all.": routed(within),
        "In a tie the gradient was shared; the first in row order takes all.": routed(lambda values: within(values) / within(values).sum()),
        "In a tie the leftmost got the gradient; the topmost comes first.": routed(lambda values: first(values, "F")),
        "Where windows overlap, a later window overwrites what came before: add with +=.": routed(first, adds=False),
        "The windows were taken side by side: they start at every stride-th row and column.": routed(first, size),
        "The windows were moved by 1: they start at every stride-th row and column.": routed(first, 1),
        "The place inside a window was taken for the place in x: add where the window starts.": corner,
        "The gradient of 1 was used in place of `grad`.": (right != 0) * 1.0,
        "The gradient was multiplied with the largest number: the slope of a maximum is 1.": right * x,
        "Each window's gradient went to its first number: look for the largest.": routed(lambda v: np.eye(v.size)[0].reshape(v.shape)),
        "Gradients were cut to whole numbers: the result needs a floating type.": routed(first, sent=np.trunc(grad)),
        SIGN: -right,
    }


def norm_forward_mistakes(x, gamma, beta, mean, var, training, momentum, eps) -> tuple[Mistakes, Mistakes, Mistakes]:
    """Typical mistakes in `batch_norm`, for y, the running mean and the running variance."""
    x, gamma, beta, mean, var = (a.astype(float) for a in (x, gamma, beta, mean, var))
    axes, count = (0, 2, 3), x.size / x.shape[1]
    batch, spread = x.mean(axis=axes), x.var(axis=axes)
    mine, other = ((batch, spread), (mean, var)) if training else ((mean, var), (batch, spread))

    def y(centre, square, g=gamma, b=beta, root=lambda v: np.sqrt(v + eps)):
        def wide(a):
            return a[:, None, None] if a.ndim == 1 else a

        return (x - wide(centre)) / root(wide(square)) * wide(g) + wide(b)

    def over(*axes):
        return x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)

    right = y(*mine)
    of_y = {
        "In training the batch's own mean and variance normalise, not the running ones."
        if training
        else "In eval mode the running mean and variance normalise, not the batch's own.": y(*other),
        "ε was added to the root; it belongs below it, to the variance.": y(*mine, root=lambda v: np.sqrt(v) + eps),
        "ε is missing.": y(*mine, root=lambda v: np.sqrt(np.maximum(v, 1e-30))),
        "It was divided by the variance; divide by its root.": y(*mine, root=lambda v: v + eps),
        "γ is missing.": y(*mine, g=np.ones_like(gamma)),
        "β is missing.": y(*mine, b=np.zeros_like(beta)),
        "γ and β are exchanged.": y(*mine, g=beta, b=gamma),
        "β was added before γ was multiplied.": y(*mine, b=gamma * beta),
        "The mean wasn't taken off.": y(np.zeros_like(mean), mine[1]),
        "All channels were normalised with the mean and variance of all: each channel has its own.": y(*over(0, 1, 2, 3)),
        "Each picture was normalised by itself: mean and variance of a channel go over all pictures.": y(*over(2, 3)),
        "Each picture was normalised over its channels, too, as in layer normalisation: each channel has its own mean and variance.": y(
            *over(1, 2, 3)
        ),
        "Each place was normalised by itself: mean and variance of a channel go over all places, too.": y(*over(0)),
    }
    of_mean: Mistakes = {}
    of_var: Mistakes = {}
    if training:
        unbiased = spread * count / (count - 1)
        of_y["The variance was divided by one less than the number of values (unbiased): y takes the biased one."] = y(batch, unbiased)
        of_y["The running mean and variance normalise after their step; in training the batch's own do."] = y(
            mean + momentum * (batch - mean), var + momentum * (unbiased - var)
        )
        for table, old, new in ((of_mean, mean, batch), (of_var, var, unbiased)):
            table["`momentum` was taken for the share of the old value; it is the share of the batch."] = (
                momentum * old + (1 - momentum) * new
            )
            table["The running arrays stay as they were: in training they take a step towards the batch."] = old
            table["The running arrays became those of the batch: they take a step towards it."] = new
            table["The old value was kept in full; it should be multiplied with 1 - momentum."] = old + momentum * new
            table["The step leads away from the batch."] = old - momentum * (new - old)
        of_var["The biased variance entered `running_var`; the unbiased one was asked for."] = var + momentum * (spread - var)
        of_var["The standard deviation entered `running_var`; it is to hold the variance."] = var + momentum * (np.sqrt(unbiased) - var)
        of_var["ε entered `running_var`; it belongs into the root only."] = var + momentum * (unbiased + eps - var)
        of_mean["`running_mean` and `running_var` come in the wrong order."] = var + momentum * (unbiased - var)
        of_var["`running_mean` and `running_var` come in the wrong order."] = mean + momentum * (batch - mean)
    else:
        for table, old, new in ((of_mean, mean, batch), (of_var, var, spread * count / max(count - 1, 1))):
            table["The running arrays moved in eval mode, too: they should stay as they were."] = old + momentum * (new - old)
        of_var["The running arrays moved in eval mode, too: they should stay as they were. "] = var + momentum * (spread - var)
    of_y["y is turned in sign."] = -right
    return of_y, of_mean, of_var


def norm_backward_mistakes(x, gamma, grad, eps) -> tuple[Mistakes, Mistakes, Mistakes]:
    """Typical mistakes in `batch_norm_backward`, for the gradients of x, γ and β."""
    x, gamma, grad = (a.astype(float) for a in (x, gamma, grad))
    axes, count = (0, 2, 3), x.size / x.shape[1]
    wide = gamma[:, None, None]
    centred, var = x - x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)

    def ways(mean=1, variance=1, g=wide, root=None, over=axes):
        root = np.sqrt(var + eps) if root is None else root
        normal = centred / root
        along = normal * (grad * normal).mean(axis=over, keepdims=True)
        return g / root * (grad - mean * grad.mean(axis=over, keepdims=True) - variance * along)

    normal = centred / np.sqrt(var + eps)
    right = reference.batch_norm_backward(x, gamma, grad, eps)
    unbiased = np.sqrt(var * count / (count - 1) + eps)
    order = "The gradients of γ and β come in the wrong order."
    of_x = {
        "Only the direct way was taken, as in eval mode: in training the mean and the variance depend on x, too.": ways(mean=0, variance=0),
        "The way through the variance is missing.": ways(variance=0),
        "The way through the mean is missing.": ways(mean=0),
        "The ways through mean and variance were added; they are taken off.": ways(mean=-1, variance=-1),
        "The way through the variance has the wrong sign.": ways(variance=-1),
        "The way through the mean has the wrong sign.": ways(mean=-1),
        "γ is missing in grad_x.": ways(g=1),
        "It was divided by γ; y is γ times the normalised input.": ways(g=1 / wide),
        "The division by the root of the variance is missing in grad_x.": ways() * np.sqrt(var + eps),
        "The sums through mean and variance weren't divided by the number of values.": ways(mean=count, variance=count),
        "The means go over the pictures only; mean and variance of a channel go over the places, too.": ways(over=(0,)),
        "The means go over the places only; mean and variance of a channel go over the pictures, too.": ways(over=(2, 3)),
        "The means go over the channels, too; each channel has its own mean and variance.": ways(over=(0, 1, 2, 3)),
        "The variance is the unbiased one; the biased one normalises.": ways(root=unbiased),
        "The variance is the unbiased one, forwards and backwards; the biased one normalises.": unbiased_backward(x, gamma, grad, eps)[0],
        "ε is missing.": ways(root=np.sqrt(var)),
        "ε was added to the root; it belongs below it, to the variance.": ways(root=np.sqrt(var) + eps),
        SIGN: -right[0],
    }
    of_gamma = {
        "grad_gamma is the mean: γ is used at every place of every picture, and its gradients add up.": (grad * normal).mean(axis=axes),
        "grad_gamma multiplies with x as it is: γ multiplies the normalised input.": (grad * x).sum(axis=axes),
        "grad_gamma multiplies with x minus its mean: γ multiplies the normalised input.": (grad * centred).sum(axis=axes),
        "grad_gamma still holds γ.": right[1] * gamma,
        "grad_gamma has shape (1, C, 1, 1); (C,) was asked for.": right[1].reshape(1, -1, 1, 1),
        "ε is missing.": (grad * centred / np.sqrt(var)).sum(axis=axes),
        "The variance is the unbiased one; the biased one normalises.": (grad * centred / unbiased).sum(axis=axes),
        order: right[2],
        SIGN: -right[1],
    }
    of_beta = {
        "grad_beta is the mean: β is added at every place of every picture, and its gradients add up.": grad.mean(axis=axes),
        "grad_beta is one number: each channel has a β of its own.": np.array(grad.sum()),
        "grad_beta goes over the pictures only: β is added at every place, too.": grad.sum(axis=0),
        "grad_beta still holds γ.": right[2] * gamma,
        "grad_beta has shape (1, C, 1, 1); (C,) was asked for.": right[2].reshape(1, -1, 1, 1),
        order: right[1],
        SIGN: -right[2],
    }
    return of_x, of_gamma, of_beta


def unbiased_backward(x: np.ndarray, gamma: np.ndarray, grad: np.ndarray, eps: float = 1e-5, exact: bool = True):
    """`batch_norm_backward` where the unbiased variance normalises; not ``exact``: put into the biased one's formula."""
    axes, count = (0, 2, 3), x.size / x.shape[1]
    root = np.sqrt(x.astype(float).var(axis=axes, ddof=1, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) / root
    along = normal * (grad * normal).sum(axis=axes, keepdims=True) / (count - exact)
    grad_x = gamma[:, None, None] / root * (grad - grad.mean(axis=axes, keepdims=True) - along)
    return grad_x, (grad * normal).sum(axis=axes), grad.sum(axis=axes)
