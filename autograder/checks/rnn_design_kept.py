"""The networks that a student keeps in `rnn_design`: what they answer by themselves, and whether they have learned it."""

import numpy as np
import torch

from autograder.checks.networks import weights
from autograder.checks.rnn_design_reading import agree, rows, unmoved
from autograder.compare import expect_array, fail
from autograder.reference import rnn_design_data as data

LONGEST = 15  # symbols of an answer
START, END = data.SYMBOLS.index("<start>"), data.SYMBOLS.index("<end>")
DRAWS = 3


def expect_shape(received, shape, what, mistakes=None):
    """An array of finite numbers of this shape, whatever its values; ``mistakes`` as in `expect_array`."""
    array = expect_array(received, np.zeros(shape), what, rtol=0, atol=1e300, mistakes=mistakes)
    if not np.isfinite(array).all():
        fail(f"{what} holds infinite or undefined numbers.")
    return array


def expect_logits(received, tokens, classes, what):
    """Logits (N, classes) for token ids (N, T)."""
    after_each = isinstance(received, np.ndarray) and received.shape == (*tokens.shape, classes)
    texts = {"There are logits after each word; those after the last word of a sentence are asked for.": received} if after_each else {}
    return expect_shape(received, (len(tokens), classes), what, texts)


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


ALL_ZERO = "All parameters of the network are 0."
PADDING_READ = "With more zeros behind the sentences the logits change: the padding is read like words."
NO_ORDER = "Read from their end, sentences get the same logits: the order of the words plays no role."
FEW = "The first labelled sentences are judged rightly, of the others about half: it was trained with the first ones only."
NOTHING_LEARNED = (
    "Of the labelled sentences, too, it judges about half rightly, as by guessing: were its weights updated (`optimizer.step()`), "
    "and for enough epochs?"
)
PROBABILITIES = "Rounded, these are the answers of `sentiment_model`: they look like its probabilities; 0 or 1 is asked for."
NEITHER = "0 stands for negative, 1 for positive; other numbers are no answers."
THEIR_LABELS = "These are the labels of the first 500 labelled sentences; `test_sentences` are to be judged."
ORDERED = "These are the answers of `sentiment_model` for the sentences {order}; they are to stand in the given order."
SHORTENED = "These are the answers of `sentiment_model` for the first {count} words of each sentence; it is to read all of them."
NOT_ITS_OWN = "Nearly all are right, but `sentiment_model` gives other answers: only those count that it gives, as it is now."
AS_GUESSED = (
    "About every second answer is another one than `sentiment_model` gives, as with guesses: another network, this one before its "
    "training or another order of the sentences leads to that."
)
REPEATS = (
    "After the right symbols `translator` mostly names the one it has just read: the wanted outputs of its training "
    "are to be one place on from the inputs."
)
HARDLY_LEARNED = (
    "Of the training pairs, too, it names many symbols wrongly, even after the right ones: were its weights updated "
    "(`optimizer.step()`), and for enough epochs?"
)


def answers_of(model, texts, what="`sentiment_model`(tokens)"):
    """The answers (N,) of a model for sentences, each a list of words."""
    tokens = data.token_ids(texts, data.VOCABULARY)
    return expect_logits(model.forward(tokens), tokens, 2, what).argmax(axis=1)


def why_it_judges_badly(model, rng):
    """Why a model of sentiments judges no better than by guessing, where tries of it show that; empty if they don't."""
    parameters = model.parameters()
    if not any(value.any() for name, value in model.state().items() if name in parameters):
        return ALL_ZERO
    texts, labels = zip(*data.make()[0]["train"], strict=True)
    tokens, labels = data.token_ids([text.split() for text in texts], data.VOCABULARY), np.array(labels)
    logits = expect_logits(model.forward(tokens), tokens, 2, "`sentiment_model`(train_tokens)")
    if not agree(model.forward(np.pad(tokens, ((0, 0), (0, 5)))), logits):
        return PADDING_READ
    whole = rows(rng, [12] * 20, len(data.VOCABULARY))
    if unmoved(model.forward(np.ascontiguousarray(whole[:, ::-1])), model.forward(whole)):
        return NO_ORDER
    right = logits.argmax(axis=1) == labels
    for count in (16, 20, 32, 50, 64, 100, 128, 200, 256):
        if right[:count].mean() >= 0.95 and right[count:].mean() < 0.65:
            return FEW
    return NOTHING_LEARNED if right.mean() < 0.6 else ""


def whose_answers(model, answers, own, labels):
    """Where 500 answers come from that aren't those of `sentiment_model`, where that can be told; what is strange in them otherwise."""
    language = data.make()[0]
    sentences, trained = language["test"], np.array([label for _, label in language["train"]])
    if not np.isin(answers, (0, 1)).all():
        fractions = answers.dtype.kind == "f" and answers.min() >= 0 and answers.max() <= 1
        return PROBABILITIES if fractions and _same(np.rint(answers), own) else NEITHER
    if (answers == answers[0]).all():
        return f"All answers are {answers[0]}."
    if _same(answers, own):
        return ""
    if _same(answers, trained[:500]):
        return THEIR_LABELS
    for order, places in _orders(sentences).items():
        if _same(answers, own[places]):
            return ORDERED.format(order=order)
    for count in range(23, 0, -1):
        if _same(answers, answers_of(model, [text.split()[:count] for text in sentences])):
            return SHORTENED.format(count=count)
    if (answers == labels).mean() > 0.9:
        return NOT_ITS_OWN
    return AS_GUESSED if 0.4 < (answers == own).mean() < 0.6 else ""


def _orders(sentences):
    """Orders in which sentences may be judged by mistake, with the places of the given order."""
    keys = {"from the shortest to the longest": lambda text: len(text.split()), "by their letters": len, "in alphabetical order": str}
    found = {"from the last to the first": list(range(len(sentences)))[::-1]}
    for order, key in keys.items():
        found[order] = sorted(range(len(sentences)), key=lambda place, key=key: key(sentences[place]))
    found["from the longest to the shortest"] = sorted(range(len(sentences)), key=lambda place: -len(sentences[place].split()))
    return found


def _same(answers, others):
    return int((answers != others).sum()) <= 5


def why_it_translates_badly(student, model):
    """Why a translator writes few numerals rightly, seen in what it names after the right symbols; empty if that doesn't show it."""
    pairs = data.make()[1]["train"]
    source = data.token_ids([words.split() for words, _ in pairs], data.NUMBER_WORDS)
    target = data.token_ids([["<start>", *numeral, "<end>"] for _, numeral in pairs], data.SYMBOLS)
    read, wanted = target[:, :-1], target[:, 1:]
    scores = student.function("translator_scores")(model, torch.from_numpy(source), torch.from_numpy(np.ascontiguousarray(read)))
    named = expect_shape(scores, (*read.shape, len(data.SYMBOLS)), "the logits of `translator` for the training pairs").argmax(axis=2)
    if (named == read)[read > END].mean() > 0.9:
        return REPEATS
    return HARDLY_LEARNED if (named == wanted)[wanted > 0].mean() < 0.7 else ""
