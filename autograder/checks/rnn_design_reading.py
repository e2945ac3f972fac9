"""How a network of `rnn_design` that fails a check reads its sequences: a sentence for the student where tries of it show that.

Each function tries the network with sequences of its own and says only what all tries bear out; else it returns "".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.checking.student import StudentFailed

Ask = Callable[..., np.ndarray]

FIRST_WORD = "Only the first word changes the logits: the state after it is taken, not the one after the last word."
ONE_EARLY = "The last word changes no logit, the one before it does: the state is taken one step too early."
CUT = "Only the first {count} words change the logits: longer sentences are cut off."
ROWS = "Ids may go up to vocab_size - 1, but the largest aren't taken: the embedding needs vocab_size rows."
IN_ANOTHER_ORDER = "The logits of a batch are those of its {things}, but in another order: was it sorted and not put back?"
RUNS_ON = (
    "A {thing}'s logits depend on those before it in the batch, not on those after it: the state runs on from one to the next. "
    "Is `batch_first=True` missing, or a new state for each?"
)
AHEAD = "Of the later symbols, only the next one changes the logits of a place: the decoder reads one symbol ahead."
ALL_LATER = "All later symbols change the logits of a place: the target may be read in one direction only, up to that place."
NO_SYMBOL = "No symbol of the target changes the logits: the decoder doesn't read it."
OWN_SYMBOL = "Only the symbol at its own place changes a place's logits: no state carries the earlier ones."
NO_SOURCE = "No word of the source changes the logits: the decoder doesn't start from what the encoder has read."
FIRST_SOURCE = "Only the first word of the source changes the logits: the encoder's state after the last word is to be handed on."
EXCHANGED = "The vocabularies are exchanged: source ids go up to source_size - 1, target ids up to target_size - 1."
BOTH_ROWS = "Ids may go up to source_size - 1 and target_size - 1, but the largest aren't taken: the embeddings need that many rows."


def agree(one, two):
    """Whether logits agree but for rounding."""
    one, two = np.asarray(one, dtype=float), np.asarray(two, dtype=float)
    return np.allclose(one, two, rtol=1e-3, atol=1e-4 * max(1.0, float(np.abs(two).max(initial=0))))


def unmoved(one, two):
    """Whether logits are the same to the last digits: nothing of the change has reached them."""
    one, two = np.asarray(one, dtype=float), np.asarray(two, dtype=float)
    return np.allclose(one, two, rtol=0, atol=2e-6 * max(1.0, float(np.abs(two).max(initial=0))))


def rows(rng, lengths, size, width=None):
    """Random token ids 1 … size-1 of these lengths, filled up with zeros: int64 (N, T)."""
    ids = np.zeros((len(lengths), width or max(lengths)), dtype=np.int64)
    for row, length in zip(ids, lengths, strict=True):
        row[:length] = rng.integers(1, size, length)
    return ids


def other(rng, ids, size):
    """For each of these token ids another one, neither 0 nor the same."""
    return (ids - 1 + rng.integers(1, size - 1, ids.shape)) % (size - 1) + 1


def with_reason(failure: StudentFailed, find: Callable[[], str]) -> StudentFailed:
    """The failure of code that raised, with what ``find`` says that it comes of, where no other reason is known."""
    reason = "" if failure.diagnosis or failure.cause else find()
    return StudentFailed(failure.message, diagnosis=reason) if reason else failure


def taken(ask: Ask, *ids: np.ndarray) -> bool:
    """Whether a network answers for these ids without an exception."""
    try:
        ask(*ids)
    except StudentFailed:
        return False
    return True


def rows_missing(ask: Ask, size: int) -> str:
    """Whether a network for ``size`` words takes small ids, but not the largest."""
    tokens = np.ones((3, 4), dtype=np.int64)
    return ROWS if taken(ask, tokens) and not taken(ask, (size - 1) * tokens) else ""


def vocabularies_mixed_up(ask: Ask, source_size: int, target_size: int) -> str:
    """Whether a translator takes the ids of one vocabulary for those of the other."""
    ids = np.ones((3, 4), dtype=np.int64)
    largest_source, largest_target, most = (source_size - 1) * ids, (target_size - 1) * ids, (max(source_size, target_size) - 1) * ids
    good = [taken(ask, *pair) for pair in ((ids, ids), (largest_source, ids), (ids, largest_target))]
    if not good[0] or all(good):
        return ""
    turned = (ids, most) if source_size > target_size else (most, ids)
    return EXCHANGED if taken(ask, *turned) else BOTH_ROWS


def last_read(ask: Ask, rng: np.random.Generator, length: int, size: int = 30) -> int:
    """The last of ``length`` words that changes a logit, counted from 1; 0 if none does."""
    tokens = rows(rng, [length] * 10, size)
    logits = ask(tokens)
    for place in range(length)[::-1]:
        changed = tokens.copy()
        changed[:, place] = other(rng, tokens[:, place], size)
        if not unmoved(ask(changed), logits):
            return place + 1
    return 0


def where_reading_ends(ask: Ask, rng: np.random.Generator) -> str:
    """Why the last words of sentences change nothing, where that can be seen."""
    lengths = (6, 15, 32, 44)
    try:
        ends = [last_read(ask, rng, length) for length in lengths]
    except StudentFailed:  # longer sentences than it takes
        return ""
    if set(ends) == {1}:
        return FIRST_WORD
    if all(end == length - 1 for end, length in zip(ends, lengths, strict=True)):
        return ONE_EARLY
    if ends == [min(ends[-1], length) for length in lengths] and 0 < ends[-1] < lengths[-2]:
        return CUT.format(count=ends[-1])
    return ""


def among_others(ask: Callable[[Sequence[int]], np.ndarray], count: int, thing: str) -> str:
    """Why logits depend on the others of a batch, where that can be seen; ``ask`` gives those of the things with these numbers."""
    try:
        together, alone = ask(range(count)), np.concatenate([ask([number]) for number in range(count)])
        parts = [ask(range(end)) for end in range(1, count)]
    except StudentFailed:
        return ""
    places = [[place for place in range(count) if agree(together[place], alone[number])] for number in range(count)]
    if all(len(found) == 1 for found in places) and {place for (place,) in places} == set(range(count)):
        in_order = all(place == number for number, (place,) in enumerate(places))
        return "" if in_order else IN_ANOTHER_ORDER.format(things=f"{thing}s")
    if all(agree(part, together[: len(part)]) for part in parts) and not agree(alone, together):
        return RUNS_ON.format(thing=thing)
    return ""


def moved_by_symbols(ask: Ask, rng: np.random.Generator, source: np.ndarray, target: np.ndarray, size: int) -> np.ndarray:
    """For each pair of places of the target: whether another symbol at the first changes the logits at the second, (L, L)."""
    logits, moved = ask(source, target), []
    for place in range(target.shape[1]):
        changed = target.copy()
        changed[:, place] = other(rng, target[:, place], size)
        after = ask(source, changed)
        moved.append([not unmoved(after[:, here], logits[:, here]) for here in range(target.shape[1])])
    return np.array(moved)


def how_the_target_is_read(ask: Ask, rng: np.random.Generator, source: np.ndarray, target: np.ndarray, size: int) -> str:
    """Why logits don't depend on the symbols up to their place and on those only, where that can be seen."""
    moved = moved_by_symbols(ask, rng, source, target, size)
    later, own = np.tril(moved, -1), np.eye(len(moved), dtype=bool)
    next_only = np.eye(len(moved), k=-1, dtype=bool)
    if not moved.any():
        return NO_SYMBOL
    if (later == next_only).all():
        return AHEAD
    if later.any():
        return ALL_LATER if (later == np.tril(np.ones_like(moved), -1)).all() else ""
    return OWN_SYMBOL if (moved == own).all() else ""


def how_the_source_is_read(ask: Ask, rng: np.random.Generator, source: np.ndarray, target: np.ndarray, size: int) -> str:
    """Which words of a source without padding change the logits, where it is none or the first only."""
    logits, moved = ask(source, target), []
    for place in range(source.shape[1]):
        changed = source.copy()
        changed[:, place] = other(rng, source[:, place], size)
        moved.append(not unmoved(ask(changed, target), logits))
    if not any(moved):
        return NO_SOURCE
    return FIRST_SOURCE if moved[0] and not any(moved[1:]) else ""
