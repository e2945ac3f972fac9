"""Who is who: students of the gradebook and people on a platform, by keys that both hold, never by names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from autograder.collecting.people import folded
from autograder.passback.platform import Person

FIELDS = ("lms_user_id", "id", "email")  # of nbgrader's student table, from what tells most surely
SAID = {"lms_user_id": "number", "id": "login", "email": "address"}


def match(students: Iterable[Any], people: Iterable[Person]) -> tuple[dict[str, Person], dict[str, str]]:
    """Finds each student on the platform.

    Args:
        students: rows of nbgrader's student table.
        people: those who take the course there.

    Returns:
        The person by the student's id, and of everybody else why nobody is sure.
    """
    index: dict[tuple[str, str], set[Person]] = defaultdict(set)
    for person in people:
        for field, value in person.keys.items():
            index[field, folded(value)].add(person)
    found: dict[str, Person] = {}
    lost: dict[str, str] = {}
    for student in students:
        told = _told(student, index)
        if isinstance(told, Person):
            found[student.id] = told
        else:
            lost[student.id] = told
    return _apart(found, lost)


def _told(student: Any, index: dict[tuple[str, str], set[Person]]) -> Person | str:
    """Who a student is there, or why nobody can say."""
    keys = {field: str(value) for field in FIELDS if (value := getattr(student, field, None))}
    by_field = {field: ones for field, value in keys.items() if (ones := index.get((field, folded(value))))}
    candidates = set().union(*by_field.values())
    if not candidates:
        tried = ", ".join(f"{SAID[field]} '{value}'" for field, value in keys.items())
        return f"isn't among the students of the course there: nobody has {tried}"
    if len(candidates) > 1:
        told = " or ".join(sorted(f"{one.name} (by {SAID[field]})" for field, ones in by_field.items() for one in ones))
        return f"may be {told}"
    person = candidates.pop()
    there = person.keys.get("lms_user_id", "")
    if "lms_user_id" in keys and there and folded(there) != folded(keys["lms_user_id"]):
        by = " and ".join(SAID[field] for field in by_field)
        return f"is {person.name} by {by}, whose number there is '{there}', not '{keys['lms_user_id']}'"
    return person


def _apart(found: dict[str, Person], lost: dict[str, str]) -> tuple[dict[str, Person], dict[str, str]]:
    """Takes out students who would be one person."""
    students: dict[str, list[str]] = defaultdict(list)
    for student, person in found.items():
        students[person.user].append(student)
    for student, person in list(found.items()):
        others = [one for one in students[person.user] if one != student]
        if others:
            del found[student]
            lost[student] = f"would be {person.name}, and so would {', '.join(others)}"
    return found, lost
