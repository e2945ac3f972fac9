"""The class, by everything that a file may call somebody; says when it isn't sure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

EXACT, NAMED, WITHIN = 3, 2, 1  # how surely a name tells somebody: by a key of theirs, by the whole name, within a longer name
MIN_NUMBER = 3  # digits of a number that counts within a longer name; shorter ones are versions
LONGEST_RUN = 10  # words of the longest name
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
SAYS_NOTHING = frozenset(
    "final finished done copy kopie kopia copie copia of submission submissions submitted homework hw assignment assignments exercise"
    " exercises task solution solutions lösung loesung abgabe abgaben hausaufgabe übung uebung blatt version v notebook notebooks ipynb"
    " draft corrected fixed update updated revised resubmission attempt week lab group gruppe groupe team class upload file files".split()
)


@dataclass(frozen=True)
class Told:
    """Whom a name tells.

    Attributes:
        ids: nbgrader's ids; empty if nobody may be meant for sure.
        sure: `EXACT`, `NAMED` or `WITHIN`.
        why: why nobody is, for the instructor.
    """

    ids: tuple[str, ...] = ()
    sure: int = 0
    why: str = ""


def letters(name: str) -> str:
    """A name without blanks, signs and case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name)).casefold()


def spellings(name: str) -> set[str]:
    """The letters of a name as it is, without accents, and as German writes them without umlauts."""
    lower = unicodedata.normalize("NFC", name).lower()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", lower.translate(PLAIN)) if not unicodedata.combining(sign))
    return {letters(name), letters(bare), letters(lower.translate(GERMAN))} - {""}


class Roster:
    """The students that the gradebook knows.

    Args:
        students: rows of nbgrader's student table.
    """

    def __init__(self, students: Iterable[Any]) -> None:
        self.students = {student.id: student for student in students}
        self._keys: dict[str, set[str]] = defaultdict(set)  # ids, addresses and numbers as they are
        self._key_letters: dict[str, set[str]] = defaultdict(set)  # letters of ids and numbers, for longer names
        self._names: dict[str, set[str]] = defaultdict(set)  # letters of full names
        for student in self.students.values():
            for key in (student.id, student.email, student.lms_user_id):
                self.add_alias(key or "", student.id)
            for name in _full_names(student):
                for spelling in spellings(name):
                    self._names[spelling].add(student.id)

    def __len__(self) -> int:
        return len(self.students)

    def add_alias(self, alias: str, student: str) -> None:
        """Another key of a student, such as the login on a platform."""
        if alias:
            self._keys[folded(alias)].add(student)
        if letters(alias) and "@" not in alias:
            self._key_letters[letters(alias)].add(student)

    def number_of(self, student: str) -> str:
        return self.students[student].lms_user_id or "" if student in self.students else ""

    def with_number(self, number: str) -> str | None:
        """The student with this number on the platform."""
        return next((key for key, student in self.students.items() if number and student.lms_user_id == number), None)

    def with_email(self, address: str) -> str | None:
        """The student with this address; an id may be an address too."""
        found = [key for key, row in self.students.items() if address and folded(address) in (folded(row.email or ""), folded(key))]
        return found[0] if len(found) == 1 else None

    def by_key(self, text: str) -> Told:
        """Whose id, address or number ``text`` is."""
        found = self._keys.get(folded(text), set())
        return Told(tuple(found), EXACT) if len(found) == 1 else Told(why=self._unknown(text, found))

    def by_name(self, text: str) -> Told:
        """Whose full name ``text`` is, first or last name first."""
        found = self.called(text)
        return Told(tuple(found), NAMED) if len(found) == 1 else Told(why=self._unknown(text, found))

    def called(self, text: str) -> set[str]:
        """Everybody whose full name ``text`` may be: a platform may have dropped accents, so that two are written alike."""
        found = set().union(*(self._names.get(spelling, set()) for spelling in spellings(text)))
        if len(found) > 1 and not text.isascii():
            exact = {key for key in found if letters(text) in map(letters, _full_names(self.students[key]))}
            return exact or found
        return found

    def told(self, text: str, neutral: Iterable[str] = ()) -> Told | None:
        """Whom a name of a folder or file tells that a person chose; None if it has nothing to do with anybody.

        Args:
            text: the name, a file's without its ending.
            neutral: names that say nothing, such as the assignment's.
        """
        exact = self.by_key(text)
        if exact.ids:
            named = self.called(text) - set(exact.ids)
            return Told(why=f"'{text}' is the id of {exact.ids[0]} and the name of {', '.join(sorted(named))}") if named else exact
        if found := self.called(text):
            return self.by_name(text) if found else None
        return self._within(text, neutral)

    def _within(self, text: str, neutral: Iterable[str]) -> Told | None:
        """The same of a longer name: all that is in it must be explained, else it may be somebody else's."""
        rest, evidence = self._addresses(unicodedata.normalize("NFC", text).lower())
        plain = [words(name) for name in neutral]
        tokens, left = words(rest), []
        while tokens:
            length, found = self._longest(tokens, plain)
            evidence += [found] if found else []
            left += [tokens[0]] if not length else []
            tokens = tokens[length or 1 :]
        unknown = [word for word in left if word not in SAYS_NOTHING and not word.isdigit()]
        if not evidence:
            return None
        common = set.intersection(*evidence)
        anyone = sorted(set.union(*evidence))
        if unknown:
            return Told(why=f"'{text}' may be {' or '.join(anyone)}, but what is '{' '.join(unknown)}'?")
        if len(common) != 1:
            return Told(why=f"'{text}' may be {' or '.join(anyone)}")
        return Told(tuple(common), WITHIN)

    def _addresses(self, text: str) -> tuple[str, list[set[str]]]:
        """Takes known addresses out of a text; returns what is left and whose they are."""
        evidence: list[set[str]] = []
        for key, found in self._keys.items():
            if "@" in key and (match := re.search(rf"(?<![\w.+@-]){re.escape(key)}(?![a-z0-9]|\.[a-z]{{2,}}\b(?<!\.ipynb))", text)):
                text, evidence = text[: match.start()] + " " + text[match.end() :], [*evidence, found]
        return text, evidence

    def _longest(self, tokens: list[str], neutral: list[list[str]]) -> tuple[int, set[str] | None]:
        """How many of the first words belong together, and to whom; 0 for a word that tells nothing."""
        for length in range(min(len(tokens), LONGEST_RUN), 0, -1):
            if tokens[:length] in neutral:
                return length, None
            run = "".join(tokens[:length])
            found = self._names.get(run, set()) | (self._key_letters.get(run, set()) if not _short_number(run) else set())
            if found:
                return length, found
        return 0, None

    def _unknown(self, text: str, found: set[str]) -> str:
        if found:
            return f"'{text}' may be {' or '.join(sorted(found))}"
        near = self.nearly(text)
        return f"'{text}' isn't in the student table" + (f"; nearly: {', '.join(near)}" if near else "")

    def nearly(self, text: str) -> list[str]:
        """Students whose id or name is nearly the same; for a hint, never to decide."""
        close = difflib.get_close_matches(letters(text), [*self._names, *self._key_letters], n=3, cutoff=0.8)
        return sorted(set().union(*(self._names.get(key, set()) | self._key_letters.get(key, set()) for key in close)))[:3]


def words(text: str) -> list[str]:
    """The words and numbers of a name, in lower case."""
    return re.findall(r"[^\W\d_]+|\d+", unicodedata.normalize("NFC", text).casefold())


def _short_number(run: str) -> bool:
    return run.isdigit() and len(run) < MIN_NUMBER


def folded(key: str) -> str:
    """A key in one spelling."""
    return unicodedata.normalize("NFC", str(key)).strip().casefold()


def _full_names(student: Any) -> list[str]:
    """A student's full name in both orders; of a student without one, the id, which may have been made from it."""
    first, last = student.first_name or "", student.last_name or ""
    if first and last:
        return [f"{first} {last}", f"{last} {first}"]
    return [first or last or student.id]
