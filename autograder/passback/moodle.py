"""Moodle, by its web services (https://docs.moodle.org/dev/Web_services; what each function takes and gives stands in Moodle's source).

- ``webservice/rest/server.php`` answers 200 for errors too, with ``exception``, ``errorcode`` and ``message``
  (https://docs.moodle.org/dev/Errors_handling_in_web_services).
- ``mod_assign_save_grade`` (``mod/assign/externallib.php``): a comment as ``plugindata[assignfeedbackcomments_editor]``, files as
  the number of a draft area, ``plugindata[files_filemanager]`` (``mod/assign/feedback/{comments,file}/locallib.php``). Both take the place
  of what was there.
- Files come into a draft area by ``webservice/upload.php`` (https://docs.moodle.org/dev/Web_services_files_handling).
"""

from __future__ import annotations

import html
import re
from typing import Any

from autograder.feedback.templating import PIECES
from autograder.passback.platform import Grade, Item, Person, PlatformError, Refused, Standing
from autograder.passback.web import Web

ADDRESS = re.compile(r"(?P<root>https?://[^?#]+?)/mod/assign/view\.php\?(?:[^#]*&)?id=(?P<module>\d+)(?:[&#].*)?")
FUNCTIONS = (
    "core_course_get_course_module", "core_enrol_get_enrolled_users", "mod_assign_get_assignments", "mod_assign_get_grades",
    "mod_assign_get_submission_status", "mod_assign_save_grade",
)  # fmt: skip
HTML = 1  # Moodle's number for the format of a text
LATEST = -1
TOKEN_TROUBLE = ("invalidtoken", "accessexception", "sitemaintenance", "forcepasswordchangenotice", "servicenotavailable")


class Moodle:
    """One assignment of a Moodle.

    Args:
        web: the Moodle.
        module: its number in the address of its page.
        number: the field of nbgrader's student table that Moodle calls ID number.
    """

    title = "Moodle"

    def __init__(self, web: Web, module: str, number: str) -> None:
        self.web, self._module, self._number = web, module, number
        self._course = self._assignment = ""
        self._enabled: set[str] = set()  # kinds of feedback that the assignment takes
        self._comments: dict[str, str] = {}  # by user, as they stand there

    def item(self) -> Item:
        site = self._call("core_webservice_get_site_info")
        missing = sorted(set(FUNCTIONS) - {one["name"] for one in site.get("functions") or []})
        if missing:
            raise PlatformError(f"the token's service lacks {', '.join(missing)}: an administrator adds them")
        try:
            module = self._call("core_course_get_course_module", {"cmid": self._module})["cm"]
        except Refused as error:
            raise PlatformError(f"no such assignment for this token: {error}") from None
        self._course, self._assignment = str(module["course"]), str(module["instance"])
        entries = [
            one
            for course in self._call("mod_assign_get_assignments", {"courseids[0]": self._course})["courses"]
            for one in course["assignments"]
        ]
        about = next((one for one in entries if str(one["id"]) == self._assignment), None)
        if about is None:
            raise PlatformError(
                f"no such assignment for this token: number {self._module} is a {module.get('modname', 'thing')} of course {self._course}"
            )
        self._enabled = {
            one["plugin"] for one in about.get("configs") or []
            if one.get("subtype") == "assignfeedback" and one.get("name") == "enabled" and str(one.get("value")) == "1"
        }  # fmt: skip
        no_upload = "" if site.get("uploadfiles") else "the token's service may not upload files"
        return Item(
            str(about["name"]),
            float(about["grade"]) if float(about["grade"]) > 0 else None,
            f"{self.web.root}/mod/assign/{self._assignment}",
            "" if "comments" in self._enabled else "*Feedback comments* are off in the assignment's settings",
            no_upload if "file" in self._enabled else "*Feedback files* are off in the assignment's settings",
        )

    def people(self) -> list[Person]:
        users = self._call("core_enrol_get_enrolled_users", {"courseid": self._course})
        return [Person(str(user["id"]), str(user.get("fullname", "")), self._keys(user)) for user in users]

    def _keys(self, user: dict[str, Any]) -> dict[str, str]:
        found = {"id": user.get("username"), "email": user.get("email")} | ({self._number: user.get("idnumber")} if self._number else {})
        return {field: str(value) for field, value in found.items() if value}

    def scores(self) -> dict[str, float]:
        """Of each user the latest attempt's."""
        told = self._call("mod_assign_get_grades", {"assignmentids[0]": self._assignment})
        grades = [one for entry in told["assignments"] for one in entry["grades"]]
        latest = {str(one["userid"]): one for one in sorted(grades, key=lambda one: int(one.get("attemptnumber", 0)))}
        return {
            user: float(one["grade"]) for user, one in latest.items() if one.get("grade") not in (None, "") and float(one["grade"]) >= 0
        }

    def standing(self, users: list[str]) -> dict[str, Standing]:
        scores = self.scores()
        return {user: self._standing(user, scores.get(user)) for user in users}

    def _standing(self, user: str, score: float | None) -> Standing:
        told = self._call("mod_assign_get_submission_status", {"assignid": self._assignment, "userid": user})
        plugins = (told.get("feedback") or {}).get("plugins") or []
        texts = [field["text"] for plugin in plugins if plugin["type"] == "comments" for field in plugin.get("editorfields") or []]
        self._comments[user] = "".join(texts)
        areas = [area for plugin in plugins if plugin["type"] == "file" for area in plugin.get("fileareas") or []]
        names = tuple(str(file["filename"]) for area in areas for file in area.get("files") or [])
        return Standing(score, tuple(filter(None, map(_plain, texts))), names, replaces=True)

    def give(self, user: str, grade: Grade) -> None:
        data = {"assignmentid": self._assignment, "userid": user, "grade": f"{grade.score:.10g}", "attemptnumber": LATEST}
        data |= {"addattempt": 0, "workflowstate": "", "applytoall": 0}
        if "comments" in self._enabled:
            data |= {
                "plugindata[assignfeedbackcomments_editor][text]": self._comments.get(user, "")
                if grade.comment is None
                else _marked_up(grade.comment)
            }
            data |= {"plugindata[assignfeedbackcomments_editor][format]": HTML}
        if grade.pages:
            data |= {"plugindata[files_filemanager]": self._upload(grade)}
        self._call("mod_assign_save_grade", data, changes=True)

    def _upload(self, grade: Grade) -> str:
        """Brings files into a new draft area; returns its number."""
        area = "0"
        for name, path in grade.pages:
            with open(path, "rb") as file:
                data = {"token": self.web.token, "filearea": "draft", "itemid": area, "filepath": "/"}
                answer = self.web.change("POST", "/webservice/upload.php", data, {"file_1": (name, file)})
            told = self._good(self.web.json(self.web.good(answer)))
            area = str(told[0]["itemid"])
        return area

    def _call(self, function: str, more: dict[str, Any] | None = None, changes: bool = False) -> Any:
        """Asks for a function; the token goes in the request's body, which nobody logs."""
        data = {"wstoken": self.web.token, "wsfunction": function, "moodlewsrestformat": "json"} | (more or {})
        send = self.web.change if changes else self.web.ask_by_post
        answer = send("POST", "/webservice/rest/server.php", data)
        return self._good(self.web.json(self.web.good(answer)))

    def _good(self, told: Any) -> Any:
        if isinstance(told, dict) and (told.get("exception") or told.get("error")):
            code = self.web.scrub(told.get("errorcode", ""))
            said = f"{self.web.scrub(told.get('message') or told.get('error'))} ({code})"
            if code in TOKEN_TROUBLE:
                raise PlatformError(f"{self.web.root} doesn't take the token: {said}")
            raise Refused(f"Moodle: {said}")
        return told


def _marked_up(text: str) -> str:
    """A text as HTML that shows it as it is."""
    return str(PIECES.end_of_line().join(text.splitlines()))


def _plain(markup: str) -> str:
    """The text of a comment that an editor made."""
    lines = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</li>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()
