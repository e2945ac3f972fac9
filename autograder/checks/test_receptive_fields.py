"""Hidden checks of the assignment `receptive_fields`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
"""

import numpy as np
import pytest
import torch

from autograder.checks.receptive_fields_mistakes import (
    Q2A_MISTAKES,
    features_mistakes,
    field_mistakes,
    measured_mistakes,
    path_mistakes,
    telling,
    window_mistakes,
)
from autograder.compare import describe, expect_array, expect_tuple, fail, filled
from autograder.reference import receptive_fields as reference

pytestmark = pytest.mark.time_limit(5)

VGG16 = [*[2] * 2, *[3] * 3]  # convolutions before each pooling


def stack(rng, count, kernel=(2, 6), stride=(1, 2), padding=(0, 1), dilation=(1, 2)):
    """`count` layers, each number drawn from its half-open range."""
    return [tuple(int(rng.integers(*bounds)) for bounds in (kernel, stride, padding, dilation)) for _ in range(count)]


def rows_of(value, names, what):
    """A list of rows such as pairs (r, j) as a list of tuples of numbers; fails where it is something else."""
    kind = f"a list of ({', '.join(names)})"
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(rows, list | tuple):
        fail(f"{what} is {describe(value)}, but {kind} was expected.", kind, value)
    rows = [row.tolist() if isinstance(row, np.ndarray) else row for row in rows]
    for row in rows:
        if not isinstance(row, list | tuple) or len(row) != len(names):
            fail(f"{what} holds {describe(row)} that is no ({', '.join(names)}).", kind, value)
        if None in map(number, row):
            fail(f"{what} holds something other than numbers.", kind, value)
    return [tuple(map(number, row)) for row in rows]


def number(item):
    """A real number as int or float, 0-d arrays too; None for anything else."""
    if isinstance(item, np.generic) or (isinstance(item, np.ndarray) and item.ndim == 0):
        item = item.item()
    return item if type(item) in (int, float) else None


def numbers(value):
    """A sequence of real numbers as a tuple; None for anything else."""
    items = value.tolist() if isinstance(value, np.ndarray) else value
    items = tuple(map(number, items)) if isinstance(items, list | tuple) else (None,)
    return None if None in items else items


def expect_rows(received, expected, names, what, mistakes):
    """Compares lists of rows: first their form, then their number, then their values."""
    rows = rows_of(received, names, what)
    if len(rows) != len(expected):
        hint = next((text for text, wrong in telling(mistakes).items() if rows == wrong), "")
        message = f"{what} has {named(len(rows), 'entry', 'entries')}, but there should be {len(expected)}. {hint}".strip()
        fail(message, named(len(expected), "entry", "entries"), rows)
    expect_array(rows, expected, what, mistakes=telling(mistakes))
    return rows


def expect_whole(items, what):
    """Fails unless all numbers are of a whole-number type."""
    for item in items:
        if not isinstance(item, int):
            fail(f"{what} holds the float {item:g}, but whole numbers were expected.", "int", str(item))


def expect_two(value, names, what):
    """Fails unless `value` is a pair of numbers, whatever they are."""
    if len(numbers(value) or ()) != 2:
        fail(f"{what} is {describe(value)}, not a pair ({names}).", f"({names})", value)


def expect_unchanged(student, layers, call, what):
    """Fails if calling with a list that stays in the student's process changes that list."""
    kept = student.function("copy_of").trial(layers, keep=True).value
    value = call(kept)
    after = rows_of(student.function("copy_of")(kept), ("kernel", "stride", "padding", "dilation"), "the list of layers")
    if after != layers:
        fail(f"{what} changes the list of layers it is given; work on a copy instead.", layers, after)
    return value


@pytest.mark.section("A formula with two numbers")
class TestReceptiveFields:
    def compare(self, student, layers):
        what = f"receptive_fields({shown(layers)})"
        received = student.function("receptive_fields")(list(layers))
        return expect_rows(received, reference.receptive_fields(layers), ("r", "j"), what, field_mistakes(layers))

    @pytest.mark.points(2)
    def test_one_layer(self, student, rng):
        """One layer
        A unit sees its K taps, and the next unit begins S inputs further.
        """
        for _ in range(3):
            self.compare(student, stack(rng, 1, kernel=(2, 12), stride=(2, 6)))

    @pytest.mark.points(2)
    def test_stride_one(self, student, rng):
        """Several layers, stride 1
        Draw two layers of 3 taps: how many inputs does the top unit see?
        """
        for count in (2, 3, 5):
            self.compare(student, stack(rng, count))

    @pytest.mark.points(4)
    def test_strides(self, student, rng):
        """Several layers with strides
        j is the product of the strides below a layer: what lies one unit apart there lies j inputs apart in the input.
        """
        for count in (2, 3, 4):
            self.compare(student, stack(rng, count, stride=(2, 5)))

    @pytest.mark.points(3)
    def test_dilation(self, student, rng):
        """Dilated kernels
        K taps that lie D apart span D(K-1) + 1 units.
        """
        self.compare(student, stack(rng, 1, kernel=(3, 7), dilation=(2, 6)))
        for count in (2, 3):
            self.compare(student, stack(rng, count, kernel=(3, 7), stride=(2, 4), dilation=(2, 6)))

    def test_padding(self, student, rng):
        """Padding changes neither field nor jump
        It moves the window, but the window stays as long as it was.
        """
        for count in (1, 3):
            self.compare(student, stack(rng, count, stride=(2, 4), padding=(1, 5)))

    @pytest.mark.points(3)
    def test_all_together(self, student, rng):
        """Kernel, stride, padding and dilation together, many layers"""
        self.compare(student, stack(rng, 5, stride=(1, 4), padding=(1, 4), dilation=(1, 4)))
        self.compare(student, [layer for convs in VGG16 for layer in [(3, 1, 1, 1)] * convs + [(2, 2, 0, 1)]])
        self.compare(student, stack(rng, 12, kernel=(1, 6), stride=(1, 3), padding=(0, 4), dilation=(1, 4)))

    def test_no_layers(self, student, rng):
        """Without layers the list is empty"""
        rows = rows_of(student.function("receptive_fields")([]), ("r", "j"), "receptive_fields([])")
        if rows:
            fail(f"receptive_fields([]) has {len(rows)} entries; without layers there is none.", "[]", str(rows))
        (kernel, stride, _, _), *_ = layers = stack(rng, 1, kernel=(3, 9), stride=(2, 5))
        if not rows_of(student.function("receptive_fields")(layers), ("r", "j"), "receptive_fields of one layer"):
            fail(f"receptive_fields({layers}) is empty too.", str([(kernel, stride)]), "[]")

    def test_whole_numbers(self, student, rng):
        """Fields and jumps are whole numbers"""
        rows = self.compare(student, stack(rng, 3, stride=(2, 4)))
        expect_whole([item for row in rows for item in row], "receptive_fields(layers)")

    def test_argument_unchanged(self, student, rng):
        """The list of layers stays as it is
        Usual causes: `layers.pop(0)`, `layers.insert(…)`, `layers.reverse()`.
        """
        layers = [(2, 3, 0, 1), *stack(rng, 3, kernel=(3, 7), padding=(1, 3))]
        value = expect_unchanged(student, layers, student.function("receptive_fields"), "`receptive_fields`")
        rows = rows_of(value, ("r", "j"), "receptive_fields(layers)")
        if len(rows) != len(layers):
            fail("receptive_fields(layers) doesn't have one pair for each layer.", f"{len(layers)} pairs", value)
        others = [(kernel + 2, stride + 1, padding, dilation) for kernel, stride, padding, dilation in layers]
        if rows_of(student.function("receptive_fields")(others), ("r", "j"), "receptive_fields(layers)") == rows:
            fail("Layers with other kernels and strides get the same pairs: is the argument `layers` used?")


def shown(layers):
    """A list of layers as a message shows it: long ones are cut."""
    return str(layers) if len(layers) <= 5 else f"[{', '.join(map(str, layers[:3]))}, … {len(layers)} layers]"


@pytest.mark.section("What one unit sees")
class TestQ2a:
    def compare(self, student, layer):
        value = filled(student.value("q2a"), "q2a")
        if isinstance(value, list | tuple) and any(isinstance(item, list | tuple | np.ndarray) and np.size(item) > 1 for item in value):
            fail("`q2a` holds pairs; store the two lengths along one axis, (r of layer 1, r of layer 2).", "two numbers", value)
        expect_two(value, "r of layer 1, r of layer 2", "`q2a`")
        received = numbers(value)
        if received[layer] != reference.q2a[layer]:
            hint = next((text for text, wrong in Q2A_MISTAKES.items() if received in wrong), "")
            fail(f"The field of layer {layer + 1} is not {received[layer]}. {hint}".strip(), None, str(received))

    @pytest.mark.points(2)
    def test_first_layer(self, student):
        """The first layer
        How many inputs does one window of layer 1 cover?
        """
        self.compare(student, 0)

    @pytest.mark.points(4)
    def test_second_layer(self, student):
        """The second layer
        A unit of layer 2 looks at two neighbouring units of layer 1: where does the field of each begin and end?
        """
        self.compare(student, 1)


@pytest.mark.section("AlexNet, VGG-16, ResNet-50")
class TestLayersOf:
    names = ("kernel", "stride", "padding", "dilation")

    def compare(self, student, rows, what):
        kinds, layers = flat(rows)
        received = student.function("layers_of")(student.build("build_features", rows))
        return expect_rows(received, layers, self.names, f"layers_of({what})", features_mistakes(layers, kinds))

    def conv(self, rng):
        """A convolution with four different numbers."""
        kernel, stride, padding, dilation = (int(n) for n in rng.permutation(np.arange(2, 8))[:4])
        return ("conv", kernel, stride, padding, dilation)

    def pool(self, rng, kind):
        """A pooling with different numbers."""
        return ("maxpool", *self.conv(rng)[1:]) if kind == "maxpool" else ("avgpool", *self.conv(rng)[1:4])

    @pytest.mark.points(2)
    def test_convolutions(self, student, rng):
        """Convolutions
        Each is (kernel, stride, padding, dilation), in this order.
        """
        self.compare(student, [self.conv(rng)], "one convolution")
        self.compare(student, [self.conv(rng) for _ in range(3)], "three convolutions")

    @pytest.mark.points(2)
    def test_max_poolings(self, student, rng):
        """Max poolings
        A pooling is a layer like a convolution; its stride is an attribute of its own.
        """
        self.compare(student, [self.conv(rng), self.pool(rng, "maxpool"), self.conv(rng), ("maxpool", 3)], "convolutions and max poolings")

    def test_average_poolings(self, student, rng):
        """Average poolings
        `nn.AvgPool2d` has no attribute `dilation`: it is 1.
        """
        self.compare(student, [self.conv(rng), self.pool(rng, "avgpool"), ("avgpool", 2)], "a convolution and average poolings")

    def test_other_modules(self, student, rng):
        """Activations, dropout and batch normalisation are left out"""
        rows = [self.conv(rng), ("batchnorm",), ("relu",), self.pool(rng, "maxpool"), ("dropout",), self.conv(rng), ("relu",)]
        self.compare(student, rows, "layers with other modules between them")

    @pytest.mark.points(2)
    def test_pairs(self, student, rng):
        """Numbers or pairs of equal numbers
        Torch keeps `3` as it came in a pooling and as `(3, 3)` in a convolution; your layers hold numbers only.
        """
        pooled = [(row[0], *((n, n) for n in row[1:])) for row in (self.pool(rng, "maxpool"), self.pool(rng, "avgpool"))]
        rows = self.compare(student, [self.conv(rng), *pooled, self.pool(rng, "maxpool")], "convolutions and poolings made with pairs")
        expect_whole([item for row in rows for item in row], "layers_of(features)")

    def test_nested(self, student, rng):
        """A Sequential within a Sequential
        Take what is inside in its place.
        """
        inner = [self.conv(rng), ("relu",), [self.pool(rng, "maxpool"), [self.conv(rng), ("relu",)]]]
        self.compare(student, [self.conv(rng), inner, self.pool(rng, "avgpool")], "a Sequential with others inside")

    def test_a_whole_network(self, student, rng):
        """The layers of a deep network"""
        rows = []
        for convs in VGG16 + [int(n) for n in rng.integers(1, 5, 3)]:
            rows += [("conv", 3, 1, 1), ("relu",)] * convs + [("maxpool", 2, 2)]
        self.compare(student, rows, "a network like VGG")


def flat(rows):
    """Kinds and layers of the rows that `build_features` takes, nested ones in their place."""
    kinds, layers = [], []
    for row in rows:
        if not isinstance(row[0], str):
            inner_kinds, inner = flat(row)
            kinds, layers = kinds + inner_kinds, layers + inner
        elif row[0] in ("conv", "maxpool", "avgpool"):
            kernel, *rest = (n[0] if isinstance(n, tuple) else n for n in row[1:])
            defaults = [1 if row[0] == "conv" else kernel, 0, 1]
            kinds.append(row[0])
            layers.append((kernel, *rest, *defaults[len(rest) :]))
    return kinds, layers


@pytest.mark.section("Where it looks")
class TestInputWindow:
    def compare(self, student, layers, index):
        what = f"input_window({shown(layers)}, {index})"
        received = student.function("input_window")(list(layers), index)
        expected = reference.input_window(layers, index)
        expect_tuple(received, expected, what, telling(window_mistakes(layers, index)))
        return numbers(received)

    @pytest.mark.points(2)
    def test_one_layer(self, student, rng):
        """One layer, no padding
        Unit u begins at input u·S and sees K inputs.
        """
        for index in (0, 1, int(rng.integers(2, 9))):
            self.compare(student, stack(rng, 1, kernel=(2, 9), stride=(2, 6)), index)

    @pytest.mark.points(4)
    def test_several_layers(self, student, rng):
        """Several layers, no padding
        Go back from the last layer: which units of the layer below does the unit see, and which does each of those see?
        """
        for index in (1, int(rng.integers(2, 9))):
            self.compare(student, stack(rng, 2, stride=(2, 5)), index)
            self.compare(student, stack(rng, 4, kernel=(2, 5), stride=(1, 4)), index)

    @pytest.mark.points(4)
    def test_padding(self, student, rng):
        """Padding
        A layer's padding shifts the window by units of the layer below, and those lie further apart the deeper the layer.
        """
        layers = [(int(rng.integers(3, 6)), 3, 4, 1), (int(rng.integers(2, 4)), 2, 3, 1)]  # no two mistakes give the same window
        self.compare(student, layers, int(rng.integers(7, 12)))
        self.compare(student, stack(rng, 1, kernel=(3, 8), stride=(3, 6), padding=(1, 4)), int(rng.integers(3, 9)))
        for index in (int(rng.integers(3, 6)), int(rng.integers(6, 12))):
            self.compare(student, stack(rng, 2, stride=(2, 5), padding=(1, 4)), index)
            self.compare(student, stack(rng, 3, stride=(2, 4), padding=(1, 4)), index)

    @pytest.mark.points(2)
    def test_outside_the_input(self, student, rng):
        """Windows that begin in the padding
        The start may be negative: nothing is cut off.
        """
        for index in (0, 1):
            self.compare(student, stack(rng, 2, kernel=(5, 8), padding=(2, 4)), index)
            self.compare(student, stack(rng, 3, kernel=(5, 8), stride=(2, 4), padding=(2, 4)), index)

    @pytest.mark.points(3)
    def test_dilation(self, student, rng):
        """Dilated kernels
        The window reaches from the first tap to the last, holes included.
        """
        for index in (0, int(rng.integers(1, 9))):
            self.compare(student, stack(rng, 1, kernel=(3, 6), stride=(1, 4), dilation=(2, 6)), index)
            self.compare(student, stack(rng, 3, kernel=(3, 6), stride=(1, 4), dilation=(2, 5)), index)

    def test_all_together(self, student, rng):
        """Kernel, stride, padding and dilation together, many layers"""
        for index in (0, int(rng.integers(2, 20))):
            self.compare(student, stack(rng, 4, stride=(2, 4), padding=(1, 4), dilation=(2, 4)), index)
            self.compare(student, stack(rng, 9, kernel=(1, 5), stride=(1, 3), padding=(1, 3), dilation=(1, 3)), index)

    def test_whole_numbers(self, student, rng):
        """Start and stop are whole numbers"""
        pair = self.compare(student, stack(rng, 2, stride=(2, 4)), int(rng.integers(2, 9)))
        expect_whole(pair, "input_window(layers, index)")

    def test_argument_unchanged(self, student, rng):
        """The list of layers stays as it is
        Usual causes: `layers.reverse()`, `layers.pop()`; `reversed(layers)` and `layers[::-1]` leave it alone.
        """
        layers = [(2, 3, 0, 1), *stack(rng, 3, kernel=(3, 7), padding=(1, 3))]
        function = student.function("input_window")
        value = expect_unchanged(student, layers, lambda kept: function(kept, 2), "`input_window`")
        expect_two(value, "start, stop", "input_window(layers, 2)")
        if numbers(function(list(layers), 7)) == numbers(value):
            fail("Units 2 and 7 see the same window: is the argument `index` used?")


@pytest.mark.section("Measure it")
class TestMeasuredReceptiveField:
    def models(self, student, name, *stacks, weights):
        """The student's model and ours, with the same weights (made by `weights` from each shape)."""
        ours, theirs = getattr(reference, name)(*stacks), student.build(name, *stacks)
        state = {key: weights(tuple(value.shape)).astype(np.float32) for key, value in ours.state_dict().items()}
        ours.load_state_dict({key: torch.from_numpy(value) for key, value in state.items()})
        theirs.load(state)
        return ours, theirs

    def compare(self, student, rng, n, *stacks, weights=None, what=""):
        """Measures a `ConvStack`, or `TwoPaths` of two stacks."""
        name = "ConvStack" if len(stacks) == 1 else "TwoPaths"
        ours, theirs = self.models(student, name, *stacks, weights=weights or positive(rng))
        received = student.function("measured_receptive_field")(theirs, n)
        expected = reference.measured_receptive_field(ours, n)
        formula = tuple(max(reference.receptive_fields(along(layers, axis))[-1][0] for layers in stacks) for axis in (0, 1))
        mistakes = {text: pair for text, pair in measured_mistakes(ours, n, formula) if pair == numbers(received)}
        mistakes = mistakes if len(mistakes) == 1 else {}  # no blame where several fit
        what = what or " and ".join(shown(layers) for layers in stacks)
        return expect_tuple(received, expected, f"The measured field of {what} on {n}×{n}", mistakes)

    @pytest.mark.points(2)
    def test_one_layer(self, student, rng):
        """One square kernel"""
        for kernel in rng.permutation(np.arange(2, 8))[:3].tolist():
            self.compare(student, rng, int(rng.integers(14, 20)), [(kernel, 1, 0, 1)])

    @pytest.mark.points(2)
    def test_several_layers(self, student, rng):
        """Several layers with strides, no padding
        The unit in the middle of the output has row H'//2: the output's size, not the input's.
        """
        self.compare(student, rng, 29, stack(rng, 3, kernel=(2, 5)))
        self.compare(student, rng, 40, stack(rng, 2, kernel=(2, 6), stride=(2, 4)))

    @pytest.mark.points(2)
    def test_height_and_width(self, student, rng):
        """Height and width that differ
        Rows are the first of the two spatial axes, columns the second; kernels and strides may be pairs.
        """
        low, high = (int(n) for n in (rng.integers(2, 4), rng.integers(5, 8)))
        self.compare(student, rng, 21, [((low, high), 1, 0, 1)])
        self.compare(student, rng, 24, [((high, low), (3, 1), 0, 1)])
        self.compare(student, rng, 23, [((low, high), (1, 3), 0, 1)])

    @pytest.mark.points(2)
    def test_padding(self, student, rng):
        """Layers with padding
        A unit at the border sees less: part of its field lies in the padding. Take the one in the middle.
        """
        self.compare(student, rng, int(rng.integers(25, 31)), [(5, 1, 2, 1), (int(rng.integers(3, 6)), 1, 2, 1)])
        self.compare(student, rng, 2 * int(rng.integers(14, 18)) + 1, [(3, 1, 1, 1), (3, 2, 1, 1), (int(rng.integers(3, 5)), 1, 1, 1)])
        border = int(rng.integers(2, 5))  # the middle unit's field fills the input, any other one is cut
        self.compare(student, rng, 2 * border + 1, [(2 * border + 1, 1, border, 1)])

    @pytest.mark.points(2)
    def test_holes(self, student, rng):
        """Dilated kernels
        From the first to the last row counts, whatever lies between: don't count the rows with a gradient.
        """
        self.compare(student, rng, 26, [(3, 1, 0, int(rng.integers(2, 6)))])
        self.compare(student, rng, 34, [((2, 3), 1, 0, (int(rng.integers(5, 9)), int(rng.integers(2, 5)))), (2, 1, 0, 1)])

    @pytest.mark.points(2)
    def test_weights_that_are_zero(self, student, rng):
        """Weights that are zero
        The field is where the gradient isn't zero with the weights the model has, not where the formula allows it.
        """
        cut = positive(rng)

        def partly_zero(rows, columns):
            def weights(shape):
                values = cut(shape)
                if len(shape) == 4:
                    values[..., :rows, :] = 0
                    values[..., :columns] = 0
                return values

            return weights

        for rows, columns in rng.permutation([(1, 3), (2, 1), (3, 2)]).tolist():
            self.compare(student, rng, 18, [(5, 1, 0, 1)], weights=partly_zero(rows, columns), what="a 5×5 kernel, partly zero,")

    @pytest.mark.points(2)
    def test_small_gradients(self, student, rng):
        """Small gradients count
        Compare with exactly 0, without a tolerance.
        """

        def weak_border(shape):
            values = rng.uniform(0.5, 1.5, shape)
            if len(shape) == 4:
                values[..., [0, -1], :] *= 1e-5
                values[..., [0, -1]] *= 1e-5
            return values

        self.compare(student, rng, 21, [(3, 1, 0, 1)] * 5, weights=weak_border, what="five 3×3 kernels with weak borders")

    def test_two_paths(self, student, rng):
        """A model of another build: two paths added up
        The model needn't be a Sequential: use its output and gradients only.
        """
        wide = int(rng.integers(3, 6))
        self.compare(student, rng, 27, [(3, 1, 1, 1)], [(3, 1, wide, wide)])
        self.compare(student, rng, 27, [((7, 3), 1, (3, 1), 1)], [((3, 5), 1, (1, 2), 1)])

    def test_weights_unchanged(self, student, rng):
        """The model's weights stay unchanged
        Weights set to 1 would show the field of another model; so would a training step.
        """
        function, values = student.function("measured_receptive_field"), []
        for layers in ([(2, 1, 0, 1)], stack(rng, 2, kernel=(3, 5))):
            _, model = self.models(student, "ConvStack", layers, weights=positive(rng))
            before = model.state()
            values.append(function(model, 19))
            expect_two(values[-1], "height, width", "measured_receptive_field(model, 19)")
            after = model.state()
            if set(after) != set(before) or not all(np.array_equal(before[key], after[key]) for key in before):
                fail("`measured_receptive_field` changes the model's weights; work on a copy, or don't touch them.")
        if numbers(values[0]) == numbers(values[1]):
            fail("Two models with different kernels get the same field: is the argument `model` used?")


def positive(rng):
    """Weights that can't cancel: from 1/2 to 3/2."""
    return lambda shape: rng.uniform(0.5, 1.5, shape)


def along(layers, axis):
    """Layers along one axis: of each pair (height, width) the number of that axis."""
    return [tuple(n[axis] if isinstance(n, tuple) else n for n in layer) for layer in layers]


@pytest.mark.section("Not all of it counts: the effective field")
class TestPathCounts:
    def compare(self, student, layers):
        received = student.function("path_counts")(list(layers))
        expect_array(received, reference.path_counts(layers), f"path_counts({shown(layers)})", mistakes=telling(path_mistakes(layers)))

    def test_one_layer(self, student, rng):
        """One layer
        One path from each tap.
        """
        for kernel in rng.permutation(np.arange(2, 9))[:2].tolist():
            self.compare(student, [(kernel, int(rng.integers(1, 4)), int(rng.integers(0, 3)), 1)])

    @pytest.mark.points(2)
    def test_several_layers(self, student, rng):
        """Several layers, stride 1"""
        self.compare(student, stack(rng, 2))
        self.compare(student, stack(rng, 4))
        self.compare(student, [(3, 1, 1, 1)] * int(rng.integers(8, 20)))

    @pytest.mark.points(2)
    def test_strides(self, student, rng):
        """Strides
        A layer adds up K rows that lie j inputs apart: the product of the strides below it.
        """
        self.compare(student, [*stack(rng, 1, stride=(2, 4)), *stack(rng, 1)])
        self.compare(student, stack(rng, 3, stride=(2, 4)))

    @pytest.mark.points(2)
    def test_dilation(self, student, rng):
        """Dilated kernels
        Between the taps lie inputs without a path.
        """
        near, far = (int(n) for n in rng.permutation([2, 3, 5])[:2])
        self.compare(
            student, stack(rng, 1, kernel=(3, 6), dilation=(near, near + 1)) + stack(rng, 1, kernel=(3, 6), dilation=(far, far + 1))
        )
        self.compare(student, stack(rng, 1, dilation=(2, 5)))

    def test_all_together(self, student, rng):
        """Kernel, stride, padding and dilation together"""
        self.compare(student, stack(rng, 4, stride=(2, 4), padding=(1, 4), dilation=(2, 4)))

    def test_no_layers(self, student, rng):
        """Without layers there is one path
        The input sees itself.
        """
        expect_array(student.function("path_counts")([]), np.ones(1), "path_counts([])")
        self.compare(student, stack(rng, 1, kernel=(3, 7)))

    def test_argument_unchanged(self, student, rng):
        """The list of layers stays as it is
        Usual cause: `layers.pop(0)`.
        """
        layers = [(2, 3, 0, 1), *stack(rng, 2, kernel=(3, 7), padding=(1, 3))]
        value = expect_unchanged(student, layers, student.function("path_counts"), "`path_counts`")
        if numbers(value) is None or len(numbers(value)) < 2:
            fail(f"path_counts(layers) is {describe(value)}, but a row of numbers was expected.", "a 1-D array", value)
        others = [(kernel + 2, stride, padding, dilation) for kernel, stride, padding, dilation in layers]
        if numbers(student.function("path_counts")(others)) == numbers(value):
            fail("Layers with larger kernels get the same counts: is the argument `layers` used?")


@pytest.mark.section("What enlarges it, and what that costs")
class TestDesignStack:
    names = ("kernel", "stride", "padding", "dilation")

    def compare(self, student, target, most):
        """Calls the function and fails unless the stack fulfils every condition."""
        what = f"design_stack({target}, {most})"
        trial = student.function("design_stack").trial(target, most)
        if trial.error is not None and "ValueError" in trial.error.bases:
            reach = 1 + 2 * reference.MOST_DILATION * most
            fail(
                f"{what} raised ValueError, but such a stack exists: the largest field with {named(most)} is {reach}.",
                "a stack",
                "ValueError",
            )
        value = trial.value if trial.error is None else student.function("design_stack")(target, most)
        layers = rows_of(value, self.names, what)
        for kernel, stride, padding, dilation in layers:
            for name, given, fits, rule in (
                ("kernel", kernel, kernel == 3, "3"),
                ("stride", stride, stride == 1, "1"),
                ("padding", padding, padding >= 0, "at least 0"),
                ("dilation", dilation, 1 <= dilation <= reference.MOST_DILATION and dilation == int(dilation), "1 to 16"),
            ):
                if not fits:
                    fail(f"{what} has a layer with the {name} {given}: it must be {rule}.", rule, str(layers))
        if len(layers) > most:
            fail(f"{what} has {named(len(layers))}, but at most {most} are allowed.", f"at most {named(most)}", str(layers))
        field = 1 + sum(2 * dilation for *_, dilation in layers)
        if field < target:
            fail(f"{what} is a stack with the field {field}, which is too short.", f"a field of at least {target}", str(layers))
        return layers

    @pytest.mark.points(3)
    def test_reaches_the_target(self, student, rng):
        """Targets within easy reach
        A layer with dilation D adds 2·D inputs to the field.
        """
        self.compare(student, int(rng.integers(66, 120)), 12)
        for most in (2, 4, 7):
            for target in rng.integers(3, 6 * most, 3).tolist():
                self.compare(student, target, most)

    @pytest.mark.points(3)
    def test_few_layers(self, student, rng):
        """Far targets with few layers
        Count the layers, and keep every dilation at 16 or below.
        """
        for most in (1, 2, 3, 4):
            self.compare(student, int(rng.integers(26 * most, 32 * most)), most)

    @pytest.mark.points(2)
    def test_largest_field(self, student, rng):
        """The largest target that is possible
        All dilations 16: what is the field then? And is one less possible?
        """
        for most in (1, 2, int(rng.integers(3, 5))):
            self.compare(student, 1 + 32 * most, most)
            self.compare(student, 32 * most, most)

    @pytest.mark.points(2)
    def test_impossible(self, student, rng):
        """ValueError if no such stack exists
        The limit is the field of `max_layers` layers with dilation 16.
        """
        function = student.function("design_stack")
        for most in (1, 2, 3):
            self.compare(student, int(rng.integers(2, 1 + 32 * most)), most)
            function.must_raise(
                ValueError, 2 + 32 * most, most, when=f"the largest field with {named(most)} is {1 + 32 * most} and one more is wanted"
            )
            far = int(rng.integers(40, 90)) * most
            function.must_raise(ValueError, far, most, when=f"the target is {far} and there are at most {named(most)}")

    def test_near_targets(self, student, rng):
        """The smallest targets, many layers allowed
        At least one layer is needed for 2 inputs; there needn't be as many as allowed.
        """
        for target in (2, 3, 4):
            self.compare(student, target, 1)
            self.compare(student, target, int(rng.integers(20, 60)))

    def test_whole_numbers(self, student, rng):
        """Whole numbers in every layer"""
        for target in rng.integers(5, 90, 4).tolist():
            layers = self.compare(student, target, 3)
            expect_whole([item for layer in layers for item in layer], f"design_stack({target}, 3)")


def named(count, one="layer", more="layers"):
    """A number of things in words: "1 layer", "3 layers"."""
    return f"{count} {one if count == 1 else more}"
