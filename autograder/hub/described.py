"""Reads hub.yaml: the courses of a hub, whose they are, and where it is heard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from autograder.errors import CourseError

FILE = "hub.yaml"
COURSE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,19}")  # part of an address, and of a group's name, which may have 32 characters
ACCOUNT = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
ADDRESS = re.compile(r"https?://[\w.:\[\]-]*:\d+(/[\w./-]*)?")
LOWEST_PORT, HIGHEST_PORT = 1024, 65_535


class BadHub(CourseError):
    """A hub can't be as it is described; the message says what was expected and what came."""


@dataclass(frozen=True)
class HubCourse:
    """One course of a hub: its name, the account that grades it, its folder, who teaches it, the port of its formgrader."""

    name: str
    grader: str
    folder: Path
    instructors: tuple[str, ...]
    port: int

    @property
    def students_group(self) -> str:
        """The group of all who reach the course's part of the exchange; nbgrader knows them by this name."""
        return f"nbgrader-{self.name}"

    @property
    def instructors_group(self) -> str:
        """The group of those who may open the course's formgrader; nbgrader knows them by this name."""
        return f"formgrade-{self.name}"


@dataclass(frozen=True)
class Hub:
    """A hub: its own folder, where it is heard, its exchange, its courses."""

    folder: Path
    address: str
    exchange: Path
    courses: tuple[HubCourse, ...]

    @property
    def groups(self) -> frozenset[str]:
        """Names of the groups that say who belongs to which course, and as what."""
        return frozenset(group for course in self.courses for group in (course.students_group, course.instructors_group))


def read_hub(folder: Path) -> Hub:
    """The hub that ``hub.yaml`` in ``folder`` describes.

    Raises:
        BadHub: there is no such file, or something in it isn't as it has to be.
    """
    folder = folder.resolve()
    described = _mapping(_read(folder / FILE), FILE, required=("courses", "exchange"), others=("address", "ports"))
    address = described.get("address", "http://127.0.0.1:8000")
    if not isinstance(address, str) or not ADDRESS.fullmatch(address):
        raise BadHub(f"{FILE}, address: expected one such as http://127.0.0.1:8000, got {address!r}")
    first = described.get("ports", 9101)
    named = described["courses"]
    if not isinstance(named, dict) or not named:
        raise BadHub(f"{FILE}, courses: expected at least one course by its name, got {named!r}")
    if type(first) is not int or not LOWEST_PORT <= first <= HIGHEST_PORT - len(named):
        raise BadHub(f"{FILE}, ports: expected the first port, a number from {LOWEST_PORT} to {HIGHEST_PORT - len(named)}, got {first!r}")
    courses = tuple(_course(name, about, first + number) for number, (name, about) in enumerate(named.items()))
    _apart("grader", ((course.name, course.grader) for course in courses))
    _apart("folder", ((course.name, str(course.folder)) for course in courses))
    return Hub(folder, address, _path(described["exchange"], "exchange"), courses)


def _course(name: Any, about: Any, port: int) -> HubCourse:
    place = f"courses, {name}"
    if not isinstance(name, str) or not COURSE_NAME.fullmatch(name):
        raise BadHub(f"{FILE}, {place}: expected a name of at most 20 small letters, digits, - and _ that begins with a letter")
    about = _mapping(about, f"{FILE}, {place}", required=("grader", "folder", "instructors"))
    teaching = about["instructors"]
    if not isinstance(teaching, list) or not teaching:
        raise BadHub(f"{FILE}, {place}, instructors: expected a list of accounts such as [iris], got {teaching!r}")
    instructors = tuple(_account(each, f"{place}, instructors") for each in teaching)
    return HubCourse(name, _account(about["grader"], f"{place}, grader"), _path(about["folder"], f"{place}, folder"), instructors, port)


def _mapping(value: Any, place: str, required: Iterable[str], others: Iterable[str] = ()) -> dict[str, Any]:
    """A table with these entries and no other."""
    required, known = tuple(required), {*required, *others}
    if not isinstance(value, dict):
        raise BadHub(f"{place}: expected {', '.join(required)}, got {value!r}")
    missing = [name for name in required if name not in value]
    unknown = [str(name) for name in value if name not in known]
    if missing or unknown:
        came = ", ".join(map(str, value)) or "nothing"
        what = f"{missing[0]} is missing" if missing else f"{unknown[0]} isn't known"
        raise BadHub(f"{place}: {what}; expected {', '.join(sorted(known))}, got {came}")
    return value


def _account(value: Any, place: str) -> str:
    if not isinstance(value, str) or not ACCOUNT.fullmatch(value):
        raise BadHub(f"{FILE}, {place}: expected the name of an account in small letters, got {value!r}")
    if value == "root":
        raise BadHub(f"{FILE}, {place}: expected an ordinary account, got root")
    return value


def _path(value: Any, place: str) -> Path:
    if not isinstance(value, str) or not value.startswith("/") or ".." in Path(value).parts:
        raise BadHub(f"{FILE}, {place}: expected a path that begins with /, got {value!r}")
    return Path(value)


def _apart(what: str, named: Iterable[tuple[str, str]]) -> None:
    """Raises `BadHub` where two courses share what would let those who teach one of them into the other."""
    seen: dict[str, str] = {}
    for course, value in named:
        if value in seen:
            raise BadHub(f"{FILE}: the courses {seen[value]} and {course} have the same {what}, {value}; each needs one of its own")
        seen[value] = course


# ---- the file


class _Loader(yaml.SafeLoader):
    """YAML in which no name may stand twice: the second would silently replace the first."""


def _once(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, (str, int, float)):
            raise BadHub(f"{FILE}, line {key_node.start_mark.line + 1}: expected a name, got {key!r}")
        if key in found:
            raise BadHub(f"{FILE}, line {key_node.start_mark.line + 1}: {key} stands there a second time")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _once)


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_text("utf-8"), _Loader)
    except FileNotFoundError:
        raise BadHub(f"there is no {file}: `python -m autograder hub {file.parent}` makes one to be filled in") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadHub(f"{file} can't be read as YAML: {error}") from None
