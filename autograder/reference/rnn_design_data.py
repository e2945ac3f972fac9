"""The data of the assignment `rnn_design`: a small language of likes and dislikes, and numbers in words.

    python -m autograder.reference.rnn_design_data

writes `source/rnn_design/sentences.json` and `numbers.json`, and what is hidden, `labels/rnn_design.npz`. Everything
is generated from `SEED`, so running it again changes nothing.

A sentence is: subject, any number of "do not", verb, object, with small words between them that change nothing, such as
"they do not really do not like ripe durian today". Each "do not" turns the meaning of what follows round, so the
sentence is positive (1) if its verb is and "do not" stands there an even number of times, or if neither holds;
otherwise it is negative (0). Source: slides 001, section 4 ("I do not do not like durian").
"""

import json
import random
from pathlib import Path
from typing import NamedTuple

import numpy as np

SEED = 2024
FOLDER = Path(__file__).parents[2] / "source" / "rnn_design"
LABELS = Path(__file__).parent / "labels" / "rnn_design.npz"

SUBJECTS = "I you we they children people".split()
POSITIVE = "like love enjoy adore".split()
NEGATIVE = "hate dislike detest loathe".split()
ADVERBS = "really honestly still often".split()
ADJECTIVES = "ripe fresh cold good".split()
OBJECTS = "durian papaya mango jackfruit lychee tea soup rice".split()
ENDINGS = "today here now again".split()
VOCABULARY = ["<pad>", *SUBJECTS, "do", "not", *POSITIVE, *NEGATIVE, *ADVERBS, *ADJECTIVES, *OBJECTS, *ENDINGS]
SMALL_WORDS = 0.3  # share of the places for a small word that are filled


class Kind(NamedTuple):
    """How often "do not" stands in a sentence, and how many words it has: both ends included."""

    negations: tuple[int, int]
    words: tuple[int, int]


TRAIN, TEST = Kind((0, 3), (3, 12)), Kind((3, 7), (13, 24))
TRAIN_SENTENCES, TEST_SENTENCES = 2000, 500

ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORDS = ["<pad>", *ONES, *TENS, "hundred", "and"]
SYMBOLS = ["<pad>", "<start>", "<end>", *"IVXLCDM"]
TRAIN_NUMBERS, TEST_NUMBERS = 700, 200  # of 999; the other 99 are in no file
_VALUES = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")]
_VALUES += [(40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def sentiment(sentence: str) -> int:
    """1 for a positive sentence, 0 for a negative one, by the rule."""
    words = sentence.split()
    positive = any(word in POSITIVE for word in words)
    return int(positive == (words.count("not") % 2 == 0))


def sentence(draw: random.Random, kind: Kind) -> str:
    """One random sentence of the language."""
    while True:
        words = [draw.choice(SUBJECTS)]
        for _ in range(draw.randint(*kind.negations)):
            words += [*_sometimes(draw, ADVERBS), "do", "not"]
        words += [*_sometimes(draw, ADVERBS), draw.choice(draw.choice([POSITIVE, NEGATIVE]))]
        words += [*_sometimes(draw, ADJECTIVES), draw.choice(OBJECTS)]
        while ending := _sometimes(draw, ENDINGS):
            words += ending
        if kind.words[0] <= len(words) <= kind.words[1]:
            return " ".join(words)


def sentences(draw: random.Random, kind: Kind, count: int) -> list[str]:
    """So many different sentences."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[sentence(draw, kind)] = None
    return list(found)


def _sometimes(draw: random.Random, words: list[str]) -> list[str]:
    return [draw.choice(words)] if draw.random() < SMALL_WORDS else []


def number_in_words(n: int) -> str:
    """1 to 999 in English: 342 is "three hundred and forty two"."""
    hundreds, rest = divmod(n, 100)
    words = [ONES[hundreds - 1], "hundred"] if hundreds else []
    if hundreds and rest:
        words.append("and")
    if rest >= 20:
        words.append(TENS[rest // 10 - 2])
        rest %= 10
    return " ".join(words + ([ONES[rest - 1]] if rest else []))


def roman(n: int) -> str:
    """The Roman numeral of a positive whole number: 342 is "CCCXLII"."""
    letters = ""
    for value, symbols in _VALUES:
        letters += symbols * (n // value)
        n %= value
    return letters


def token_ids(sequences: list[list[str]], vocabulary: list[str]) -> np.ndarray:
    """Tokens as numbers, int64 (N, T); shorter sequences are filled up with 0 at the end."""
    ids = np.zeros((len(sequences), max(map(len, sequences))), dtype=np.int64)
    for row, tokens in zip(ids, sequences, strict=True):
        row[: len(tokens)] = [vocabulary.index(token) for token in tokens]
    return ids


def shuffled_numbers() -> list[int]:
    """1 to 999 in the order that decides what is trained with, what is asked for, and what is in no file."""
    numbers = list(range(1, 1000))
    random.Random(SEED + 2).shuffle(numbers)
    return numbers


def make() -> tuple[dict, dict, dict[str, np.ndarray]]:
    """What `sentences.json`, `numbers.json` and the hidden labels hold."""
    train = sentences(random.Random(SEED), TRAIN, TRAIN_SENTENCES)
    test = sentences(random.Random(SEED + 1), TEST, TEST_SENTENCES)
    numbers = shuffled_numbers()
    learned, asked = numbers[:TRAIN_NUMBERS], numbers[TRAIN_NUMBERS : TRAIN_NUMBERS + TEST_NUMBERS]
    language = {"vocabulary": VOCABULARY, "train": [[text, sentiment(text)] for text in train], "test": test}
    pairs = {
        "words": NUMBER_WORDS,
        "symbols": SYMBOLS,
        "train": [[number_in_words(n), roman(n)] for n in learned],
        "test": [number_in_words(n) for n in asked],
    }
    hidden = {"labels": np.array([sentiment(text) for text in test], dtype=np.uint8), "translations": np.array([roman(n) for n in asked])}
    return language, pairs, hidden


def as_text(data: dict) -> str:
    """JSON with one sentence or pair a line; a list of single words takes one line."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_list(values)}" for key, values in data.items()) + "\n}\n"


def _list(values: list) -> str:
    if all(isinstance(value, str) and " " not in value for value in values):
        return json.dumps(values)
    return "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"


def main() -> None:
    language, pairs, hidden = make()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "sentences.json").write_text(as_text(language), "utf-8")
    (FOLDER / "numbers.json").write_text(as_text(pairs), "utf-8")
    np.savez(LABELS, labels=hidden["labels"], translations=hidden["translations"])


if __name__ == "__main__":
    main()
