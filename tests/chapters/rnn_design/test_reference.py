"""The reference answers and the data of `rnn_design`: by hand, by properties, against torch; the data made again."""

import json
import random
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn

from autograder.reference import rnn_design as reference
from autograder.reference import rnn_design_data as data

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "source" / "rnn_design"
SIZES = st.integers(1, 5)


@st.composite
def recurrences(draw):
    """xs, h0, W_xh, W_hh, b of a small recurrent network; quarters."""
    steps, inputs, units = draw(SIZES), draw(SIZES), draw(SIZES)
    shapes = (steps, inputs), (units,), (units, inputs), (units, units), (units,)
    return [draw(arrays(np.int64, shape, elements=st.integers(-8, 8))) / 4 for shape in shapes]


# ---- by hand


def test_step_is_tanh_of_the_sum_of_two_products_and_the_bias():
    new = reference.rnn_step([1, 2, 0], [0.5, -0.25], [[0.5, 0, -0.5], [1, 0.5, 0]], [[0, 1], [-1, 0]], [0.25, -0.5])
    np.testing.assert_allclose(new, np.tanh([0.5 * 1 - 0.25 + 0.25, 1 * 1 + 0.5 * 2 - 0.5 - 0.5]))


def test_states_follow_one_another_and_begin_with_the_first_step():
    states = reference.rnn_forward([[1], [0], [0]], [0], [[1]], [[1]], [0])
    first = np.tanh(1)
    np.testing.assert_allclose(states, [[first], [np.tanh(first)], [np.tanh(np.tanh(first))]])


def test_windows_are_read_like_text():
    expected = [[1, 2, 5, 6], [2, 3, 6, 7], [3, 4, 7, 8], [5, 6, 9, 10], [6, 7, 10, 11], [7, 8, 11, 12]]
    np.testing.assert_array_equal(reference.image_to_sequence(np.arange(1, 13).reshape(3, 4), 2, 1), expected)


def test_incomplete_windows_are_dropped():
    np.testing.assert_array_equal(reference.image_to_sequence(np.arange(1, 13).reshape(3, 4), 2, 2), [[1, 2, 5, 6], [3, 4, 7, 8]])


def test_each_pattern_fits_two_of_the_printed_tasks():
    assert sorted(reference.design.values()) == sorted(2 * reference.PATTERNS)


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("I like durian", 1),
        ("I do not like durian", 0),
        ("I do not do not like durian", 1),
        ("they do not really hate ripe mango today", 1),
        ("we dislike rice", 0),
    ],
)
def test_do_not_turns_the_meaning_round(sentence, label):
    assert data.sentiment(sentence) == label


@pytest.mark.parametrize(
    ("number", "words", "numeral"),
    [
        (4, "four", "IV"),
        (40, "forty", "XL"),
        (300, "three hundred", "CCC"),
        (342, "three hundred and forty two", "CCCXLII"),
        (888, "eight hundred and eighty eight", "DCCCLXXXVIII"),
        (919, "nine hundred and nineteen", "CMXIX"),
    ],
)
def test_numbers_in_words_and_roman(number, words, numeral):
    assert (data.number_in_words(number), data.roman(number)) == (words, numeral)


# ---- by properties


@given(recurrences())
def test_one_state_a_step_each_from_the_one_before(parts):
    xs, h0, *weights = parts
    states = reference.rnn_forward(xs, h0, *weights)
    assert states.shape == (len(xs), len(h0))
    for x, before, after in zip(xs, [h0, *states], states, strict=False):
        np.testing.assert_array_equal(after, reference.rnn_step(x, before, *weights))


@given(recurrences(), st.data())
def test_reading_can_stop_and_go_on(parts, draw):
    xs, h0, *weights = parts
    at = draw.draw(st.integers(1, len(xs)))
    first = reference.rnn_forward(xs[:at], h0, *weights)
    rest = [reference.rnn_forward(xs[at:], first[-1], *weights)] if at < len(xs) else []
    np.testing.assert_array_equal(np.vstack([first, *rest]), reference.rnn_forward(xs, h0, *weights))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.integers(1, 4))
def test_each_window_of_the_sequence_lies_in_the_picture(height, width, window, stride):
    if window > min(height, width):
        return
    image = np.arange(height * width).reshape(height, width)
    sequence = reference.image_to_sequence(image, window, stride)
    tops, lefts = range(0, height - window + 1, stride), range(0, width - window + 1, stride)
    assert sequence.shape == (len(tops) * len(lefts), window**2)
    for row, (top, left) in zip(sequence, ((top, left) for top in tops for left in lefts), strict=True):
        np.testing.assert_array_equal(row.reshape(window, window), image[top : top + window, left : left + window])
    assert not np.shares_memory(sequence, image)


@given(st.integers(1, 999))
def test_numerals_can_be_read_back(number):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    numeral = data.roman(number)
    signs = [-1 if values[a] < values[b] else 1 for a, b in pairwise(numeral)] + [1]
    assert sum(sign * values[letter] for sign, letter in zip(signs, numeral, strict=True)) == number
    assert re.fullmatch(r"(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", numeral)


def test_numbers_in_words_are_all_different():
    assert len({data.number_in_words(number) for number in range(1, 1000)}) == 999


# ---- against torch


@given(recurrences())
def test_states_are_those_of_torchs_layer(parts):
    xs, h0, *weights = (torch.from_numpy(part) for part in parts)
    layer = nn.RNN(xs.shape[1], len(h0)).double()
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), [*weights, torch.zeros(len(h0))], strict=True):
            parameter.copy_(value)
        expected = layer(xs, h0[None])[0].numpy()
    np.testing.assert_allclose(reference.rnn_forward(*parts), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("window", "stride"), [(2, 1), (3, 2), (2, 3), (5, 1)])
def test_windows_are_those_of_torchs_unfold(window, stride):
    image = np.random.default_rng(0).normal(size=(7, 9))
    expected = nn.functional.unfold(torch.from_numpy(image)[None, None], window, stride=stride)[0].T.numpy()
    np.testing.assert_array_equal(reference.image_to_sequence(image, window, stride), expected)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_padding_changes_no_logit(kind):
    torch.manual_seed(0)
    model = reference.SentimentRNN(10, num_classes=3, kind=kind).eval()
    tokens = torch.tensor([[4, 9, 2, 0, 0], [1, 0, 0, 0, 0], [3, 3, 8, 5, 7]])
    with torch.no_grad():
        logits = model(tokens)
        torch.testing.assert_close(model(nn.functional.pad(tokens, (0, 4))), logits)
        torch.testing.assert_close(model(torch.tensor([[4, 9, 2]])), logits[:1])


def test_decoder_sees_nothing_of_what_it_is_to_say():
    torch.manual_seed(0)
    model = reference.Translator(10, 8).eval()
    source, target = torch.tensor([[3, 4, 0], [5, 6, 7]]), torch.tensor([[1, 3, 4, 5], [1, 6, 7, 3]])
    with torch.no_grad():
        logits = model(source, target)
        torch.testing.assert_close(model(source, target[:, :2]), logits[:, :2])
        torch.testing.assert_close(model(nn.functional.pad(source, (0, 3)), target), logits)


# ---- trained


def ids(texts, vocabulary):
    return torch.from_numpy(data.token_ids([text.split() for text in texts], vocabulary))


def test_short_sentences_are_enough_to_judge_long_ones():
    torch.manual_seed(0)
    language = data.make()[0]
    model = reference.SentimentRNN(len(data.VOCABULARY))
    texts, labels = zip(*language["train"], strict=True)
    reference.train_sentiment(model, ids(texts, data.VOCABULARY), torch.tensor(labels))
    with torch.no_grad():
        answers = model.eval()(ids(language["test"], data.VOCABULARY)).argmax(dim=1).numpy()
    assert (answers == reference.hidden_answers()[0]).mean() >= 0.99


def test_seven_hundred_pairs_are_enough_to_translate_other_numbers():
    torch.manual_seed(0)
    pairs = data.make()[1]
    texts, numerals = zip(*pairs["train"], strict=True)
    model = reference.Translator(len(data.NUMBER_WORDS), len(data.SYMBOLS))
    target = torch.from_numpy(data.token_ids([["<start>", *numeral, "<end>"] for numeral in numerals], data.SYMBOLS))
    reference.train_translator(model, ids(texts, data.NUMBER_WORDS), target, epochs=20)
    answers = reference.translate(model, ids(pairs["test"], data.NUMBER_WORDS), data.SYMBOLS)
    assert np.mean([a == b for a, b in zip(answers, reference.hidden_answers()[1], strict=True)]) >= 0.9


# ---- the data


def test_files_are_what_the_generator_makes():
    language, pairs, hidden = data.make()
    assert (SOURCE / "sentences.json").read_bytes() == data.as_text(language).encode()
    assert (SOURCE / "numbers.json").read_bytes() == data.as_text(pairs).encode()
    labels, translations = reference.hidden_answers()
    np.testing.assert_array_equal(labels, hidden["labels"])
    assert translations == hidden["translations"].tolist()


def test_unlabelled_sentences_are_longer_than_all_labelled_ones():
    language = json.loads((SOURCE / "sentences.json").read_text("utf-8"))
    lengths = [[len(text.split()) for text in texts] for texts in ([text for text, _ in language["train"]], language["test"])]
    assert max(lengths[0]) == 12
    assert (min(lengths[1]), max(lengths[1])) == (13, 24)
    negations = [[text.split().count("not") for text in texts] for texts in ([text for text, _ in language["train"]], language["test"])]
    assert (min(negations[0]), max(negations[0])) == (0, 3)
    assert (min(negations[1]), max(negations[1])) == (3, 7)


def test_both_sentiments_are_about_as_frequent():
    language = data.make()[0]
    assert abs(np.mean([label for _, label in language["train"]]) - 0.5) < 0.03
    assert abs(reference.hidden_answers()[0].mean() - 0.5) < 0.03


def test_every_token_that_is_asked_for_can_be_learned():
    language, pairs, _ = data.make()
    for part, vocabulary in ((language, data.VOCABULARY), (pairs, data.NUMBER_WORDS)):
        learned = {word for text, _ in part["train"] for word in text.split()}
        assert {word for text in part["test"] for word in text.split()} <= learned == set(vocabulary[1:])


def test_no_number_is_asked_for_that_was_learned():
    pairs = data.make()[1]
    assert {text for text, _ in pairs["train"]}.isdisjoint(pairs["test"])
    assert (len(pairs["train"]), len(set(pairs["test"]))) == (700, 200)


def test_answers_are_in_no_file_a_student_gets():
    language, pairs = (json.loads((SOURCE / name).read_text("utf-8")) for name in ("sentences.json", "numbers.json"))
    assert set(language) == {"vocabulary", "train", "test"}
    assert set(pairs) == {"words", "symbols", "train", "test"}
    assert all(isinstance(text, str) and set(text) <= set("abcdefghijklmnopqrstuvwxyzI ") for text in language["test"] + pairs["test"])


def test_drawn_sentences_keep_to_the_kind_that_was_asked_for():
    drawn = data.sentences(random.Random(3), data.TEST, 200)
    assert len(set(drawn)) == 200
    assert all(13 <= len(text.split()) <= 24 and 3 <= text.split().count("not") <= 7 for text in drawn)
