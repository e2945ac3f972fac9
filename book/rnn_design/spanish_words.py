"""Invented words that could be Spanish, and how they sound: each letter's sound follows from its neighbours."""

from __future__ import annotations

import numpy as np

STARTS = "b c d f g j l m n ñ p r s t v z h ch ll rr qu gu br tr pl".split()
PLAIN = {"v": "b", "z": "θ", "j": "x", "ñ": "ɲ"}


def sounds(word: str) -> list[str]:
    """The sound of each letter, in Castilian Spanish, '-' if silent."""
    heard, padded = [], f" {word} "
    for before, letter, after in zip(padded, padded[1:], padded[2:], strict=False):
        soft = after in "ei"
        special = {
            "c": "tʃ" if after == "h" else "θ" if soft else "k",
            "g": "x" if soft else "g",
            "h": "-",
            "l": "-" if before == "l" else "ʎ" if after == "l" else "l",
            "q": "k",
            "r": "-" if before == "r" else "r" if before == " " or after == "r" else "ɾ",
            "u": "-" if before == "q" or (before == "g" and soft) else "u",
        }
        heard.append(special.get(letter, PLAIN.get(letter, letter)))
    return heard


def invented(rng: np.random.Generator) -> str:
    """A word of one to four syllables that could be Spanish."""
    word = ""
    for _ in range(rng.integers(1, 5)):
        start = str(rng.choice(STARTS))
        word += start if word else start.replace("rr", "r")
        word += str(rng.choice(list("ei" if start == "qu" else "aeiou")))
        word += "n" if rng.random() < 0.15 else "s" if rng.random() < 0.15 else ""
    return word
