"""Whom the names tell that platforms give to files and folders: the rules of each platform."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import yaml

from autograder.collecting import tables
from autograder.collecting.forms import PARTICIPANT, Form, blackboard_logins, without_groups
from autograder.collecting.lists import Lists
from autograder.collecting.people import EXACT, NAMED, WITHIN, Roster, Told
from autograder.collecting.unpack import Item, Place

METADATA = "submission_metadata.yml"  # Gradescope's


@dataclass(frozen=True)
class Level:
    """What all the names of one level tell: Blackboard's logins, Moodle's names without groups, digits of Canvas's file numbers."""

    logins: dict[str, list[str]]
    prefixes: dict[str, list[str]]
    shortest: int


class Platforms:
    """The rules of the platforms, for a class.

    Args:
        roster: the class.
        lists: the instructor's lists.
    """

    def __init__(self, roster: Roster, lists: Lists) -> None:
        self.roster, self.lists = roster, lists

    def level(self, forms: list[Form], archive: str) -> Level:
        """What only all the names of one level together tell."""
        who = {source: [form.who for form in forms if form.source == source] for source in ("blackboard", "moodle")}
        files = [len(form.readings[0][1]) for form in forms if len(form.readings) == 1]
        prefixes = without_groups(who["moodle"], self.lists.groups, lambda name: bool(self.roster.called(name)))
        return Level(blackboard_logins(who["blackboard"], archive), prefixes, min(files, default=1))

    def told(self, form: Form, level: Level) -> tuple[Told, Form]:
        """Whom a platform's name tells, and the form with what that made of it."""
        if form.source == "blackboard":
            return self._login(form, level.logins[form.who])
        if not len(self.roster):
            return Told((new_id(form.who),), NAMED), form  # of a class without a table; `Sorter` looks for namesakes
        if form.source == "moodle":
            return self._moodle(form, level.prefixes), form
        if form.source == "canvas":
            return self._canvas(form, level.shortest), form
        return self._brightspace(form) if form.source == "brightspace" else self.roster.by_key(form.who), form

    def _canvas(self, form: Form, shortest: int) -> Told:
        readings = [(number, file) for number, file in form.readings if len(file) >= shortest and not file.startswith("0")]
        if len({number for number, _ in readings}) > 1:
            return Told(why=f"'{form.who}': a name that holds several numbers may be of {' or '.join(number for number, _ in readings)}")
        number = readings[0][0] if readings else form.number
        student = self.roster.with_number(number)
        return Told((student,), EXACT) if student else self._without_other_number(self.roster.by_name(form.who), form)

    def _without_other_number(self, told: Told, form: Form) -> Told:
        if not told.ids or not self.roster.number_of(told.ids[0]):
            return told
        theirs = self.roster.number_of(told.ids[0])
        return Told(why=f"'{form.who}' has the number {form.number}, but {told.ids[0]} of that name has {theirs}")

    def _brightspace(self, form: Form) -> Told:
        if members := self.lists.group(form.who):
            return Told(tuple(members), EXACT)
        found, numbered = self.roster.called(form.who), self.roster.with_number(form.number)
        return Told((numbered,), EXACT) if numbered in found and numbered else self.roster.by_name(form.who)

    def _login(self, form: Form, logins: list[str]) -> tuple[Told, Form]:
        """Blackboard's form with the login alone, and whose that is."""
        told = {login: self.roster.by_key(login) for login in logins}
        found = {login: one for login, one in told.items() if one.ids}
        if len({one.ids for one in found.values()}) == 1:
            login, one = next(iter(found.items()))
            return one, replace(form, who=login)
        if found:
            return Told(why=f"'{form.who}' may be {' or '.join(sorted(one.ids[0] for one in found.values()))}"), form
        login = logins[0] if logins else form.who
        if len(logins) == 1 and not len(self.roster):
            return Told((new_id(login),), EXACT), replace(form, who=login)
        return Told(why=f"'{login}' isn't in the student table"), replace(form, who=login)

    def _moodle(self, form: Form, prefixes: dict[str, list[str]]) -> Told:
        if members := self.lists.group(form.who):
            return Told(tuple(members), EXACT)
        names = [form.who, *prefixes.get(form.who, [])]
        rows = self.lists.worksheet.people.get(form.number, [])
        if rows:
            return self._by_worksheet(form, names, rows)
        if PARTICIPANT.fullmatch(form.who) and not self.roster.called(form.who):
            return Told(why=f"'{form.who}' {form.number} is anonymous: put Moodle's grading worksheet into the archive folder")
        told = [self.roster.by_name(name) for name in names]
        found = {one.ids: one for one in told if one.ids}
        if len(found) == 1:
            return replace(next(iter(found.values())), sure=NAMED if told[0].ids else WITHIN)
        several = max((self.roster.called(name) for name in names), key=len)
        hint = "; Moodle's grading worksheet, put into the archive folder, says who" if several else ""
        return Told(why=told[0].why if not several else f"'{form.who}' may be {' or '.join(sorted(several))}{hint}")

    def _by_worksheet(self, form: Form, names: list[str], rows: list[tables.Row]) -> Told:
        found = set()
        for row in rows:
            full, address = tables.worksheet_name(row), tables.worksheet_email(row)
            alike = set(map(plain_letters, names))
            if full and plain_letters(full) not in alike and not PARTICIPANT.fullmatch(form.who):
                return Told(
                    why=f"the grading worksheet calls number {form.number} '{full}', not '{form.who}': is it of another assignment?"
                )
            number = row.get("id_number", "idnumber", "id_nummer", "matrikelnummer")
            student = self.roster.with_email(address) or self.roster.with_number(number)
            by_name = self.roster.by_name(full) if full and not student else Told()
            found |= {student} if student else set(by_name.ids)
        if len(found) == 1:
            return Told((found.pop(),), EXACT)
        return Told(why=f"the grading worksheet doesn't tell which student of the table number {form.number} ('{form.who}') is")

    def metadata(self, groups: dict[Place, list[Item]]) -> dict:
        """What Gradescope's list beside the folders says of each."""
        for place, files in groups.items():
            if place[-1] == METADATA and files[0].place == place:
                try:
                    read = yaml.safe_load(tables.read_text(files[0].path.read_bytes()))
                except (yaml.YAMLError, ValueError, RecursionError):
                    return {}
                return read if isinstance(read, dict) else {}
        return {}

    def gradescope(self, name: str, about: object) -> tuple[Told, Form, datetime | None, str]:
        """Whose a folder of Gradescope's is, and since when, by its list."""
        about = about if isinstance(about, dict) else {}
        people = [person for person in about.get(":submitters") or [] if isinstance(person, dict)]
        told, who = [], []
        for person in people:
            address, number, full = (str(person.get(key) or "") for key in (":email", ":sid", ":name"))
            student = self.roster.with_email(address) or self.roster.with_number(number)
            told.append(Told((student,), EXACT) if student else self.roster.by_name(full))
            who.append(full or address or number)
        time = about.get(":created_at")
        utc = time.replace(tzinfo=None) if isinstance(time, datetime) and time.tzinfo is None else None
        utc = tables.utc(time) if isinstance(time, datetime) and time.tzinfo else utc
        form = Form("gradescope", ", ".join(who) or name)
        why = "; ".join(one.why for one in told if not one.ids) or ("" if told else f"{METADATA} beside it doesn't say whose it is")
        ids = tuple(dict.fromkeys(student for one in told for student in one.ids))
        return Told(why=why) if why else Told(ids, EXACT), form, utc, "Gradescope" if utc else ""


def new_id(name: str) -> str:
    """An id for a student of a class that has no table yet."""
    return "-".join(name.split()).lower().replace("/", "-").lstrip(".")


def plain_letters(name: str) -> str:
    """A name without signs and case."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())
