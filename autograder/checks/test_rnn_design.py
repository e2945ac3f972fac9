"""Hidden checks of the assignment `rnn_design`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Inputs of the recurrence are multiples of 1/8 and small, so that tanh is far from its ends and mistakes show; models get
random parameters before they are tried, so that nothing hides behind a layer that starts with zeros.
"""

import random

import numpy as np
import pytest
import torch

from autograder.checking.student import StudentFailed
from autograder.checks.conventions import (
    Call,
    expect_one_convention,
    expect_right,
    expect_shapes,
    expect_told_apart,
    explaining,
)
from autograder.checks.judging import ANOTHER, alike, expect_computed
from autograder.checks.networks import expect_obedient, expect_parameters, kept_model
from autograder.checks.rnn_design_kept import (
    answers_of,
    asked_numbers,
    expect_logits,
    expect_shape,
    numerals,
    unlearned,
    whose_answers,
    why_it_judges_badly,
    why_it_translates_badly,
)
from autograder.checks.rnn_design_mistakes import (
    ALL_FORWARD,
    FORWARD_CONVENTIONS,
    RAGGED,
    STEP,
    STEP_CONVENTIONS,
    STEP_ONLY,
    WINDOW_CONVENTIONS,
    WINDOWS,
    WINDOWS_CUT,
    kept_ragged,
)
from autograder.checks.rnn_design_reading import (
    agree,
    among_others,
    how_the_source_is_read,
    how_the_target_is_read,
    other,
    rows,
    rows_missing,
    unmoved,
    vocabularies_mixed_up,
    where_reading_ends,
    with_reason,
)
from autograder.compare import describe, expect_words, fail, filled
from autograder.reference import rnn_design as reference
from autograder.reference import rnn_design_data as data

pytestmark = pytest.mark.time_limit(10)

ATOL = 2e-5  # honest answers in float32 are a hundred times closer
# `make recipes`, ten runs each: GRU and LSTM with 32 units, 15 epochs, and a plain RNN, 20 epochs: 1.000 each time. Sums of
# word vectors: 0.46 to 0.52, a convolution of width 5 with max pooling: 0.52 to 0.56. A GRU that reads on through the padding:
# 0.43 to 0.49, for sentences have 0 to 9 more zeros in TestSentimentModel; with one number of zeros it can be right by chance.
# The full mark stands 0.10 below the worst honest run and 0.34 above the best of the others.
SENTIMENT_STEPS = (0.65, 0.80, 0.90)
# `make recipes`, ten runs each: GRU with 64 units, 20 epochs: 0.955 to 0.990; LSTM with 64: 0.965 to 0.995; GRU with 32,
# 30 epochs: 0.850 to 0.980. The full mark stands 0.05 below the worst of them.
NUMERAL_STEPS = (0.25, 0.55, 0.80)


def eighths(rng, most, *shape):
    """Multiples of 1/8 from -most/8 to most/8 that are not 0."""
    return rng.integers(1, most + 1, shape) * rng.choice([-1, 1], shape) / 8


def weights(rng, inputs, units):
    """W_xh, W_hh, b: W_hh keeps states from growing, no bias is small."""
    return eighths(rng, 6, units, inputs), eighths(rng, 4, units, units), rng.choice([-1, 1], units) * rng.integers(3, 7, units) / 8


@pytest.mark.section("A state that is handed on")
class TestRnnStep:
    def draw(self, rng, inputs, units):
        x, h = eighths(rng, 12, inputs), eighths(rng, 7, units)
        return x, h, *weights(rng, inputs, units)

    def calls(self, student, rng, sizes, rest=False):
        """The function's answers for drawn arguments, D and H for each of ``sizes``; with ``rest`` the last state is 0."""
        try:
            return self.made(student, rng, sizes, rest)
        except StudentFailed as failure:
            raise with_reason(failure, lambda: self.where_shapes_agree(student, rng)) from None

    def where_shapes_agree(self, student, rng):
        """What explains the answers where D = H and all products are possible; empty if nothing does, or there are none."""
        try:
            texts = explaining(self.made(student, rng, ((3, 3), (5, 5))), STEP_ONLY | STEP, ATOL)
        except StudentFailed:
            return ""
        return " Or: ".join(texts)

    def made(self, student, rng, sizes, rest=False):
        function, made = student.function("rnn_step"), []
        for number, (inputs, units) in enumerate(sizes):
            x, h, W_xh, W_hh, b = self.draw(rng, inputs, units)
            while np.array_equal(x, h) or np.array_equal(W_xh, W_hh):  # single numbers may be: then an exchange doesn't show
                x, h, W_xh, W_hh, b = self.draw(rng, inputs, units)
            h = 0 * h if rest and number == len(sizes) - 1 else h
            made.append(Call(f"rnn_step with D = {inputs}, H = {units}", (x, h, W_xh, W_hh, b), function(x, h, W_xh, W_hh, b)))
        return made

    @pytest.mark.points(3)
    def test_parts(self, student, rng):
        """Input, old state and bias all count, each through its own weights
        W_xh times the input, W_hh times the old state, the bias. Where tanh stands is another check's business.
        """
        calls = self.calls(student, rng, ((3, 2), (4, 6), (7, 3), (3, 3)))
        expect_one_convention(calls, reference.rnn_step, STEP_CONVENTIONS, STEP_ONLY | STEP, ATOL)

    @pytest.mark.points(3)
    def test_one_step(self, student, rng):
        """One step: tanh of the whole sum, also from a state of zeros
        W_xh times the input, W_hh times the old state, the bias: then tanh of their sum. Rows of the matrices belong to outputs.
        """
        calls = self.calls(student, rng, ((3, 2), (4, 6), (7, 3), (3, 3), (5, 5), (3, 4)), rest=True)
        expect_right(calls, reference.rnn_step, STEP_ONLY | STEP, ATOL)

    def test_one_of_each(self, student, rng):
        """One input, one unit: the new state still is a vector
        `squeeze` takes away an axis of length 1 that belongs to the result.
        """
        calls = self.calls(student, rng, [sizes for sizes in ((1, 1), (1, 4), (4, 1)) for _ in range(4)])
        expect_shapes(calls, reference.rnn_step, STEP_ONLY | STEP, ATOL)

    def test_float32(self, student, rng):
        """Arrays of float32 give floats, the same as those of float64 but for rounding
        An array made by `np.zeros(H, dtype=int)` cuts what is stored in it.
        """
        function, calls = student.function("rnn_step"), self.calls(student, rng, [(4, 3)] * 2)
        expect_same_floats(calls, function, STEP_ONLY | STEP)

    def test_pure(self, student, rng):
        """Arguments unchanged, no memory shared
        `h += …` changes the caller's state; make a new array.
        """
        function = student.function("rnn_step")
        cases = [(eighths(rng, 12, 3), eighths(rng, 7, 4), *weights(rng, 3, 4)) for _ in range(2)]
        expect_kept(function, cases, "rnn_step with D = 3, H = 4", STEP_ONLY | STEP)


def expect_kept(function, cases, what, mistakes):
    """Fails if a call changes its arguments or its result is their memory, or doesn't depend on them."""
    expect_told_apart([Call(what, case, function.must_not_change(*case)) for case in cases], mistakes, ATOL)


def expect_same_floats(calls, function, mistakes):
    """Fails unless the answer for float32 is the one for float64 but for rounding, and both are floats."""
    what, arguments, double = calls[0]
    for_single = Call(what, arguments, function(*(a.astype(np.float32) for a in arguments)))
    single, _, double = expect_told_apart([for_single, calls[1], calls[0]], mistakes, ATOL)
    for array in (single, double):
        if array.dtype.kind != "f":
            fail(f"{what} has dtype {array.dtype}.", "floats", str(array.dtype))
    if single.shape != double.shape or not np.allclose(single, double, rtol=1e-4, atol=ATOL):
        if not alike(np.asarray(function(*arguments)), double):
            fail("", diagnosis=ANOTHER)
        texts = explaining([for_single], mistakes, ATOL)
        fail(f"{what} gives other values for arrays of float32 than for the same numbers in float64.", diagnosis=texts)


@pytest.mark.section("A state that is handed on")
class TestRnnForward:
    def draw(self, rng, steps, inputs, units, rest=False):
        xs, h0 = eighths(rng, 12, steps, inputs), eighths(rng, 7, units) * (not rest)
        return (xs, h0, *weights(rng, inputs, units))

    def call(self, student, rng, steps, inputs, units, rest=False):
        arguments = self.draw(rng, steps, inputs, units, rest)
        what = f"rnn_forward with T = {steps}, D = {inputs}, H = {units}"
        return Call(what, arguments, student.function("rnn_forward")(*arguments))

    def again(self, student):
        return lambda call: student.function("rnn_forward")(*call.arguments)

    def expect_states(self, student, calls):
        expect_one_convention(calls, reference.rnn_forward, FORWARD_CONVENTIONS, ALL_FORWARD, ATOL, self.again(student))

    @pytest.mark.points(4)
    def test_recurrence(self, student, rng):
        """The state that one step leaves is what the next one starts from
        Where the states stand in the result, and what one step does, is other checks' business.
        """
        calls = [self.call(student, rng, *sizes, rest=True) for sizes in ((4, 3, 2), (6, 2, 5))]
        self.expect_states(student, calls)

    @pytest.mark.points(3)
    def test_initial_state(self, student, rng):
        """All states h_1 to h_T, in this order, from any initial state
        The first step mixes x_1 with h0; h0 itself isn't part of the result. One state is one row.
        """
        calls = [self.call(student, rng, *sizes) for sizes in ((5, 3, 2), (3, 2, 4), (4, 4, 4))]
        expect_right(calls, reference.rnn_forward, ALL_FORWARD, ATOL, self.again(student))

    def test_one_step(self, student, rng):
        """A sequence of one step, and one of everything
        The result still has two axes.
        """
        calls = [self.call(student, rng, *sizes) for sizes in ((1, 3, 4), (1, 1, 1)) for _ in range(4)]
        expect_shapes(calls, reference.rnn_forward, ALL_FORWARD, ATOL)

    @pytest.mark.points(2)
    def test_long(self, student, rng):
        """A sequence of 60 steps
        Each of them reads its own input.
        """
        calls = [self.call(student, rng, 60, *sizes) for sizes in ((2, 5), (3, 2))]
        self.expect_states(student, calls)

    def test_float32(self, student, rng):
        """Arrays of float32 give floats, the same as those of float64 but for rounding
        An array made by `np.zeros((T, H), dtype=int)` cuts what is stored in it.
        """
        calls = [self.call(student, rng, 5, 3, 4) for _ in range(2)]
        expect_same_floats(calls, student.function("rnn_forward"), ALL_FORWARD)

    def test_pure(self, student, rng):
        """Arguments unchanged, no memory shared
        `h = h0` gives the caller's array a second name: `h[:] = …` then changes h0.
        """
        for steps in (5, 1):
            function, cases = student.function("rnn_forward"), [self.draw(rng, steps, 3, 4) for _ in range(2)]
            expect_kept(function, cases, f"rnn_forward with T = {steps}, D = 3, H = 4", ALL_FORWARD)

    def test_nothing_kept(self, student, rng):
        """The same arguments give the same states again
        Nothing may stay from one call to the next, such as a global state that goes on.
        """
        calls = [self.call(student, rng, 4, 3, 2) for _ in range(2)]
        calls.append(calls[0]._replace(received=self.again(student)(calls[0])))
        array, _, second = expect_told_apart(calls, ALL_FORWARD, ATOL)
        if not alike(array, second):
            fail("", diagnosis=ANOTHER)


@pytest.mark.section("Five patterns")
class TestDesign:
    def answers(self, student):
        """The student's patterns by task, spelled as the table spells them."""
        value = filled(student.value("design"), "design")
        if not isinstance(value, dict):
            fail(f"`design` is {describe(value)}, but a dict was expected.", "a dict", describe(value), kin="no dict")
        given = {str(task).strip().lower(): answer for task, answer in value.items()}
        if given and set(given) <= set(reference.PATTERNS):
            fail("", diagnosis="`design` leads from patterns to tasks; it is to lead from each task to its pattern.")
        return given

    def expect_pattern(self, student, pattern):
        given = self.answers(student)
        for task in (task for task, right in reference.design.items() if right == pattern):
            if task not in given:
                fail(f"`design` has no task {task!r}.")
            if not isinstance(given[task], str):
                expect_words(given[task], pattern, f"The answer for {task!r}")
            if given[task].strip().lower() != pattern:
                fail(f"The answer for {task!r} isn't the fitting pattern.{self.hint(given[task], pattern)}", None, str(given[task])[:60])

    def hint(self, answer, right):
        """What the given pattern has wrong, without the right one's name."""
        answer = answer.strip().lower()
        if answer not in reference.PATTERNS:
            return ""
        reads = {name: name not in ("one-to-one", "one-to-many") for name in reference.PATTERNS}
        writes = {name: name not in ("one-to-one", "many-to-one") for name in reference.PATTERNS}
        parts = []
        if reads[answer] != reads[right]:
            parts.append("What goes in is a sequence." if reads[right] else "What goes in is one thing of fixed size, no sequence.")
        if writes[answer] != writes[right]:
            parts.append("What is wanted is a sequence." if writes[right] else "One output is wanted, no sequence.")
        if not parts:
            parts = ["Does one output belong to each input, or is the whole read before something of another length is written?"]
        return " " + " ".join(parts)

    def test_form(self, student):
        """The ten tasks, each with a pattern of the table
        Spell tasks and patterns as the two tables do.
        """
        given = self.answers(student)
        missing = sorted(set(reference.design) - set(given))
        strange = sorted(set(given) - set(reference.design))
        if missing or strange:
            lacks = f" lacks {missing}" * bool(missing)
            has = f" has {strange}, which the table hasn't" * bool(strange)
            fail(f"`design`{' and'.join(filter(None, (lacks, has)))}.", "the ten tasks of the table")
        for task, answer in given.items():
            word = answer.strip().lower() if isinstance(answer, str) else ""
            expect_words(answer, word, f"The answer for {task!r}", reference.PATTERNS)

    def test_one_to_one(self, student):
        """One thing in, one thing out: two tasks"""
        self.expect_pattern(student, "one-to-one")

    def test_one_to_many(self, student):
        """One thing in, a sequence out: two tasks"""
        self.expect_pattern(student, "one-to-many")

    def test_many_to_one(self, student):
        """A sequence in, one thing out: two tasks"""
        self.expect_pattern(student, "many-to-one")

    def test_aligned(self, student):
        """An output for each input: two tasks"""
        self.expect_pattern(student, "aligned many-to-many")

    def test_encoder_decoder(self, student):
        """A sequence in, another sequence out: two tasks"""
        self.expect_pattern(student, "encoder-decoder")


def stir(model, forward):
    """Gives a model random parameters around 0: what holds at the start (a head of zeros) needn't hold later.

    Rows of zeros stay: they stand for padding. `forward` tries the model.
    """
    forward()  # lazy layers get their size here
    before = model.state()
    draw = np.random.default_rng(5)
    drawn = {}
    for name, shape in model.parameters().items():
        values = draw.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape).astype(np.float32)
        if len(shape) == 2 and before[name].any():
            values[~before[name].any(axis=1)] = 0
        drawn[name] = values
    model.load(before | drawn)
    if not np.isfinite(np.asarray(forward(), dtype=float)).all():  # a layer may allow positive parameters only
        model.load(before)


def steady(ask, what):
    """Answers for the same things, asked twice; the check fails if they differ."""
    answers = ask()
    if not agree(ask(), answers):
        fail("", diagnosis=f"Two passes over the same {what} in eval mode differ: something random is left on.")
    return answers


def expect_plain(scores, what):
    """Fails if these scores (…, classes), made with random weights, show an activation at the end."""
    scores = scores.astype(float)
    if np.allclose(np.exp(np.minimum(scores, 1)).sum(axis=-1), 1, atol=1e-3):
        fail("The exponentials of each row sum to 1: the network ends with log-softmax. Return the scores before it.")
    if (scores >= 0).all() and np.allclose(scores.sum(axis=-1), 1, atol=1e-3):
        fail("Each row sums to 1: the network ends with softmax. Return the scores before it.")
    if (scores >= 0).all():
        fail(f"No score of {what} is negative: an activation stands after the last layer.")


NO_RECURRENCE = "The network computes in as many steps for 20 words as for 5: no recurrent layer reads them one after another."
SENTENCES_READ = "A recurrent layer reads the sentences of a batch one after another, not the words: is `batch_first=True` missing?"


@pytest.mark.section("CNN against RNN: sentences")
class TestSentimentRNN:
    LENGTHS = (5, 2, 9, 1, 7, 3, 9, 4)

    def stirred(self, student, rng, size=30, classes=2):
        """A network with random parameters, and some sentences for it."""
        model = student.build("SentimentRNN", size, num_classes=classes)
        tokens = rows(rng, rng.permutation(self.LENGTHS), size)
        tokens[0, 0] = size - 1
        self.expect_logits(model, tokens, size, classes, "SentimentRNN(…)(tokens)")
        expect_obedient(model, lambda: model.forward(tokens), rng, "sentences")
        stir(model, lambda: model.forward(tokens))
        return model, tokens

    def expect_logits(self, model, tokens, size, classes, what):
        """Fails unless a network for ``size`` words gives logits (N, classes) for these tokens."""
        expect_logits(self.forward(model, tokens, size), tokens, classes, what)

    def forward(self, model, tokens, size):
        try:
            return model.forward(tokens)
        except StudentFailed as failure:
            raise with_reason(failure, lambda: rows_missing(model.forward, size)) from None

    def why(self, model, rng):
        """What a network with random parameters reads, where it doesn't read all words in their order; empty if that can't be told."""
        return SENTENCES_READ if self.read_by(model, rng) == "sentences" else where_reading_ends(model.forward, rng)

    def read_by(self, model, rng):
        """What the network reads one after another: "words", as many steps as there are words, or "sentences"; empty if nothing."""
        words = rows(rng, [20] * 10, 30)
        steps = [model.functions(part) for part in (words, words[:, :5], words[:3])]
        if len(steps[0]) > len(steps[1]) or any(name in step for step in steps[0] for name in ("rnn", "lstm", "gru")):
            return "words"
        return "sentences" if len(steps[0]) > len(steps[2]) else ""

    def recurrent(self, student, rng):
        """A network as above; the check fails where nothing is recurrent in it: what is hard for a recurrence, others get for nothing."""
        model, tokens = self.stirred(student, rng)
        if not self.read_by(model, rng):
            fail("", diagnosis=NO_RECURRENCE)
        return model, tokens

    @pytest.mark.points(2)
    def test_shape(self, student, rng):
        """(N, T) gives logits (N, 2)"""
        model, _ = self.stirred(student, rng)
        for count, length in ((6, 11), (13, 4)):
            logits = model.forward(rows(rng, [length] * count, 30))
            expect_shape(logits, (count, 2), f"SentimentRNN(30)(tokens) for {count} sentences of {length} words")
            if (logits == logits[0]).all():
                fail("All sentences get the same logits: does `forward` use its argument?")

    def test_single(self, student, rng):
        """One sentence, one word
        `squeeze()` drops the axis of a single sentence or a single word.
        """
        model, _ = self.stirred(student, rng)
        for count, length in ((1, 6), (5, 1), (1, 1)):
            what = f"SentimentRNN(30)(tokens) with {count} × {length} tokens"
            expect_shape(model.forward(rows(rng, [length] * count, 30)), (count, 2), what)

    def test_sizes(self, student, rng):
        """Other vocabularies, other numbers of classes
        Token ids run from 0 to vocab_size - 1, so the embedding needs vocab_size rows; the last layer has num_classes outputs.
        """
        for size, classes in ((11, 5), (203, 3)):
            tokens = rows(rng, [4, 7], size)
            tokens[0, 1] = size - 1
            model = student.build("SentimentRNN", size, num_classes=classes)
            self.expect_logits(model, tokens, size, classes, f"SentimentRNN({size}, num_classes={classes})(tokens) for 2 sentences")
            expect_obedient(model, lambda ask=model.forward, tokens=tokens: ask(tokens), rng, "sentences")

    @pytest.mark.points(5)
    def test_long(self, student, rng):
        """Sentences of 80 words
        Places that are numbered in an embedding or a fixed loop end somewhere; a recurrence doesn't.
        """
        model, _ = self.recurrent(student, rng)
        expect_shape(model.forward(rows(rng, [80, 3, 57], 30)), (3, 2), "SentimentRNN(30)(tokens) for sentences of up to 80 words")
        for length in (15, 24, 40, 80):
            tokens = rows(rng, [length] * 10, 30)
            changed = tokens.copy()
            changed[:, -1] = other(rng, tokens[:, -1], 30)
            if unmoved(model.forward(changed), model.forward(tokens)):
                told = f"In ten sentences of {length} words, another last word changes no logit at all: are they read to their end?"
                fail(told, diagnosis=self.why(model, rng))

    @pytest.mark.points(5)
    def test_recurrent(self, student, rng):
        """A recurrent layer reads the words one after another, however long the sentence
        The state is handed on from word to word: `nn.RNN`, `nn.GRU`, `nn.LSTM`, or cells or a formula of your own in a loop.
        """
        model, _ = self.recurrent(student, rng)
        if self.read_by(model, rng) == "sentences":
            fail("", diagnosis=SENTENCES_READ)
        tokens = np.repeat(rows(rng, [1] * 10, 30), 27, axis=1)
        tokens[:, [8, 17]] = rows(rng, [2] * 10, 30)
        exchanged = tokens.copy()
        exchanged[:, [8, 17]] = tokens[:, [17, 8]]
        if unmoved(model.forward(exchanged), model.forward(tokens)):
            fail("Two words nine places apart can be exchanged, and no logit changes.", diagnosis=self.why(model, rng))

    @pytest.mark.points(2)
    def test_embedding(self, student, rng):
        """Each word has a vector of its own
        `nn.Embedding(vocab_size, …)`: the number of a word is a name, no quantity.
        """
        counts = []
        for size in (11, 203):
            model = student.build("SentimentRNN", size)
            self.forward(model, rows(rng, [4, 3], size), size)
            expect_parameters(model)
            counts.append(model.parameter_count())
        if counts[0] >= counts[1]:
            fail("A network for 203 words has no more parameters than one for 11: no word has a vector of its own.")

    @pytest.mark.points(2)
    def test_every_word_counts(self, student, rng):
        """Each word can change the logits, the first as the last
        Usual causes: the output of the first step is read; `batch_first=True` is missing; the state isn't handed on.
        """
        model, _ = self.recurrent(student, rng)
        tokens = rows(rng, [6] * 10, 30)
        logits = model.forward(tokens)
        for place in range(6):
            changed = tokens.copy()
            changed[:, place] = other(rng, tokens[:, place], 30)
            if unmoved(model.forward(changed), logits):
                told = f"In ten sentences of 6 words, another word in place {place + 1} changes no logit at all."
                fail(told, diagnosis=self.why(model, rng))

    def test_order_counts(self, student, rng):
        """The order of the words can change the logits
        Word vectors that are only summed or averaged forget the order: a recurrent layer reads them one after another.
        """
        model, _ = self.stirred(student, rng)
        tokens = rows(rng, [7] * 10, 30)
        if unmoved(model.forward(np.ascontiguousarray(tokens[:, ::-1])), model.forward(tokens)):
            fail("Ten sentences read from their end get the same logits: the order of the words plays no role.")

    @pytest.mark.points(3)
    def test_padding(self, student, rng):
        """In eval mode the zeros behind a sentence change nothing
        Take the state after the sentence's last word (its number of words tells where), not that of the last column,
        and leave the padding out of every mean and maximum.
        """
        model, tokens = self.recurrent(student, rng)
        logits = steady(lambda: model.forward(tokens), "sentences")
        for zeros in (1, 4, 20):
            padded = np.pad(tokens, ((0, 0), (0, zeros)))
            if not agree(model.forward(padded), logits):
                fail(f"With {zeros} more zero{'s' * (zeros > 1)} behind the sentences their logits change: the padding is read like words.")
        for sentence in tokens:  # each alone: what the others of its batch do to it is another check's business
            if not agree(model.forward(sentence[None, : np.count_nonzero(sentence)]), model.forward(sentence[None])):
                fail("A sentence gets other logits without the zeros behind it: the padding is read like words.")

    @pytest.mark.points(2)
    def test_each_sentence_for_itself(self, student, rng):
        """In eval mode logits depend on the sentence alone
        Usual causes: `batch_first=True` is missing, so that the state runs from sentence to sentence; sentences were sorted
        by length and not put back; `F.dropout(x)` without `training=self.training`.
        """
        model, tokens = self.recurrent(student, rng)
        logits = steady(lambda: model.forward(tokens), "sentences")
        for turned in (slice(0, 3), slice(2, 7), slice(None, None, -1)):
            if not agree(model.forward(np.ascontiguousarray(tokens[turned])), logits[turned]):
                told = "A sentence's logits change with the other sentences of its batch, or come in another order."
                if self.read_by(model, rng) == "sentences":
                    fail(told, diagnosis=SENTENCES_READ)
                fail(told, diagnosis=among_others(lambda some: model.forward(tokens[list(some)]), len(tokens), "sentence"))

    def test_plain_scores(self, student, rng):
        """Logits: no softmax and no activation at the end
        `cross_entropy` wants plain scores and applies log-softmax itself.
        """
        model, tokens = self.stirred(student, rng, classes=23)
        expect_plain(model.forward(tokens), "8 sentences and 23 classes")
        model.load({name: 10 * value if name in model.parameters() else value for name, value in model.state().items()})
        if np.abs(model.forward(tokens)).max() <= 1:
            fail("Scores stay between -1 and 1 however large the weights are: an activation stands after the last layer.")


SMALL_VOCABULARY = "The largest ids of `vocabulary` aren't taken: make the network for len(vocabulary) words."


def share_text(answers, labels):
    """The share of right answers, and what to say about it."""
    share = float((answers == labels).mean())
    exchanged = share < 0.1 and np.isin(answers, (0, 1)).all()
    return share, "Nearly all are exchanged: 1 stands for positive." if exchanged else ""


@pytest.mark.section("CNN against RNN: sentences")
class TestSentimentModel:
    def judged(self, student, rng):
        """The model, a function that asks it, its logits for 400 new sentences and the right labels, once for all checks."""
        return student.once("sentiments", lambda: self.drawn(student, rng))

    def drawn(self, student, rng):
        model = kept_model(student, "sentiment_model")
        texts = data.sentences(random.Random(int(rng.integers(2**40))), data.TEST, 400)
        words = data.token_ids([text.split() for text in texts], data.VOCABULARY)
        batches = [np.pad(batch, ((0, 0), (0, 24 + zeros - words.shape[1]))) for zeros, batch in enumerate(np.split(words, 10))]

        def ask(model=model):
            what = "`sentiment_model`(tokens) for 40 sentences"
            return np.concatenate([expect_logits(model.forward(batch), batch, 2, what) for batch in batches])

        try:
            return model, ask, ask(), np.array([data.sentiment(text) for text in texts])
        except StudentFailed as failure:
            raise with_reason(failure, lambda: rows_missing(model.forward, len(data.VOCABULARY)) and SMALL_VOCABULARY) from None

    def why(self, student, rng):
        """Why the model judges no better than by guessing, where tries of it show that."""
        model, _, _, _ = self.judged(student, rng)
        return student.once("why few are judged rightly", lambda: why_it_judges_badly(model, rng))

    def expect_accuracy(self, student, rng, least):
        _, _, logits, labels = self.judged(student, rng)
        self.expect_learned(student, rng)
        share, hint = share_text(logits.argmax(axis=1), labels)
        if share < least:
            told = f"{share:.1%} of 400 new sentences of 13 to 24 words are judged rightly."
            fail(told, f"at least {least:.0%}", f"{share:.1%}", hint or self.why(student, rng))

    def test_logits(self, student, rng):
        """Logits for long sentences, not the same for all"""
        _, _, logits, _ = self.judged(student, rng)
        if (logits.argmax(axis=1) == logits[0].argmax()).all():
            fail("All 400 sentences get the same answer.", diagnosis=self.why(student, rng))

    def test_knows_by_its_parameters(self, student, rng):
        """What it knows sits in its parameters
        The network is to learn from the sentences; a rule that was written down knows the answer without parameters.
        """
        if self.expect_learned(student, rng) > 0.9:
            fail("With all its parameters set to 0 the model gives nearly the same answers.", diagnosis=self.why(student, rng))

    def expect_learned(self, student, rng):
        """How many answers are the same with all parameters 0; the check fails if the model judges as well without what it has learned."""
        return student.once("learned", lambda: self.unlearn(student, rng))

    def unlearn(self, student, rng):
        model, ask, logits, labels = self.judged(student, rng)
        before, same, shares = model.state(), [], []
        for state in unlearned(model):
            model.load(state)
            answers = ask().argmax(axis=1)
            same.append((answers == logits.argmax(axis=1)).mean())
            shares.append(abs((answers == labels).mean() - 0.5))
        model.load(before)  # the other checks want it as it was
        if shares[0] > 0.2 or min(shares[1:]) > 0.4:
            fail("With all its parameters set to 0, or to random numbers, the model judges as well: a rule was written into it.")
        return float(same[0])

    def test_two_thirds(self, student, rng):
        """At least 65 % of 400 new, long sentences are right"""
        self.expect_accuracy(student, rng, SENTIMENT_STEPS[0])

    @pytest.mark.points(2)
    def test_four_fifths(self, student, rng):
        """At least 80 % of 400 new, long sentences are right"""
        self.expect_accuracy(student, rng, SENTIMENT_STEPS[1])

    @pytest.mark.points(3)
    def test_full(self, student, rng):
        """At least 90 % of 400 new, long sentences are right
        Usual causes of less: the padding is read, too few epochs, no clipping of gradients, exploding or vanishing ones.
        """
        self.expect_accuracy(student, rng, SENTIMENT_STEPS[2])


@pytest.mark.section("CNN against RNN: sentences")
class TestSentimentPredictions:
    LABELS = reference.hidden_answers()[0].astype(int)

    def answers(self, student):
        value = filled(student.value("sentiment_predictions"), "sentiment_predictions")
        shape, texts = np.shape(value) if isinstance(value, np.ndarray) else (len(value),) if isinstance(value, list) else (), {}
        if shape == (500, 2):
            texts = {"These are two numbers a sentence, such as logits; its answer is the place of the larger one.": value}
        if shape[:1] == (len(data.make()[0]["train"]),):
            texts = {"These are as many as there are labelled sentences; `test_sentences` are to be judged.": value}
        return expect_shape(value, (500,), "`sentiment_predictions`", texts)

    def why(self, student, answers):
        """Whose answers these are, where it can be told; else what of them is strange, or empty."""
        model = kept_model(student, "sentiment_model")
        return student.once("whose answers", lambda: whose_answers(model, answers, self.own(student), self.LABELS))

    def own(self, student):
        """The answers of `sentiment_model` for the same sentences."""
        return student.once("own answers", lambda: self.asked(kept_model(student, "sentiment_model")))

    def asked(self, model):
        return answers_of(model, [text.split() for text in data.make()[0]["test"]], "`sentiment_model`(test_tokens)")

    def expect_accuracy(self, student, least):
        answers = self.answers(student)
        share, hint = share_text(answers, self.LABELS)
        counted = float(((answers == self.LABELS) & (answers == self.own(student))).mean())
        if counted < least:
            of_model = f", but only {counted:.1%} are both right and given by `sentiment_model`" if share - counted > 0.01 else ""
            why = hint or self.why(student, answers)
            fail(f"{share:.1%} of the answers are right{of_model}.", f"at least {least:.0%}", f"{counted:.1%}", why)

    def test_form(self, student):
        """500 whole numbers, 0 or 1
        The class of a sentence is the place of its largest logit: `logits.argmax(dim=1)`.
        """
        answers = self.answers(student)
        if answers.dtype.kind not in "iu":
            told = f"`sentiment_predictions` has dtype {answers.dtype}."
            whole = np.isin(answers, (0, 1)).all()
            fail(told, "whole numbers", str(answers.dtype), "" if whole else self.why(student, answers))
        if not np.isin(answers, (0, 1)).all():
            told = "Some answers are neither 0 nor 1."
            fail(told, "0 or 1", f"{answers.min()} to {answers.max()}", self.why(student, answers))
        if (answers == answers[0]).all():
            fail("", "different answers", diagnosis=f"All answers are {answers[0]}.")

    def test_the_model_answers(self, student):
        """They are the answers of `sentiment_model` in eval mode
        Usual causes: another order of the sentences, training mode with dropout, a model that was trained on afterwards.
        """
        if (different := int((self.own(student) != self.answers(student)).sum())) > 5:
            answers = self.answers(student)
            told = f"{different} of the 500 answers aren't those that `sentiment_model` gives."
            why = share_text(answers, self.LABELS)[1] or self.why(student, answers)
            fail(told, "at most 5", str(different), why)

    def test_two_thirds(self, student):
        """At least 65 % of the answers are right"""
        self.expect_accuracy(student, SENTIMENT_STEPS[0])

    @pytest.mark.points(2)
    def test_four_fifths(self, student):
        """At least 80 % of the answers are right"""
        self.expect_accuracy(student, SENTIMENT_STEPS[1])

    @pytest.mark.points(4)
    def test_full(self, student):
        """At least 90 % of the answers are right
        Usual causes of less: the padding is read, too few epochs, another order of the sentences.
        """
        self.expect_accuracy(student, SENTIMENT_STEPS[2])


@pytest.mark.section("Pictures as sequences of windows")
class TestImageToSequence:
    def picture(self, rng, shape, kind=np.float64):
        """A picture of which no two pixels are alike, with fractions if its type has any."""
        numbers = rng.permutation(int(np.prod(shape))).reshape(shape) + 1
        return (numbers + 256 * (numbers % 3 == 0) + 0.75 if np.dtype(kind).kind == "f" else numbers).astype(kind)

    def call(self, student, rng, shape, window, stride, kind=np.float64, by_name=False, times=1):
        image, function = times * self.picture(rng, shape, kind), student.function("image_to_sequence")
        received = function(image, window=window, stride=stride) if by_name else function(image, window, stride)
        what = f"image_to_sequence(image, {window}, {stride}) with a picture {shape[0]}×{shape[1]}"
        return Call(what, (image, window, stride), received)

    def expect_windows(self, student, rng, *sizes):
        """The right windows of pictures, in whichever consistent order."""
        calls, failure = self.calls(student, rng, sizes)
        self.expect_no_ragged_ones(calls)
        if calls:
            expect_one_convention(calls, reference.image_to_sequence, WINDOW_CONVENTIONS | WINDOWS_CUT, WINDOWS, ATOL)
        if failure is not None:
            raise failure

    def calls(self, student, rng, sizes):
        """The calls up to the first that failed by itself, and that failure."""
        made = []
        try:
            for size in sizes:
                made.append(self.call(student, rng, *size))
        except StudentFailed as failure:
            return made, failure
        return made, None

    def expect_no_ragged_ones(self, calls):
        """Fails where windows were kept that the border cuts: told as that, not as lists of numbers that are no array."""
        if calls and all(kept_ragged(call.received, *call.arguments) for call in calls):
            wrong = [call for call in calls if len(call.received) != len(reference.image_to_sequence(*call.arguments))]
            for call in wrong[:1]:
                windows = len(reference.image_to_sequence(*call.arguments))
                fail(f"{call.what} has {len(call.received)} windows.", f"{windows} windows", f"{len(call.received)} windows", RAGGED)

    @pytest.mark.points(2)
    def test_windows(self, student, rng):
        """Windows side by side and windows that overlap
        The stride is how far the window moves, not how large it is. The order is another check's business.
        """
        self.expect_windows(student, rng, ((6, 6), 2, 2), ((5, 5), 3, 1), ((8, 8), 4, 2))

    @pytest.mark.points(3)
    def test_order(self, student, rng):
        """Row by row: left to right, then down; inside a window row by row as well
        Rows belong to the first axis of the picture, columns to the second.
        """
        calls = [self.call(student, rng, *sizes) for sizes in (((6, 6), 2, 2), ((9, 9), 3, 3), ((5, 5), 3, 1))]
        self.expect_no_ragged_ones(calls)
        expect_right(calls, reference.image_to_sequence, WINDOWS, ATOL)

    def test_not_square(self, student, rng):
        """Pictures that are not square
        There are as many rows of windows as fit into H, as many columns as fit into W.
        """
        self.expect_windows(student, rng, ((4, 8), 2, 2), ((9, 5), 3, 2))

    @pytest.mark.points(2)
    def test_incomplete_windows(self, student, rng):
        """Windows that reach over the border are dropped
        There are ⌊(H - window) / stride⌋ + 1 rows of windows; nothing is filled up.
        """
        self.expect_windows(student, rng, ((7, 9), 2, 2), ((8, 10), 3, 2), ((10, 8), 2, 3))

    def test_extreme_sizes(self, student, rng):
        """Windows of one pixel, a window as large as the picture, whole numbers
        The result has two axes, also when there is one window or one pixel in it.
        """
        sizes = (
            ((3, 4), 1, 1, np.uint8, False),
            ((4, 4), 4, 1, np.int64, False),
            ((3, 5), 3, 4, np.float32, True),
        )
        calls, failure = self.calls(student, rng, [(*size, times) for size in sizes for times in (1, 2)])
        self.expect_no_ragged_ones(calls)
        expect_shapes(calls[: len(calls) // 2 * 2], reference.image_to_sequence, WINDOWS, ATOL)
        if failure is not None:
            raise failure

    def test_pure(self, student, rng):
        """Picture unchanged, no memory shared
        Also with one window over the whole picture, and with windows of one pixel: `reshape` gives a view there.
        """
        image, function = eighths(rng, 20, 4, 4), student.function("image_to_sequence")
        for window, stride in ((2, 2), (4, 1), (1, 1)):
            cases = [(picture, window, stride) for picture in (image, 1 - 2 * image)]
            expect_kept(function, cases, f"image_to_sequence(image, {window}, {stride})", WINDOWS)

    @pytest.mark.points(2)
    def test_values(self, student, rng):
        """The picture's own values: fractions stay, and large numbers
        An array made by `np.zeros(…, dtype=int)` or `astype` cuts what is stored in it.
        """
        for kind in (np.float64, np.float32, np.int32):
            call = self.call(student, rng, (6, 6), 2, 2, kind)
            (array,) = expect_computed([call.received], call.what)
            if not np.isin(array.astype(float), call.arguments[0].astype(float)).all():
                texts = explaining([call], WINDOWS, ATOL)
                fail(f"{call.what} of {np.dtype(kind).name} holds numbers that aren't in the picture.", diagnosis=texts)


@pytest.mark.section("Many to many: an encoder and a decoder")
class TestTranslator:
    def scores(self, student, model, source, target):
        return student.function("translator_scores")(model, torch.from_numpy(source), torch.from_numpy(target))

    def expect_logits(self, logits, source, target, size):
        """An array (N, L, size) of finite numbers."""
        (pairs, places), texts = target.shape, {}
        shape = np.shape(logits) if isinstance(logits, np.ndarray) else ()
        if shape == (pairs, size, places) and size != places:
            texts = {"The last two axes are exchanged: (N, L, target_size), for each place the scores of all symbols.": logits}
        if shape == (pairs, size) and places > 1:
            texts = {"There are logits for one place only; those of all L places are asked for.": logits}
        what = f"`translator_scores` for source {source.shape} and target {target.shape}"
        return expect_shape(logits, (pairs, places, size), what, texts)

    def why_of_the_batch(self, ask, source, target):
        return among_others(lambda some: ask(source[list(some)], target[list(some)]), len(source), "pair")

    def stirred(self, student, rng, sizes=(20, 9)):
        """A translator with random parameters, the function that asks it, and some pairs for it."""
        model = student.build("Translator", *sizes)
        source, target = rows(rng, rng.permutation([3, 5, 1, 5, 2, 4]), sizes[0]), rows(rng, [7] * 6, sizes[1])

        def ask(source, target):
            logits = self.scores(student, model, np.ascontiguousarray(source), np.ascontiguousarray(target))
            return self.expect_logits(logits, source, target, sizes[1])

        try:
            ask(source, target)
        except StudentFailed as failure:
            raise with_reason(failure, lambda: vocabularies_mixed_up(ask, *sizes)) from None
        expect_obedient(model, lambda: ask(source, target), rng, "pairs")
        stir(model, lambda: ask(source, target))
        return ask, source, target

    @pytest.mark.points(2)
    def test_shape(self, student, rng):
        """Logits of shape (N, L, target_size), whatever the sizes"""
        for sizes in ((20, 9), (12, 15)):
            ask, _, _ = self.stirred(student, rng, sizes)
            for pairs, words, symbols in ((3, 4, 9), (4, 12, 2), (2, 1, 25)):
                logits = ask(rows(rng, [words] * pairs, sizes[0]), rows(rng, [symbols] * pairs, sizes[1]))
                if (logits == logits[:, :1]).all() and symbols > 2:
                    why = how_the_target_is_read(ask, rng, rows(rng, [5] * 6, sizes[0]), rows(rng, [7] * 6, sizes[1]), sizes[1])
                    fail("The logits are the same at all places: does the decoder read the target?", diagnosis=why)

    def test_single(self, student, rng):
        """One pair, one word, one symbol
        `squeeze()` drops the axis of a single pair or a single symbol.
        """
        ask, _, _ = self.stirred(student, rng)
        for pairs, words, symbols in ((1, 4, 6), (1, 1, 1), (3, 1, 1)):
            ask(rows(rng, [words] * pairs, 20), rows(rng, [symbols] * pairs, 9))

    @pytest.mark.points(2)
    def test_no_peeking(self, student, rng):
        """Logits never depend on later symbols of the target
        While translating, those aren't written yet: no bidirectional decoder, and the logits at place t come after reading
        target[:, t], not target[:, t + 1].
        """
        ask, source, target = self.stirred(student, rng)
        logits = steady(lambda: ask(source, target), "pairs")
        for place in range(6):
            changed = target.copy()
            changed[:, place + 1 :] = other(rng, target[:, place + 1 :], 9)
            if not agree(ask(source, changed)[:, : place + 1], logits[:, : place + 1]):
                told = f"Other symbols from place {place + 2} on change the logits before them: the decoder sees what it is to say."
                fail(told, diagnosis=how_the_target_is_read(ask, rng, source, target, 9))
        if not agree(ask(source, target[:, :4]), logits[:, :4]):
            fail("The logits of the first four places change when the target ends there.")

    def test_reads_the_target(self, student, rng):
        """Logits depend on all symbols read so far
        The decoder is recurrent: its state carries the earlier symbols.
        """
        ask, source, target = self.stirred(student, rng)
        logits = ask(source, target)
        for place in (6, 3, 0):
            changed = target.copy()
            changed[:, place] = other(rng, target[:, place], 9)
            if unmoved(ask(source, changed)[:, -1], logits[:, -1]):
                told = f"Of 7 symbols, another one in place {place + 1} doesn't change the logits of the last place at all."
                why = self.why_of_the_batch(ask, source, target) or how_the_target_is_read(ask, rng, source, target, 9)
                fail(told, diagnosis=why)

    @pytest.mark.points(3)
    def test_reads_the_source(self, student, rng):
        """Logits depend on every word of the source, and on their order
        The decoder starts from what the encoder knows after the last word.
        """
        ask, _, target = self.stirred(student, rng)
        source = rows(rng, [5] * 6, 20)
        logits = ask(source, target)
        for place in range(5):
            changed = source.copy()
            changed[:, place] = other(rng, source[:, place], 20)
            after = ask(changed, target)
            if unmoved(after[:, 0], logits[:, 0]) or unmoved(after, logits):
                told = f"Another word in place {place + 1} of the source doesn't change the first symbol's logits at all."
                fail(told, diagnosis=how_the_source_is_read(ask, rng, source, target, 20))
        if unmoved(ask(source[:, ::-1], target), logits):
            fail("The source read from its end gives the same logits: the order of its words plays no role.")

    @pytest.mark.points(2)
    def test_plain_scores(self, student, rng):
        """Logits: no softmax and no activation at the end
        `cross_entropy` wants plain scores and applies log-softmax itself.
        """
        ask, source, target = self.stirred(student, rng, (20, 23))
        expect_plain(ask(source, target), "6 pairs and 23 symbols")

    def test_padding(self, student, rng):
        """In eval mode the zeros behind the source change nothing
        Start the decoder from the encoder's state after the last word, not from that of the last column.
        """
        ask, source, target = self.stirred(student, rng)
        logits = steady(lambda: ask(source, target), "pairs")
        for zeros in (1, 6):
            if not agree(ask(np.pad(source, ((0, 0), (0, zeros))), target), logits):
                fail(f"With {zeros} more zero{'s' * (zeros > 1)} behind the source the logits change: the padding is read like words.")
        for row in range(len(source)):  # each alone: what the others of its batch do to it is another check's business
            long, symbols = source[row : row + 1], target[row : row + 1]
            if not agree(ask(long[:, : np.count_nonzero(long)], symbols), ask(long, symbols)):
                fail("A pair gets other logits without the zeros behind its source: the padding is read like words.")

    def test_each_pair_for_itself(self, student, rng):
        """In eval mode logits depend on the pair alone
        Usual causes: `batch_first=True` is missing, dropout is left on, pairs were sorted by length and not put back.
        """
        ask, source, target = self.stirred(student, rng)
        logits = steady(lambda: ask(source, target), "pairs")
        for turned in (slice(0, 2), slice(1, 5), slice(None, None, -1)):
            if not agree(ask(source[turned], target[turned]), logits[turned]):
                told = "A pair's logits change with the other pairs of its batch, or come in another order."
                fail(told, diagnosis=self.why_of_the_batch(ask, source, target))


NOT_ITS_OWN = "Most numerals are right, but `translator` doesn't write them: only what it writes counts."


@pytest.mark.section("Many to many: an encoder and a decoder")
class TestTranslations:
    NUMERALS = reference.hidden_answers()[1]

    def answers(self, student):
        """The 200 texts, in capitals and without spaces around."""
        value = filled(student.value("translations"), "translations")
        if isinstance(value, np.ndarray) and value.ndim == 1:
            value = value.tolist()
        if not isinstance(value, (list, tuple)):
            fail(f"`translations` is {describe(value)}, but a list of 200 texts was expected.", "a list", describe(value), kin="no list")
        if len(value) != 200:
            fail(f"`translations` holds {len(value)} things.", "200 texts", f"{len(value)}", kin="number")
        strange = next((text for text in value if not isinstance(text, str)), None)
        if strange is not None or None in value:
            fail(f"`translations` holds {describe(strange)}, but only texts were expected.", "200 texts", describe(strange), kin="no texts")
        return [text.strip().upper() for text in value]

    def own(self, student):
        """What `translator` writes for the same numbers; the check fails if it has not learned it."""
        return student.once("own numerals", lambda: self.asked(student, kept_model(student, "translator")))

    def asked(self, student, model):
        source = asked_numbers()
        own, before = numerals(student, model, source), model.state()
        for state in unlearned(model):
            model.load(state)
            if self.share(numerals(student, model, source[:40]), over=40) > 0.2:
                fail("With all its parameters set to 0, or to random numbers, `translator` still translates: rules were written into it.")
        model.load(before)
        return own

    def expect_share(self, student, least):
        given = self.answers(student)
        own, share = self.own(student), self.share(given)
        counted = self.share([text if text == other else None for text, other in zip(given, own, strict=True)])
        if counted < least:
            of_model = f", but only {counted:.1%} are both right and written by `translator`" if share - counted > 0.025 else ""
            why = self.hint(given) or (NOT_ITS_OWN if share - counted > 0.5 else self.why(student, given))
            fail(f"{share:.1%} of the numerals are right{of_model}.", f"at least {least:.0%}", f"{counted:.1%}", why)

    def why(self, student, given):
        """Why `translator` translates badly, where its answers are given; empty if these are others or it can't be told."""
        if sum(text != other for text, other in zip(given, self.own(student), strict=True)) > 5:
            return ""
        return student.once(
            "why so few are translated rightly", lambda: why_it_translates_badly(student, kept_model(student, "translator"))
        )

    def share(self, given, change=lambda numeral: numeral, over=200):
        return float(np.mean([text == change(right) for text, right in zip(given, self.NUMERALS[:over], strict=True)]))

    def hint(self, given):
        """A sentence if the answers are mostly right but for one mistake."""
        changes = {
            "Most lack their first letter: the decoder's first answer, after <start>, is a letter of the numeral.": lambda n: n[1:],
            "Most lack their last letter: keep everything before <end>.": lambda n: n[:-1],
            "Most are written from right to left.": lambda n: n[::-1],
            "Most have spaces between the letters.": " ".join,
        }
        for text, change in changes.items():
            if self.share(given, change) > 0.25:
                return text
        begun = np.mean([text.startswith(right) for text, right in zip(given, self.NUMERALS, strict=True)])
        return "Most begin rightly, then go on too long: stop at <end>." if begun > 0.25 + self.share(given) else ""

    def test_form(self, student):
        """A list of 200 texts of the letters IVXLCDM
        Cut each answer at `<end>` and join what stands before it.
        """
        given = self.answers(student)
        strange = [text for text in given if set(text) - set("IVXLCDM")]
        if len(strange) > 5:
            text = strange[0][:40]
            fail(f"{len(strange)} texts hold other signs, such as {text!r}.", "letters I, V, X, L, C, D, M", text, self.hint(given))
        if len(set(given)) == 1:
            fail("", "different numerals", diagnosis=f"All answers are {given[0][:40]!r}.")

    def test_network(self, student):
        """They are what `translator` writes
        Usual causes of others: another order of the numbers, a network that was trained on afterwards, spaces or signs in between.
        """
        given, own = self.answers(student), self.own(student)
        if (different := sum(text != other for text, other in zip(given, own, strict=True))) > 5:
            why = self.hint(given) or (NOT_ITS_OWN if self.share(given) - self.share(own) > 0.5 else "")
            fail(f"{different} of the 200 texts aren't those that `translator` writes.", "at most 5", str(different), why)

    @pytest.mark.points(2)
    def test_quarter(self, student):
        """At least 25 % of the numerals are right to the last letter"""
        self.expect_share(student, NUMERAL_STEPS[0])

    @pytest.mark.points(3)
    def test_half(self, student):
        """At least 55 % of the numerals are right to the last letter"""
        self.expect_share(student, NUMERAL_STEPS[1])

    @pytest.mark.points(4)
    def test_full(self, student):
        """At least 80 % of the numerals are right to the last letter
        Usual causes of less: too few epochs, answers that don't stop at `<end>`, training inputs that aren't one place off,
        an LSTM that hands only one of its two states on to the decoder.
        """
        self.expect_share(student, NUMERAL_STEPS[2])
