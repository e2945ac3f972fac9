"""Canvas, by its REST interface (https://developerdocs.instructure.com/services/canvas, "Resources").

- Assignments, "Get a single assignment"; Courses, "List users in course"; Submissions, "List assignment submissions" and
  "Grade or comment on a submission": ``PUT …/submissions/:user_id`` with ``submission[posted_grade]``,
  ``comment[text_comment]`` and ``comment[file_ids][]``.
- Submission Comments, "Upload a file", with the three steps of "File Uploads": announce, send, confirm.
- "Pagination": the ``Link`` header names the next page. "Throttling": see `autograder.passback.web`.

Comments are added, never replaced: one that is there already isn't given again, nor is a file of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from autograder.passback.platform import Grade, Item, Person, PlatformError, Refused, Standing
from autograder.passback.web import Web

ADDRESS = re.compile(r"(?P<root>https?://[^/?#]+)/courses/(?P<course>\d+)/assignments/(?P<assignment>\d+)(?:[/?#].*)?")
A_PAGE = 100  # entries, the most that Canvas gives
MOST_PAGES = 1000
KEYS = {"ID": "id", "SIS User ID": "sis_user_id", "SIS Login ID": "login_id"}  # of a user, by the columns of Canvas's gradebook


class Canvas:
    """One assignment of a Canvas.

    Args:
        web: the Canvas.
        course, assignment: their numbers, as its addresses have them.
        columns: the field of nbgrader's student table by Canvas's column, as `autograder.exports.CanvasExporter` has it.
    """

    title = "Canvas"

    def __init__(self, web: Web, course: str, assignment: str, columns: Mapping[str, str]) -> None:
        self.web, self._columns = web, columns
        self._course = f"/api/v1/courses/{course}"
        self._item = f"{self._course}/assignments/{assignment}"

    def item(self) -> Item:
        try:
            told = self.web.json(self.web.ask(self._item))
        except Refused as error:
            raise PlatformError(f"no such assignment for this token: {error}") from None
        points = told.get("points_possible")
        return Item(str(told.get("name", "")), float(points) if points else None, f"{self.web.root}{self._item}")

    def people(self) -> list[Person]:
        users = self._all(f"{self._course}/users", [("enrollment_type[]", "student"), ("include[]", "email")])
        return [Person(str(user["id"]), str(user.get("name", "")), self._keys(user)) for user in users]

    def _keys(self, user: Mapping[str, Any]) -> dict[str, str]:
        found = {"email": user.get("email")}
        found |= {self._columns[column]: user.get(name) for column, name in KEYS.items() if self._columns.get(column)}
        return {field: str(value) for field, value in found.items() if value}

    def scores(self) -> dict[str, float]:
        found = {str(one["user_id"]): _entered(one) for one in self._submissions([])}
        return {user: score for user, score in found.items() if score is not None}

    def standing(self, users: list[str]) -> dict[str, Standing]:
        wanted = set(users)
        found = self._submissions([("include[]", "submission_comments")])
        return {str(one["user_id"]): _standing(one) for one in found if str(one["user_id"]) in wanted}

    def _submissions(self, more: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        return self._all(f"{self._item}/submissions", more)

    def give(self, user: str, grade: Grade) -> None:
        place = f"{self._item}/submissions/{user}"
        data: list[tuple[str, str]] = [("submission[posted_grade]", f"{grade.score:.10g}")]
        files = [self._upload(place, name, path) for name, path in grade.pages]
        if grade.comment or files:
            data.append(("comment[text_comment]", grade.comment or "Feedback"))
        data += [("comment[file_ids][]", file) for file in files]
        self.web.good(self.web.change("PUT", place, data))

    def _upload(self, place: str, name: str, path: Path) -> str:
        """Brings a file to Canvas; returns its number. It is nowhere to be seen until a comment names it."""
        about = {"name": name, "size": str(path.stat().st_size), "content_type": "text/html"}
        told = self.web.json(self.web.good(self.web.change("POST", f"{place}/comments/files", about)))
        if not isinstance(told, dict) or "upload_url" not in told:
            raise Refused("Canvas said nowhere to send the file to")
        with open(path, "rb") as file:
            sent = self.web.change("POST", str(told["upload_url"]), told.get("upload_params") or {}, {"file": (name, file)}, bare=True)
        there = urljoin(sent.url, sent.headers.get("Location", ""))
        if 300 <= sent.status_code < 400 or (sent.status_code == 201 and sent.headers.get("Location")):
            if not self.web.is_own(there):
                raise Refused("the file was to be confirmed at an address that isn't Canvas's")
            sent = self.web.ask(there)
        number = self.web.json(self.web.good(sent)).get("id")
        if not number:
            raise Refused("Canvas gave the file no number")
        return str(number)

    def _all(self, path: str, params: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """All entries of a list, page by page."""
        next_: str | None = path
        query: list[tuple[str, str]] | None = [*params, ("per_page", str(A_PAGE))]
        for _ in range(MOST_PAGES):
            answer = self.web.ask(next_ or "", query)
            yield from self.web.json(answer)
            next_, query = answer.links.get("next", {}).get("url"), None  # which holds the query already
            if not next_:
                return
            if not self.web.is_own(next_):
                raise PlatformError("the next page of a list isn't Canvas's")
        raise PlatformError(f"{path}: more than {MOST_PAGES} pages")


def _entered(submission: Mapping[str, Any]) -> float | None:
    """Points before Canvas's own late policy took any off."""
    score = submission.get("entered_score")
    score = submission.get("score") if score is None else score
    return None if score is None else float(score)


def _standing(submission: Mapping[str, Any]) -> Standing:
    comments = submission.get("submission_comments") or []
    files = [file for comment in comments for file in comment.get("attachments") or []]
    return Standing(
        _entered(submission),
        tuple(str(comment.get("comment") or "") for comment in comments),
        tuple(str(file.get("display_name") or file.get("filename") or "") for file in files),
        excused=bool(submission.get("excused")),
        deducted=float(submission.get("points_deducted") or 0.0),
    )
