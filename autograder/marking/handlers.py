"""The formgrader's requests that read and save points and comments: a save is refused if the answer was changed meanwhile.

With each grade and each comment a page gets the answer's state as ``seen``; nbgrader's own script sends it back with what it saves, as
it does with all that it got. Each opened page also has a number of its own, so that its own saves don't stand in its way.
`autograder.run.adapter` puts these functions in the place of nbgrader's methods, which do the saving as ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.server_extensions.formgrader.apihandlers import (
    CommentCollectionHandler,
    CommentHandler,
    GradeCollectionHandler,
    GradeHandler,
)
from nbgrader.server_extensions.formgrader.base import check_notebook_dir, check_xsrf, web
from sqlalchemy.exc import IntegrityError, OperationalError

from autograder.marking.answers import (
    Conflict,
    Place,
    State,
    Values,
    answers_in,
    conflict,
    number_or_none,
    place_of,
    state_of,
    values_of,
)
from autograder.marking.tables import Mark, make_tables
from autograder.marking.who import who

MAX_PAGE = 64  # characters of a page's number
BUSY = "the gradebook is busy: save again in a moment"

_nbgrader_put_grade = GradeHandler.put
_nbgrader_put_comment = CommentHandler.put


def fresh(handler: Any) -> Gradebook:
    """The server's gradebook, which forgets what it read before: other servers write into the database too."""
    gradebook = handler.gradebook
    gradebook.db.rollback()
    gradebook.db.expire_all()
    make_tables(gradebook)
    return gradebook


def found(find: Callable[[str], Any], name: str) -> Any:
    try:
        return find(name)
    except MissingEntry:
        raise web.HTTPError(404) from None


def digests_of(handler: Any, notebook: SubmittedNotebook) -> dict[str, str]:
    """Digests of the answers in the notebook that the formgrader shows."""
    coursedir = handler.coursedir
    folder = coursedir.format_path(coursedir.autograded_directory, notebook.student.id, notebook.assignment.name)
    return answers_in(Path(folder) / f"{notebook.name}.ipynb")


# ---- what a page gets


@web.authenticated
@check_xsrf
@check_notebook_dir
def get_grades(self: GradeCollectionHandler) -> None:
    """In place of ``GradeCollectionHandler.get``."""
    _write_all(self, "grades")


@web.authenticated
@check_xsrf
@check_notebook_dir
def get_comments(self: CommentCollectionHandler) -> None:
    """In place of ``CommentCollectionHandler.get``."""
    _write_all(self, "comments")


def _write_all(handler: Any, kind: str) -> None:
    gradebook = fresh(handler)
    notebook = found(gradebook.find_submission_notebook_by_id, handler.get_argument("submission_id"))
    digests = digests_of(handler, notebook)
    entries = getattr(notebook, kind)
    told = [one.to_dict() | {"seen": state_of(gradebook, notebook, one.name, digests).as_json()} for one in entries]
    handler.write(json.dumps(told))


# ---- what it saves


@web.authenticated
@check_xsrf
@check_notebook_dir
def put_grade(self: GradeHandler, grade_id: str) -> None:
    """In place of ``GradeHandler.put``, which does the saving."""
    gradebook = fresh(self)
    grade = found(gradebook.find_grade_by_id, grade_id)
    body = body_of(self)
    try:
        points = number_or_none(body.get("manual_score")), number_or_none(body.get("extra_credit"))
    except (TypeError, ValueError) as error:
        raise web.HTTPError(400, f"expected points as a number: {error}") from None
    wanted = values_of(grade.notebook, grade.name)._replace(manual_score=points[0], extra_credit=points[1])
    _save(self, grade.notebook, grade.name, wanted, lambda: _nbgrader_put_grade(self, grade_id))


@web.authenticated
@check_xsrf
@check_notebook_dir
def put_comment(self: CommentHandler, grade_id: str) -> None:
    """In place of ``CommentHandler.put``, which does the saving."""
    gradebook = fresh(self)
    comment = found(gradebook.find_comment_by_id, grade_id)
    wanted = values_of(comment.notebook, comment.name)._replace(comment=str(body_of(self).get("manual_comment") or ""))
    _save(self, comment.notebook, comment.name, wanted, lambda: _nbgrader_put_comment(self, grade_id))


def _save(handler: Any, notebook: SubmittedNotebook, cell: str, wanted: Values, save: Callable[[], None]) -> None:
    """Saves unless the answer was changed since the page was opened; what changes nothing is always saved."""
    gradebook, place = handler.gradebook, place_of(notebook, cell)
    try:
        if wanted != values_of(notebook, cell):
            refused = refusal(handler, gradebook, notebook, cell)
            if refused is not None:
                return refuse(handler, refused)
            gradebook.db.add(mark(handler, place, wanted, last_number(gradebook, notebook, cell)))
        save()
    except IntegrityError:  # another server saved this answer at the same moment
        gradebook.db.rollback()
        again = refusal(handler, gradebook, notebook, cell)
        if again is None:
            raise web.HTTPError(503, BUSY) from None
        refuse(handler, again)
    except OperationalError:
        gradebook.db.rollback()
        raise web.HTTPError(503, BUSY) from None


def refusal(handler: Any, gradebook: Gradebook, notebook: SubmittedNotebook, cell: str) -> Conflict | None:
    """Why a request may not change an answer, None if it may: also if it says nothing of what its page saw."""
    body = body_of(handler)
    if body.get("seen") is None:
        return None
    try:
        seen = State.from_json(body["seen"])
    except (KeyError, TypeError, ValueError):
        raise web.HTTPError(400, "expected 'seen' as the page got it") from None
    now = state_of(gradebook, notebook, cell, digests_of(handler, notebook))
    return conflict(gradebook, place_of(notebook, cell), seen, now, page_of(handler))


def refuse(handler: Any, refused: Conflict) -> None:
    """Answers with what was changed by whom, and the answer as it is now."""
    changes = [asdict(change) | {"before": change.before._asdict(), "after": change.after._asdict()} for change in refused.changes]
    handler.set_status(409)
    handler.write(json.dumps({"changes": changes, "regraded": refused.regraded, "seen": refused.now.as_json()}))


def mark(handler: Any, place: Place, wanted: Values, last: int) -> Mark:
    """The row that notes a change."""
    return Mark(**place._asdict(), number=last + 1, who=who(handler), page=page_of(handler), **wanted._asdict())


def last_number(gradebook: Gradebook, notebook: SubmittedNotebook, cell: str) -> int:
    return state_of(gradebook, notebook, cell, {}).number


def page_of(handler: Any) -> str:
    return str(body_of(handler).get("page") or "")[:MAX_PAGE]


def body_of(handler: Any) -> dict[str, Any]:
    body = handler.get_json_body()
    if not isinstance(body, dict):
        raise web.HTTPError(400, "expected a JSON object")
    return body
