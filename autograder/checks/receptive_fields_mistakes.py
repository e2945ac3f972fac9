"""What typical mistakes in the assignment `receptive_fields` lead to: a sentence for the student, and the wrong answer.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch

from autograder.reference import receptive_fields as reference
from autograder.reference.receptive_fields import Layer, Pair

Grow = Callable[[int, int, int, int, int], int]  # kernel, stride, padding, dilation, jump before the layer → added inputs
CANCELS = 1e-5  # of the sum of absolute values: what a sum of gradients that cancel may leave of rounding


def grown(layers: Sequence[Layer], grow: Grow, start: int = 1) -> list[Pair]:
    """Fields and jumps where each layer adds what `grow` says."""
    r, j, fields = start, 1, []
    for kernel, stride, padding, dilation in layers:
        r, j = r + grow(kernel, stride, padding, dilation, j), j * stride
        fields.append((r, j))
    return fields


def own_jump(layers: Sequence[Layer]) -> list[Pair]:
    """Fields and jumps where a layer's own stride comes in too early."""
    return grown(layers, lambda k, s, p, d, j: d * (k - 1) * j * s)


def jumps_before(layers: Sequence[Layer]) -> list[Pair]:
    """Fields, each with the jump from before its layer."""
    right = reference.receptive_fields(layers)
    return list(zip([r for r, _ in right], [1, *(j for _, j in right)][: len(right)], strict=True))


def with_input(layers: Sequence[Layer]) -> list[Pair]:
    """Fields and jumps with those of the input in front."""
    return [(1, 1), *reference.receptive_fields(layers)]


# The right convention and those that are misread most often: all else may still be right.
FIELD_CONVENTIONS = (reference.receptive_fields, own_jump, jumps_before, with_input)
WINDOW_CONVENTIONS = (lambda start, stop: (start, stop), lambda start, stop: (start, stop - 1), lambda start, stop: (start, stop - start))
EXAMPLE = "This is the answer of a visible example: use the function's arguments."
FIELDS_SHOWN = ([(3, 2), (11, 2)], [(7, 3)])  # answers of the visible examples
WINDOWS_SHOWN = ((-3, 4), (1, 8), (2, 11))
ALEXNET = [(11, 4, 2, 1), (3, 2, 0, 1), (5, 1, 2, 1), (3, 2, 0, 1), *[(3, 1, 1, 1)] * 3, (3, 2, 0, 1)]
ENDS = {"int8": 2**7, "int16": 2**15, "int32": 2**31}


def run_over(values: list | np.ndarray) -> dict[str, np.ndarray]:
    """What whole numbers become in a type that ends before them."""
    whole = np.asarray(values, dtype=np.int64)
    signed = {f"Numbers ran over: {kind} ends at {end - 1:,}.": (whole + end) % (2 * end) - end for kind, end in ENDS.items()}
    return {"Numbers ran over: uint8 ends at 255.": whole % 256, **signed}


def field_mistakes(layers: Sequence[Layer]) -> dict[str, list[Pair]]:
    """Typical mistakes in `receptive_fields`."""
    right = reference.receptive_fields(layers)
    strides, lengths = [layer[1] for layer in layers], [r for r, _ in right]
    before = [1, *strides]
    neighbours = iter(before)
    sums = np.cumsum([1, *strides])[1:].tolist()
    return {
        "The layer's own stride comes in too early: add D(K-1) times the jump from before the layer, then multiply the jump.": own_jump(
            layers
        ),
        "The layers' strides don't reach the field: D(K-1) counts units of the layer below, which lie j inputs apart.": grown(
            layers, lambda k, s, p, d, j: d * (k - 1)
        ),
        "Only the stride of the layer just below was used; the jump is the product of all strides below.": grown(
            layers, lambda k, s, p, d, j: d * (k - 1) * next(neighbours)
        ),
        "A layer adds K-1 steps, not K: its first tap is already counted.": grown(layers, lambda k, s, p, d, j: d * k * j),
        "The dilation is ignored: taps lie D units apart.": grown(layers, lambda k, s, p, d, j: (k - 1) * j),
        "A kernel of K taps spans D(K-1) + 1 units, not D·K.": grown(layers, lambda k, s, p, d, j: (d * k - 1) * j),
        "A kernel of K taps spans D(K-1) + 1 units, not K + D - 1.": grown(layers, lambda k, s, p, d, j: (k + d - 2) * j),
        "The padding was added to the field; it moves the field, it doesn't enlarge it.": grown(
            layers, lambda k, s, p, d, j: d * (k - 1) * j + 2 * p
        ),
        "The padding was subtracted from the field; it moves the field, it doesn't shrink it.": grown(
            layers, lambda k, s, p, d, j: d * (k - 1) * j - 2 * p
        ),
        "A layer's field starts from 1, not from 0: a pixel sees itself.": grown(layers, lambda k, s, p, d, j: d * (k - 1) * j, 0),
        "The jumps were added up; strides multiply.": list(zip(lengths, sums, strict=True)),
        "The second number is the layer's own stride; the jump is the product of all strides so far.": list(
            zip(lengths, strides, strict=True)
        ),
        "These are the jumps from before each layer; multiply with the layer's own stride too.": jumps_before(layers),
        "The jump was multiplied with the dilation too; only strides move the next unit.": list(
            zip(lengths, np.cumprod([layer[1] * layer[3] for layer in layers]).tolist(), strict=True)
        ),
        "Field and jump are swapped: a pair is (r, j).": [(j, r) for r, j in right],
        "The list is in reverse order: the first layer comes first.": right[::-1],
        "The layers were taken from the last to the first.": reference.receptive_fields(layers[::-1]),
        "The field was squared; its length along one axis was asked for.": [(r * r, j) for r, j in right],
        "The input (1, 1) is in the list; it holds one pair for each layer.": with_input(layers),
        "Only the last layer's pair is in the list; it holds one for each layer.": right[-1:],
        "The last layer is missing.": right[:-1],
        "The first layer is missing.": right[1:],
        "Only the first layer's pair is in the list; it holds one for each layer: does the `return` stand within the loop?": right[:1],
        "A layer with a kernel of 2 adds nothing to the field here; it adds D·j.": grown(
            layers, lambda k, s, p, d, j: d * (k - 1) * j if k > 2 else 0
        ),
        **{text: [(int(r), int(j)) for r, j in wrong] for text, wrong in run_over(right).items()},
    }


Q2A_MISTAKES = {
    "The stride of layer 1 is missing: the units that layer 2 looks at lie 2 inputs apart.": [(5, 6)],
    "These are the kernels' sizes.": [(5, 2)],
    "These are the sizes of the outputs.": [(3, 2)],
    "These are the jumps.": [(2, 2)],
    "The order is layer 1, layer 2.": [(7, 5)],
    "A layer adds K-1 steps, not K: its first tap is already counted.": [(5, 9), (6, 10), (6, 8)],
    "Layer 2's units look at two fields that overlap: they lie 2 inputs apart, not 5.": [(5, 10)],
    "A pixel sees itself: the field starts from 1, not from 0.": [(4, 6)],
    "The layer's own stride comes in too early: add (K-1) times the jump from before the layer.": [(9, 11), (9, 10)],
    "These are areas; the lengths along one axis were asked for.": [(25, 49)],
}


INCLUSIVE = " And the stop is exclusive."


def backwards(layers: Sequence[Layer], index: int, offset: Callable[[int, int, int, int, int, int], int]) -> Pair:
    """The window that starts where `offset(kernel, stride, padding, dilation, jump before, jump after)` per layer says."""
    fields = reference.receptive_fields(layers)
    jumps = [1, *(j for _, j in fields)]
    start = index * jumps[-1] - sum(
        offset(*layer, before, after) for layer, before, after in zip(layers, jumps[:-1], jumps[1:], strict=True)
    )
    return start, start + fields[-1][0]


def window_mistakes(layers: Sequence[Layer], index: int) -> dict[str, Pair]:
    """Typical mistakes in `input_window`."""
    (start, stop), fields = reference.input_window(layers, index), reference.receptive_fields(layers)
    (r, j), shift = fields[-1], backwards(layers, 0, lambda k, s, p, d, b, a: p * b)[0]
    strides, flat = [layer[1] for layer in layers], [(k, s, p, 1) for k, s, p, _ in layers]
    mistakes = {
        "The padding is ignored: P zeros in front move the first window P units to the left.": (index * j, index * j + r),
        "The padding moves the window to the left, not to the right.": (index * j - shift, index * j - shift + r),
        "The padding of a layer counts units of the layer below, which lie j inputs apart; it was counted in inputs.": backwards(
            layers, index, lambda k, s, p, d, b, a: p
        ),
        "The padding of a layer counts units of the layer below: take the jump from before the layer, not after it.": backwards(
            layers, index, lambda k, s, p, d, b, a: p * a
        ),
        "The padding counts at the front only, not twice.": backwards(layers, index, lambda k, s, p, d, b, a: 2 * p * b),
        "The window moves by the product of all strides, not by the last layer's alone.": (
            index * strides[-1] + shift,
            index * strides[-1] + shift + r,
        ),
        "The window moves by the product of all strides, not by their sum.": (
            index * sum(strides) + shift,
            index * sum(strides) + shift + r,
        ),
        "The strides are ignored: the windows of neighbouring units begin j inputs apart.": (index + shift, index + shift + r),
        "Windows overlap: the next one begins j inputs further, not r.": (index * r + shift, index * r + shift + r),
        "The stop is exclusive: it is the input after the last one seen.": (start, stop - 1),
        "The stop is the input right after the last one, not one more.": (start, stop + 1),
        "The exclusive stop was carried back through the layers; carry the last input back and add 1 in the end.": (
            start,
            _carried(layers, index + 1),
        ),
        "The window was cut off at the input's first pixel; it may begin at a negative number.": (max(start, 0), stop),
        "The second number is the window's length; it should be where the window stops.": (start, r),
        "Start and stop are swapped.": (stop, start),
        "The window was centred on the unit's jump; it begins there.": (index * j - r // 2, index * j - r // 2 + r),
        "Units are numbered from 0, not from 1.": reference.input_window(layers, index - 1),
        "The layers were taken from the first to the last; go back from the last one.": reference.input_window(layers[::-1], index),
        "The dilation is ignored: the window is the whole span, holes included.": reference.input_window(flat, index),
        "The strides don't reach the window's length: taps of deeper layers lie j inputs apart.": (
            start,
            start + 1 + sum(d * (k - 1) for k, _, _, d in layers),
        ),
        "Only the last layer was gone back.": reference.input_window(layers[-1:], index),
        "A kernel of K taps spans D(K-1) + 1 units, not D·K.": (start, start + grown(layers, lambda k, s, p, d, j: (d * k - 1) * j)[-1][0]),
        "A layer adds K-1 steps, not K.": (start, start + grown(layers, lambda k, s, p, d, j: d * k * j)[-1][0]),
        **{text: tuple(wrong.tolist()) for text, wrong in run_over([start, stop]).items()},
    }
    inclusive = {f"{text}{INCLUSIVE} is exclusive.": (first, last - 1) for text, (first, last) in mistakes.items() if "stop" not in text}
    return mistakes | inclusive


def simplest(texts: Sequence[str]) -> list[str]:
    """Of sentences that each explain all windows, those on one mistake; all if each of them is on two."""
    return [text for text in texts if INCLUSIVE not in text] or list(texts)


def _carried(layers: Sequence[Layer], stop: int) -> int:
    """`stop` taken back through the layers as if it were the last unit of the window."""
    for kernel, stride, padding, dilation in reversed(layers):
        stop = stop * stride - padding + dilation * (kernel - 1)
    return stop


def features_mistakes(layers: Sequence[Layer], kinds: Sequence[str], outer: Sequence[Layer], modules: Sequence[Layer]) -> dict[str, list]:
    """Typical mistakes in `layers_of`.

    Args:
        kinds: which layers are "conv", "maxpool", "avgpool".
        outer: the layers that stand in no further Sequential.
        modules: the layers with (1, 1, 0, 1) for each other module.
    """
    only = {kind: [layer for layer, other in zip(layers, kinds, strict=True) if other == kind] for kind in ("conv", "maxpool", "avgpool")}
    pools = [layer for layer, kind in zip(layers, kinds, strict=True) if kind != "conv"]
    return {
        "The poolings are missing.": only["conv"],
        "The convolutions are missing.": pools,
        "The average poolings are missing.": [layer for layer, kind in zip(layers, kinds, strict=True) if kind != "avgpool"],
        "The max poolings are missing.": [layer for layer, kind in zip(layers, kinds, strict=True) if kind != "maxpool"],
        "The convolutions come first; keep the order of the data.": only["conv"] + only["maxpool"] + only["avgpool"],
        "The layers are in reverse order.": list(layers[::-1]),
        "What stands in a Sequential within is missing; take it in its place.": list(outer),
        "Modules without a kernel are in the list, too, as (1, 1, 0, 1); leave them out.": list(modules),
        "These are the layers of AlexNet; take them from `features`.": ALEXNET,
        "The dilation is ignored.": [(k, s, p, 1) for k, s, p, _ in layers],
        "The padding is ignored.": [(k, s, 0, d) for k, s, _, d in layers],
        "Padding and dilation are swapped: a layer is (kernel, stride, padding, dilation).": [(k, s, d, p) for k, s, p, d in layers],
        "Stride and padding are swapped: a layer is (kernel, stride, padding, dilation).": [(k, p, s, d) for k, s, p, d in layers],
        "Kernel and stride are swapped: a layer is (kernel, stride, padding, dilation).": [(s, k, p, d) for k, s, p, d in layers],
        "The stride of every layer is 1 here; read it from the module.": [(k, 1, p, d) for k, _, p, d in layers],
        "A pooling's stride was taken to be its kernel; read it from the module.": [
            (k, s if kind == "conv" else k, p, d) for (k, s, p, d), kind in zip(layers, kinds, strict=True)
        ],
        "A pooling's stride was taken to be 1; read it from the module.": [
            (k, s if kind == "conv" else 1, p, d) for (k, s, p, d), kind in zip(layers, kinds, strict=True)
        ],
        "The padding and dilation of poolings are ignored.": [
            (k, s, p, d) if kind == "conv" else (k, s, 0, 1) for (k, s, p, d), kind in zip(layers, kinds, strict=True)
        ],
        "The padding of poolings is ignored.": [
            (k, s, p if kind == "conv" else 0, d) for (k, s, p, d), kind in zip(layers, kinds, strict=True)
        ],
        "The dilation of poolings is ignored.": [
            (k, s, p, d if kind == "conv" else 1) for (k, s, p, d), kind in zip(layers, kinds, strict=True)
        ],
    }


def measured_mistakes(model: torch.nn.Module, input_size: int, by_formula: Pair) -> Iterable[tuple[str, Pair]]:
    """Typical mistakes in `measured_receptive_field`, on a model with the student's weights."""
    x = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    y = model(x)[0, 0]

    def extents(output: torch.Tensor, least: float = 0.0) -> Pair:
        (gradient,) = torch.autograd.grad(output, x, retain_graph=True)
        used = gradient[0, 0].abs().numpy() > least
        return reference.extent(used.any(axis=1)), reference.extent(used.any(axis=0))

    unit = y[y.shape[0] // 2, y.shape[1] // 2]
    height, width = extents(unit)
    (gradient,) = torch.autograd.grad(unit, x, retain_graph=True)
    used, values = gradient[0, 0].numpy() != 0, gradient[0, 0].numpy()
    yield "Height and width are swapped.", (width, height)
    yield "From the first to the last row there are last - first + 1 rows.", (height - 1, width - 1)
    yield "This is one too many: from the first to the last row there are last - first + 1 rows.", (height + 1, width + 1)
    row, column = used[input_size // 2], used[:, input_size // 2]
    yield "Only the middle row and the middle column of the gradient were counted; look at all of it.", (int(column.sum()), int(row.sum()))
    yield "Rows and columns without a gradient were left out; those between the first and the last count.", _counts(used)
    for least in 10.0 ** np.arange(-30, 0):
        yield "Small gradients were left out; every gradient other than 0 counts.", extents(unit, least)
        yield "Small gradients were left out; every gradient other than 0 counts.", extents(unit, least * float(gradient.max()))
    yield "Negative gradients were left out; every gradient other than 0 counts.", _extents(values > 0)
    yield "Gradients below their mean were left out; every gradient other than 0 counts.", _extents(values > values.mean())
    sums = [np.abs(values.sum(axis=axis)) > CANCELS * np.abs(values).sum(axis=axis) for axis in (1, 0)]
    yield (
        "Gradients of a row or column were summed, and cancel; look at each by itself.",
        (reference.extent(sums[0]), reference.extent(sums[1])),
    )
    yield "This is the gradient of all outputs together; take the unit in the middle alone.", extents(y.sum())
    yield "This is the field of a unit in a corner, cut off by the border; take the unit in the middle.", extents(y[0, 0])
    yield "This is the field of a unit in a corner, cut off by the border; take the unit in the middle.", extents(y[-1, -1])
    if input_size // 2 < min(y.shape):
        middle = y[input_size // 2, input_size // 2]
        yield "The unit was numbered by the middle of the input; the one in the middle of the output has row H'//2.", extents(middle)
    yield "This is what the formula says; measure it with this model's own weights.", by_formula
    yield "Both numbers are the height; columns may differ from rows.", (height, height)
    yield "Both numbers are the width; rows may differ from columns.", (width, width)
    yield "This is the size of the output.", (y.shape[0], y.shape[1])
    yield "These are areas or counts of inputs; height and width were asked for.", (int(used.sum()), int(used.sum()))


def _extents(used: np.ndarray) -> Pair:
    return reference.extent(used.any(axis=1)), reference.extent(used.any(axis=0))


def _counts(used: np.ndarray) -> Pair:
    return int(used.any(axis=1).sum()), int(used.any(axis=0).sum())


def path_mistakes(layers: Sequence[Layer]) -> dict[str, np.ndarray]:
    """Typical mistakes in `path_counts`."""
    right = reference.path_counts(layers)
    (r, _), deepest = reference.receptive_fields(layers)[-1], right.max()
    return {
        "These are shares that sum to 1; the numbers of paths were asked for.": right / right.sum(),
        "These are shares of the largest number; the numbers of paths were asked for.": right / deepest,
        "This says only which inputs are used; count the paths.": (right > 0).astype(int),
        "Every input of the field has the count 1, holes too; count the paths.": np.ones(r if (right == 0).any() else 0),
        "The strides are ignored: a layer's rows lie D·j inputs apart.": reference.path_counts([(k, 1, p, d) for k, _, p, d in layers]),
        "The dilation is ignored: a layer's rows lie D·j inputs apart.": reference.path_counts([(k, s, p, 1) for k, s, p, _ in layers]),
        "The layer's own stride was used; take the jump from before the layer.": _own_strides(layers),
        "The layers were taken from the last to the first, but the strides are those below a layer.": reference.path_counts(layers[::-1]),
        "The holes between the taps were left out.": right[right > 0],
        "The last layer is missing.": reference.path_counts(layers[:-1]),
        "The paths of one layer only were counted.": reference.path_counts(layers[:1]),
        "Every count is one too small: start from one path, not from none.": right - 1,
        "This is the number of all paths; one number for each input was asked for.": np.array(right.sum()),
        "The counts rise by 1 to the middle and fall again, whatever the layers are; add up the K shifted rows of each layer.": np.minimum(
            np.arange(1, r + 1), np.arange(r, 0, -1)
        ),
        "Zeros for the padding stand around the counts; padding moves the field, it doesn't enlarge it.": np.pad(
            right, sum(layer[2] for layer in layers)
        ),
        **run_over(right),
    }


def _own_strides(layers: Sequence[Layer]) -> np.ndarray:
    counts, jump = np.ones(1), 1
    for kernel, stride, _, dilation in layers:
        jump *= stride
        taps = np.zeros(dilation * jump * (kernel - 1) + 1)
        taps[:: dilation * jump] = 1
        counts = np.convolve(counts, taps)
    return counts
