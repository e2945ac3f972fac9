"""Hidden checks of the assignment `training_pipeline`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Inputs are multiples of 1/4, so that float32 and float64 agree far better than the tolerance, and are chosen so that
every mistake in `training_pipeline_mistakes` and `training_pipeline_lessons` shows.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise, product
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch import nn

from autograder.checks.networks import expect_nothing_hidden, expect_obedient, kept_model
from autograder.checks.training_pipeline_digits import answers_mistake, learning_mistake, shape_mistake
from autograder.checks.training_pipeline_lessons import Lesson, accuracy_mistakes, epoch_mistakes, network_mistakes, run_epoch
from autograder.checks.training_pipeline_mistakes import (
    COMPUTED_FIRST,
    LOST_AXIS,
    imputing_mistakes,
    loss_mistakes,
    one_hot_mistakes,
    scaling_mistakes,
    softmax_mistakes,
)
from autograder.checks.training_pipeline_telling import ATOL, RTOL, Pairs, alike, explained, named, reading, telling
from autograder.compare import describe, expect_answers, expect_array, expect_number, fail, filled
from autograder.reference import training_pipeline as reference

pytestmark = pytest.mark.time_limit(10)

# `make recipes`, twelve runs each: the reference 0.961 to 0.975, mean 0.967; a hastier solution (five epochs of Adam, rate
# 0.001, on 3,400 pictures) 0.914 to 0.943; a linear classifier 0.883 to 0.897. The full mark stands 0.051 below the worst of
# the first, below all of the second and above all of the third.
FULL_ACCURACY = 0.91
MODEL_NUMBERS = 10_000  # in the parameters and buffers of a network whose answers count
SAME_ANSWERS = 990  # of 1,000: where two scores are equal but for rounding, another machine may choose the other


def of_shape(received, shape, what: str) -> np.ndarray:
    """An array of numbers of this shape, whatever its values: it may hold NaN or infinity."""
    if isinstance(received, np.ndarray) and received.shape == shape and received.dtype.kind in "iuf":
        return received
    return expect_array(received, np.zeros(shape), what, rtol=0, atol=np.inf)


def expect_told_apart(pairs, what: str, texts: list[str]) -> None:
    """Arrays of the right shapes, which may hold NaN or infinity; where the right ones differ, these do.

    texts: the mistakes that explain all of them, for the message.
    """
    with explained(texts):
        arrays = [of_shape(received, np.shape(right), what) for received, right in pairs]
        expect_answers([(array, right) for array, (_, right) in zip(arrays, pairs, strict=True)], what, finite=False)


def plain(value):
    """A number out of an array with one entry and no axis; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def as_array(value):
    """Nested lists of numbers as an array; anything else as it is."""
    try:
        array = np.asarray(value) if isinstance(value, (list, tuple)) else value
    except ValueError:
        return value
    return array if isinstance(array, np.ndarray) and array.dtype.kind in "biufc" else value


def pair_of(received, names: str, what: str) -> tuple:
    """The two things that a function returned."""
    if isinstance(received, np.ndarray) and received.ndim == 3 and len(received) == 2:  # two tables of one shape
        received = tuple(received)
    wanted = f"the tuple ({', '.join(names.split())})"
    if not isinstance(received, (tuple, list)):
        fail(f"{what} is {describe(received)}, but {wanted} was expected.", wanted, describe(received), kin="no tuple")
    if len(received) != 2:
        fail(f"{what} holds {len(received)} things, but {wanted} was expected.", wanted, f"{len(received)} things", kin="no pair")
    return tuple(received)


def common(cases, mistakes: Callable[..., Pairs]) -> list[str]:
    """The sentences of the mistakes that explain what every case gave.

    cases: (received, arguments of `mistakes`).
    """
    shared = set.intersection(*({text for text, wrong in mistakes(*arguments) if alike(received, wrong)} for received, arguments in cases))
    return [text for text in dict.fromkeys(text for text, _ in mistakes(*cases[0][1])) if text in shared]


class Tables:
    """What the checks of `impute_median` and `standardise` share."""

    name: str
    mistakes: Callable[[np.ndarray, np.ndarray], Pairs]

    def both(self, student, train, test) -> tuple[np.ndarray, np.ndarray]:
        """The two arrays that the student's function returns; shapes are compared later."""
        return pair_of(student.function(self.name)(train, test), "train test", f"`{self.name}(train, test)`")

    def compare(self, student, train, test, parts: str = "train test") -> None:
        """The named parts of the result against the reference."""
        received, right = tuple(map(as_array, self.both(student, train, test))), getattr(reference, self.name)(train, test)
        pairs = type(self).mistakes(train, test)
        arrays = all(isinstance(part, np.ndarray) for part in received)
        fitting = named(received, pairs) if arrays else []
        for number, part in enumerate(("train", "test")):
            if part in parts.split():
                what = f"{part} of `{self.name}(train, test)` with train {train.shape} and test {test.shape}"
                of_this = [(text, wrong[number]) for text, wrong in pairs if not alike(right[number], wrong[number])]
                texts = fitting or (named(received[number], of_this) if arrays else [])
                expect_array(received[number], right[number], what, RTOL, ATOL, dict.fromkeys(texts, received[number]))

    def draw(self, rng, rows: int, test_rows: int, columns: int):
        """Abstract: each task's class draws its own tables."""
        raise NotImplementedError

    def case(self, rng, rows: int, test_rows: int, columns: int):
        """Tables in which as many mistakes as possible show."""
        right = getattr(reference, self.name)
        return telling(
            lambda: self.draw(rng, rows, test_rows, columns), lambda tables: right(*tables), lambda tables: type(self).mistakes(*tables)
        )

    def expect_untouched(self, student, train, test):
        """Arguments as they were, and results that could be right: whoever does nothing changes nothing."""
        what, cases = f"`{self.name}(train, test)`", [(train, test), (3 * train[::-1] + 1, 3 * test[::-1] + 1)]
        results = [pair_of(student.function(self.name).must_not_change(*case), "train test", what) for case in cases]
        texts = common([(tuple(map(as_array, result)), case) for result, case in zip(results, cases, strict=True)], type(self).mistakes)
        for number, part in enumerate(("train", "test")):
            pairs = [(result[number], getattr(reference, self.name)(*case)[number]) for result, case in zip(results, cases, strict=True)]
            expect_told_apart(pairs, f"{part} of {what}", texts)


def with_gaps(rng, rows, test_rows, columns, even=False):
    """Two tables with gaps: in each column of train an odd (or even) number of known values, all different; test knows some."""
    values = np.stack([rng.permutation(np.arange(2, 4 * (rows + test_rows), 2)[: rows + test_rows]) for _ in range(columns)], axis=1)
    table = (values**2 / 16 * rng.choice([1, 2, 3], columns) + rng.integers(1, 9, columns)) * rng.choice([-1, 1], columns)
    train, test = table[:rows].copy(), table[rows:].copy()
    for column in range(columns):
        gaps = int(rng.integers(1, rows - 3))
        gaps += (rows - gaps + even) % 2 == 0
        train[rng.choice(rows, gaps, replace=False), column] = np.nan
        test[rng.choice(test_rows, int(rng.integers(1, test_rows)), replace=False), column] = np.nan
    return train, test


@pytest.mark.section("Missing values")
class TestImputeMedian(Tables):
    name, mistakes = "impute_median", imputing_mistakes

    def draw(self, rng, rows, test_rows, columns):
        return with_gaps(rng, rows, test_rows, columns)

    @pytest.mark.points(2)
    def test_train(self, student, rng):
        """The gaps of train
        `np.nanmedian(train, axis=0)` takes the median of each column's known values.
        """
        self.compare(student, *self.case(rng, 9, 5, 3), parts="train")
        self.compare(student, *self.case(rng, 11, 4, 4), parts="train")

    @pytest.mark.points(3)
    def test_test(self, student, rng):
        """The gaps of test, filled with train's medians
        The test rows stand for samples that don't exist yet: they give no medians.
        """
        self.compare(student, *self.case(rng, 9, 5, 3), parts="test")
        self.compare(student, *self.case(rng, 7, 8, 2), parts="test")

    def test_even(self, student, rng):
        """An even number of known values
        Then the median is the mean of the two in the middle.
        """
        for columns in (3, 4):
            drawn = partial(with_gaps, rng, 10, 4, columns, even=True)
            self.compare(student, *telling(drawn, lambda t: reference.impute_median(*t), lambda t: imputing_mistakes(*t)))

    def test_test_without_known_values(self, student, rng):
        """A test of one row; a column that is missing in all of test
        Nothing is computed from test, so nothing has to be known there.
        """
        train, test = with_gaps(rng, 9, 4, 3)
        test[:, 1] = np.nan
        self.compare(student, train, test)
        self.compare(student, train, np.array([[test[0, 0], np.nan, test[0, 2]]]))
        self.compare(student, train, np.full((1, 3), np.nan))
        self.compare(student, train[:, :1], test[:1, 1:2])

    def test_no_gaps(self, student, rng):
        """No gaps at all: the same values, in new arrays
        `train` itself, or a view of it, shares its memory: return a copy.
        """
        train, test = rng.integers(-20, 21, (6, 3)) / 4, rng.integers(-20, 21, (2, 3)) / 4
        self.compare(student, train, test)
        self.expect_untouched(student, train, test)

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared
        `train[np.isnan(train)] = …` changes the caller's array: work on a copy, or use `np.where`.
        """
        self.expect_untouched(student, *with_gaps(rng, 9, 5, 3))


def scales(rng, rows, test_rows, columns):
    """Two tables whose columns differ in mean and spread; train and test differ too."""
    spread, centre = rng.permutation([3, 8, 20, 40])[:columns], rng.permutation([-15, 20, 45, 90])[:columns]
    train = (centre + rng.integers(-spread, spread + 1, (rows, columns))) / 4
    return train, (centre + 2 * spread + rng.integers(-spread, 2 * spread + 1, (test_rows, columns))) / 4


@pytest.mark.section("Normalising inputs")
class TestStandardise(Tables):
    name, mistakes = "standardise", scaling_mistakes

    def draw(self, rng, rows, test_rows, columns):
        return scales(rng, rows, test_rows, columns)

    @pytest.mark.points(2)
    def test_train(self, student, rng):
        """The columns of train
        Each column less its mean, divided by its standard deviation, over the rows (axis 0).
        """
        self.compare(student, *self.case(rng, 8, 5, 3), parts="train")
        self.compare(student, *self.case(rng, 6, 4, 4), parts="train")

    @pytest.mark.points(3)
    def test_test(self, student, rng):
        """The columns of test, by train's mean and standard deviation
        Test won't have mean 0 afterwards, and needn't.
        """
        self.compare(student, *self.case(rng, 8, 5, 3), parts="test")
        self.compare(student, *self.case(rng, 6, 7, 2), parts="test")

    def test_few_rows(self, student, rng):
        """Two rows, one column, one test row
        ddof=0: the mean square over all N rows. With few rows it makes a large difference.
        """
        for rows, columns in ((2, 1), (2, 3), (3, 2)):
            train, test = self.case(rng, rows, 1, columns)
            train[0] = train[1] + rng.integers(1, 9, columns)
            self.compare(student, train, test)

    @pytest.mark.points(2)
    def test_constant_column(self, student, rng):
        """A column that is constant in train is only centred
        Its standard deviation is 0: divide by 1 there. A tiny number in place of 0 makes test's values huge.
        """
        for columns, constant in ((3, 1), (4, 0)):
            train, test = scales(rng, 7, 4, columns)
            train[:, constant] = train[0, constant] + rng.integers(1, 9)
            test[:, constant] = train[0, constant] + rng.permutation([-3, 2, 5, 8])
            self.compare(student, train, test)

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, no memory shared
        `train -= …` changes the caller's array; `train = train - …` makes a new one.
        """
        train, test = scales(rng, 6, 3, 3)
        self.expect_untouched(student, train, test)
        train[:, 2] = 3.25
        self.expect_untouched(student, train, test)


@pytest.mark.section("Categories into numbers")
class TestOneHot:
    def compare(self, student, *cases):
        """Several calls against the reference; a mistake is named if it explains all of them."""
        received = [as_array(student.function("one_hot")(*case)) for case in cases]
        arrays = all(isinstance(array, np.ndarray) for array in received)
        texts = common(list(zip(received, cases, strict=True)), one_hot_mistakes) if arrays else []
        for array, (labels, num_classes) in zip(received, cases, strict=True):
            what = f"one_hot(labels, {num_classes}) with {len(labels)} labels of type {labels.dtype}"
            expect_array(array, reference.one_hot(labels, num_classes), what, mistakes=dict.fromkeys(texts, array))

    def test_rows(self, student, rng):
        """A row for each sample, a 1 at its class
        Entry [n, c] is 1 where labels[n] is c.
        """
        cases = []
        for count, classes in ((7, 4), (3, 5), (4, 7)):
            labels = np.zeros(count, dtype=int)
            while len(set(labels.tolist())) < 3 or labels.max() < classes - 1 or (labels == labels[::-1]).all() or labels[0] == 0:
                labels = rng.integers(0, classes, count)
            cases.append((labels, classes))
        self.compare(student, *cases)

    def test_missing_classes(self, student, rng):
        """Classes that don't occur still have a column
        There are num_classes columns, whatever the labels are.
        """
        first = int(rng.integers(1, 4))
        self.compare(student, (np.array([first, first + 2, first, first + 2, first]), 8), (np.array([0, 1, 0]), int(rng.integers(4, 9))))

    def test_few(self, student, rng):
        """One sample; one class"""
        classes = int(rng.integers(3, 9))
        self.compare(student, (np.array([classes - 1]), classes), (np.array([1]), classes), (np.zeros(4, dtype=int), 1))

    def test_types(self, student, rng):
        """Labels of other integer types
        Small types run over: in uint8, 200 + 100 is 44.
        """
        small = [(np.append(rng.integers(0, 6, 5), 5).astype(kind), 7) for kind in (np.uint8, np.int32, np.int16, np.int8)]
        self.compare(student, *small, (rng.permutation([0, 3, 120, 130, 250, 255]).astype(np.uint8), 300))

    def test_arguments_unchanged(self, student, rng):
        """Argument unchanged, no memory shared"""
        labels, function = rng.permutation(np.append(rng.integers(0, 4, 4), [0, 3])), student.function("one_hot")
        cases = [(labels, 4), (3 - labels, 4)]
        received = [as_array(function.must_not_change(*case)) for case in cases]
        texts = common(list(zip(received, cases, strict=True)), one_hot_mistakes)
        pairs = [(array, reference.one_hot(*case)) for array, case in zip(received, cases, strict=True)]
        expect_told_apart(pairs, "one_hot(labels, 4)", texts)


@pytest.mark.section("Softmax and cross-entropy")
class TestSoftmax:
    signs: ClassVar = {
        "axis 1 is out of bounds for array of dimension 1": "One sample's scores have no axis 1: `axis=-1` is the last axis, also there.",
        r"broadcast together with shapes \((\d+),\d+\) \(\1,\)": LOST_AXIS,
    }

    def compare(self, student, *cases):
        """Several calls against the reference; a mistake is named if it explains all of them."""
        with reading(self.signs):
            received = [as_array(student.function("softmax")(z)) for z in cases]
        arrays = all(isinstance(array, np.ndarray) for array in received)
        texts = common([(array, (z,)) for array, z in zip(received, cases, strict=True)], softmax_mistakes) if arrays else []
        for array, z in zip(received, cases, strict=True):
            expect_array(array, reference.softmax(z), f"softmax(z) with z {z.shape}", RTOL, 1e-6, dict.fromkeys(texts, array))

    def draw(self, rng, *shape):
        return telling(
            lambda: rng.permutation(np.arange(-8, 12))[: int(np.prod(shape))].reshape(shape) / 4, reference.softmax, softmax_mistakes
        )

    @pytest.mark.points(2)
    def test_one_sample(self, student, rng):
        """One sample's scores, 1-D
        e to the power of each score, divided by the sum of all of them: nothing else is added, scaled or rounded.
        """
        self.compare(student, *[self.draw(rng, size) for size in (4, 7, 2)])

    @pytest.mark.points(2)
    def test_several_samples(self, student, rng):
        """Several samples, 2-D, each for itself
        Each row sums to 1: `axis=-1, keepdims=True` in the sum; `axis=-1` is the last axis, for one axis as for two.
        """
        self.compare(student, *[self.draw(rng, *shape) for shape in ((3, 4), (4, 3), (3, 3))])

    @pytest.mark.points(2)
    def test_large_scores(self, student, rng):
        """Stable for large scores, also if rows differ widely
        Take the largest score of each row away from that row before the exponential.
        """
        for size in (1000, 20000):
            self.compare(student, self.draw(rng, 4) + size)
            self.compare(student, self.draw(rng, 4) - size)
            self.compare(student, self.draw(rng, 3, 4) + rng.permutation([-size, 0, size])[:, None])
        self.compare(student, rng.permutation([0.0, 1000.0, 999.0, -1000.0]))

    def test_few(self, student, rng):
        """One sample as a matrix; one class"""
        self.compare(student, self.draw(rng, 1, 4))
        self.compare(student, self.draw(rng, 4, 1))
        self.compare(student, self.draw(rng, 1))

    def test_arguments_unchanged(self, student, rng):
        """Argument unchanged, no memory shared, float32 too
        `z -= z.max()` changes the caller's array.
        """
        for z in (self.draw(rng, 3, 4), self.draw(rng, 5), self.draw(rng, 3, 4).astype(np.float32)):
            cases = (z, 1 - z / 2)
            with reading(self.signs):
                received = [as_array(student.function("softmax").must_not_change(scores)) for scores in cases]
            texts = common([(array, (scores,)) for array, scores in zip(received, cases, strict=True)], softmax_mistakes)
            pairs = [(array, reference.softmax(scores)) for array, scores in zip(received, cases, strict=True)]
            expect_told_apart(pairs, "softmax(z)", texts)


@pytest.mark.section("Softmax and cross-entropy")
class TestCrossEntropy:
    def compare(self, student, logits, labels):
        received = plain(student.function("cross_entropy")(logits, labels))
        expected = reference.cross_entropy(logits, labels)
        what = f"cross_entropy(logits, labels) with logits {logits.shape}"
        if isinstance(received, np.ndarray) and received.shape == labels.shape and received.size > 1:
            told = "These are the losses of the single samples; their mean was asked for."
            fail(f"{what} is an array of shape {received.shape}.", f"{expected:.6g}", received, diagnosis=told)
        pairs = loss_mistakes(logits, labels)
        fitting = named(received, pairs) if isinstance(received, (int, float)) else []
        fitting = [self.overflow(student) if text == COMPUTED_FIRST else text for text in fitting]
        expect_number(received, expected, what, RTOL, 1e-6, dict.fromkeys(fitting, received))

    def overflow(self, student) -> str:
        """What led to infinite or undefined losses, by the loss of samples whose right answers are likely."""
        loss = plain(student.function("cross_entropy")(np.array([[1000.0, 0.0], [0.0, 0.0]]), np.array([0, 0])))
        if not isinstance(loss, (int, float)) or np.isfinite(loss):
            return COMPUTED_FIRST
        if loss == -np.inf:
            return "The largest of all scores was taken away: in other rows all exponentials become 0. Take each row's own."
        return "Exponentials overflow, or all of a row become 0: take each row's largest score away first."

    def draw(self, rng, count, classes):
        def case():
            return rng.permuted(np.tile(np.arange(-6, 7), (count, 1)), axis=1)[:, :classes] / 4, rng.integers(0, classes, count)

        return telling(case, lambda c: reference.cross_entropy(*c), lambda c: loss_mistakes(*c))

    @pytest.mark.points(3)
    def test_several_samples(self, student, rng):
        """Several samples
        Minus the natural logarithm of the right class's probability, then the mean over the samples.
        """
        for count, classes in ((5, 3), (3, 6), (4, 4)):
            self.compare(student, *self.draw(rng, count, classes))

    def test_few(self, student, rng):
        """One sample; two classes"""
        self.compare(student, *self.draw(rng, 1, 4))
        self.compare(student, *self.draw(rng, 6, 2))

    @pytest.mark.points(2)
    def test_very_wrong_answers(self, student, rng):
        """Stable: very wrong answers cost much, but not infinitely much
        ln p = z - max - ln Σ exp(z - max): nothing in it over- or underflows.
        """
        for size in (1000.0, 30000.0):
            logits, labels = self.draw(rng, 4, 3)
            logits[1, (labels[1] + 1) % 3] += size
            self.compare(student, logits, labels)
            self.compare(student, np.array([[0.0, size], [size, 0.0]]), np.array([0, 0]))

    @pytest.mark.points(2)
    def test_large_scores(self, student, rng):
        """Stable: all scores of a sample large, or far below 0
        Adding the same number to all scores of a sample changes nothing.
        """
        logits, labels = self.draw(rng, 3, 4)
        self.compare(student, logits + rng.permutation([-2000.0, 0.0, 2000.0])[:, None], labels)
        self.compare(student, logits - 5000, labels)

    def test_arguments_unchanged(self, student, rng):
        """Arguments unchanged, float32 too"""
        logits, labels = self.draw(rng, 4, 3)
        for given in (logits, logits.astype(np.float32)):
            received = plain(student.function("cross_entropy").must_not_change(given, labels))
            expect_number(received, received, "cross_entropy(logits, labels)")
            self.compare(student, given, labels)


ANY_LOADER = {"has no attribute 'dataset'": "A loader is any iterable of batches, such as a list: count the samples as you go through it."}


def lesson(rng, sizes, features=3, outputs=4, **options) -> Lesson:
    """A call of `train_one_epoch` in which the mistakes show."""
    quarters = partial(lambda low, high, shape: (rng.integers(low, high, shape) / 4).astype(np.float32), -8, 9)
    batch_norm, regression = options.get("batch_norm", False), options.get("loss") == "lopsided_loss"

    def draw() -> Lesson:
        linear = str(int(batch_norm))
        state = {f"{linear}.weight": quarters((outputs, features)), f"{linear}.bias": quarters(outputs)}
        if batch_norm:
            state |= {"0.weight": np.abs(quarters(features)) + 0.5, "0.bias": quarters(features), "0.running_mean": quarters(features) + 2}
            state |= {"0.running_var": np.abs(quarters(features)) + 4, "0.num_batches_tracked": np.array(7)}
        batches = []
        for size in sizes:
            targets = torch.from_numpy(quarters((size, outputs)) * 2) if regression else torch.from_numpy(rng.integers(0, outputs, size))
            batches.append((torch.from_numpy(quarters((size, features))), targets))
        return Lesson(state, batches, **options)

    def right(case: Lesson):
        epoch = run_epoch(case)
        return np.float64(epoch.mean), epoch.weights

    return telling(draw, right, partial(epoch_mistakes, own=False), tries=2)


@pytest.mark.section("The training loop")
@pytest.mark.time_limit(20)
class TestTrainOneEpoch:
    def begin(self, student, case: Lesson):
        """The model with the lesson's weights, and its optimizer, in the student's process."""
        inputs, outputs = case.sizes
        model = student.build("small_net", inputs, outputs, batch_norm=case.batch_norm, training=case.training)
        model.load(case.state)
        return model, student.function("gradient_descent").trial(model, case.lr, momentum=case.momentum, keep=True).value

    def call(self, student, model, loader, case: Lesson, optimizer):
        """The trial of one epoch, if it didn't raise."""
        with reading(ANY_LOADER):
            return self.tried(student, model, loader, case, optimizer)

    def tried(self, student, model, loader, case: Lesson, optimizer):
        trial = student.function("train_one_epoch").observed(model, loader, student.value(case.loss), optimizer)
        if trial.error is not None and "not implemented for" in trial.error.message:  # torch's words for a loss of whole numbers
            fail("`train_one_epoch` gives the loss whole numbers in place of scores: loss_fn(outputs, labels), outputs first.")
        if trial.error is not None:
            fail(student.sentence(trial.error, "`train_one_epoch`"))
        return trial

    def expect_trained(self, model, case: Lesson):
        """Parameters other than before: whoever does nothing changes nothing."""
        after = model.state()
        if all(np.array_equal(after[name], case.state[name]) for name in model.parameters()):
            fail("`train_one_epoch` leaves the model's parameters as they are.")

    def compare(self, student, case: Lesson, parts: str, loader=None) -> None:
        """The loss, the weights afterwards, or both, against the same epoch here."""
        model, optimizer = self.begin(student, case)
        loss = plain(self.call(student, model, case.batches if loader is None else loader, case, optimizer).value)
        after = model.state()
        weights = np.concatenate([after[name].ravel() for name in model.parameters()])
        right = run_epoch(case)
        number = np.float64(loss) if isinstance(loss, (int, float)) and not isinstance(loss, bool) else np.float64(np.nan)
        if alike((number, weights), (np.float64(right.mean), right.weights)):
            return
        pairs = epoch_mistakes(case)
        fitting = named((number, weights), pairs)
        sizes = ", ".join(str(len(inputs)) for inputs, _ in case.batches)
        if "loss" in parts:
            alone = fitting or named(number, [(text, wrong[0]) for text, wrong in pairs if not alike(right.mean, wrong[0])])
            expect_number(loss, right.mean, f"`train_one_epoch` with batches of {sizes}: the loss", RTOL, ATOL, dict.fromkeys(alone, loss))
        if "weights" in parts:
            alone = fitting or named(weights, [(text, wrong[1]) for text, wrong in pairs if not alike(right.weights, wrong[1])])
            label = f"`train_one_epoch` with batches of {sizes}: the array of all parameters afterwards"
            expect_array(weights, right.weights, label, RTOL, ATOL, dict.fromkeys(alone, weights))

    def test_one_batch(self, student, rng):
        """The model's parameters after one batch
        Outputs, loss, `loss.backward()`, `optimizer.step()`, in this order, and `optimizer.zero_grad()` before them.
        """
        self.compare(student, lesson(rng, (6,)), "weights")

    @pytest.mark.points(3)
    def test_parameters(self, student, rng):
        """The model's parameters after several batches
        Clear the gradients before each batch's `backward()`, and make one step for each batch.
        """
        self.compare(student, lesson(rng, (5, 5, 5)), "weights")
        self.compare(student, lesson(rng, (6, 2, 4, 3)), "weights")

    @pytest.mark.points(2)
    def test_loss_of_equal_batches(self, student, rng):
        """The mean loss, with batches of one size
        Each batch's loss is taken before its step.
        """
        self.compare(student, lesson(rng, (6,)), "loss")
        self.compare(student, lesson(rng, (4, 4, 4)), "loss")

    @pytest.mark.points(3)
    def test_loss_of_unequal_batches(self, student, rng):
        """The mean loss over all samples, with batches of different sizes
        `loss_fn` averages over a batch: multiply by its size, add up, divide by the number of samples.
        """
        self.compare(student, lesson(rng, (7, 7, 2)), "loss")
        self.compare(student, lesson(rng, (2, 9)), "loss")

    def outcome(self, student, case: Lesson, loader=None, left_over=False):
        """Loss and parameters after one epoch, and the model, to be compared with those of another call."""
        model, optimizer = self.begin(student, case)
        if left_over:
            student.function("leave_gradients")(model)
        loss = plain(self.call(student, model, case.batches if loader is None else loader, case, optimizer).value)
        expect_number(loss, loss, "the result of `train_one_epoch`")
        self.expect_trained(model, case)
        after = model.state()
        return np.append(np.concatenate([after[name].ravel() for name in model.parameters()]), loss), model

    @pytest.mark.points(2)
    def test_training_mode(self, student, rng):
        """A model that comes in evaluation mode is put into training mode
        `model.train()` before the first batch: batch normalisation then uses the batch's own mean and variance.
        """
        case = lesson(rng, (6, 6), batch_norm=True, training=False, lr=0.25)
        (evaluating, model), (training, _) = (self.outcome(student, replace(case, training=mode)) for mode in (False, True))
        if not alike(evaluating, training):
            fail("`train_one_epoch` does something else with a model that comes in evaluation mode: put it into training mode first.")
        if np.array_equal(model.state()["0.running_mean"], case.state["0.running_mean"]):
            fail("The running means of batch normalisation are as they were: the model wasn't in training mode.")

    def test_once_through_the_model(self, student, rng):
        """Each batch goes through the model once
        In training mode each pass moves the running means of batch normalisation: keep the outputs, don't compute them twice.
        """
        case = lesson(rng, (6, 6), batch_norm=True, lr=0.25)
        _, model = self.outcome(student, case)
        passes = int(model.state()["0.num_batches_tracked"]) - int(case.state["0.num_batches_tracked"])
        if passes != 2:
            left_out = "Not every batch was used: is there a `return` in the loop, or a slice?" if passes < 2 else ""
            fail(f"2 batches went {passes} times through the model in training mode.", "2 passes", f"{passes} passes", left_out)

    def test_gradients_from_before(self, student, rng):
        """Gradients that are left over from before the call
        `optimizer.zero_grad()` stands before each batch's `backward()`, the first one's too.
        """
        case = lesson(rng, (5, 4))
        (clean, _), (after, _) = (self.outcome(student, case, left_over=left_over) for left_over in (False, True))
        if not alike(clean, after):
            fail("Gradients that the parameters had before the call reach the first batch's step: clear them before each batch.")

    @pytest.mark.points(2)
    def test_given_loss_and_optimizer(self, student, rng):
        """Another loss, another optimizer
        Use the `loss_fn` and the `optimizer` that are given: loss_fn(outputs, labels), outputs first.
        """
        self.compare(student, lesson(rng, (5, 5, 5), loss="lopsided_loss", lr=0.375, momentum=0.5), "loss weights")

    def test_any_iterable(self, student, rng):
        """Batches that can be gone through only once; pairs as lists
        `for inputs, labels in loader`, once: no `len(loader)`, no `loader[0]`, no `loader.dataset`.
        """
        case = lesson(rng, (4, 4, 4))
        as_list, _ = self.outcome(student, case)
        once, _ = self.outcome(student, case, loader=student.function("one_pass")(case.batches))
        if not alike(as_list, once):
            fail("Batches that can be gone through only once give another result than the same batches in a list.")
        pairs, _ = self.outcome(student, case, loader=[list(batch) for batch in case.batches])
        if not alike(as_list, pairs):
            fail("Batches that are lists give another result than the same batches as tuples.")

    def test_no_graph(self, student, rng):
        """The result needs no gradients
        `total += loss` keeps the computation of every batch in memory; `loss.item()` is a plain number.
        """
        case = lesson(rng, (5, 3))
        model, optimizer = self.begin(student, case)
        value = plain(self.call(student, model, case.batches, case, optimizer).value)
        expect_number(value, value, "the result of `train_one_epoch`")
        self.expect_trained(model, case)
        again = student.function("train_one_epoch").trial(model, case.batches, student.value(case.loss), optimizer, keep=True)
        if again.error is not None:
            fail(student.sentence(again.error, "`train_one_epoch`, called once more,"))
        kept = again.value
        if "Tensor" in kept.bases and kept.attribute("requires_grad") is not False:
            fail("The result of `train_one_epoch` is a tensor that keeps the graph of all batches in memory: add up `loss.item()`.")

    def test_batches_unchanged(self, student, rng):
        """The batches unchanged"""
        case = lesson(rng, (5, 3))
        model, optimizer = self.begin(student, case)
        trial = self.call(student, model, case.batches, case, optimizer)
        expect_number(plain(trial.value), plain(trial.value), "the result of `train_one_epoch`")
        self.expect_trained(model, case)
        if 1 in trial.changed:
            fail("`train_one_epoch` changes the batches in place; work on copies instead.")


@pytest.mark.section("The training loop")
@pytest.mark.time_limit(20)
class TestEvaluate:
    signs = ANY_LOADER | {  # networks here have four outputs, and no batch has four samples
        f"size of tensor a {sizes} at non-singleton dimension {dimension}": text
        for sizes in (r"\(4\) must match the size of tensor b \(\d+\)", r"\(\d+\) must match the size of tensor b \(4\)")
        for dimension, text in (
            (0, "There is one answer for each class, not for each sample: `argmax(dim=1)`."),
            (1, "The scores themselves were compared with the labels: take the index of each row's largest first."),
        )
    }

    def call(self, student, *arguments):
        """What the student's `evaluate` returns."""
        with reading(self.signs):
            return plain(student.function("evaluate")(*arguments))

    def draw(self, rng, sizes, batch_norm=False, dropout=0.0):
        """A model (here), its options, and batches for which the mistakes give other numbers than the right one."""

        def case():
            layers = [nn.BatchNorm1d(3)] * batch_norm + [nn.Dropout(dropout)] * bool(dropout) + [nn.Linear(3, 4)]
            model = nn.Sequential(*layers)
            for value in model.state_dict().values():
                value.copy_(torch.from_numpy(np.asarray(rng.integers(-8, 9, tuple(value.shape)) / 4)))
            if batch_norm:
                model[0].running_var.copy_(model[0].running_var.abs() + 0.5)
                model[0].weight.data.copy_(model[0].weight.data.abs() + 0.5)
            batches = [(torch.from_numpy((rng.integers(-12, 13, (n, 3)) / 4).astype(np.float32)), self.labels(rng, n)) for n in sizes]
            return model, [(x, self.mixed(rng, model, x, y)) for x, y in batches]

        def share(drawn):
            return np.float64(reference.evaluate(*drawn))

        return telling(lambda: self.clear(case), share, lambda drawn: self.mistakes(*drawn))

    def labels(self, rng, count):
        return torch.from_numpy(rng.integers(0, 4, count))

    def mixed(self, rng, model, x, labels):
        """Labels of which some, a different share in each batch, are the model's own answers."""
        with torch.no_grad():
            answers = model.eval()(x).argmax(1)
        return torch.where(torch.from_numpy(rng.random(len(x)) < rng.random()), answers, labels)

    def clear(self, case):
        """A case in which the largest score stands clear of the second, so that rounding decides nothing."""
        while True:
            model, batches = case()
            with torch.no_grad():
                best = torch.cat([model.eval()(x).topk(2, dim=1).values for x, _ in batches])
            if (best[:, 0] - best[:, 1]).min() > 0.02:
                return model.train(), batches

    def mistakes(self, model, batches):
        state = {name: value.clone() for name, value in model.state_dict().items()}
        torch.manual_seed(0)
        pairs = accuracy_mistakes(model, batches)
        model.load_state_dict(state)
        return pairs

    def send(self, student, model, batch_norm=False, dropout=0.0, training=True):
        theirs = student.build("small_net", 3, 4, batch_norm=batch_norm, dropout=dropout, training=training)
        theirs.load({name: value.numpy() for name, value in model.state_dict().items()})
        return theirs

    def answer(self, student, rng, sizes, loader=None, **options):
        """What `evaluate` gives for a fresh model and batches, what it should give, and these."""
        model, batches = self.draw(rng, sizes, **options)
        theirs = self.send(student, model, **options)
        received = self.call(student, theirs, batches if loader is None else student.function(loader)(batches))
        return received, model, batches, f"`evaluate` with batches of {', '.join(map(str, sizes))}"

    def compare(self, *answers):
        """Several answers with the right ones; a mistake is named if it explains all of them."""
        right = [reference.evaluate(model, batches) for _, model, batches, _ in answers]
        numbers = all(type(received) in (int, float) for received, *_ in answers)
        texts = []
        if numbers and not all(alike(received, share) for (received, *_), share in zip(answers, right, strict=True)):
            texts = common([(received, (model, batches)) for received, model, batches, _ in answers], self.mistakes)
        for (received, _, _, what), share in zip(answers, right, strict=True):
            expect_number(received, share, what, 1e-4, 1e-6, dict.fromkeys(texts, received))

    def expect_counting(self, student, theirs, model, batches):
        """A number that is larger where all labels are the model's own answers: whoever does nothing changes nothing."""
        with torch.no_grad():
            easy = [(x, model.eval()(x).argmax(1)) for x, _ in batches]
        some, most = (self.call(student, theirs, given) for given in (batches, easy))
        for number in (some, most):
            expect_number(number, number, "the result of `evaluate`")
        if not most > some:
            texts = common([(some, (model, batches)), (most, (model, easy))], self.mistakes)
            told = "`evaluate` gives no larger number where all of the model's answers are right."
            fail(told, f"more than {some:g}", f"{most:g}", texts)

    def test_equal_batches(self, student, rng):
        """The share of right answers
        `outputs.argmax(dim=1) == labels`, counted over all samples.
        """
        self.compare(*[self.answer(student, rng, sizes) for sizes in ((17,), (9, 9, 9), (20,))])

    @pytest.mark.points(2)
    def test_unequal_batches(self, student, rng):
        """Batches of different sizes: each sample counts the same
        Count the right answers and the samples over all batches; divide once, at the end.
        """
        self.compare(*[self.answer(student, rng, sizes) for sizes in ((12, 12, 3), (2, 15))])

    @pytest.mark.points(2)
    def test_evaluation_mode(self, student, rng):
        """Evaluation mode: batch normalisation and dropout
        `model.eval()` before the first batch: running means instead of the batch's own, no dropout.
        """
        self.compare(*[self.answer(student, rng, (13, 13), batch_norm=True) for _ in range(2)])
        model, batches = self.draw(rng, (60, 60), dropout=0.75)
        theirs = self.send(student, model, dropout=0.75)
        first, second = (self.call(student, theirs, batches) for _ in range(2))
        if type(first) is type(second) and isinstance(first, (int, float)) and first != second:
            fail("Called twice, `evaluate` gives two results: dropout is on. `model.eval()` before the first batch.")
        self.compare((first, model, batches, "`evaluate` of a network with dropout"))

    def test_mode_restored(self, student, rng):
        """The mode it was in before
        Keep `model.training` before the first batch, and call `model.train(was)` with it after the last.
        """
        for training in (True, False):
            model, batches = self.draw(rng, (9, 9), batch_norm=True)
            theirs = self.send(student, model, training=training, batch_norm=True)
            self.expect_counting(student, theirs, model, batches)
            self.expect_mode(theirs, model, batches[0][0], training)

    def expect_mode(self, theirs, model, x, training):
        """The model's mode, and that of its layers by what they give: batch normalisation answers otherwise in each mode."""
        modes = ("evaluation", "training") if training else ("training", "evaluation")
        if theirs.is_training() != training:
            fail(
                f"`evaluate` leaves the model in {modes[0]} mode; before it was in {modes[1]} mode.", f"{modes[1]} mode", f"{modes[0]} mode"
            )
        with torch.no_grad():
            wrong, right = (model.train(mode)(x).numpy() for mode in (not training, training))
        model.train()
        received = np.asarray(theirs.call(x))
        if received.shape == wrong.shape and np.allclose(received, wrong, 1e-3, 1e-4) and not np.allclose(received, right, 1e-3, 1e-4):
            fail(f"`evaluate` leaves the layers of the model in {modes[0]} mode; before they were in {modes[1]} mode.")

    def test_model_unchanged(self, student, rng):
        """Nothing in the model changes
        A forward pass in training mode moves the running means of batch normalisation.
        """
        model, batches = self.draw(rng, (9, 9), batch_norm=True)
        theirs = self.send(student, model, batch_norm=True)
        before = theirs.state()
        self.expect_counting(student, theirs, model, batches)
        changed = [name for name, value in theirs.state().items() if not np.array_equal(before[name], value)]
        if any("running" in name or "tracked" in name for name in changed):
            fail("`evaluate` changes the running means of batch normalisation: is the model in evaluation mode?")
        if changed:
            fail("`evaluate` changes the model's parameters.", diagnosis="A model is evaluated as it is: nothing may train or change it.")

    def test_any_iterable(self, student, rng):
        """Batches that can be gone through only once
        `for inputs, labels in loader`, once: no `len(loader)`, no `loader.dataset`.
        """
        model, batches = self.draw(rng, (9, 9))
        theirs = self.send(student, model)
        in_a_list, once = (self.call(student, theirs, given) for given in (batches, student.function("one_pass")(batches)))
        for number in (in_a_list, once):
            expect_number(number, number, "the result of `evaluate`")
        if not alike(in_a_list, once):
            fail("Batches that can be gone through only once give another result than the same batches in a list.")
        self.expect_counting(student, theirs, model, batches)


@pytest.mark.section("How a test set leaks")
class TestLeaks:
    def expect(self, student, group):
        names = student.value("leaks")
        if isinstance(names, np.ndarray):
            names = names.tolist()
        if not isinstance(names, (set, list, tuple)):
            fail(f"`leaks` is {describe(names)}, but a set of names was expected.", "a set", describe(names), kin="no set")
        if not names:
            fail("`leaks` is empty: fill it in.")
        if not all(isinstance(name, str) for name in names):
            fail("`leaks` holds something other than texts.", "a set of names", names, kin="no names")
        given = {name.strip().lower() for name in names}
        unknown = given - {name for pair in reference.GROUPS.values() for name in pair}
        if unknown:
            told = "`leaks` holds something that is none of the twelve names."
            fail(told, "names as they are printed", ", ".join(sorted(unknown)), kin="other names")
        wrong = [name for name in reference.GROUPS[group] if (name in given) != (name in reference.leaks)]
        if wrong:
            first, second = reference.GROUPS[group]
            how = "holds both" if {first, second} <= given else "holds neither" if not {first, second} & given else "holds one of them"
            fail(f"Of “{first}” and “{second}” at least one is sorted wrongly: your `leaks` {how}.")

    def test_loans(self, student):
        """Loans
        What does each step have to know about the other rows?
        """
        self.expect(student, "loans")

    def test_rare_disease(self, student):
        """A rare disease
        Where may two copies of one row end up?
        """
        self.expect(student, "rare disease")

    def test_genes(self, student):
        """Genes
        Whose labels decide which genes are kept? With 5,000 genes and 100 patients some differ by pure chance.
        """
        self.expect(student, "genes")

    def test_electricity(self, student):
        """Electricity
        What does the model know of the hour just after the one that it forecasts?
        """
        self.expect(student, "electricity")

    def test_x_rays(self, student):
        """X-rays
        What do two pictures of one patient share beside the illness?
        """
        self.expect(student, "X-rays")

    def test_digits(self, student):
        """Digits
        The highest of 50 numbers that all vary by chance: is it an honest estimate?
        """
        self.expect(student, "digits")


class Objective:
    """An objective that notes what it was called with; `value` makes its number of the parameters and the call's index."""

    def __init__(self, space: dict, value: Callable[[dict, int], float] = lambda parameters, call: 1.0) -> None:
        self.space, self.value = space, value
        self.calls: list[dict] = []
        self.values: list[float] = []
        self.complaint = ""

    def __call__(self, *given, **named):
        parameters = given[0] if len(given) == 1 and not named else None
        problem = self.problem(parameters) if parameters is not None else self.no_dict(given, named)
        if problem:
            self.complaint = self.complaint or problem
            return 0.0
        self.calls.append({name: plain(value) for name, value in parameters.items()})
        self.values.append(self.value(self.calls[-1], len(self.calls) - 1))
        return self.values[-1]

    def no_dict(self, given, named) -> str:
        """What it was called with in place of one argument."""
        how = "keyword arguments" if named else f"{len(given)} arguments" if len(given) != 1 else "None"
        return f"calls the objective with {how}, but one dict was expected: `objective(parameters)`"

    def problem(self, parameters) -> str:
        if not isinstance(parameters, dict):
            return f"calls the objective with {describe(parameters)}, but a dict was expected"
        if set(parameters) != set(self.space):
            return f"calls the objective with {_listed(parameters)}; every name of the space was expected: {_listed(self.space)}"
        for name, value in parameters.items():
            value = plain(value)
            if isinstance(value, list) and value == self.space[name]:
                return "calls the objective with the whole list of choices; one of them was expected"
            if not any(same_choice(value, choice) for choice in self.space[name]):
                hint = " That is an index, not a choice" if type(value) is int and 0 <= value < len(self.space[name]) else ""
                numbers = [choice for choice in self.space[name] if isinstance(choice, (int, float))]
                if type(value) is float and min(numbers, default=value) < value < max(numbers, default=value):
                    hint = " It is a number between two choices: draw one of the choices"
                if isinstance(value, str) and value in map(str, self.space[name]):
                    hint = " It is the text of a choice: numpy makes an array of texts of a mixed list; draw an index instead"
                return f"calls the objective with something for “{name}” that isn't in its list of choices.{hint}".removesuffix(".")
        return ""


def _listed(names) -> str:
    return ", ".join(repr(str(name)) for name in names) or "nothing"


def same_choice(value, choice) -> bool:
    """Whether two choices are the same; 1 and True, 1 and "1" are not."""
    numbers = all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in (value, choice))
    return (numbers or type(value) is type(choice)) and value == choice


SPACE = {
    "lr": [0.001, 0.01, 0.1, 1.0],
    "optimizer": ["sgd", "adam", "rmsprop", "adagrad"],
    "dropout": [None, 0.25],
    "augment": [True, False],
    "schedule": ["none", 0.5, 2, None],
}
EACH_THE_SAME = "All trials draw the same: is a generator made anew, with the same seed, for each of them? Make it once, before the first."
TOGETHER = [
    "One index, or one random number, is drawn for all names: draw one for each name.",
    "Each name has a generator of its own, all with the same seed: let the names share one generator.",
]
ROUNDED = "The first and the last choice come up half as often as those between them, as if a number were rounded: draw a whole one."
OTHER_DRAWS = "Called twice with the same seed, `random_search` draws different parameters."
GRID = {"a": [3, 5, 8, 13], "b": [0.5, 1.5, 2.5, 3.5]}


@pytest.mark.section("Choosing hyperparameters")
class TestRandomSearch:
    def search(self, student, objective, space, trials, seed, wrapped=False):
        """Calls the student's function; gives the trial, with the objective's complaints already dealt with."""
        given = student.function("reseeding")(objective) if wrapped else objective
        trial = student.function("random_search").observed(given, space, trials, seed)
        if objective.complaint:
            fail(f"`random_search` {objective.complaint}.", kin="what the objective gets")
        if trial.error is not None:
            fail(student.sentence(trial.error, "`random_search`"))
        self.result(trial.value)
        return trial

    def result(self, value):
        best, number = pair_of(value, "best_parameters best_value", "`random_search(…)`")
        if isinstance(number, dict) and not isinstance(best, dict):
            fail("The result is in the wrong order: (best_parameters, best_value).")
        return best, plain(number)

    def seed(self, rng):
        return int(rng.integers(0, 10_000))

    @pytest.mark.points(2)
    def test_smallest_value(self, student, rng):
        """The smallest value and its parameters
        Start from no value or from infinity; keep the parameters together with their value.
        """
        for scale, shift in ((1.0, 0.0), (0.25, -50.0), (1e12, 5e12)):
            order = rng.permutation(30)
            while {order[0], order[-1]} & {0, 29}:
                order = rng.permutation(30)
            objective = Objective(SPACE, partial(lambda values, _, call: float(values[call % 30]), shift + scale * order))
            trial = self.search(student, objective, SPACE, 30, self.seed(rng))
            self.expect_best(trial.value, objective)

    def expect_best(self, value, objective):
        best, number = self.result(value)
        values = objective.values
        if not values:
            fail("`random_search` never calls the objective.")
        if best is None:
            fail("No trial was taken for the best: the first value to compare with must not be a finite number, take infinity.")
        wrong = {
            "This is the largest value; the smallest was asked for.": max(values),
            "This is what the objective gave when it was last called.": values[-1],
        }
        wrong |= {"This is the value of the first trial.": values[0], "This is the mean of all values.": float(np.mean(values))}
        expect_number(number, min(values), "best_value", 1e-9, 0, wrong)
        if not isinstance(best, dict):
            fail(f"best_parameters is {describe(best)}, but a dict was expected.", "a dict", describe(best))
        drawn = [call for call, value in zip(objective.calls, values, strict=True) if value == min(values)]
        best = {name: plain(value) for name, value in best.items()}
        if not any(set(best) == set(call) and all(same_choice(best[name], call[name]) for name in call) for call in drawn):
            last = " They are those of the last trial: keep them when the value is the smallest so far, in a dict that isn't changed later."
            last *= best == objective.calls[-1]
            fail(f"best_parameters are not those that gave the smallest value.{last}", drawn[0], best)

    def test_number_of_calls(self, student, rng):
        """The objective is called exactly `trials` times
        Once for each trial, also when a combination comes up again, and not once more for the best.
        """
        for trials in (7, 1):
            objective = Objective(GRID, lambda parameters, call: float(parameters["a"]))
            self.search(student, objective, GRID, trials, self.seed(rng))
            self.expect_calls(objective, trials)

    def expect_calls(self, objective, trials):
        calls = len(objective.calls)
        if calls != trials:
            fail(f"The objective was called {calls} times for {trials} trials.", f"{trials} calls", f"{calls} calls", kin="calls")

    def test_with_replacement(self, student, rng):
        """More trials than combinations
        A combination may come up twice, and is then tried twice: each trial draws from all choices.
        """
        space = {"a": [2], "b": ["x", "y", "z"]}
        objective = Objective(space, lambda parameters, call: float(-call))
        trial = self.search(student, objective, space, 40, self.seed(rng))
        self.expect_calls(objective, 40)
        self.expect_best(trial.value, objective)
        rounds = [[call["b"] for call in objective.calls[start : start + 3]] for start in range(0, 39, 3)]
        if all(len(set(names)) == 3 for names in rounds):
            fail("Combinations are drawn without replacement: each comes up once before any comes up again. Draw each trial from all.")

    @pytest.mark.points(2)
    def test_uniform_and_independent(self, student, rng):
        """Each choice as often as the others, each name independently of the others
        Draw for each name anew, from the whole list of its choices.
        """
        objective = Objective(GRID)
        self.search(student, objective, GRID, 1440, self.seed(rng))
        self.expect_calls(objective, 1440)
        anew = EACH_THE_SAME if all(call == objective.calls[0] for call in objective.calls) else ""
        for name, choices in GRID.items():
            seen = Counter(call[name] for call in objective.calls)
            never = [choice for choice in choices if not seen[choice]]
            if never:
                where = "the last" if never == choices[-1:] else "the first" if never == choices[:1] else f"{len(never)}"
                fail(f"In 1,440 trials {where} of the {len(choices)} choices never came up.", "each about 360 times", dict(seen), anew)
        pairs = Counter((call["a"], call["b"]) for call in objective.calls)
        if len(pairs) <= 4:
            fail("The names are drawn together.", "16 combinations", f"{len(pairs)} combinations", TOGETHER)
        counts = sorted(pairs[pair] for pair in product(*GRID.values()))
        for name in GRID:  # six standard deviations are 99
            seen = Counter(call[name] for call in objective.calls)
            if max(abs(number - 360) for number in seen.values()) > 99:
                first, *between, last = (seen[choice] for choice in GRID[name])
                rounded = ROUNDED if max(abs(first - 240), abs(last - 240), *(abs(number - 480) for number in between)) < 99 else ""
                fail("The choices come up with different probabilities.", "each about 360 times", dict(seen), rounded)
        if all(set(Counter(call[name] for call in objective.calls).values()) == {360} for name in GRID):
            fail("Each choice comes up exactly 360 times in 1,440 trials, which chance doesn't do: the trials depend on each other.")
        if counts[0] < 30 or counts[-1] > 150:  # six standard deviations are 55
            fail("The names are not drawn independently of each other.", "each of the 16 combinations about 90 times", counts)
        if all(len({tuple(call.values()) for call in objective.calls[i : i + 16]}) == 16 for i in range(0, 1440, 16)):
            fail("Combinations are drawn without replacement: each comes up once before any comes up again.")
        repeats = sum(earlier == later for earlier, later in pairwise(objective.calls))
        if not 30 < repeats < 150:
            fail("The trials are not independent of each other.", "about 90 of 1,440 like the one before", f"{repeats}")

    def test_same_seed_same_draws(self, student, rng):
        """The same seed, the same draws; another seed, others
        A generator of its own for each call: `np.random.default_rng(seed)` in the function, not outside.
        """
        seed = self.seed(rng)
        drawn = []
        for number in (seed, seed, seed + 1, seed):
            objective = Objective(SPACE)
            self.search(student, objective, SPACE, 25, number)
            drawn.append(objective.calls)
        if drawn[0] != drawn[1] or drawn[0] != drawn[3]:
            fail(OTHER_DRAWS)
        if drawn[0] == drawn[2]:
            fail("With another seed `random_search` draws the same parameters: is `seed` used?")

    def test_objective_that_seeds(self, student, rng):
        """An objective that seeds the global generators
        Training from fixed weights does so. A generator of your own isn't disturbed: `np.random.default_rng(seed)`.
        """
        seed = self.seed(rng)
        plainly, again, wrapped = Objective(SPACE), Objective(SPACE), Objective(SPACE)
        self.search(student, plainly, SPACE, 25, seed)
        self.search(student, again, SPACE, 25, seed)
        self.search(student, wrapped, SPACE, 25, seed, wrapped=True)
        drawn = {tuple(call.values()) for call in plainly.calls}
        if len(drawn) < 5:
            pairs = {(call["lr"], call["optimizer"]) for call in plainly.calls}
            together = TOGETHER if len(pairs) == len({lr for lr, _ in pairs}) else ""
            fail("In 25 trials fewer than 5 different combinations are drawn.", diagnosis=EACH_THE_SAME if len(drawn) == 1 else together)
        if plainly.calls != again.calls:
            fail(OTHER_DRAWS)
        if plainly.calls != wrapped.calls:
            fail("With an objective that seeds the global generators other parameters are drawn: the global random state is used.")

    def test_space_unchanged(self, student, rng):
        """The space unchanged"""
        objective = Objective(SPACE, lambda parameters, call: float(call % 5))
        trial = self.search(student, objective, SPACE, 12, self.seed(rng))
        self.expect_best(trial.value, objective)
        if 1 in trial.changed:
            fail("`random_search` changes its argument `space` in place; work on a copy instead.")


def pictures(rng, count):
    """Pictures of noise as a network gets them: multiples of 1/4 in [0, 1], float32 (N, 1, 28, 28)."""
    return (rng.integers(0, 5, (count, 1, 28, 28)) / 4).astype(np.float32)


@pytest.mark.section("The training loop")
class TestDigitNet:
    signs: ClassVar = {r"shape '\[(?![1456],)(\d+), 320\]' is invalid": r"The number of pictures is fixed to \1: it is `len(x)`."}

    def test_shape(self, student, rng):
        """(N, 1, 28, 28) gives logits (N, 10), also for one picture
        `squeeze()` drops the batch axis of a single picture; flatten from axis 1 on instead.
        """
        model = student.build("DigitNet")
        for count in (5, 1):
            scores = self.scores(model, pictures(rng, count))
            of_shape(scores, (count, 10), f"DigitNet()(x) for {count} picture{'s' * (count > 1)}")
        x = pictures(rng, 5)
        expect_obedient(model, lambda: model.forward(x), rng, untrained=True)

    def scores(self, model, x):
        """What the network answers."""
        with reading(self.signs):
            return model.forward(x)

    def shapes(self, model) -> list[tuple[int, ...]]:
        expected = sorted(tuple(value.shape) for value in reference.DigitNet().parameters())
        shapes = sorted(model.parameters().values())
        if shapes != expected:
            count = model.parameter_count()
            fail(
                f"DigitNet() has {count:,} parameters, in {len(shapes)} arrays.",
                f"8,490, of the shapes {expected}",
                f"{count:,}, of the shapes {shapes}",
                shape_mistake(shapes),
            )
        return shapes

    def test_parameters(self, student, rng):
        """8,490 parameters in three layers with biases
        10·(1·25 + 1) + 20·(10·25 + 1) + 10·(320 + 1).
        """
        model, x = student.build("DigitNet"), pictures(rng, 4)
        self.scores(model, x)  # lazy layers get their size here
        self.shapes(model)
        expect_nothing_hidden(model, student.build("DigitNet"), x, "DigitNet()", allowed=10)
        expect_obedient(model, lambda: model.forward(x), rng)

    @pytest.mark.points(3)
    def test_function(self, student, rng):
        """The scores that this network computes
        Convolution, ReLU, max pooling 2×2, twice, then the linear layer and nothing after it.
        """
        model, x = student.build("DigitNet"), pictures(rng, 6)
        self.scores(model, x)
        self.shapes(model)
        drawn = {
            shape: (rng.integers(-8, 9, shape) / (4 * np.sqrt(np.prod(shape[1:])))).astype(np.float32) for shape in set(self.shapes(model))
        }
        model.load(model.state() | {name: drawn[shape] for name, shape in model.parameters().items()})
        ours = reference.DigitNet()
        weights = {name: torch.from_numpy(drawn[tuple(value.shape)]) for name, value in ours.state_dict().items()}
        ours.load_state_dict(weights)
        with torch.no_grad():
            expected = ours(torch.from_numpy(x)).numpy()
            pairs = network_mistakes(weights, torch.from_numpy(x))
        received = as_array(model.forward(x))
        fitting = named(received, pairs) if isinstance(received, np.ndarray) else []
        if not fitting and not alike(received, expected) and not alike(received, as_array(model.forward(x))):
            fitting = ["The same pictures get other scores the second time: dropout is on, also in evaluation mode."]
        expect_array(received, expected, "DigitNet()(x) with given weights", 1e-3, 1e-4, dict.fromkeys(fitting, received))


@pytest.mark.section("The training loop")
@pytest.mark.time_limit(30)
class TestDigitPredictions:
    def answers(self, student):
        value = as_array(filled(student.value("digit_predictions"), "digit_predictions"))
        shape = value.shape if isinstance(value, np.ndarray) else ()
        if len(shape) == 1 and shape != (1000,):
            text = f"`digit_predictions` has shape {shape}, but shape (1000,) was expected."
            fail(text, "shape (1000,)", f"shape {shape}", kin="another number of answers")
        scores = ["These are the scores of the ten classes: the answer is the index of the largest, `argmax(dim=1)`."]
        with explained(scores if shape == (1000, 10) else []):
            return of_shape(value, (1000,), "`digit_predictions`")

    def expect_accuracy(self, student, least):
        student.once("whether they are the network's", lambda: self.expect_kept(student))
        answers, model = self.answers(student), kept_model(student, "digit_model")
        share = float((answers == reference.digit_labels()).mean())
        if share < least:
            mistake = student.once("what keeps it from learning", lambda: learning_mistake(model, answers, share))
            fail(f"{share:.1%} of the answers are right.", f"at least {least:.0%}", f"{share:.1%}", mistake)

    def expect_kept(self, student):
        """The answers are those of `digit_model`, a network that knows no more than a `DigitNet` can."""
        answers = self.answers(student)
        if student.value("digit_model") is None:  # its cell was filled in: there are answers
            fail("`digit_model` is None, but a trained network was expected: keep the one whose answers you hand in.")
        model = kept_model(student, "digit_model", "a trained network")
        state = model.state()
        if (size := sum(value.size for value in state.values())) > MODEL_NUMBERS:
            text = f"`digit_model` holds {size:,} numbers; a `DigitNet` has 8,490."
            fail(text, f"at most {MODEL_NUMBERS:,} numbers", f"{size:,} numbers")
        agreeing = max((int((own == answers).sum()) for own in reference.digit_answers(state)), default=0)
        if agreeing < SAME_ANSWERS:  # a network that isn't quite a DigitNet may have learned, too
            agreeing = max(agreeing, self.agreeing(model, answers))
        if agreeing < SAME_ANSWERS:
            mistake = answers_mistake(model, answers)
            text = f"{1000 - agreeing} of the 1,000 answers aren't those that `digit_model` gives for `test_images` in eval mode."
            text += "" if mistake else " Hand in the answers of the network that you keep, as it is now: answer again after training on."
            fail(text, f"at most {1000 - SAME_ANSWERS}", str(1000 - agreeing), mistake, kin="other answers")

    def agreeing(self, model, answers) -> int:
        """How many of the answers the model itself gives, if it knows nothing but its parameters and buffers."""
        pictures = reference.prepared_pictures()
        if (hidden := sum(model.entering(pictures[0][:8]))) > 10:
            fail(f"`digit_model` computes with {hidden:,} numbers that are neither its parameters nor its buffers.")
        most = 0
        for x in pictures:
            scores = of_shape(model.forward(x), (1000, 10), "`digit_model`(pictures)")
            most = max(most, int((scores.argmax(axis=1) == answers).sum()))
            if most >= SAME_ANSWERS:
                before, names = model.state(), model.parameters()
                model.load({name: np.zeros_like(value) if name in names else value for name, value in before.items()})
                empty = model.forward(x[:50])
                model.load(before)
                if np.isfinite(empty).all() and not np.allclose(empty, empty[:1]):
                    fail("With all its parameters set to 0 the outputs of `digit_model` still depend on the picture.")
                break
        return most

    def test_form(self, student):
        """1,000 whole numbers from 0 to 9
        The class of a picture is the index of its largest score: `logits.argmax(dim=1)`.
        """
        answers = self.answers(student)
        if answers.dtype.kind not in "iu":
            fail(f"`digit_predictions` has dtype {answers.dtype}.", "whole numbers", str(answers.dtype))
        if answers.min() < 0 or answers.max() > 9:
            fail("Some answers are no digits.", "numbers from 0 to 9", f"{answers.min()} to {answers.max()}")
        if (answers == answers[0]).all():
            fail(f"All answers are {answers[0]}.", "different digits")

    def test_half(self, student):
        """At least half of the answers are right, and `digit_model` gives them
        Keep the network whose answers you hand in, trained and unchanged, as `digit_model`.
        """
        self.expect_accuracy(student, 0.5)

    def test_four_fifths(self, student):
        """At least 80 % of the answers are right, and `digit_model` gives them"""
        self.expect_accuracy(student, 0.8)

    @pytest.mark.points(3)
    def test_full(self, student):
        """At least 91 % of the answers are right, and `digit_model` gives them
        Usual causes of less: too few epochs, pictures left in 0…255, predictions in training mode, another order.
        """
        self.expect_accuracy(student, FULL_ACCURACY)
