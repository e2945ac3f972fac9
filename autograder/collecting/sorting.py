"""Says whose each file is.

The names on the way to a file are read from the outside to the inside, and the first that tells somebody decides: all
below it is that student's, whatever it is called. Where names of one level tell students, the others of that level tell
nobody, and what lies below them isn't asked. Nobody is guessed: what may be two people's, or nobody's, is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from autograder.collecting import tables
from autograder.collecting.forms import GRADESCOPE, ILIAS, Form, form_of
from autograder.collecting.lists import Lists
from autograder.collecting.mail import Letter
from autograder.collecting.people import EXACT, NAMED, WITHIN, Roster, Told
from autograder.collecting.platforms import METADATA, Platforms, new_id, plain_letters
from autograder.collecting.unpack import Item, Place, Unpacked

SHARED = ("gradescope", "mail")  # tell everybody by an address
SENDERS = "the sender's own clock"
BY_LIST = 9  # how sure a line of who.csv is
ENDINGS = "ipynb|txt|json|zip|tar|gz|tgz|bz2|xz|7z|rar|html?|pdf|py|md|docx?"


@dataclass(frozen=True)
class Claim:
    """Files that belong to the same students, by the same name.

    Attributes:
        place: what told it.
        items: the files.
        told: whom.
        form: what the platform's name says.
        time: when they were handed in, in UTC, as the platform or the mail server says.
        time_from: who says so.
        trust: 0 for what a forwarded message says, else 1.
    """

    place: Place
    items: tuple[Item, ...]
    told: Told
    form: Form
    time: datetime | None = None
    time_from: str = ""
    trust: int = 1


class Sorter:
    """Sorts everything in the archive folder by student.

    Args:
        found: what lies there.
        roster: the class.
        lists: the instructor's lists.
        neutral: names that tell nobody: the assignment's and its notebooks'.
        zone: of times that platforms write without one.
    """

    def __init__(self, found: Unpacked, roster: Roster, lists: Lists, neutral: list[str], zone: tzinfo) -> None:
        self.found, self.roster, self.lists, self.neutral, self.zone = found, roster, lists, neutral, zone
        self.platforms, self.nobodys = Platforms(roster, lists), list[Item]()

    def claims(self) -> list[Claim]:
        """All claims; `nobodys` are files that no name tells of."""
        items = [item for item in self.found.items if not self._is_list(item)]
        named: dict[Place, list[Item]] = defaultdict(list)
        rest = []
        for item in items:
            place = self._listed(item.place)
            named[place].append(item) if place else rest.append(item)
        claims = [self._by_list(place, tuple(files)) for place, files in named.items()]
        return claims + self._once(self._level(rest, 0))

    def _is_list(self, item: Item) -> bool:
        return len(item.place) == 1 and item.name in {path.name for path in self.lists.read}

    # ---- who.csv

    def _listed(self, place: Place) -> Place:
        """The place that a line of ``who.csv`` names: all of the way, its end, or the sender of a message."""
        for length in range(len(place), 0, -1):
            head = place[:length]
            letter = self.found.letters.get(head)
            keys = ["/".join(head[start:]) for start in range(length)] + ([letter.sender] if letter else [])
            if any(key in self.lists.who for key in keys):
                return head
        return ()

    def _by_list(self, place: Place, items: tuple[Item, ...]) -> Claim:
        letter = self.found.letters.get(place)
        keys = ["/".join(place[start:]) for start in range(len(place))] + ([letter.sender] if letter else [])
        ids = next(tuple(self.lists.who[key]) for key in keys if key in self.lists.who)
        form = form_of(place[-1]) or Form("list", place[-1])
        time, source = self._time(form)
        if letter or (letter := self._letter_around(place)):
            time, source = self._letter_time(letter)
        return Claim(place, items, Told(ids, BY_LIST), form, time, source)

    def _letter_around(self, place: Place) -> Letter | None:
        return next((self.found.letters[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.found.letters), None)

    # ---- one level after the other

    def _level(self, items: list[Item], depth: int) -> list[Claim]:
        """The claims of what lies in one folder, archive or message."""
        groups: dict[Place, list[Item]] = defaultdict(list)
        for item in items:
            groups[item.place[: depth + 1]].append(item)
        letters = {place for place in groups if place in self.found.letters}
        claims = [claim for place in letters for claim in self._letters(place, groups[place])]
        rest = {place: files for place, files in groups.items() if place not in letters}
        told = self._told(rest, depth)
        for place, files in rest.items():
            archive = depth == 0 and place in self.found.archives
            if place in told and not (archive and not told[place].told.ids and self._holds_several(files, depth)):
                claims.append(self._checked(told[place], depth))
            elif len(files[0].place) == depth + 1:
                self.nobodys += files
            elif told and not archive:
                claims.append(Claim(place, tuple(files), Told(why=self._beside(place)), Form("hand", place[-1])))
            else:
                claims += self._level(files, depth + 1)
        return claims

    def _beside(self, place: Place) -> str:
        told = self.roster.nearly(place[-1])
        near = f" (nearly: {', '.join(told)})" if told else ""
        return f"'{place[-1]}' is nobody in the student table{near}, but lies beside folders or files of students"

    def _told(self, groups: dict[Place, list[Item]], depth: int) -> dict[Place, Claim]:
        """What the names of one level tell; names that tell nothing are missing."""
        forms = {place: form_of(place[-1]) for place in groups}
        metadata = self.platforms.metadata(groups)
        level = self.platforms.level(list(filter(None, forms.values())), next(iter(groups), ("",))[depth - 1] if depth else "")
        claims = {}
        for place, files in groups.items():
            form, is_file = forms[place], len(files[0].place) == depth + 1
            if is_file and place[-1] == METADATA and metadata:
                continue
            if GRADESCOPE.fullmatch(place[-1]) and not is_file:
                claims[place] = Claim(place, tuple(files), *self.platforms.gradescope(place[-1], metadata.get(place[-1])))
            elif form:
                told, form = self.platforms.told(form, level)
                claims[place] = Claim(place, tuple(files), told, form, *self._time(form))
            elif (claim := self._by_hand(place, tuple(files), is_file)) is not None:
                claims[place] = claim
        return claims

    # ---- by hand

    def _by_hand(self, place: Place, items: tuple[Item, ...], is_file: bool) -> Claim | None:
        name = place[-1]
        packed = is_file or place in self.found.archives
        stem = _stem(name) if packed else name
        if members := self.lists.group(stem):
            return Claim(place, items, Told(tuple(members), EXACT), Form("hand", stem))
        if packed and plain_letters(stem) in map(plain_letters, self.neutral):
            return None
        who, told = self._before_dash(stem) if is_file else (stem, None)
        told = told or self._ilias(stem) or self.roster.told(stem, self.neutral)
        if told is None and not len(self.roster):
            told = self._as_called(place, stem, is_file)
        return Claim(place, items, told, Form("hand", who, file=name if is_file else "")) if told else None

    def _before_dash(self, stem: str) -> tuple[str, Told | None]:
        """``Ada Lovelace - convnets`` of Google Classroom: what stands before a dash, if it is somebody's whole name."""
        for match in re.finditer(" - ", stem):
            told = self.roster.by_name(stem[: match.start()])
            if told.ids or self.roster.called(stem[: match.start()]):
                return stem[: match.start()], told
        return stem, None

    def _ilias(self, stem: str) -> Told | None:
        match = ILIAS.fullmatch(stem)
        if not match:
            return None
        named = self.roster.called(f"{match['last']} {match['first']}")
        keyed = set(self.roster.by_key(match["login"]).ids) | set(filter(None, [self.roster.with_number(match["number"])]))
        found = named & keyed or named
        if len(found) > 1:
            return Told(why=f"'{stem}' may be {' or '.join(sorted(found))}")
        return Told(tuple(found), NAMED) if found else None

    def _as_called(self, place: Place, stem: str, is_file: bool) -> Told | None:
        """Where the student table is empty: folders in the archive folder, and files with the assignment's name behind another."""
        if len(place) == 1 and not is_file and place not in self.found.archives:
            return Told((new_id(stem),), WITHIN)
        for name in self.neutral:
            if is_file and stem.casefold().endswith((f"_{name}".casefold(), f"-{name}".casefold())):
                return Told((new_id(stem[: -len(name) - 1]),), WITHIN)
        return None

    def _checked(self, claim: Claim, depth: int) -> Claim:
        """Refuses a folder of one name that holds folders of several others: it may be everybody's."""
        if claim.told.ids and claim.form.source == "hand" and len(claim.items) > 1:
            inside = {item.place[level] for item in claim.items for level in range(depth + 1, len(item.place) - 1)}
            others = {student for name in inside for student in self.roster.by_key(name).ids or self.roster.called(name)}
            others -= set(claim.told.ids)
            if len(others) > 1:
                return replace(
                    claim, told=Told(why=f"it is called like {claim.told.ids[0]}, but holds folders of {', '.join(sorted(others))}")
                )
        return claim

    def _holds_several(self, files: list[Item], depth: int) -> bool:
        """Whether names inside an archive tell several students, so that its own name needs not tell one."""
        inside = Sorter(self.found, self.roster, self.lists, self.neutral, self.zone)._level(files, depth + 1)
        return len({claim.told.ids for claim in inside if claim.told.ids}) > 1

    # ---- messages

    def _letters(self, place: Place, items: list[Item]) -> list[Claim]:
        """The claims of a message and of those forwarded in it: an inner sender is believed if no student forwarded it."""
        parts: dict[Place, list[Item]] = defaultdict(list)
        for item in items:
            parts[next(item.place[:n] for n in range(len(item.place), 0, -1) if item.place[:n] in self.found.letters)].append(item)
        claims = []
        for where, files in parts.items():
            letter, trust = self.found.letters[where], 1
            sender = letter
            while sender.outer is not None:
                sender = sender.outer
                if self.roster.with_email(sender.sender) or not len(self.roster):
                    letter, trust = sender, 1
                elif sender is not letter:
                    trust = 0
            claims.append(self._letter(where, tuple(files), letter, trust))
        return claims

    def _letter(self, place: Place, items: tuple[Item, ...], letter: Letter, trust: int) -> Claim:
        student = self.roster.with_email(letter.sender)
        told = Told((student,), EXACT) if student else Told(why=f"the sender '{letter.sender}' isn't in the student table")
        if not len(self.roster) and "@" in letter.sender and "/" not in letter.sender:
            told = Told((letter.sender,), EXACT)
        if not letter.sender:
            told = Told(why="the message names no sender")
        return Claim(place, items, told, Form("mail", letter.sender), *self._letter_time(letter), trust)

    def _letter_time(self, letter: Letter) -> tuple[datetime | None, str]:
        source = SENDERS if letter.senders_time else "the mail server"
        return letter.time, source if letter.time else ""

    # ---- times, and two who are called alike

    def _time(self, form: Form) -> tuple[datetime | None, str]:
        if form.time:
            return tables.utc(form.time.replace(tzinfo=self.zone)), f"{form.source.capitalize()}, read as {_zone_name(self.zone)}"
        rows = self.lists.worksheet.people.get(form.number, []) if form.source == "moodle" else []
        time = tables.worksheet_time(rows[0], self.zone) if len(rows) == 1 else None
        return time, f"the grading worksheet, read as {_zone_name(self.zone)}" if time else ""

    def _once(self, claims: list[Claim]) -> list[Claim]:
        """Refuses what two people claim: in one place, one student has one name and one number."""
        seen: dict[tuple, dict[tuple, int]] = defaultdict(dict)
        for claim in claims:
            for student in claim.told.ids if claim.form.source not in SHARED and claim.told.sure != BY_LIST else ():
                callers = seen[claim.form.source, claim.place[:-1], student]
                callers[_caller(claim)] = max(claim.told.sure, callers.get(_caller(claim), 0))
        return [self._alone(claim, seen) for claim in claims]

    def _alone(self, claim: Claim, seen: dict[tuple, dict[tuple, int]]) -> Claim:
        for student in claim.told.ids:
            callers = seen.get((claim.form.source, claim.place[:-1], student), {})
            mine = callers.get(_caller(claim), 0)
            if len(callers) < 2 or mine == EXACT or (claim.form.source == "hand" and mine == WITHIN):
                continue
            if not len(self.roster) and claim.form.source == "canvas":
                return replace(claim, told=Told((f"{student}-{claim.form.number}",), NAMED))
            if mine < max(callers.values()) or list(callers.values()).count(mine) > 1:
                others = ", ".join(" ".join(filter(None, caller)) for caller in callers)
                return replace(claim, told=Told(why=f"several claim to be {student}: {others}"))
        return claim


def _caller(claim: Claim) -> tuple[str, str]:
    """What one person's files are called by; by hand, whoever is told by an id or within a longer name may have many."""
    by_hand = claim.form.source == "hand" and claim.told.sure != NAMED
    return (claim.told.ids[0] if by_hand else plain_letters(claim.form.who), claim.form.number)


def _stem(name: str) -> str:
    """A file's name without its endings: ``ada.ipynb.txt`` is ``ada``."""
    return re.sub(rf"(\.({ENDINGS}))+$", "", name, flags=re.IGNORECASE) or name


def _zone_name(zone: tzinfo) -> str:
    return str(getattr(zone, "key", "") or zone.tzname(datetime(2027, 1, 1)) or zone)
