"""What the checks of `rnn_design` say of how a network reads, tried with plain functions in place of networks."""

import numpy as np
import pytest

from autograder.checks import rnn_design_reading as reading


def recurrence(tokens, ends=None):
    """The last state of a recurrence of one number, for the first ``ends`` words of each sentence without zeros."""
    tokens = np.asarray(tokens)
    state = np.zeros(len(tokens))
    for word in tokens[:, :ends].T:
        state = np.where(word == 0, state, np.tanh(word / 7 - 2 + 0.9 * state))
    return np.stack([state, -state], axis=1)


@pytest.mark.parametrize(
    ("ends", "said"),
    [(None, ""), (1, reading.FIRST_WORD), (-1, reading.ONE_EARLY), (12, reading.CUT.format(count=12)), (4, reading.CUT.format(count=4))],
)
def test_where_reading_ends_is_seen(ends, said):
    assert reading.where_reading_ends(lambda tokens: recurrence(tokens, ends), np.random.default_rng(1)) == said


def sentences():
    return reading.rows(np.random.default_rng(2), [5, 2, 6, 1, 3], 30)


def in_order_of_length(tokens):
    return recurrence(tokens[np.argsort([-np.count_nonzero(row) for row in tokens], kind="stable")])


def with_one_state(tokens):
    return recurrence(tokens)[:, :1].cumsum(axis=0)


def with_their_mean(tokens):
    return recurrence(tokens) - recurrence(tokens).mean(axis=0)


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (recurrence, ""),
        (in_order_of_length, reading.IN_ANOTHER_ORDER.format(things="sentences")),
        (with_one_state, reading.RUNS_ON.format(thing="sentence")),
        (with_their_mean, ""),
    ],
)
def test_what_the_others_of_a_batch_do_is_seen(network, said):
    tokens = sentences()
    assert reading.among_others(lambda some: network(tokens[list(some)]), len(tokens), "sentence") == said


def translator(back=0, ahead=0, reads_source=None):
    """Logits for each place from the words of the source and the symbols from ``back`` before the place to ``ahead`` behind it."""

    def ask(source, target):
        start = np.sin(source[:, :reads_source]).sum(axis=1)[:, None] if reads_source != 0 else 0
        places = range(target.shape[1])
        sums = [np.cos(target[:, max(0, place - back) : place + 1 + ahead]).sum(axis=1) for place in places]
        return np.stack([start + np.stack(sums, axis=1)] * 2, axis=2)

    return ask


PAIR = reading.rows(np.random.default_rng(3), [5] * 6, 20), reading.rows(np.random.default_rng(4), [7] * 6, 9)


@pytest.mark.parametrize(
    ("back", "ahead", "said"), [(9, 0, ""), (9, 1, reading.AHEAD), (9, 9, reading.ALL_LATER), (0, 0, reading.OWN_SYMBOL), (9, 2, "")]
)
def test_how_the_target_is_read_is_seen(back, ahead, said):
    assert reading.how_the_target_is_read(translator(back, ahead), np.random.default_rng(5), *PAIR, 9) == said


@pytest.mark.parametrize(("words", "said"), [(None, ""), (0, reading.NO_SOURCE), (1, reading.FIRST_SOURCE), (2, "")])
def test_how_the_source_is_read_is_seen(words, said):
    assert reading.how_the_source_is_read(translator(9, 0, words), np.random.default_rng(6), *PAIR, 20) == said
