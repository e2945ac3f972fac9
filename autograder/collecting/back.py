"""The names that platforms want for what they get back: feedback finds its student by what her own file was called.

- Moodle, *Upload multiple feedback files in a zip*: ``Ada Lovelace_4711_assignsubmission_file_/convnets.html``. The number is of the
  participant in this one assignment and decides alone (``mod/assign/feedback/file/importziplib.php`` of moodle/moodle,
  ``is_valid_filename_for_import``; older versions need the last ``_``). So the name before it must hold no ``_``.
- Canvas, *Upload Submissions* behind *Download Submissions*: the name of the file that was handed in, up to the numbers of the user
  and of the file, which are the first two parts of digits alone; anonymous: ``anon_Ab3dE_56789_…``. A last part that begins with
  ``link`` is passed over (``infer_comment_context_from_filename`` in ``app/models/abstract_assignment.rb`` of instructure/canvas-lms).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.collecting.lists import Lists
from autograder.collecting.people import Roster
from autograder.collecting.plan import Plan
from autograder.collecting.sorting import Claim
from autograder.collecting.tables import Worksheet, worksheet_email


@dataclass(frozen=True)
class Back:
    """What a platform wants a file to be called, or why nobody knows."""

    name: str = ""
    why: str = ""


@dataclass
class Collected:
    """How an assignment was collected, as far as what was downloaded is still there.

    Attributes:
        plan: who ← which file; empty if nothing is there.
        lists: the instructor's lists.
        roster: the class.
        why: why nothing is there.
    """

    plan: Plan = field(default_factory=Plan)
    lists: Lists = field(default_factory=Lists)
    roster: Roster = field(default_factory=lambda: Roster([]))
    why: str = ""

    def claim(self, student: str, notebook: str) -> Claim | None:
        """What told whose a collected notebook is."""
        entry = self.plan.entries.get(student)
        version = entry.chosen.notebooks.get(notebook) if entry else None
        return version.claim if version else None


def canvas_name(collected: Collected, student: str, notebook: str) -> Back:
    """What Canvas wants a feedback page to be called."""
    claim = collected.claim(student, notebook)
    if claim is None or claim.form.source not in ("canvas", "anonymous"):
        return Back(why=_not_from("Canvas", claim, collected))
    if claim.told.ids != (student,):
        return Back(why=f"handed in as {' and '.join(claim.told.ids)}: Canvas takes one feedback, for whoever handed in")
    head = claim.place[-1][: -len(claim.form.file)]
    digits = [part for part in head.split("_") if part.isdigit()]
    if claim.form.source == "canvas" and digits[:1] != [claim.form.number]:
        return Back(why=f"Canvas would read another number out of '{claim.place[-1]}'")
    return Back(head + ("feedback-" if notebook.startswith("link") else "") + f"{notebook}.html")


def moodle_name(collected: Collected, student: str, notebook: str) -> Back:
    """What Moodle wants a feedback page to be called."""
    claim = collected.claim(student, notebook)
    number = _number_in_list(collected.lists.worksheet, collected.roster, student)
    if not number and claim is not None and claim.form.source == "moodle" and claim.told.ids == (student,):
        number = claim.form.number
    if not number:
        hint = "; Moodle's grading worksheet, put into the archive folder, says the numbers of all"
        return Back(why=_not_from("Moodle", claim, collected) + hint)
    row = collected.roster.students.get(student)
    name = " ".join(filter(None, (getattr(row, "first_name", ""), getattr(row, "last_name", "")))) or student
    return Back(f"{_without_signs(name)}_{number}_assignsubmission_file_/{notebook}.html")


def _number_in_list(sheet: Worksheet, roster: Roster, student: str) -> str:
    """The number of the participant whom a worksheet's address or ID number tells to be this student."""
    found = set()
    for number, rows in sheet.people.items():
        for row in rows:
            key = row.get("id_number", "idnumber", "id_nummer", "matrikelnummer")
            if student in (roster.with_email(worksheet_email(row)), roster.with_number(key)):
                found.add(number)
    return found.pop() if len(found) == 1 else ""


def _not_from(platform: str, claim: Claim | None, collected: Collected) -> str:
    if claim is not None:
        how = claim.form.source if claim.form.source != "hand" else "a file or folder named by hand"
        return f"no number of {platform}'s is known: collected from {how} ('{claim.place[-1]}')"
    return f"no number of {platform}'s is known: {collected.why or 'nothing of it lies in the archive folder'}"


def _without_signs(name: str) -> str:
    """A name that neither parts a path nor the fields of a name."""
    return " ".join("".join(" " if sign in '_/\\:*?"<>|' or not sign.isprintable() else sign for sign in name).split()) or "student"


NAMES: dict[str, Callable[[Collected, str, str], Back]] = {"canvas": canvas_name, "moodle": moodle_name}
