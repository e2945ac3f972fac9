"""Servers that speak Canvas's and Moodle's documented requests and answers, for tests; they hear only 127.0.0.1.

They refuse what isn't documented, so that a request with a wrong name or value fails here as it would there. What goes wrong is told
them: a list of ``(when, answer)``, each of which is used once.
"""

from __future__ import annotations

import email.parser
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "7~s3cretTokenThatNobodyMaySee"


@dataclass
class Asked:
    """A request as the server got it."""

    method: str
    path: str
    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    headers: dict[str, str]
    file: tuple[str, bytes] | None = None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.query + self.form if key == name]

    def one(self, name: str, default: str = "") -> str:
        return (self.all(name) or [default])[0]


@dataclass
class Answer:
    """What the server says: status, headers, and a body that becomes JSON unless it is text; no status breaks the line."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """What the servers share: trouble on demand, and what was asked.

    Attributes:
        trouble: pairs of a condition and an answer in place of the usual one; each is used once.
        afterwards: the same, but the request takes effect before.
    """

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    trouble: list[tuple[Callable[[Asked], bool], Answer]] = field(default_factory=list)
    afterwards: list[tuple[Callable[[Asked], bool], Answer]] = field(default_factory=list)

    def handle(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if answer := self._first(self.trouble, asked):
            return answer
        usual = self.answer(asked)
        return self._first(self.afterwards, asked) or usual

    def _first(self, pairs: list[tuple[Callable[[Asked], bool], Answer]], asked: Asked) -> Answer | None:
        for pair in pairs:
            if pair[0](asked):
                pairs.remove(pair)
                return pair[1]
        return None

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Answers on a port of its own while active."""

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            answer = server.handle(read(self))
            if not answer.status:
                return self.connection.close()
            body = answer.body.encode() if isinstance(answer.body, str) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            kind = "text/html" if isinstance(answer.body, str) else "application/json; charset=utf-8"
            for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do

        def log_message(self, *about: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.address = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


def read(handler: BaseHTTPRequestHandler) -> Asked:
    parts = urlsplit(handler.path)
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    kind = handler.headers.get("Content-Type", "")
    form, file = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True), None
    if kind.startswith("multipart/form-data"):
        form = []
        message = email.parser.BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        for part in message.get_payload():
            name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if part.get_filename():
                file = (part.get_filename(), data)
            else:
                form.append((name, data.decode()))
    return Asked(handler.command, parts.path, parse_qsl(parts.query, keep_blank_values=True), form, dict(handler.headers), file)


# ---- Canvas

UNAUTHORISED = Answer(401, {"errors": [{"message": "Invalid access token."}]}, {"WWW-Authenticate": 'Bearer realm="canvas-lms"'})
MISSING = Answer(404, {"errors": [{"message": "The specified resource does not exist."}]})
CANVAS_FORM = {"submission[posted_grade]", "comment[text_comment]", "comment[file_ids][]"}


@dataclass
class CanvasServer(Server):
    """Course 12 with assignment 4711; two entries a page."""

    points_possible: float | None = 9.0
    users: list[dict] = field(default_factory=list)
    submissions: dict[str, dict] = field(default_factory=dict)
    files: dict[str, dict] = field(default_factory=dict)
    a_page: int = 2

    def enrol(self, number: int, name: str, login: str = "", email: str = "", sis: str = "") -> None:
        self.users.append({"id": number, "name": name, "login_id": login, "email": email, "sis_user_id": sis})
        self.submissions[str(number)] = {"user_id": number, "score": None, "grade": None, "submission_comments": []}

    def answer(self, asked: Asked) -> Answer:
        course, item = "/api/v1/courses/12", "/api/v1/courses/12/assignments/4711"
        if asked.path == "/files-of-another-host" and asked.method == "POST":
            return self._receive(asked)
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return UNAUTHORISED
        place = asked.path.removeprefix(f"{item}/submissions/").split("/")
        match asked.method, asked.path:
            case "GET", path if path == item:
                return Answer(200, {"id": 4711, "name": "Pixels", "points_possible": self.points_possible, "grading_type": "points"})
            case "GET", path if path == f"{course}/users" and asked.one("enrollment_type[]") == "student":
                return self._page(asked, self.users)
            case "GET", path if path == f"{item}/submissions":
                comments = "submission_comments" in asked.all("include[]")
                return self._page(
                    asked, [{k: v for k, v in one.items() if comments or k != "submission_comments"} for one in self.submissions.values()]
                )
            case "GET", path if path.startswith("/api/v1/files/"):
                return Answer(200, self.files[path.split("/")[4]])
            case "PUT", path if path.startswith(f"{item}/submissions/") and place[0] in self.submissions:
                return self._grade(asked, self.submissions[place[0]])
            case "POST", path if (
                path.startswith(f"{item}/submissions/") and place[1:] == ["comments", "files"] and place[0] in self.submissions
            ):
                assert int(asked.one("size")) > 0 and asked.one("name")
                return Answer(
                    200,
                    {
                        "upload_url": f"{self.address}/files-of-another-host",
                        "upload_params": {"key": asked.one("name"), "filename": asked.one("name")},
                        "file_param": "file",
                    },
                )
        return MISSING

    def _page(self, asked: Asked, entries: list[dict]) -> Answer:
        assert 0 < int(asked.one("per_page", "10")) <= 100
        number, wanted = int(asked.one("page", "1")), self.a_page
        shown = entries[(number - 1) * wanted : number * wanted]
        rest = "&".join(f"{name}={value}" for name, value in asked.query if name != "page")
        more = number * wanted < len(entries)
        return Answer(200, shown, {"Link": f'<{self.address}{asked.path}?{rest}&page={number + 1}>; rel="next"'} if more else {})

    def _grade(self, asked: Asked, submission: dict) -> Answer:
        assert {name for name, _ in asked.form} <= CANVAS_FORM, asked.form
        submission["score"] = submission["entered_score"] = float(asked.one("submission[posted_grade]"))
        submission["grade"] = asked.one("submission[posted_grade]")
        if text := asked.one("comment[text_comment]"):
            files = [{"id": int(number), "display_name": self.files[number]["display_name"]} for number in asked.all("comment[file_ids][]")]
            submission["submission_comments"].append(
                {"id": 1, "author_name": "Teacher", "comment": text} | ({"attachments": files} if files else {})
            )
        return Answer(200, submission)

    def _receive(self, asked: Asked) -> Answer:
        assert "Authorization" not in asked.headers, "the token went to the file store"
        assert asked.one("key") == asked.one("filename") == asked.file[0], "upload_params come back, the file last"
        number = str(8000 + len(self.files))
        self.files[number] = {
            "id": int(number),
            "display_name": asked.file[0],
            "size": len(asked.file[1]),
            "content": asked.file[1].decode(),
        }
        return Answer(303, "", {"Location": f"{self.address}/api/v1/files/{number}/create_success?uuid=abc"})


# ---- Moodle

FUNCTIONS = (
    "core_webservice_get_site_info", "core_course_get_course_module", "core_enrol_get_enrolled_users", "mod_assign_get_assignments",
    "mod_assign_get_grades", "mod_assign_get_submission_status", "mod_assign_save_grade",
)  # fmt: skip
SAVED = {
    "wstoken", "wsfunction", "moodlewsrestformat", "assignmentid", "userid", "grade", "attemptnumber", "addattempt", "workflowstate", "applytoall",
    "plugindata[assignfeedbackcomments_editor][text]", "plugindata[assignfeedbackcomments_editor][format]", "plugindata[files_filemanager]",
}  # fmt: skip


def failed(code: str, message: str) -> Answer:
    return Answer(200, {"exception": "moodle_exception", "errorcode": code, "message": message})


@dataclass
class MoodleServer(Server):
    """Below ``/moodle``, module 93 of course 5 is assignment 17."""

    maximum: float = 9
    feedback: tuple[str, ...] = ("comments", "file")
    functions: tuple[str, ...] = FUNCTIONS
    users: list[dict] = field(default_factory=list)
    grades: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    drafts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def enrol(self, number: int, name: str, username: str = "", email: str = "", idnumber: str = "") -> None:
        self.users.append({"id": number, "fullname": name, "username": username, "email": email, "idnumber": idnumber})

    def answer(self, asked: Asked) -> Answer:
        assert not asked.query, "the token belongs into the body: addresses are logged"
        if asked.path == "/moodle/webservice/upload.php" and asked.one("token") == TOKEN:
            area = asked.one("itemid") if asked.one("itemid") != "0" else str(900 + len(self.drafts))
            self.drafts.setdefault(area, []).append((asked.file[0], asked.file[1].decode()))
            return Answer(200, [{"component": "user", "filearea": "draft", "itemid": int(area), "filename": asked.file[0]}])
        if asked.path != "/moodle/webservice/rest/server.php":
            return Answer(404, "<h1>Not Found</h1>")
        if asked.one("wstoken") != TOKEN:
            return failed("invalidtoken", "Invalid token - token not found")
        function = asked.one("wsfunction")
        if function not in self.functions or asked.one("moodlewsrestformat") != "json":
            return failed("accessexception", "Access control exception")
        return getattr(self, function.partition("_")[2])(asked)

    def webservice_get_site_info(self, asked: Asked) -> Answer:
        return Answer(
            200, {"sitename": "Uni", "uploadfiles": 1, "functions": [{"name": name, "version": "2024"} for name in self.functions]}
        )

    def course_get_course_module(self, asked: Asked) -> Answer:
        if asked.one("cmid") != "93":
            return failed("invalidrecord", "Can't find data record in database table course_modules.")
        return Answer(200, {"cm": {"id": 93, "course": 5, "modname": "assign", "instance": 17}, "warnings": []})

    def assign_get_assignments(self, asked: Asked) -> Answer:
        configs = [{"plugin": name, "subtype": "assignfeedback", "name": "enabled", "value": "1"} for name in self.feedback]
        about = {"id": 17, "cmid": 93, "course": 5, "name": "Pixels", "grade": self.maximum, "configs": configs}
        return Answer(200, {"courses": [{"id": 5, "assignments": [about]}] if asked.one("courseids[0]") == "5" else [], "warnings": []})

    def enrol_get_enrolled_users(self, asked: Asked) -> Answer:
        return Answer(200, self.users if asked.one("courseid") == "5" else [])

    def assign_get_grades(self, asked: Asked) -> Answer:
        grades = [{"id": 1, "userid": int(user), "attemptnumber": 0, "grade": grade} for user, grade in self.grades.items()]
        return Answer(200, {"assignments": [{"assignmentid": 17, "grades": grades}] if grades else [], "warnings": []})

    def assign_get_submission_status(self, asked: Asked) -> Answer:
        user = asked.one("userid")
        if user not in self.grades:
            return Answer(200, {"gradingsummary": None, "warnings": []})
        area = [{"area": "feedback_files", "files": [{"filename": name} for name, _ in self.files.get(user, [])]}]
        text = [{"name": "comments", "text": self.comments.get(user, ""), "format": 1}]
        plugins = [{"type": "comments", "editorfields": text}, {"type": "file", "fileareas": area}]
        return Answer(200, {"feedback": {"grade": {"grade": self.grades[user]}, "plugins": plugins}, "warnings": []})

    def assign_save_grade(self, asked: Asked) -> Answer:
        given = {name for name, _ in asked.form}
        assert given <= SAVED and SAVED - given <= {name for name in SAVED if name.startswith("plugindata")}, given
        assert ("comments" in self.feedback) == ("plugindata[assignfeedbackcomments_editor][text]" in given)
        user = asked.one("userid")
        if user not in {str(one["id"]) for one in self.users} or asked.one("assignmentid") != "17":
            return failed("invalidrecord", "Can't find data record in database table user.")
        if float(asked.one("grade")) > self.maximum:
            return failed("gradeabovemaximum", "Grade is above the maximum")
        self.grades[user] = f"{float(asked.one('grade')):.5f}"
        if "comments" in self.feedback:
            self.comments[user] = asked.one("plugindata[assignfeedbackcomments_editor][text]")
        if area := asked.one("plugindata[files_filemanager]"):
            self.files[user] = self.drafts[area]
        return Answer(200, None)
