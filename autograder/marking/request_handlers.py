"""The formgrader's requests for what students ask to be looked at again."""

from __future__ import annotations

import json
from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.server_extensions.formgrader.base import check_notebook_dir, check_xsrf, web

from autograder.marking.handlers import body_of, found, fresh
from autograder.marking.requests import answer, points_in_words, requests_of
from autograder.marking.rubric_handlers import Rubric
from autograder.marking.tables import Request
from autograder.marking.who import who


def told_requests(gradebook: Gradebook, notebook: SubmittedNotebook) -> list[dict[str, Any]]:
    """What the student of a submission asked, for the page."""
    of_hers = [one for one in requests_of(gradebook, notebook.assignment.name) if one.student == notebook.student.id]
    return [_told(one) for one in of_hers if one.notebook == notebook.name]


def _told(one: Request) -> dict[str, Any]:
    about = {
        "id": one.id,
        "cell": one.cell,
        "sentence": one.sentence,
        "at": f"{one.at.isoformat(timespec='seconds')}Z",
        "before": one.before,
    }
    return about | {"answer": one.answer, "by": one.answered_by, "points": points_in_words(one)}


class RequestsHandler(Rubric):
    """``requests/<submission>``: what the student asked."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def get(self, submission_id: str) -> None:
        gradebook = fresh(self)
        self.write(json.dumps(told_requests(gradebook, found(gradebook.find_submission_notebook_by_id, submission_id))))


class AnswerHandler(Rubric):
    """``answer/<request>/<submission>``: what a person answers; of two who do that at once the second is told."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def put(self, id: str, submission_id: str) -> None:
        gradebook, body = fresh(self), body_of(self)
        notebook, request = found(gradebook.find_submission_notebook_by_id, submission_id), gradebook.db.get(Request, int(id))
        if request is None:
            raise web.HTTPError(404)
        if request.answer != body.get("was"):
            self.set_status(409)
            return self.write(
                json.dumps({"said": f"{request.answered_by} answered meanwhile", "requests": told_requests(gradebook, notebook)})
            )
        with self.one_go(gradebook):
            answer(gradebook, request, str(body.get("answer") or ""), who(self))
            gradebook.db.flush()
            self.write(json.dumps({"requests": told_requests(gradebook, notebook)}))


ADDRESSES = [(r"requests/([^/]+)", RequestsHandler), (r"answer/(\d+)/([^/]+)", AnswerHandler)]
