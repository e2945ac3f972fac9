"""The names of the numbers from 1 to 999 in English and in German, word by word."""

from __future__ import annotations

ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
GERMAN = (
    "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
).split()
GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def in_english(n: int) -> list[str]:
    """The words of n, without "and"."""
    hundreds, rest = divmod(n, 100)
    said = [ENGLISH[hundreds - 1], "hundred"] if hundreds else []
    if rest >= 20:
        said.append(ENGLISH_TENS[rest // 10 - 2])
        rest %= 10
    return said + ([ENGLISH[rest - 1]] if rest else [])


def in_german(n: int) -> list[str]:
    """The words of n, written apart: ones before tens."""
    hundreds, rest = divmod(n, 100)
    said = [GERMAN[hundreds - 1], "hundert"] if hundreds else []
    if 0 < rest < 20:
        return [*said, "eins" if rest == 1 else GERMAN[rest - 1]]
    if rest % 10:
        said += [GERMAN[rest % 10 - 1], "und"]
    return said + ([GERMAN_TENS[rest // 10 - 2]] if rest else [])
