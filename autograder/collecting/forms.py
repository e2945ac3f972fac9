"""The names that learning platforms give to files and folders.

| from | a file or folder is called |
|---|---|
| Canvas | ``lovelaceada_LATE_1234_56789_convnets-1.ipynb``: sortable name, whether late, user, file, name |
| Canvas, anonymous | ``anon_Ab3dE_56789_convnets.ipynb`` |
| Moodle | ``Ada Lovelace_4711_assignsubmission_file_/…`` or the same before a file's name; ``Group-`` before it, or a team's name |
| Blackboard | ``Homework 2_ada_attempt_2027-01-31-22-59-00_convnets.ipynb`` |
| Brightspace | ``397063-255730 - Ada Lovelace - Jan 30, 2027 830 PM/…`` |
| ILIAS | ``Lovelace_Ada_ada_4711/…``: last and first name, login, user |
| Gradescope | ``submission_123456/…``; ``submission_metadata.yml`` says whose |
| Google Classroom | ``Ada Lovelace - convnets.ipynb`` |

Microsoft Teams, GitHub Classroom and people make folders whose names `Roster.told` reads.

Sources: ``lib/content_zipper.rb`` of instructure/canvas-lms; ``mod/assign/classes/downloader.php`` of moodle/moodle;
``docs/source/user_guide/managing_assignment_files_manually.ipynb`` of jupyter/nbgrader and kwurst/bb-file-cleanup for Blackboard;
``Modules/Exercise/classes/class.ilExSubmission.php`` of ILIAS-eLearning/ILIAS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MOODLE = re.compile(r"(?P<who>.+?)(?:_(?P<number>\d+))?_assignsubmission_[a-z]+_?(?P<file>.*)")
BLACKBOARD = re.compile(r"(?P<head>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<about>\.txt))?")
BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-\d+ ?- (?P<who>.+?) ?- (?P<time>[A-Z][a-z]{2} \d{1,2}, \d{4} \d{3,4} [AP]M)(?: ?- (?P<file>.+))?"
)
ANONYMOUS = re.compile(r"(?:(?P<late>late)_)?(?P<who>anon_[a-z0-9]+)_(?:(?P<late2>late)_)?(?P<file_id>\d+)_(?P<file>.+)", re.IGNORECASE)
CANVAS = re.compile(r"(?:(?P<late>late)_)?(?P<number>\d+)_(?P<file_id>\d+)_(?P<file>.+)", re.IGNORECASE)
ILIAS = re.compile(r"(?P<last>[^_]+)_(?P<first>[^_]+)_(?P<login>[^_]+)_(?P<number>\d+)")
GROUP_WORD = re.compile(r"\d|\b(group|gruppe|groupe|grupo|lab|team|tutori\w+|section|seminar|class|kurs|course|übung\w*)\b", re.IGNORECASE)
GRADESCOPE = re.compile(r"submission_\d+")
PARTICIPANT = re.compile(r"[^\W\d]+(?:/[^\W\d]+)?")  # one word, whatever the language: nobody's full name


@dataclass(frozen=True)
class Form:
    """What a platform's name says.

    Attributes:
        source: the platform.
        who: how it calls the student.
        number: its number of the student; empty if it gives none.
        file: the name that the student gave the file; empty for a folder.
        version: its own count of uploads.
        late: whether it says so.
        time: when it was handed in, by the platform's clock.
        readings: number and file in all the ways that the name can be read.
    """

    source: str
    who: str
    number: str = ""
    file: str = ""
    version: int = 0
    late: bool = False
    time: datetime | None = None
    readings: tuple[tuple[str, str], ...] = ()


def form_of(name: str) -> Form | None:
    """The platform's form that a name has, None if it has none of those that can't be mistaken."""
    if match := MOODLE.fullmatch(name):
        return Form("moodle", match["who"], match["number"] or "", match["file"])
    if match := BLACKBOARD.fullmatch(name):
        return Form("blackboard", match["head"], file=match["file"] or "", time=_time(match["time"], "%Y-%m-%d-%H-%M-%S"))
    if match := BRIGHTSPACE.fullmatch(name):
        return Form("brightspace", match["who"].strip(), match["number"], match["file"] or "", time=brightspace_time(match["time"]))
    if match := ANONYMOUS.fullmatch(name):
        late = bool(match["late"] or match["late2"])
        return Form("anonymous", match["who"], "", match["file"], int(match["file_id"]), late)
    return _canvas(name)


def _canvas(name: str) -> Form | None:
    """Canvas leaves ``_`` in names, so that a student may call herself like a file: all ways to read it are told."""
    starts = [match.end() for match in re.finditer("_", name)]
    found = [(name[: start - 1], match) for start in starts if start > 1 and (match := CANVAS.fullmatch(name, start))]
    if not found:
        return None
    who, match = found[0]
    readings = tuple(dict.fromkeys((other["number"], other["file_id"]) for _, other in found))
    return Form("canvas", who, match["number"], match["file"], int(match["file_id"]), bool(match["late"]), readings=readings)


def blackboard_logins(heads: Sequence[str], archive: str) -> dict[str, list[str]]:
    """The logins that may stand at the end of each ``<assignment>_<login>``.

    Both may hold ``_``, but the assignment is the same in one archive, and ``gradebook_<course>_<assignment>_<time>.zip``
    names it where the archive kept its name.
    """
    common = [{match.start() for match in re.finditer("_", head)} for head in heads]
    cuts = sorted(set.intersection(*common) if common else set())
    cuts = [cut for cut in cuts if len({head[:cut] for head in heads}) == 1]
    named = [cut for cut in cuts if re.search(rf"_{re.escape(heads[0][:cut])}_\d{{4}}-", archive)]
    return {head: [head[cut + 1 :] for cut in (named[-1:] or cuts)] for head in heads}


def without_groups(names: Iterable[str], known: Iterable[str], is_somebody: Callable[[str], bool]) -> dict[str, list[str]]:
    """What may be left of each of Moodle's names without a group before it.

    What stands before a dash is a group if it is in ``known``, if each part of it holds a number or a word for a group, or if
    several names begin with it that are nobody's with it and all somebody's without: nobody's first name is taken for a group.
    """
    names, groups = set(names), {name.casefold() for name in known}
    cuts = {name: [(name[: match.start()], name[match.end() :].strip()) for match in re.finditer("-", name)] for name in names}
    rests: dict[str, list[str]] = {}
    for name, pairs in cuts.items():
        for head, rest in pairs:
            rests.setdefault(head, []).append(rest if not is_somebody(name) else "")

    def is_group(head: str) -> bool:
        shared = len(rests[head]) > 1 and all(is_somebody(rest) for rest in rests[head])
        return head.casefold() in groups or all(map(GROUP_WORD.search, head.split("-"))) or shared

    return {name: [rest for head, rest in pairs if is_group(head)] for name, pairs in cuts.items()}


def brightspace_time(text: str) -> datetime | None:
    """``Jan 30, 2027 830 PM``: hour and minutes without a colon."""
    day, clock, half = text.rsplit(" ", 2)
    return _time(f"{day} {clock.zfill(4)} {half}", "%b %d, %Y %I%M %p")


def _time(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None
