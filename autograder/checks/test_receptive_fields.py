"""Hidden checks of the assignment `receptive_fields`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
"""

from functools import partial

import numpy as np
import pytest
import torch

from autograder.checks.judging import ANOTHER, Answer, alike, collected, expect_all, explaining
from autograder.checks.receptive_fields_mistakes import (
    EXAMPLE,
    FIELD_CONVENTIONS,
    FIELDS_SHOWN,
    Q2A_MISTAKES,
    WINDOW_CONVENTIONS,
    WINDOWS_SHOWN,
    features_mistakes,
    field_mistakes,
    measured_mistakes,
    path_mistakes,
    simplest,
    window_mistakes,
)
from autograder.compare import describe, expect_array, expect_tuple, fail, filled, of_another_type
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
        raise of_another_type(what, value, kind)
    rows = [row.tolist() if isinstance(row, np.ndarray) else row for row in rows]
    for row in rows:
        if not isinstance(row, list | tuple) or len(row) != len(names):
            fail(f"{what} holds {describe(row)} that is no ({', '.join(names)}).", kind, value, kin="rows")
        if None in map(number, row):
            fail(f"{what} holds something other than numbers.", kind, value, kin="entries")
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
        found = [text for text, wrong in mistakes.items() if rows == wrong]
        message = f"{what} has {named(len(rows), 'entry', 'entries')}, but there should be {len(expected)}."
        fail(message, named(len(expected), "entry", "entries"), rows, diagnosis=found)
    expect_array(rows, expected, what, mistakes=mistakes)
    return rows


def expect_whole(items, what):
    """Fails unless all numbers are of a whole-number type."""
    for item in items:
        if not isinstance(item, int):
            fail(f"{what} holds the float {item:g}, but whole numbers were expected.", "int", str(item))


def expect_two(value, names, what):
    """Fails unless `value` is a pair of numbers, whatever they are."""
    if len(numbers(value) or ()) != 2:
        fail(f"{what} is {describe(value)}, not a pair ({names}).", f"({names})", value, kin="no pair")


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
    """A convention that is always misread in the same way costs the points of the check that asks for it, not those of all values."""

    def rows(self, student, layers, what="receptive_fields(layers)"):
        return rows_of(student.function("receptive_fields")(list(layers)), ("r", "j"), what)

    def answers(self, student, stacks):
        for layers in stacks:
            what = f"receptive_fields({shown(layers)})"
            rows = self.rows(student, layers, what)
            mistakes = partial(with_example, rows, FIELDS_SHOWN, partial(field_mistakes, layers))
            yield Answer(rows, reference.receptive_fields(layers), what, mistakes)

    def compare(self, student, *stacks, any_convention=True):
        answers, failure = collected(self.answers(student, stacks))
        for convention in FIELD_CONVENTIONS if any_convention and failure is None else ():
            if all(alike(a.received, convention(layers)) for a, layers in zip(answers, stacks, strict=True)):
                return
        texts = explaining(answers, again=lambda: self.rows(student, stacks[0]))
        for answer in answers:
            expect_rows(answer.received, answer.expected, ("r", "j"), answer.what, dict.fromkeys(texts, answer.received))
        if failure is not None:
            raise failure

    def test_one_layer(self, student, rng):
        """One layer
        A unit sees its K taps, and the next unit begins S inputs further.
        """
        stacks = [stack(rng, 1, kernel=(2, 12), stride=(2, 6)) for _ in range(3)]
        self.expect_again(student, stacks[0], self.rows(student, stacks[0], "receptive_fields"))
        self.compare(student, *stacks)

    @pytest.mark.points(2)
    def test_stride_one(self, student, rng):
        """Several layers, stride 1
        Draw two layers of 3 taps: how many inputs does the top unit see?
        """
        self.compare(student, *(stack(rng, count) for count in (2, 3, 5)))

    @pytest.mark.points(2)
    def test_strides(self, student, rng):
        """Several layers with strides
        j is the product of the strides below a layer: what lies one unit apart there lies j inputs apart in the input.
        """
        self.compare(student, *(stack(rng, count, stride=(2, 5)) for count in (2, 3, 4)))

    @pytest.mark.points(3)
    def test_order_of_the_steps(self, student, rng):
        """The field grows by the jump from before the layer, the pair holds the jump after it
        With one layer the field is its kernel, whatever its stride. The input itself has no pair in the list.
        """
        stacks = [stack(rng, count, kernel=(3, 6), stride=(2, 5)) for count in (1, 2, 3)]
        self.compare(student, *stacks, any_convention=False)

    @pytest.mark.points(3)
    def test_dilation(self, student, rng):
        """Dilated kernels
        K taps that lie D apart span D(K-1) + 1 units.
        """
        deep = [stack(rng, count, kernel=(3, 7), stride=(2, 4), dilation=(2, 6)) for count in (2, 3)]
        self.compare(student, stack(rng, 1, kernel=(3, 7), dilation=(2, 6)), *deep)

    def test_padding(self, student, rng):
        """Padding changes neither field nor jump
        It moves the window, but the window stays as long as it was.
        """
        for count in (1, 3):
            padded = stack(rng, count, stride=(2, 4), padding=(1, 5))
            bare = [(kernel, stride, 0, dilation) for kernel, stride, _, dilation in padded]
            what = f"receptive_fields({shown(padded)})"
            with_it, without = (self.rows(student, layers, what) for layers in (padded, bare))
            if with_it != without:
                self.expect_again(student, padded, with_it)
                fail(f"{what} differs from what the same layers without padding have.", without, with_it)
            self.expect_used(student, padded, with_it)

    @pytest.mark.points(3)
    def test_all_together(self, student, rng):
        """Kernel, stride, padding and dilation together, many layers, long fields
        Whole numbers of numpy have an end, int16 at 32,767; Python's own have none.
        """
        self.compare(
            student,
            stack(rng, 5, stride=(1, 4), padding=(1, 4), dilation=(1, 4)),
            [layer for convs in VGG16 for layer in [(3, 1, 1, 1)] * convs + [(2, 2, 0, 1)]],
            stack(rng, 12, kernel=(1, 6), stride=(1, 3), padding=(0, 4), dilation=(1, 4)),
            stack(rng, 20, kernel=(2, 4), stride=(2, 3)),
        )

    def test_no_layers(self, student, rng):
        """Without layers the list is empty"""
        rows = rows_of(student.function("receptive_fields")([]), ("r", "j"), "receptive_fields([])")
        if rows:
            fail(f"receptive_fields([]) has {named(len(rows), 'entry', 'entries')}; without layers there is none.", "[]", rows)
        (kernel, stride, _, _), *_ = layers = stack(rng, 1, kernel=(3, 9), stride=(2, 5))
        if not rows_of(student.function("receptive_fields")(layers), ("r", "j"), "receptive_fields of one layer"):
            fail(f"receptive_fields({layers}) is empty too.", str([(kernel, stride)]), "[]")

    def test_whole_numbers(self, student, rng):
        """Fields and jumps are whole numbers"""
        layers = stack(rng, 3, stride=(2, 4))
        rows = rows_of(student.function("receptive_fields")(layers), ("r", "j"), "receptive_fields(layers)")
        expect_whole([item for row in rows for item in row], "receptive_fields(layers)")
        self.expect_used(student, layers, rows)

    def test_argument_unchanged(self, student, rng):
        """The list of layers stays as it is
        Usual causes: `layers.pop(0)`, `layers.insert(…)`, `layers.reverse()`.
        """
        layers = [(2, 3, 0, 1), *stack(rng, 3, kernel=(3, 7), padding=(1, 3))]
        value = expect_unchanged(student, layers, student.function("receptive_fields"), "`receptive_fields`")
        rows = rows_of(value, ("r", "j"), "receptive_fields(layers)")
        self.expect_used(student, layers, rows)

    def expect_again(self, student, layers, rows):
        """Fails if the same layers get other pairs than these when the function is called again."""
        again = self.rows(student, layers)
        if again != rows:
            fail(f"receptive_fields({shown(layers)}) was called again.", rows, again, diagnosis=ANOTHER)

    def expect_used(self, student, layers, rows):
        """Fails if the pairs, right or wrong, are none, or those of other layers: constants have no properties."""
        if not rows:
            fail("receptive_fields(layers) is empty.", named(len(layers), "pair", "pairs"), "[]")
        others = [(kernel + 2, stride + 1, padding, dilation) for kernel, stride, padding, dilation in layers]
        if self.rows(student, others) == rows:
            fail("Layers with other kernels and strides get the same pairs, but they depend on both.")


def with_example(received, shown, mistakes):
    """Sentences on typical mistakes with what they lead to; on the visible examples, too, if an answer of theirs was received."""
    return {**mistakes(), EXAMPLE: received if received in shown else shown[0]}


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
            fail(f"The field of layer {layer + 1} is not {received[layer]}.", None, str(received), diagnosis=hint)

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
        outer, modules = flat([row for row in rows if isinstance(row[0], str)])[1], flat(rows, others=True)[1]
        return expect_rows(received, layers, self.names, f"layers_of({what})", features_mistakes(layers, kinds, outer, modules))

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


def flat(rows, others=False):
    """Kinds and layers of the rows that `build_features` takes, nested ones in their place; with `others` a layer for any module."""
    kinds, layers = [], []
    for row in rows:
        if not isinstance(row[0], str):
            inner_kinds, inner = flat(row, others)
            kinds, layers = kinds + inner_kinds, layers + inner
        elif row[0] in ("conv", "maxpool", "avgpool"):
            kernel, *rest = (n[0] if isinstance(n, tuple) else n for n in row[1:])
            defaults = [1 if row[0] == "conv" else kernel, 0, 1]
            kinds.append(row[0])
            layers.append((kernel, *rest, *defaults[len(rest) :]))
        elif others:
            layers.append((1, 1, 0, 1))
    return kinds, layers


@pytest.mark.section("Where it looks")
class TestInputWindow:
    """A stop that is always misread in the same way costs the points of the check that asks for it, not those of all windows."""

    def answers(self, student, cases):
        for layers, index in cases:
            what = f"input_window({shown(layers)}, {index})"
            received = student.function("input_window")(list(layers), index)
            expect_two(received, "start, stop", what)
            window = numbers(received)
            mistakes = partial(with_example, window, WINDOWS_SHOWN, partial(window_mistakes, layers, index))
            yield Answer(window, reference.input_window(layers, index), what, mistakes)

    def compare(self, student, *cases, any_convention=True):
        answers, failure = collected(self.answers(student, cases))
        for convention in WINDOW_CONVENTIONS if any_convention and failure is None else ():
            if all(alike(a.received, convention(*a.expected)) for a in answers):
                return
        texts = simplest(explaining(answers))
        for answer in answers:
            expect_tuple(whole(answer.received), answer.expected, answer.what, dict.fromkeys(texts, whole(answer.received)))
        if failure is not None:
            raise failure

    @pytest.mark.points(2)
    def test_one_layer(self, student, rng):
        """One layer, no padding
        Unit u begins at input u·S and sees K inputs.
        """
        indices = (0, 1, int(rng.integers(2, 9)))
        self.compare(student, *((stack(rng, 1, kernel=(2, 9), stride=(2, 6)), index) for index in indices))

    @pytest.mark.points(3)
    def test_stop(self, student, rng):
        """The stop is the input after the last one seen
        As in `range(start, stop)`: the window of one layer without padding is K inputs long, and stop - start is K.
        """
        cases = [
            (stack(rng, count, kernel=(2, 6), stride=(2, 4)), index) for count, index in ((1, 0), (1, 3), (2, int(rng.integers(2, 9))))
        ]
        self.compare(student, *cases, any_convention=False)

    @pytest.mark.points(3)
    def test_several_layers(self, student, rng):
        """Several layers, no padding
        Go back from the last layer: which units of the layer below does the unit see, and which does each of those see?
        """
        indices = (1, int(rng.integers(2, 9)))
        two = [(stack(rng, 2, stride=(2, 5)), index) for index in indices]
        self.compare(student, *two, *((stack(rng, 4, kernel=(2, 5), stride=(2, 4)), index) for index in indices))

    @pytest.mark.points(3)
    def test_padding(self, student, rng):
        """Padding
        A layer's padding shifts the window by units of the layer below, and those lie further apart the deeper the layer.
        """
        layers = [(int(rng.integers(3, 6)), 3, 4, 1), (int(rng.integers(2, 4)), 2, 3, 1)]  # no two mistakes give the same window
        cases = [(layers, int(rng.integers(7, 12))), (stack(rng, 1, kernel=(3, 8), stride=(3, 6), padding=(1, 4)), int(rng.integers(3, 9)))]
        for index in (int(rng.integers(3, 6)), int(rng.integers(6, 12))):
            cases.append((stack(rng, 2, stride=(2, 5), padding=(1, 4)), index))
            cases.append((stack(rng, 3, stride=(2, 4), padding=(1, 4)), index))
        self.compare(student, *cases)

    @pytest.mark.points(2)
    def test_outside_the_input(self, student, rng):
        """Windows that begin in the padding
        The start may be negative: nothing is cut off.
        """
        cases = [(stack(rng, 2, kernel=(5, 8), padding=(2, 4)), index) for index in (0, 1)]
        self.compare(student, *cases, *((stack(rng, 3, kernel=(5, 8), stride=(2, 4), padding=(2, 4)), index) for index in (0, 1)))

    @pytest.mark.points(2)
    def test_dilation(self, student, rng):
        """Dilated kernels
        The window reaches from the first tap to the last, holes included.
        """
        indices = (0, int(rng.integers(1, 9)))
        cases = [(stack(rng, 1, kernel=(3, 6), stride=(1, 4), dilation=(2, 6)), index) for index in indices]
        self.compare(student, *cases, *((stack(rng, 3, kernel=(3, 6), stride=(1, 4), dilation=(2, 5)), index) for index in indices))

    def test_all_together(self, student, rng):
        """Kernel, stride, padding and dilation together, many layers"""
        indices = (0, int(rng.integers(2, 20)))
        cases = [(stack(rng, 4, stride=(2, 4), padding=(1, 4), dilation=(2, 4)), index) for index in indices]
        many = [(stack(rng, 9, kernel=(1, 5), stride=(1, 3), padding=(1, 3), dilation=(1, 3)), index) for index in indices]
        self.compare(student, *cases, *many, (stack(rng, 20, kernel=(2, 4), stride=(2, 3), padding=(0, 2)), 3))

    def test_whole_numbers(self, student, rng):
        """Start and stop are whole numbers"""
        function, layers = student.function("input_window"), stack(rng, 2, stride=(2, 4))
        windows = [function(list(layers), index) for index in (2, int(rng.integers(5, 9)))]
        for value in windows:
            expect_two(value, "start, stop", "input_window(layers, index)")
            expect_whole(numbers(value), "input_window(layers, index)")
        if numbers(windows[0]) == numbers(windows[1]):
            fail("Two units far from each other see the same window, but it moves with `index`.")

    def test_argument_unchanged(self, student, rng):
        """The list of layers stays as it is
        Usual causes: `layers.reverse()`, `layers.pop()`; `reversed(layers)` and `layers[::-1]` leave it alone.
        """
        layers = [(2, 3, 0, 1), *stack(rng, 3, kernel=(3, 7), padding=(1, 3))]
        function = student.function("input_window")
        value = expect_unchanged(student, layers, lambda kept: function(kept, 2), "`input_window`")
        expect_two(value, "start, stop", "input_window(layers, 2)")
        if numbers(function(list(layers), 7)) == numbers(value):
            fail("Two units far from each other see the same window, but it moves with `index`.")


def whole(values):
    """Numbers without the point of those that are whole."""
    return tuple(int(value) if isinstance(value, float) and value.is_integer() else value for value in values)


@pytest.mark.section("Measure it")
class TestMeasuredReceptiveField:
    def models(self, student, name, *stacks, weights):
        """The student's model and ours, with the same weights (made by `weights` from each shape)."""
        ours, theirs = getattr(reference, name)(*stacks), student.build(name, *stacks)
        state = {key: weights(tuple(value.shape)).astype(np.float32) for key, value in ours.state_dict().items()}
        ours.load_state_dict({key: torch.from_numpy(value) for key, value in state.items()})
        theirs.load(state)
        return ours, theirs

    def answer(self, student, rng, n, *stacks, weights=None, what=""):
        """Measures a `ConvStack`, or `TwoPaths` of two stacks."""
        name = "ConvStack" if len(stacks) == 1 else "TwoPaths"
        ours, theirs = self.models(student, name, *stacks, weights=weights or positive(rng))
        what = f"The measured field of {what or ' and '.join(shown(layers) for layers in stacks)} on {n}×{n}"
        return self.asked(ours, student.function("measured_receptive_field")(theirs, n), n, stacks, what)

    def asked(self, ours, received, n, stacks, what):
        """What was received for our twin of the student's model."""
        expect_two(received, "height, width", what)
        formula = tuple(max(reference.receptive_fields(along(layers, axis))[-1][0] for layers in stacks) for axis in (0, 1))
        pair = numbers(received)

        def mistakes():
            """The wrong pair for each sentence, the received one where one of several ways leads to it."""
            ways = list(measured_mistakes(ours, n, formula))
            return {text: pair if (text, pair) in ways else wrong for text, wrong in ways}

        return Answer(pair, reference.measured_receptive_field(ours, n), what, mistakes)

    def compare(self, student, *cases):
        """Measures several models; mistakes are named if they explain what all of them got."""
        answers, failure = collected(self.answer(student, *case, **options) for *case, options in cases)
        texts = explaining(answers)
        for answer in answers:
            expect_tuple(answer.received, answer.expected, answer.what, dict.fromkeys(texts, answer.received))
        if failure is not None:
            raise failure

    def test_one_layer(self, student, rng):
        """One square kernel"""
        kernels = rng.permutation(np.arange(2, 8))[:3].tolist()
        self.compare(student, *((rng, int(rng.integers(14, 20)), [(kernel, 1, 0, 1)], {}) for kernel in kernels))

    @pytest.mark.points(2)
    def test_several_layers(self, student, rng):
        """Several layers with strides, no padding
        The unit in the middle of the output has row H'//2: the output's size, not the input's.
        """
        self.compare(student, (rng, 29, stack(rng, 3, kernel=(2, 5)), {}), (rng, 40, stack(rng, 2, kernel=(2, 6), stride=(2, 4)), {}))

    @pytest.mark.points(2)
    def test_height_and_width(self, student, rng):
        """Height and width that differ
        Rows are the first of the two spatial axes, columns the second; kernels and strides may be pairs.
        """
        low, high = (int(n) for n in (rng.integers(2, 4), rng.integers(5, 8)))
        layers = [((low, high), 1, 0, 1)], [((high, low), (3, 1), 0, 1)], [((low, high), (1, 3), 0, 1)]
        self.compare(student, *((rng, n, one, {}) for n, one in zip((21, 24, 23), layers, strict=True)))

    @pytest.mark.points(2)
    def test_padding(self, student, rng):
        """Layers with padding
        A unit at the border sees less: part of its field lies in the padding. Take the one in the middle.
        """
        border = int(rng.integers(2, 5))  # the middle unit's field fills the input, any other one is cut
        self.compare(
            student,
            (rng, int(rng.integers(25, 31)), [(5, 1, 2, 1), (int(rng.integers(3, 6)), 1, 2, 1)], {}),
            (rng, 2 * int(rng.integers(14, 18)) + 1, [(3, 1, 1, 1), (3, 2, 1, 1), (int(rng.integers(3, 5)), 1, 1, 1)], {}),
            (rng, 2 * border + 1, [(2 * border + 1, 1, border, 1)], {}),
        )

    @pytest.mark.points(2)
    def test_holes(self, student, rng):
        """Dilated kernels
        From the first to the last row counts, whatever lies between: don't count the rows with a gradient.
        """
        self.compare(
            student,
            (rng, 26, [(3, 1, 0, int(rng.integers(2, 6)))], {}),
            (rng, 34, [((2, 3), 1, 0, (int(rng.integers(5, 9)), int(rng.integers(2, 5)))), (2, 1, 0, 1)], {}),
        )

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

        cases = rng.permutation([(1, 3), (2, 1), (3, 2)]).tolist()
        what = "a 5×5 kernel, partly zero,"
        self.compare(student, *((rng, 18, [(5, 1, 0, 1)], {"weights": partly_zero(*case), "what": what}) for case in cases))

    @pytest.mark.points(2)
    def test_weights_of_both_signs(self, student, rng):
        """Negative weights
        A gradient of -2 isn't zero, and -2 and 2 don't cancel: look at each gradient by itself.
        """

        def signed(shape):
            """Positive in the middle, negative around it."""
            values = rng.uniform(0.5, 1.5, shape)
            if len(shape) == 4:
                values[..., [0, -1], :] *= -1
                values[..., 1:-1, [0, -1]] *= -1
            return values

        def cancelling(shape):
            """Rows and columns that each sum to 0."""
            if len(shape) < 4:
                return rng.uniform(0.5, 1.5, shape)
            row, column = (rng.permutation([-3, -1, 2, 2]) for _ in range(2))
            return np.multiply.outer(row, column).astype(float).reshape(shape)

        self.compare(
            student,
            (rng, 17, [(5, 1, 0, 1)], {"weights": signed, "what": "a 5×5 kernel, negative at its border,"}),
            (rng, 16, [(4, 1, 0, 1)], {"weights": cancelling, "what": "a 4×4 kernel whose rows and columns sum to 0"}),
        )

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

        options = {"weights": weak_border, "what": "five 3×3 kernels with weak borders"}
        self.compare(student, (rng, 21, [(3, 1, 0, 1)] * 5, options))

    def test_two_paths(self, student, rng):
        """A model of another build: two paths added up
        The model needn't be a Sequential: use its output and gradients only.
        """
        wide = int(rng.integers(3, 6))
        self.compare(
            student,
            (rng, 27, [(3, 1, 1, 1)], [(3, 1, wide, wide)], {}),
            (rng, 27, [((7, 3), 1, (3, 1), 1)], [((3, 5), 1, (1, 2), 1)], {}),
        )

    def test_weights_unchanged(self, student, rng):
        """The model's weights stay unchanged
        Weights set to 1 would show the field of another model; so would a training step.
        """
        function, made = student.function("measured_receptive_field"), []
        for layers in ([(2, 1, 0, 1)], stack(rng, 2, kernel=(3, 5))):
            ours, model = self.models(student, "ConvStack", layers, weights=positive(rng))
            before = model.state()
            made.append(self.asked(ours, function(model, 19), 19, [layers], "measured_receptive_field(model, 19)"))
            after = model.state()
            if set(after) != set(before) or not all(np.array_equal(before[key], after[key]) for key in before):
                fail("`measured_receptive_field` changes the model's weights; work on a copy, or don't touch them.")
        if made[0].received == made[1].received:
            fail("Two models with different kernels get the same field.", diagnosis=explaining(made))


def positive(rng):
    """Weights that can't cancel: from 1/2 to 3/2."""
    return lambda shape: rng.uniform(0.5, 1.5, shape)


def along(layers, axis):
    """Layers along one axis: of each pair (height, width) the number of that axis."""
    return [tuple(n[axis] if isinstance(n, tuple) else n for n in layer) for layer in layers]


@pytest.mark.section("Not all of it counts: the effective field")
class TestPathCounts:
    def compare(self, student, *stacks):
        def answers():
            for layers in stacks:
                received = student.function("path_counts")(list(layers))
                yield Answer(received, reference.path_counts(layers), f"path_counts({shown(layers)})", partial(path_mistakes, layers))

        expect_all(answers())

    def test_one_layer(self, student, rng):
        """One layer
        One path from each tap.
        """
        kernels = rng.permutation(np.arange(2, 9))[:2].tolist()
        self.compare(student, *([(kernel, int(rng.integers(1, 4)), int(rng.integers(0, 3)), 1)] for kernel in kernels))

    def test_several_layers(self, student, rng):
        """Several layers, stride 1"""
        self.compare(student, stack(rng, 2), stack(rng, 4), [(3, 1, 1, 1)] * int(rng.integers(6, 9)))

    @pytest.mark.points(2)
    def test_strides(self, student, rng):
        """Strides
        A layer adds up K rows that lie j inputs apart: the product of the strides below it.
        """
        self.compare(student, [*stack(rng, 1, stride=(2, 4)), *stack(rng, 1)], stack(rng, 3, stride=(2, 4)))

    @pytest.mark.points(2)
    def test_dilation(self, student, rng):
        """Dilated kernels
        Between the taps lie inputs without a path.
        """
        near, far = (int(n) for n in rng.permutation([2, 3, 5])[:2])
        two = stack(rng, 1, kernel=(3, 6), dilation=(near, near + 1)) + stack(rng, 1, kernel=(3, 6), dilation=(far, far + 1))
        self.compare(student, two, stack(rng, 1, dilation=(2, 5)))

    def test_all_together(self, student, rng):
        """Kernel, stride, padding and dilation together"""
        self.compare(student, stack(rng, 4, stride=(2, 4), padding=(1, 4), dilation=(2, 4)))

    def test_large_numbers(self, student, rng):
        """Many layers, large numbers
        Whole numbers of numpy have an end: int16 at 32,767, int32 at 2,147,483,647. int64 and floats reach far enough.
        """
        self.compare(student, [(int(kernel), 1, 0, 1) for kernel in rng.permutation([6, 7, 7, 7] * 3 + [7, 7])])

    def test_no_layers(self, student, rng):
        """Without layers there is one path
        The input sees itself.
        """
        expect_array(student.function("path_counts")([]), np.ones(1), "path_counts([])")
        (kernel, *_) = layer = stack(rng, 1, kernel=(3, 7))[0]
        value = student.function("path_counts")([layer])
        if len(numbers(value) or ()) < 2:
            fail(f"path_counts([{layer}]) is no row of numbers.", f"{kernel} numbers", value)

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
            fail("Layers with larger kernels get the same counts, but they depend on the kernels.")


@pytest.mark.section("What enlarges it, and what that costs")
class TestDesignStack:
    names = ("kernel", "stride", "padding", "dilation")

    def compare(self, student, target, most, holes=False):
        """Calls the function and fails unless the stack fulfils every condition; with ``holes`` its field may have some."""
        what = f"design_stack({target}, {most})"
        trial = student.function("design_stack").trial(target, most)
        if trial.error is not None and "ValueError" in trial.error.bases:
            self.refused(student, target, most)
        value = trial.value if trial.error is None else student.function("design_stack")(target, most)
        layers = rows_of(value, self.names, what)
        for kernel, stride, padding, dilation in layers:
            for name, given, fits, rule in (
                ("kernel", kernel, kernel == 3, "3"),
                ("stride", stride, stride == 1, "1"),
                ("padding", padding, padding >= 0, "at least 0"),
                ("dilation", dilation, dilation % 1 == 0, "a whole number"),
                ("dilation", dilation, 1 <= dilation <= reference.MOST_DILATION, "1 to 16"),
            ):
                if not fits:
                    message = f"{what} has a layer with the {name} {given}: it must be {rule}."
                    fail(message, rule, str(layers), diagnosis=SWAPPED if swapped(layers) else "", kin=name)
        if len(layers) > most:
            fail(f"{what} has {named(len(layers))}, but at most {most} are allowed.", f"at most {named(most)}", str(layers), kin="layers")
        field = 1 + sum(2 * int(dilation) for *_, dilation in layers)
        if field < target:
            self.short(student, target, most, layers, field)
        unused = int((paths(layers) == 0).sum())
        if unused and not holes:
            fail(
                f"{what} is a stack whose field has holes: {unused} of its {field} inputs are never used. {step(layers)}",
                "no holes",
                str(layers),
                kin="holes",
            )
        return layers

    def refused(self, student, target, most):
        """Fails as the function raised ValueError, and tells whose limit the targets have that it does make a stack for."""

        def makes(tried):
            error = student.function("design_stack").trial(tried, most).error
            return error is None or "ValueError" not in error.bases

        reach, made, diagnosis = reference.longest_field(most), 1, "A target of 2 is refused, too, which any layer reaches."
        if makes(2):
            made, out = 2, target
            while out - made > 1:
                middle = (made + out) // 2
                made, out = (middle, out) if makes(middle) else (made, middle)
            diagnosis = next((text for text, limit in limits(most).items() if made == limit), "")
        fail(
            f"design_stack({target}, {most}) raised ValueError, but such a stack exists: "
            f"the longest field without holes with {named(most)} is {reach}.",
            "a stack",
            "ValueError",
            diagnosis=diagnosis,
            kin="refused",
        )

    def short(self, student, target, most, layers, field):
        """Fails as the field is too short, and tells if the stack is one for any target."""
        others = [student.function("design_stack").trial(n, most) for n in (2, min(target + 6, reference.longest_field(most)))]
        always = all(other.error is None and alike(other.value, layers) for other in others)
        dilations = [dilation for *_, dilation in layers]
        added = " + ".join(map(str, dilations)) if len(dilations) <= 8 else f"{' + '.join(map(str, dilations[:5]))} + …"
        fail(
            f"design_stack({target}, {most}) is a stack with the field {field}, which is too short: "
            f"1 + 2·({added}), as a layer adds 2·D inputs.",
            f"a field of at least {target}",
            str(layers),
            diagnosis="Other targets get the same stack, but the field has to reach `target`." if always else "",
            kin="short",
        )

    def test_reaches_the_target(self, student, rng):
        """Targets within easy reach
        A layer with dilation D adds 2·D inputs to the field.
        """
        self.compare(student, int(rng.integers(66, 120)), 12, holes=True)
        for most in (3, 5, 7):
            for target in rng.integers(3, 6 * most, 3).tolist():
                self.compare(student, target, most, holes=True)

    @pytest.mark.points(3)
    def test_no_holes(self, student, rng):
        """Fields without holes
        `path_counts` shows holes as zeros. How far apart may the fields of three neighbouring units lie, if none is to be left between?
        """
        for most, target in ((2, 7), (4, 31), (6, int(rng.integers(32, 64))), (12, int(rng.integers(66, 120)))):
            self.compare(student, target, most)

    @pytest.mark.points(2)
    def test_few_layers(self, student, rng):
        """Far targets with few layers, without holes
        With a field of r inputs below it, how large may a layer's dilation be?
        """
        for most in (2, 3, 4, 5):
            self.compare(student, int(rng.integers(reference.longest_field(most) - 4, reference.longest_field(most))), most)

    @pytest.mark.points(2)
    def test_largest_field(self, student, rng):
        """The largest target that is possible
        Work out the longest field without holes of one layer, of two, of three, of four. And is one less possible?
        """
        for most in (1, 2, 3, 4, int(rng.integers(5, 8))):
            self.compare(student, reference.longest_field(most), most)
            self.compare(student, reference.longest_field(most) - 1, most)

    @pytest.mark.points(2)
    def test_impossible(self, student, rng):
        """ValueError if no such stack exists
        The limit is the longest field without holes of `max_layers` layers.
        """
        function = student.function("design_stack")
        for most in (1, 2, 3, 4):
            reach = reference.longest_field(most)
            self.compare(student, int(rng.integers(2, reach // 2 + 2)), most, holes=True)
            far = int(rng.integers(40, 90)) * most
            function.must_raise(ValueError, far, most, when=f"the target is {far} and there are at most {named(most)}")
            when = f"the longest field without holes with {named(most)} is {reach} and one more is wanted"
            function.must_raise(ValueError, reach + 1, most, when=when)

    def test_near_targets(self, student, rng):
        """The smallest targets, many layers allowed
        At least one layer is needed for 2 inputs; there needn't be as many as allowed.
        """
        for target, most in ((2, 1), (3, 1), (4, 2)):
            self.compare(student, target, most, holes=True)
            self.compare(student, target, int(rng.integers(20, 60)), holes=True)

    def test_whole_numbers(self, student, rng):
        """Whole numbers in every layer"""
        stacks = []
        far, *others = (int(rng.integers(*ends)) for ends in ((8, 16), (5, 60), (5, 60)))
        for target, most in ((2, 1), (far, 20), *((other, 8) for other in others)):  # no stack is right for the first two
            layers = rows_of(student.function("design_stack")(target, most), self.names, f"design_stack({target}, {most})")
            if not layers:
                fail(f"design_stack({target}, {most}) is empty.", "layers", layers)
            expect_whole([item for layer in layers for item in layer], f"design_stack({target}, {most})")
            stacks.append(layers)
        if all(stack == stacks[0] for stack in stacks):
            fail("`design_stack` gives the same stack for other targets and numbers of layers, too.")


SWAPPED = "Are padding and dilation swapped? A layer is (kernel, stride, padding, dilation)."


def limits(most):
    """Sentences on limits that are too small, with the largest target that each of them lets pass."""
    doubled = sum(min(2**number, reference.MOST_DILATION) for number in range(most))
    return {
        "The limit is one too small: the longest field without holes itself can be reached.": reference.longest_field(most) - 1,
        "Targets beyond the longest field with dilation 1 are refused; larger dilations reach further.": 1 + 2 * most,
        "Targets beyond the field of doubled dilations (1, 2, 4, …) are refused; they may grow faster without leaving holes.": 1
        + 2 * doubled,
    }


def swapped(layers):
    """Whether a stack would be one that is allowed if padding and dilation were the other way round, but isn't as it is."""
    right, turned = ([1 <= one <= reference.MOST_DILATION for one in column] for column in list(zip(*layers, strict=True))[:1:-1])
    return not any(right) and all(turned) and all(layer[:2] == (3, 1) for layer in layers)


def step(layers):
    """Which dilation leaves holes: the first, in their order, that is larger than the field of the smaller ones."""
    field = 1
    for dilation in sorted(int(dilation) for *_, dilation in layers):
        if dilation > field:
            return f"Its smaller dilations make a field of {field}, and steps of {dilation} are longer than that."
        field += 2 * dilation
    return ""


def paths(layers):
    """The paths from each input of the field of a stack of any whole numbers; where it would be far too long, all are used."""
    stack = [tuple(map(int, layer)) for layer in layers]
    counts = np.ones(1, dtype=bool)
    for *_, dilation in stack[:200]:
        taps = np.zeros(2 * dilation + 1, dtype=bool)
        taps[::dilation] = True
        counts = np.convolve(counts, taps) > 0
    return counts


def named(count, one="layer", more="layers"):
    """A number of things in words: "1 layer", "3 layers"."""
    return f"{count} {one if count == 1 else more}"
