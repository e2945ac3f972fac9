"""The formgrader's requests for items: which there are, a new one, one that is given or taken away, changed or removed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_notebook_dir, check_xsrf, web
from sqlalchemy.exc import IntegrityError, OperationalError

from autograder.errors import CourseError
from autograder.marking.answers import number_or_none, values_of
from autograder.marking.handlers import BUSY, body_of, found, fresh, last_number, mark, refusal, refuse
from autograder.marking.rubric import (
    Answer,
    add_item,
    answers_with,
    change_item,
    counts,
    items_of,
    remove_item,
    take_from_scheme,
)
from autograder.marking.schemes import items_in, read_schemes
from autograder.marking.tables import Item
from autograder.marking.who import who


def questions(notebook: SubmittedNotebook) -> list[str]:
    """The cells of a notebook that a person marks: those with points and a comment of their own."""
    commented = {comment.name for comment in notebook.comments}
    return [grade.name for grade in notebook.grades if grade.name in commented]


def know_schemes(handler: Any, gradebook: Gradebook, notebook: SubmittedNotebook) -> None:
    """Takes in what the mark schemes name and isn't known yet."""
    assignment, name = notebook.assignment.name, notebook.name
    schemes = read_schemes(handler.coursedir, assignment, name, handler.log)
    cells = [cell for cell in questions(notebook) if schemes.get(cell)]
    try:
        for cell in cells:
            take_from_scheme(gradebook, assignment, name, cell, items_in(schemes[cell]))
        gradebook.db.commit()
    except (IntegrityError, OperationalError):  # another server is at the same
        gradebook.db.rollback()


def told_items(gradebook: Gradebook, notebook: SubmittedNotebook, cell: str) -> dict[str, Any]:
    """A question's items for the page, with those that this answer has."""
    items = items_of(gradebook, notebook.assignment.name, notebook.name, cell)
    given, often = Answer(gradebook, notebook, cell).given, counts(gradebook, items)
    told = [
        {"id": one.id, "text": one.text, "points": one.points, "given": one.id in given, "count": often.get(one.id, 0)} for one in items
    ]
    return {"items": told, "from_full": bool(items and items[0].from_full)}


class Rubric(BaseApiHandler):
    """What these requests share."""

    @contextmanager
    def one_go(self, gradebook: Gradebook) -> Iterator[None]:
        """Commits what is done in it; says what went wrong and keeps nothing half done."""
        try:
            yield
            gradebook.db.commit()
        except CourseError as error:
            gradebook.db.rollback()
            self.set_status(400)
            self.write(json.dumps({"said": str(error)}))
        except (IntegrityError, OperationalError):
            gradebook.db.rollback()
            raise web.HTTPError(503, BUSY) from None

    def number(self, name: str) -> float:
        try:
            number = number_or_none(body_of(self).get(name))
        except (TypeError, ValueError):
            number = None
        if number is None:
            raise CourseError(f"expected {name} as a number, such as 1 or -0.5; found '{body_of(self).get(name)}'")
        return number

    def item(self, gradebook: Gradebook, id: str) -> Item:
        item = gradebook.db.get(Item, int(id))
        if item is None or item.gone:
            raise web.HTTPError(404, "this item was removed: reload the page")
        return item

    def note(self, gradebook: Gradebook, answers: Sequence[Answer]) -> None:
        """Adds these answers' changes to their histories."""
        for answer in answers:
            notebook = answer.grade.notebook
            number = last_number(gradebook, notebook, answer.place.cell)
            gradebook.db.add(mark(self, answer.place, values_of(notebook, answer.place.cell), number))

    def write_answer(self, gradebook: Gradebook, notebook: SubmittedNotebook, cell: str) -> None:
        answer = Answer(gradebook, notebook, cell)
        self.write(
            json.dumps(told_items(gradebook, notebook, cell) | {"grade": answer.grade.to_dict(), "comment": answer.comment.to_dict()})
        )


class ItemsHandler(Rubric):
    """``items/<submission>``: the items of a submission's questions; with a cell, a new one."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def get(self, submission_id: str, _: str | None = None) -> None:
        gradebook = fresh(self)
        notebook = found(gradebook.find_submission_notebook_by_id, submission_id)
        know_schemes(self, gradebook, notebook)
        self.write(json.dumps({cell: told_items(gradebook, notebook, cell) for cell in questions(notebook)}))

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def post(self, submission_id: str, cell: str) -> None:
        gradebook = fresh(self)
        notebook = found(gradebook.find_submission_notebook_by_id, submission_id)
        if cell not in questions(notebook):
            raise web.HTTPError(404)
        with self.one_go(gradebook):
            add_item(gradebook, notebook.assignment.name, notebook.name, cell, str(body_of(self).get("text") or ""), self.number("points"))
            self.write(json.dumps(told_items(gradebook, notebook, cell)))


class GiveHandler(Rubric):
    """``given/<item>/<submission>``: whether an answer has an item."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def put(self, id: str, submission_id: str) -> None:
        gradebook = fresh(self)
        item, notebook = self.item(gradebook, id), found(gradebook.find_submission_notebook_by_id, submission_id)
        if item.cell not in questions(notebook):
            raise web.HTTPError(404)
        refused = refusal(self, gradebook, notebook, item.cell)
        if refused is not None:
            return refuse(self, refused)
        with self.one_go(gradebook):
            answer, before = Answer(gradebook, notebook, item.cell), values_of(notebook, item.cell)
            (answer.give(item, who(self)) if body_of(self).get("given") else answer.take(item))
            gradebook.db.flush()
            if values_of(notebook, item.cell) != before:
                self.note(gradebook, [answer])
            gradebook.db.flush()
            self.write_answer(gradebook, notebook, item.cell)


class ItemHandler(Rubric):
    """``item/<item>/<submission>``: an item that is changed or removed, as seen from a submission's page.

    What changes answers is done only if the page is ``sure``: else it is told how many.
    """

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def put(self, id: str, submission_id: str) -> None:
        gradebook, body = fresh(self), body_of(self)
        item, notebook = self.item(gradebook, id), found(gradebook.find_submission_notebook_by_id, submission_id)
        was = body.get("was") or {}
        if (was.get("text"), was.get("points")) != (item.text, item.points):
            self.set_status(400)
            return self.write(json.dumps({"said": f"somebody changed this item meanwhile: it is {item.points:g}, {item.text}"}))
        with self.one_go(gradebook):
            text, points = str(body.get("text") or ""), self.number("points")
            count = len(answers_with(gradebook, item))
            if count and not body.get("sure"):
                return self.write(json.dumps({"changes": count}))
            self.note(gradebook, change_item(gradebook, item, text, points))
            gradebook.db.flush()
            self.write_answer(gradebook, notebook, item.cell)

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def delete(self, id: str, submission_id: str) -> None:
        gradebook = fresh(self)
        item, notebook = self.item(gradebook, id), found(gradebook.find_submission_notebook_by_id, submission_id)
        with self.one_go(gradebook):
            remove_item(gradebook, item)
            self.write(json.dumps(told_items(gradebook, notebook, item.cell)))


ADDRESSES = [
    (r"items/([^/]+)", ItemsHandler),
    (r"items/([^/]+)/([^/]+)", ItemsHandler),
    (r"given/(\d+)/([^/]+)", GiveHandler),
    (r"item/(\d+)/([^/]+)", ItemHandler),
]
