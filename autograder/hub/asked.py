"""``python -m autograder.hub.asked FOLDER``: what a course folder says of itself, asked by the account that owns it.

Its settings are a program. Whoever looks after the machine doesn't run it with more rights than the course's own account has.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def asked(folder: Path) -> dict[str, object]:
    """The course's id, its exchange, and the ids of the students in its gradebook."""
    from nbgrader.api import Gradebook
    from nbgrader.exchange.default import Exchange

    from autograder.classroom.graded import open_course

    coursedir = open_course(folder)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        students = sorted(student.id for student in gradebook.students)
    return {"course": coursedir.course_id, "exchange": Exchange(parent=coursedir.parent).root, "students": students}


if __name__ == "__main__":
    print(json.dumps(asked(Path(sys.argv[1]))))
