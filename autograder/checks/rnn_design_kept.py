"""The networks that a student keeps in `rnn_design`: what they answer by themselves, and whether they have learned it."""

import numpy as np
import torch

from autograder.checks.networks import weights
from autograder.compare import expect_array, fail
from autograder.reference import rnn_design_data as data

LONGEST = 15  # symbols of an answer
START, END = data.SYMBOLS.index("<start>"), data.SYMBOLS.index("<end>")
DRAWS = 3


def expect_shape(received, shape, what):
    """An array of finite numbers of this shape, whatever its values."""
    array = expect_array(received, np.zeros(shape), what, rtol=0, atol=1e300)
    if not np.isfinite(array).all():
        fail(f"{what} holds infinite or undefined numbers.")
    return array


def unlearned(model):
    """States without what was learned: all parameters 0, then some with random ones."""
    before, rng = model.state(), np.random.default_rng(11)
    names = model.parameters()
    yield {name: 0 * value if name in names else value for name, value in before.items()}
    for _ in range(DRAWS):
        yield weights(model, rng)


def numerals(student, model, source):
    """What a translator writes for source ids (N, S): symbol by symbol the one with the largest score, until <end>."""
    scores = student.function("translator_scores")
    written = np.full((len(source), 1), START, dtype=np.int64)
    for _ in range(LONGEST):
        logits = scores(model, torch.from_numpy(source), torch.from_numpy(written))
        shape = (*written.shape, len(data.SYMBOLS))
        array = expect_shape(logits, shape, f"the logits of `translator` for source {source.shape} and target {written.shape}")
        written = np.hstack([written, array[:, -1:].argmax(axis=2)])
    return [text(row) for row in written[:, 1:].tolist()]


def text(row):
    """The letters of a row of ids, up to <end>."""
    row = row[: row.index(END)] if END in row else row
    return "".join(data.SYMBOLS[number] for number in row if number > END)


def asked_numbers():
    """The ids of the numbers in words that are to be translated."""
    return data.token_ids([words.split() for words in data.make()[1]["test"]], data.NUMBER_WORDS)
