"""Jupyter's servers as a student or an instructor starts them, with settings of their own, and the formgrader by its addresses."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

from nbgrader.api import Gradebook

from autograder.marking.tables import Base, make_tables

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


def environment_of(home: Path) -> dict[str, str]:
    """An environment in which nothing of the user's own settings is read or written."""
    places = {f"JUPYTER_{kind}_DIR": home / kind.lower() for kind in ("CONFIG", "DATA", "RUNTIME")}
    places |= {"HOME": home, "IPYTHONDIR": home / "ipython", "PATH": Path(sys.executable).parent}
    texts = {name: str(path) for name, path in places.items()}
    return os.environ | texts | {"PATH": os.pathsep.join([texts["PATH"], os.environ["PATH"]])}


@contextlib.contextmanager
def jupyterlab(folder: Path, home: Path, program: str = "lab") -> Iterator[str]:
    """JupyterLab in ``folder`` with its settings in ``home``; gives its address, ``{}`` for the page.

    With the program ``server`` only what the formgrader needs, which starts sooner.
    """
    news = home / "config/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    news.parent.mkdir(parents=True, exist_ok=True)
    news.write_text('{"fetchNews": "false"}')  # the answer to a question that would come up in a corner
    token = secrets.token_hex()
    options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={token}"]
    command = [sys.executable, "-m", "jupyter", program, *options]
    with (
        open(home / "log.txt", "w", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment_of(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as server,
    ):
        address = next((found[0] for line in server.stdout if log.write(line) and (found := ADDRESS.search(line))), None)
        rest = threading.Thread(target=shutil.copyfileobj, args=(server.stdout, log))
        rest.start()
        try:
            assert address, f"JupyterLab doesn't start: see {log.name}"
            yield f"{address}{{}}?token={token}"
        finally:
            server.terminate()
            server.wait(60)
            rest.join()


class Formgrader:
    """A grader at the formgrader, without a browser: what its page sends, with a name and a number of an opened page.

    Args:
        address: as `jupyterlab` gives it.
        name: what she calls herself; empty if she gave no name.
        page: the page's number.
    """

    def __init__(self, address: str, name: str = "", page: str = "") -> None:
        self.root, _, self.token = address.partition("{}?token=")
        self.cookies, self.page = {"autograder-grader": name}, page or secrets.token_hex(8)

    def ask(self, path: str, method: str = "GET", **body: Any) -> tuple[int, Any]:
        """The status of an answer, and what it holds."""
        request = self._request(path, method)
        data = None if method == "GET" else json.dumps(body | {"page": self.page}).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=60) as answer:
                return answer.status, _read(answer)
        except HTTPError as error:
            return error.code, _read(error)

    def _request(self, path: str, method: str) -> urllib.request.Request:
        request = urllib.request.Request(f"{self.root}formgrader/{path}", method=method)
        request.add_header("Authorization", f"token {self.token}")
        request.add_header("Cookie", "; ".join(f"{name}={quote(value)}" for name, value in self.cookies.items()))
        return request

    def walk(self, submission: str) -> list[str]:
        """The submissions to which "Next" leads from one, until it leads to the list."""
        found = [submission]
        while True:
            with urllib.request.urlopen(self._request(f"submissions/{found[-1]}/next", "GET"), timeout=60) as answer:
                path = answer.url.partition("?")[0].rstrip("/").split("/")
            if path[-2] != "submissions":
                return found
            found.append(path[-1])

    def get(self, path: str) -> Any:
        status, told = self.ask(path)
        assert status == 200, told
        return told


def _read(answer: Any) -> Any:
    text = answer.read().decode()
    try:
        return json.loads(text)
    except ValueError:
        return text


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
PATIENCE = 120_000  # milliseconds, for a busy machine


def unmark(folder: Path) -> None:
    """Takes back all that was marked by hand in the course `tiny` of a folder."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        make_tables(gradebook)
        for table in Base.metadata.sorted_tables:
            gradebook.db.execute(table.delete())
        for notebook in gradebook.notebook_submissions("tiny", "tiny"):
            for grade in notebook.grades:
                grade.manual_score = grade.extra_credit = None
                grade.needs_manual_grade = grade.auto_score is None
            for comment in notebook.comments:
                comment.manual_comment = None
        gradebook.db.commit()


@contextlib.contextmanager
def open_browser() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def open_page(browser: Any, allowed: str = "(nothing)") -> Iterator[Any]:
    """A page of a fresh browser; it fails if it asked another host for anything or had an error but those with ``allowed`` in them."""
    foreign, errors = [], []

    def only_this_host(route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE)
        context.route("**/*", only_this_host)
        context.on("console", lambda line: line.type == "error" and allowed not in line.text and errors.append(line.text))
        context.on("weberror", lambda error: errors.append(str(error.error)))
        yield context.new_page()
    assert foreign == []
    assert errors == []
