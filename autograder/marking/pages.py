"""The formgrader's pages and lists as several graders need them: who each is, whose answers she marks, and where "Next" leads."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from nbgrader.server_extensions.formgrader import formgrader, handlers
from nbgrader.server_extensions.formgrader.apihandlers import SubmittedNotebookCollectionHandler
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_notebook_dir, check_xsrf, web

from autograder.errors import CourseError
from autograder.marking import request_handlers, rubric_handlers
from autograder.marking.handlers import fresh
from autograder.marking.requests import requests_of
from autograder.marking.split import read_graders
from autograder.marking.who import signed_in, who
from autograder.places import PACKAGE

TEMPLATES = PACKAGE / "feedback" / "templates" / "formgrader"
SHOWN = "autograder-shown"  # the cookie with the grader whose answers the list shows, and to which "Next" leads
NOBODY = "-"  # stands there for those who are nobody's

_nbgrader_settings = formgrader.FormgradeExtension.init_tornado_settings
_nbgrader_handlers = formgrader.FormgradeExtension.init_handlers
_nbgrader_ids = handlers.SubmissionNavigationHandler._get_submission_ids
_nbgrader_incorrect_ids = handlers.SubmissionNavigationHandler._get_incorrect_submission_ids


def init_tornado_settings(self: Any, webapp: Any) -> None:
    """In place of ``FormgradeExtension.init_tornado_settings``: this project's templates go before nbgrader's."""
    _nbgrader_settings(self, webapp)
    stock = FileSystemLoader([handlers.template_path])
    webapp.settings["nbgrader_jinja2_env"].loader = ChoiceLoader([FileSystemLoader([TEMPLATES]), stock, PrefixLoader({"nbgrader": stock})])


def init_handlers(self: Any, webapp: Any) -> None:
    """In place of ``FormgradeExtension.init_handlers``: this project's addresses go before nbgrader's, whose last takes all."""
    prefix = webapp.settings["base_url"].rstrip("/")
    webapp.add_handlers(".*$", [(f"{prefix}/formgrader/api/marking/{address}", handler) for address, handler in ADDRESSES])
    _nbgrader_handlers(self, webapp)


def graders_of(handler: Any, assignment: str) -> dict[str, str]:
    """Student → grader of an assignment; nothing where it isn't split, or the table can't be read."""
    try:
        return read_graders(Path(handler.coursedir.root)).get(assignment, {})
    except CourseError as error:
        handler.log.error("%s", error)
        return {}


def shown_for(handler: Any) -> str:
    """The grader whose answers are shown; empty for everybody's."""
    return unquote(handler.get_cookie(SHOWN) or "")


def is_shown(shown: str, grader: str) -> bool:
    return not shown or grader == ("" if shown == NOBODY else shown)


# ---- lists


@web.authenticated
@check_xsrf
@check_notebook_dir
def get_submitted(self: SubmittedNotebookCollectionHandler, assignment_id: str, notebook_id: str) -> None:
    """In place of ``SubmittedNotebookCollectionHandler.get``: with each submission stands who marks it, and how many requests wait."""
    graders = graders_of(self, assignment_id)
    told = self.api.get_notebook_submissions(assignment_id, notebook_id)
    asked = Counter(one.student for one in requests_of(fresh(self), assignment_id) if one.answer is None and one.notebook == notebook_id)
    self.write(json.dumps([one | {"grader": graders.get(one["student"], ""), "asked": asked[one["student"]]} for one in told]))


class ListHandler(BaseApiHandler):
    """What the list of submissions shows above its table."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def get(self, assignment_id: str) -> None:
        told = {"me": who(self), "signed_in": bool(signed_in(self)), "shown": shown_for(self), "trouble": ""}
        try:
            graders = read_graders(Path(self.coursedir.root)).get(assignment_id, {})
        except CourseError as error:
            graders, told["trouble"] = {}, str(error)
        self.write(json.dumps(told | {"graders": sorted(set(graders.values()))}))


# ---- where "Next" leads


def get_submission_ids(self: Any, assignment_id: str, notebook_id: str) -> list[str]:
    """In place of ``SubmissionNavigationHandler._get_submission_ids``."""
    return _of_shown(self, assignment_id, notebook_id, _nbgrader_ids(self, assignment_id, notebook_id))


def get_incorrect_submission_ids(self: Any, assignment_id: str, notebook_id: str, submission: Any) -> list[str]:
    """In place of ``SubmissionNavigationHandler._get_incorrect_submission_ids``."""
    return _of_shown(self, assignment_id, notebook_id, _nbgrader_incorrect_ids(self, assignment_id, notebook_id, submission))


def _of_shown(handler: Any, assignment: str, notebook: str, ids: list[str]) -> list[str]:
    """Those of the grader whose answers are shown, and the one that is open."""
    shown, graders = shown_for(handler), graders_of(handler, assignment)
    if not shown or not graders:
        return ids
    of = {one.id: graders.get(one.student.id, "") for one in fresh(handler).notebook_submissions(notebook, assignment)}
    here = handler.path_kwargs.get("submission_id") or next(iter(handler.path_args), "")
    return [id for id in ids if id == here or is_shown(shown, of.get(id, ""))]


ADDRESSES = [(r"list/([^/]+)", ListHandler), *rubric_handlers.ADDRESSES, *request_handlers.ADDRESSES]
