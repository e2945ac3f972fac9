"""``python -m autograder gradescope ID``: an autograder for Gradescope as one zip, and the same for a workflow.

The layout is Gradescope's (https://gradescope-autograders.readthedocs.io/en/latest/specs/): ``setup.sh`` and ``run_autograder`` at
the top; beside them here ``project/``, of this package what grading the one assignment needs, and ``course/``, a course folder
with the released notebook, its data, the gradebook that knows the released cells, and hidden checks of the course folder's own.
Solutions, other assignments' checks and answers, and students' data stay behind.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import nbformat

from autograder.authoring.course import make_course, nbgrader
from autograder.classroom.graded import NoCourse
from autograder.elsewhere.kinds import Visibility
from autograder.engine.cluster import LEFT_OUT
from autograder.engine.engine import EngineError, resolve_checks
from autograder.engine.imports import files_behind
from autograder.engine.store import NOT_DECIDING, SEED, SEED_BYTES
from autograder.errors import CourseError
from autograder.jobs.cells import grade_id, is_checked
from autograder.jobs.submission import DirectiveError, find_checks
from autograder.places import PACKAGE, ROOT
from autograder.settings import Settings

KIT = Path(__file__).resolve().parent / "kit"
PROGRAMS = ("setup.sh", "run_autograder")
PROJECT = ("bootstrap.py", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "LICENSE-TEXT", "nbgrader_config.py")
SECRET = ("checks", "reference")  # folders of the package of which only the one assignment's files go along
WHEN = (1980, 1, 1, 0, 0, 0)  # what a zip says of each file: the same content makes the same zip


def write_bundle(course: Path, assignment: str, settings: dict[str, Any], visibility: Visibility, target: Path | None = None) -> str:
    """Packs an assignment of the course in ``course``; returns what to say of it.

    Args:
        course: the course folder, or the checkout.
        assignment: its id.
        settings: of ``c.Grade``, as the course has them.
        visibility: when students see results on Gradescope.
        target: the zip.

    Raises:
        CourseError: no such assignment, or it can't be released; or its checks aren't there.
    """
    target = target or course / f"{assignment}-gradescope.zip"
    files = dict(bundle(course, assignment, settings, visibility))
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            about = zipfile.ZipInfo(name, WHEN)
            about.external_attr = (0o100755 if name in PROGRAMS else 0o100644) << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, data)
    size = f"{len(files)} files, {target.stat().st_size / 1e6:.1f} MB"
    return (
        f"{target}: {size}. It holds the hidden checks of {assignment} and their answers: keep it from students.\n"
        "Verdicts there are less sealed than here unless bubblewrap works in the container; each result says how it came about."
    )


def bundle(course: Path, assignment: str, settings: dict[str, Any], visibility: Visibility) -> Iterator[tuple[str, bytes]]:
    """The files of the zip: name and content."""
    if visibility not in get_args(Visibility):
        raise CourseError(f"visibility: expected one of {', '.join(get_args(Visibility))}, got {visibility!r}")
    source = next((path for root in (course, ROOT) if (path := root / "source" / assignment).is_dir()), None)
    if source is None:
        raise NoCourse(f"no assignment '{assignment}' in {course / 'source'}")
    checks = check_files(source, [course, ROOT])
    for name in PROGRAMS:
        yield name, (KIT / name).read_bytes()
    for path in project_files(assignment, [file for file in checks if file.is_relative_to(PACKAGE)]):
        yield f"project/{path.relative_to(ROOT).as_posix()}", path.read_bytes()
    yield "project/autograder/reference/labels/README", b"Labels to be predicted, of assignments that have some.\n"
    for path in _own(source):
        if path.suffix != ".ipynb":
            yield f"project/source/{assignment}/{path.relative_to(source).as_posix()}", path.read_bytes()
    yield from _course_files(course, source, checks, config(settings, visibility))


def check_files(source: Path, roots: list[Path]) -> list[Path]:
    """The files of hidden checks that an assignment's notebooks name.

    Raises:
        CourseError: one isn't there, or a line that names it can't be read.
    """
    found: set[Path] = set()
    try:
        for path in sorted(source.glob("*.ipynb")):
            for cell in nbformat.read(path, 4).cells:
                checks = find_checks(cell.source, grade_id(cell) or "") if is_checked(cell) else None
                found |= {Path(resolve_checks(checks, roots).file)} if checks else set()
    except (DirectiveError, EngineError) as error:
        raise CourseError(str(error)) from None
    return sorted(found)


def project_files(assignment: str, checks: list[Path]) -> list[Path]:
    """Of this checkout what grading an assignment needs."""
    needed = set(files_behind(checks))
    package = [path for path in _own(PACKAGE) if path.suffix != ".pyc" and "skeleton" not in path.parts]
    open_ = [path for path in package if path.relative_to(PACKAGE).parts[0] not in SECRET]
    secret = [path for path in package if path in needed or path.name == "__init__.py" or path.name == f"{assignment}.npz"]
    return sorted({*open_, *(path for path in secret if path.relative_to(PACKAGE).parts[0] in SECRET), *(ROOT / name for name in PROJECT)})


def config(settings: dict[str, Any], visibility: Visibility) -> str:
    """Lines that follow those of ``nbgrader_config.py``: the limits of the course, which decide on points."""
    known = Settings().as_dict()
    kept = {name: value for name, value in settings.items() if name in known and name not in (*NOT_DECIDING, "sandbox")}
    lines = [f"c.Grade.{name} = {value!r}" for name, value in sorted(kept.items())]
    return "\n".join(["", *lines, f"c.GradescopeExporter.visibility = {visibility!r}", ""])


def _course_files(course: Path, source: Path, checks: list[Path], more: str) -> Iterator[tuple[str, bytes]]:
    """A course folder in which the assignment is released; a released notebook stands in place of its source."""
    assignment = source.name
    with tempfile.TemporaryDirectory(prefix="bundle-") as scratch:
        made = Path(scratch) / "course"
        make_course(made, [])
        with open(made / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write(more)
        for path in checks:
            for beside in [] if path.is_relative_to(PACKAGE) else [path] if path.parent == course else _beside(path):
                there = made / beside.relative_to(course)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(beside, there)
        shutil.copytree(source, made / "source" / assignment, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        nbgrader(made, "generate_assignment", assignment)
        shutil.rmtree(made / "source")
        shutil.copytree(made / "release", made / "source")
        (made / SEED).parent.mkdir(exist_ok=True)
        (made / SEED).write_text(secrets.token_hex(SEED_BYTES), "ascii")
        for path in _own(made):
            if path.name not in ("lock", ".nbgrader.log") and path.suffix != ".pyc":
                yield f"course/{path.relative_to(made).as_posix()}", path.read_bytes()


def _beside(path: Path) -> list[Path]:
    return [
        file for file in sorted(path.parent.iterdir()) if file.is_file() and not file.name.startswith(".") and file.suffix not in LEFT_OUT
    ]


def _own(folder: Path) -> list[Path]:
    return [
        path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink() and ".ipynb_checkpoints" not in path.parts
    ]
