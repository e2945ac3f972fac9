"""``python -m autograder split ID --among anna,ben``: a class's answers split among the people who mark them by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.decided import deciding
from autograder.classroom.graded import NoCourse, find_assignment, handed_in_by, open_course
from autograder.errors import CourseError
from autograder.jobs.cells import waits
from autograder.marking.split import read_graders, split, write_graders


@dataclass(frozen=True)
class Share:
    """What one grader has of an assignment: all her students, and those of whom something is still to be marked."""

    grader: str
    students: int
    left: int


@dataclass(frozen=True)
class Marked:
    """Whose answers are marked by hand: all, or some of them, in an assignment."""

    done: frozenset[str]
    begun: frozenset[str]


def marked(gradebook: Gradebook, assignment: str) -> Marked:
    """How far the marking of each graded submission is."""
    done, begun = set(), set()
    for submission in gradebook.assignment_submissions(assignment):
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        if not any(map(waits, grades)):
            done.add(submission.student_id)
        if any(grade.manual_score is not None for grade in grades):
            begun.add(submission.student_id)
    return Marked(frozenset(done), frozenset(begun))


def handed_in(coursedir: CourseDirectory, gradebook: Gradebook, assignment: str) -> set[str]:
    """Who handed in, graded or not."""
    graded = {submission.student_id for submission in gradebook.assignment_submissions(assignment)}
    return graded | set(handed_in_by(coursedir, assignment))


def split_class(folder: Path, assignment: str, among: str) -> str:
    """Splits a class, or splits it anew when graders come or go; returns who has how many.

    Args:
        folder: the course folder.
        assignment: its id.
        among: names of graders, with commas between them.

    Raises:
        CourseError: there is no such course or assignment, nobody handed in, or the names aren't some.
    """
    names = [" ".join(name.split()) for name in among.split(",")]
    if not all(names) or len(set(names)) != len(names):
        raise CourseError(f"--among: expected names with commas between them, such as anna,ben, each once; found '{among}'")
    with deciding(folder, "split") as desk:
        find_assignment(desk.gradebook, assignment)
        root = Path(desk.coursedir.root)
        graders = read_graders(root)
        before, now = graders.get(assignment, {}), marked(desk.gradebook, assignment)
        students = handed_in(desk.coursedir, desk.gradebook, assignment)
        if not students:
            raise NoCourse(f"nobody handed in '{assignment}' yet")
        graders[assignment] = split(assignment, students, names, before, now.done, now.begun)
        write_graders(root, graders)
        lines = [*_told(desk.gradebook, desk.coursedir, assignment), *_moved(before, graders[assignment])]
    return "\n".join(lines)


def _moved(before: dict[str, str], after: dict[str, str]) -> list[str]:
    moves = Counter((before[student], grader) for student, grader in after.items() if before.get(student, grader) != grader)
    return [f"{count} of {old}'s went to {new}" for (old, new), count in sorted(moves.items())]


def shares(gradebook: Gradebook, coursedir: CourseDirectory, assignment: str) -> list[Share]:
    """What each grader has; last, under no name, those who are nobody's. Nothing if the assignment isn't split.

    Raises:
        CourseError: ``graders.csv`` can't be read.
    """
    graders = read_graders(Path(coursedir.root)).get(assignment)
    if not graders:
        return []
    students, done = handed_in(coursedir, gradebook, assignment), marked(gradebook, assignment).done
    found = Counter(graders.get(student, "") for student in students)
    left = Counter(graders.get(student, "") for student in students if student not in done)
    names = sorted({*found, *graders.values()}, key=lambda name: (not name, name))
    return [Share(name, found[name], left[name]) for name in names]


def _told(gradebook: Gradebook, coursedir: CourseDirectory, assignment: str) -> list[str]:
    return [
        f"{share.grader or 'nobody'}: {share.students} student{'' if share.students == 1 else 's'}, {share.left} still to be marked"
        for share in shares(gradebook, coursedir, assignment)
    ]


def split_as_it_is(folder: Path, assignment: str) -> str:
    """Who has how many of an assignment; changes nothing."""
    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        find_assignment(gradebook, assignment)
        lines = _told(gradebook, coursedir, assignment)
    return "\n".join(lines) or f"'{assignment}' isn't split among graders"
