"""Attacks on the notebook file and the folder it lies in: what no cell's source can do.

Each function gets a `Submission` with the released notebook, unsolved, and hands in something else. Its docstring says
what it tries; `earns` names what it honestly solves or is right by chance.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = "<script>alert('attack')</script>"
IMAGE = "x\" onerror=\"alert('attack')"


@dataclass
class Submission:
    """What an attack hands in.

    Attributes:
        notebook: the released notebook, as parsed JSON.
        solved: the source of each solution cell of an honest submission, by grade_id.
        folder: where the files go.
        course: the course folder.
    """

    notebook: dict[str, Any]
    solved: dict[str, str]
    folder: Path
    course: Path

    @property
    def path(self) -> Path:
        return self.folder / "attack.ipynb"

    def save(self, **options: Any) -> None:
        self.path.write_text(json.dumps(self.notebook, **options), "utf-8")

    def cell(self, name: str) -> dict[str, Any]:
        """The cell with the grade_id ``name``."""
        return next(cell for cell in self.notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)

    def solve(self, *names: str) -> None:
        """Honest answers for the named tasks."""
        for name in names:
            self.cell(name)["source"] = self.solved[name]


Trick = Callable[[Submission], None]
TRICKS: dict[str, Trick] = {}
EARNS: dict[str, dict[str, float]] = {}


def attack(**earns: float) -> Callable[[Trick], Trick]:
    """Registers a trick, with the points that its grade cells deserve all the same."""

    def register(trick: Trick) -> Trick:
        TRICKS[trick.__name__], EARNS[trick.__name__] = trick, earns
        return trick

    return register


@attack(check_total=2)
def points_changed(submission: Submission) -> None:
    """Every cell worth a thousand points, one of them solved."""
    submission.solve("total")
    for cell in submission.notebook["cells"]:
        cell["metadata"].setdefault("nbgrader", {})["points"] = 1000
    submission.save()


@attack(check_total=2)
def strange_points(submission: Submission) -> None:
    """Points that are infinite, negative, no numbers at all."""
    submission.solve("total")
    for name, points in (("check_moving_sum", 1e309), ("check_total", -5), ("check_net", "NaN"), ("check_predictions", {"5": 5})):
        submission.cell(name)["metadata"]["nbgrader"]["points"] = points
    submission.save()


@attack(check_total=2)
def cells_deleted(submission: Submission) -> None:
    """All test cells and all their read-only neighbours deleted."""
    submission.solve("total")
    cells = submission.notebook["cells"]
    submission.notebook["cells"] = [c for c in cells if not c["metadata"].get("nbgrader", {}).get("locked") or c["id"] == "setup"]
    submission.save()


@attack(check_total=2)
def cells_duplicated(submission: Submission) -> None:
    """Every cell twice, and the test cells once more at the end with a grade in them."""
    submission.solve("total")
    doubled = [copy.deepcopy(cell) for cell in submission.notebook["cells"] for _ in range(2)]
    tests = [copy.deepcopy(cell) for cell in submission.notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    submission.notebook["cells"] = doubled + [cell | {"source": "100"} for cell in tests]
    submission.save()


@attack(check_total=2)
def cells_retyped(submission: Submission) -> None:
    """Test cells turned into markdown, raw and unknown cells, the written answer into code."""
    submission.solve("total")
    for name, kind in (("check_moving_sum", "markdown"), ("check_net", "raw"), ("check_predictions", "heading")):
        cell = submission.cell(name)
        cell["cell_type"] = kind
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    submission.cell("answer").update(cell_type="code", source="1.0", outputs=[result("1.0")], execution_count=1)
    submission.save()


@attack(check_total=2)
def roles_changed(submission: Submission) -> None:
    """Test cells declared to be answers that a person reads, answers declared to be tests, locks taken off."""
    submission.solve("total")
    for cell in submission.notebook["cells"]:
        info = cell["metadata"].get("nbgrader")
        if info:
            info.update(grade=True, solution=True, locked=False, task=True)
            if info["grade_id"].startswith("check"):
                cell.update(source="100", outputs=[result("100")])
    submission.save()


@attack(check_total=2)
def ids_renamed(submission: Submission) -> None:
    """All grade ids renamed, two of them swapped, others no texts at all: the cells' texts and ids tell what they are."""
    submission.solve("total")
    names = {"check_moving_sum": "check_total", "check_total": "check_moving_sum", "check_net": [1], "check_predictions": None}
    for cell in submission.notebook["cells"]:
        info = cell["metadata"].get("nbgrader", {})
        if info.get("grade_id") in names:
            info["grade_id"] = names[info["grade_id"]]
    submission.cell("total")["metadata"]["nbgrader"]["grade_id"] = "answer"
    submission.save()


@attack(check_total=2)
def marks_swapped(submission: Submission) -> None:
    """Names, ids and texts of the test cells exchanged in a circle, so that each says something else; one task solved."""
    submission.solve("total")
    tests = [submission.cell(name) for name in ("check_moving_sum", "check_total", "check_net")]
    infos, ids, texts = ([cell["metadata"]["nbgrader"] for cell in tests], [cell["id"] for cell in tests], [cell["source"] for cell in tests])
    for number, cell in enumerate(tests):
        cell["metadata"]["nbgrader"], cell["id"], cell["source"] = infos[number], ids[(number + 1) % 3], texts[(number + 2) % 3]
    submission.save()


@attack(check_total=2)
def copies_of_an_easy_check(submission: Submission) -> None:
    """The text of the only solved task's test cell in place of all others, under their names and ids, and ten times more."""
    submission.solve("total")
    easy = submission.cell("check_total")["source"]
    for name in ("check_moving_sum", "check_net", "check_predictions"):
        submission.cell(name)["source"] = easy
    for number in range(10):
        cell = {"cell_type": "code", "id": f"easy-{number}", "metadata": {}, "source": easy, "outputs": [], "execution_count": None}
        submission.notebook["cells"].append(cell)
    submission.save()


@attack(check_total=2)
def code_in_locked_cells(submission: Submission) -> None:
    """Grades, hidden regions and answers for other tasks typed into the test cells, which get cells of their own."""
    submission.solve("total")
    region = "### BEGIN HIDDEN TESTS\n# hidden: checks/attack_checks.py::TestTotal\n### END HIDDEN TESTS\n"
    for name in ("check_moving_sum", "check_total", "check_net", "check_predictions"):
        cell = submission.cell(name)
        cell["source"] = f"{region}5.0\nclass Easy: pass\n{cell['source']}\n100.0"
    submission.save()


@attack()
def checksum_forged(submission: Submission) -> None:
    """Test cells rewritten to a grade, with checksums to match, hidden regions of their own and forged schemas."""
    for cell in submission.notebook["cells"]:
        info = cell["metadata"].get("nbgrader", {})
        if info.get("grade") and cell["cell_type"] == "code":
            cell["source"] = "### BEGIN HIDDEN TESTS\n# hidden: checks/attack_checks.py::TestTotal\n### END HIDDEN TESTS\n100"
            info.update(checksum="0" * 32, schema_version=99)
    submission.save()


@attack(check_total=2)
def own_hidden_region(submission: Submission) -> None:
    """Regions and directives of its own in answers, naming checks that are easier or don't exist."""
    submission.solve("total")
    region = "### BEGIN HIDDEN TESTS\n# hidden: {}\n### END HIDDEN TESTS\n"
    submission.cell("moving_sum")["source"] = region.format("checks/attack_checks.py::TestTotal") + "moving_sum = 1"
    submission.cell("net")["source"] = "Net = 1\n" + region.format("../../etc/passwd::Test") + "### BEGIN HIDDEN TESTS\nNet = 2"
    submission.save()


@attack()
def cells_added(submission: Submission) -> None:
    """New test cells under new names, each worth a thousand points, with grades displayed."""
    for number in range(5):
        info = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "points": 1000}
        cell = {"cell_type": "code", "id": f"extra-{number}", "source": "1000", "outputs": [result("1000")], "execution_count": 1}
        submission.notebook["cells"].append(cell | {"metadata": {"nbgrader": info | {"grade_id": f"check_extra_{number}"}}})
    submission.save()


@attack(check_total=2)
def skip_execution(submission: Submission) -> None:
    """Tags that keep cells from being run, which stock nbgrader takes for full marks."""
    submission.solve("total")
    for cell in submission.notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove-cell", "nbgrader-ignore", SCRIPT, 5]
    submission.save()


@attack()
def stored_outputs(submission: Submission) -> None:
    """Grades and 50 MB of pictures stored as outputs."""
    for cell in submission.notebook["cells"]:
        if cell["cell_type"] == "code":
            picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * (6 << 20)}}
            cell.update(outputs=[result("100"), picture], execution_count=1)
    submission.save()


@attack(check_total=2)
def nested_metadata(submission: Submission) -> None:
    """Metadata nested hundreds of levels deep, in the notebook and in a cell, and a forged mark of the grader's own."""
    submission.solve("total")
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"deep": deep, "nbgrader": {}}
    submission.notebook["metadata"].update(deep=deep, autograder={"sandbox": "bubblewrap"}, title=SCRIPT, celltoolbar="100")
    submission.notebook["metadata"]["language_info"] = {"name": SCRIPT, "codemirror_mode": deep, "pygments_lexer": SCRIPT}
    submission.cell("check_total")["metadata"]["nbgrader"] |= {"deep": deep}
    submission.cell("check_net")["metadata"] = deep
    submission.save()


@attack()
def metadata_missing(submission: Submission) -> None:
    """No metadata anywhere, and cells that are no cells."""
    for cell in submission.notebook["cells"]:
        del cell["metadata"]
    submission.notebook["cells"] += [None, 5, [], {}, {"cell_type": 7, "source": 7, "metadata": 7, "id": 7}]
    del submission.notebook["metadata"]
    submission.save()


@attack(check_total=2)
def sources_of_other_types(submission: Submission) -> None:
    """Sources that are lists, numbers, objects and texts with null bytes."""
    submission.cell("total")["source"] = submission.solved["total"].splitlines(keepends=True)
    submission.cell("moving_sum")["source"] = 12
    submission.cell("net")["source"] = {"a": ["b"]}
    submission.cell("predictions")["source"] = ["predictions = 0\n", 7, None, "\0\ud800"]
    submission.save()


@attack(check_total=2)
def null_bytes(submission: Submission) -> None:
    """Null bytes and lone surrogates in answers, ids and names."""
    submission.solve("total")
    submission.cell("moving_sum").update(source="moving_sum = '\0\ud800'\0", id="\0")
    submission.cell("answer").update(source="\0 \ud800 \uffff", id="../../../x")
    submission.save()


@attack()
def old_format(submission: Submission) -> None:
    """A notebook in nbformat 3, with grades in its outputs."""
    cells = [
        {"cell_type": "code", "language": "python", "input": "total = 1", "outputs": [], "collapsed": False, "metadata": {}},
        {"cell_type": "code", "language": "python", "input": ["100"], "outputs": [{"output_type": "pyout", "text": ["100"]}], "metadata": {}},
        {"cell_type": "heading", "level": 1, "source": ["100"], "metadata": {}},
    ]
    submission.notebook = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"}, "worksheets": [{"cells": cells, "metadata": {}}]}
    submission.save()


@attack()
def future_format(submission: Submission) -> None:
    """A notebook that says it is of nbformat 99."""
    submission.notebook |= {"nbformat": 99, "nbformat_minor": "x"}
    submission.save()


@attack(check_total=2)
def foreign_kernel(submission: Submission) -> None:
    """A kernel that doesn't exist, with a command of its own."""
    submission.solve("total")
    spec = {"name": "../../evil", "display_name": SCRIPT, "language": "R", "argv": ["touch", "left-by-an-attack"]}
    submission.notebook["metadata"]["kernelspec"] = spec
    submission.save()


@attack()
def empty_file(submission: Submission) -> None:
    """A file without a byte."""
    submission.path.write_bytes(b"")


@attack()
def truncated(submission: Submission) -> None:
    """The first half of a solved notebook."""
    submission.solve(*submission.solved)
    text = json.dumps(submission.notebook)
    submission.path.write_text(text[: len(text) // 2], "utf-8")


@attack()
def invalid_utf8(submission: Submission) -> None:
    """Bytes that are no text, in the middle of a notebook."""
    submission.path.write_bytes(json.dumps(submission.notebook).encode().replace(b"moving_sum", b"\xff\xfe\xed\xa0\x80"))


@attack()
def no_notebook(submission: Submission) -> None:
    """JSON of every kind that is no notebook: this one a list, nested without end."""
    submission.path.write_text("[" * 100_000, "utf-8")


@attack()
def deep_json(submission: Submission) -> None:
    """Cells nested as deep as the parser goes, and a number of ten thousand digits."""
    deep = "[" * 900 + "]" * 900
    cell = '{"cell_type": "code", "metadata": {"nbgrader": ' + deep + '}, "source": ' + deep + ', "outputs": ' + deep + "}"
    submission.path.write_text(f'{{"nbformat": 4, "metadata": {{"x": {deep}}}, "cells": [{cell}], "x": {"9" * 4000}}}', "utf-8")


@attack(check_total=2)
def five_thousand_cells(submission: Submission) -> None:
    """Five thousand cells more, code and markdown."""
    submission.solve("total")
    for number in range(2500):
        submission.notebook["cells"] += [
            {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": f"x{number} = 1", "outputs": [], "execution_count": None},
            {"cell_type": "markdown", "id": f"m{number}", "metadata": {}, "source": "*x*"},
        ]
    submission.save()


@attack()
def too_many_cells(submission: Submission) -> None:
    """A small file of a million cells."""
    submission.notebook["cells"] += [{}] * 1_000_000
    submission.save(separators=(",", ":"))


@attack()
def huge_cell(submission: Submission) -> None:
    """A cell of 12 MB of code."""
    submission.solve("total")
    submission.cell("moving_sum")["source"] = "moving_sum = '" + "x" * (12 << 20) + "'"
    submission.save()


@attack(check_total=2)
def name_with_newline(submission: Submission) -> None:
    """More notebooks in the folder, with names that break lines, paths and patterns."""
    submission.solve("total")
    submission.save()
    for name in ("attack\n.ipynb", "(?P<x>.ipynb", "attack .ipynb", "*.ipynb", "attack.ipynb.ipynb", "\udcff.ipynb", "-rf.ipynb"):
        (submission.folder / name).write_text(json.dumps(submission.notebook), "utf-8")
    (submission.folder / "file\nwith\tname\udcff.txt").write_text("x", "utf-8")


@attack(check_moving_sum=5, check_total=2, check_net=3, check_predictions=3)
def wrong_name(submission: Submission) -> None:
    """A solved notebook under another name only."""
    submission.solve(*submission.solved)
    (submission.folder / "Attack (1).ipynb").write_text(json.dumps(submission.notebook), "utf-8")


@attack()
def folder_instead(submission: Submission) -> None:
    """A folder where the notebook should be."""
    submission.path.mkdir()
    (submission.path / "attack.ipynb").write_text(json.dumps(submission.notebook), "utf-8")


@attack()
def pipe_instead(submission: Submission) -> None:
    """A named pipe where the notebook should be, which blocks whoever opens it."""
    os.mkfifo(submission.path)


@attack()
def link_to_solution(submission: Submission) -> None:
    """A link to the instructor's source notebook instead of a notebook."""
    submission.path.symlink_to(submission.course / "source" / "attack" / "attack.ipynb")


@attack()
def link_to_neighbour(submission: Submission) -> None:
    """The whole folder a link to the submission of somebody who solved everything."""
    submission.folder.rmdir()
    submission.folder.symlink_to(submission.course / "submitted" / "000-honest" / "attack")


@attack(check_total=2)
def linked_files(submission: Submission) -> None:
    """Links beside the notebook: to the gradebook, the checks, devices without end, and in a circle; and a pipe."""
    submission.solve("total")
    submission.cell("predictions")["source"] = (
        "import os\nfor folder, folders, names in os.walk('.'):\n    print(folder, sorted(folders), sorted(names))\n"
        "for name in ('book', 'sources', 'labels', 'zero'):\n    assert not os.path.lexists(name), name"
    )
    submission.save()
    links = {"book": "gradebook.db", "sources": "source", "labels": "checks/attack_labels.npy"}
    for name, target in links.items():
        (submission.folder / name).symlink_to(submission.course / target)
    (submission.folder / "zero").symlink_to("/dev/zero")
    (submission.folder / "circle").symlink_to(".")
    (submission.folder / "nowhere").symlink_to("nowhere")
    os.mkfifo(submission.folder / "pipe")
    (submission.folder / "sub").mkdir()
    (submission.folder / "sub" / "zero.txt").symlink_to("/dev/zero")


@attack(check_total=2)
def huge_files(submission: Submission) -> None:
    """Files of 300 MB beside the notebook."""
    submission.solve("total")
    submission.save()
    for number in range(3):
        with open(submission.folder / f"huge{number}.bin", "wb") as file:
            file.truncate(100 << 20)


@attack(check_total=2)
def terabyte(submission: Submission) -> None:
    """A terabyte that takes no room until somebody copies it."""
    submission.solve("total")
    submission.save()
    with open(submission.folder / "terabyte.bin", "wb") as file:
        file.truncate(1 << 40)


@attack(check_total=2)
def folders_for_files(submission: Submission) -> None:
    """Folders where the assignment has its data and nbgrader the time of handing in, which end stock nbgrader's whole run."""
    submission.solve("total")
    submission.save()
    for name in ("points.npy", "timestamp.txt"):
        (submission.folder / name).mkdir()
        (submission.folder / name / "x").write_text("x", "utf-8")


@attack(check_total=2)
def more_files_than_anybody_reads(submission: Submission) -> None:
    """Twelve thousand empty files in one folder, with names that clash, break lines or are no text."""
    submission.solve("total")
    submission.save()
    (submission.folder / "many").mkdir()
    for number in range(12_000):
        (submission.folder / "many" / f"{number}").touch()
    for name in ("POINTS.NPY", "Points.npy", "\udcff\udcfe", "a\rb", "`<b>`"):
        (submission.folder / name).touch()


@attack(check_total=2)
def shadowing_files(submission: Submission) -> None:
    """Modules beside the notebook with the names of those that the grader, Python and pytest import."""
    submission.solve("total")
    submission.save()
    code = "import builtins\nbuiltins.passed = True\nraise SystemExit(0)\n"
    for name in ("json", "inside", "autograder", "conftest", "sitecustomize", "pytest", "attack_checks", "nbgrader_config"):
        (submission.folder / f"{name}.py").write_text(code, "utf-8")
    (submission.folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n", "utf-8")
    (submission.folder / "points.npy").write_bytes(b"not the course's points")
    (submission.folder / "checks").mkdir()
    (submission.folder / "checks" / "attack_checks.py").write_text("class TestMovingSum:\n    def test(self): pass\n", "utf-8")


@attack(check_total=2)
def bad_time_stamp(submission: Submission) -> None:
    """A time of handing in that is no time, which ends stock nbgrader's whole run."""
    submission.solve("total")
    submission.save()
    (submission.folder / "timestamp.txt").write_text("yesterday, I swear\n", "utf-8")


@attack(check_total=2)
def endless_time_stamp(submission: Submission) -> None:
    """A time of handing in that is read from a device without end."""
    submission.solve("total")
    submission.save()
    (submission.folder / "timestamp.txt").symlink_to("/dev/zero")


@attack()
def scripts_in_markdown(submission: Submission) -> None:
    """Scripts in markdown, raw cells, attachments, tags and ids, to act in the reader's browser."""
    evil = (
        f"{SCRIPT}\n\n<img src=x onerror=alert('attack')>\n\n[x](javascript:alert('attack')) [y](java&#115;cript:alert(1))"
        "\n\n<javascript:alert(1)>\n\n[z]: javascript:alert(1)\n\n[q][z]\n\n![x](https://example.org/x.png \"a\\\" onerror=alert(1)\")"
        "\n\n<svg onload=alert(1)>\n\n<iframe srcdoc='<script>alert(1)</script>'></iframe>\n\n<style>body {display: none}</style>"
        "\n\n<form action='https://example.org'><input type=submit></form>\n\n$\\href{javascript:alert(1)}{x}$ $<script>alert(1)</script>$"
        "\n\n```html\n<script>code</script>\n```\n\n| a |\n|---|\n| <b onclick=alert(1)>x</b> |\n\n![x](attachment:x.png)\n"
    )
    submission.cell("answer")["source"] = evil
    attachments = {"x.png": {"image/png": IMAGE}, SCRIPT: {SCRIPT: SCRIPT}, "y.svg": {"image/svg+xml": "\"><script>alert('attack')</script>"}}
    submission.notebook["cells"] += [
        {"cell_type": "markdown", "id": "evil", "metadata": {"tags": [SCRIPT]}, "source": evil, "attachments": attachments},
        {"cell_type": "raw", "id": "raw", "metadata": {"format": "text/html", "raw_mimetype": "text/html"}, "source": evil},
        {"cell_type": "code", "id": '"><script>', "metadata": {}, "source": f"# {evil}".replace("\n", "\n# "), "outputs": []},
    ]
    submission.save()


@attack()
def slow_markdown(submission: Submission) -> None:
    """Markdown that takes hours to be rendered for a page: ticks, quotes, brackets and formulas without end."""
    pieces = ("`", "` `` ", "```\n````\n", ">", "[", "$a", "${", "<b>", "*a_", "|a", "![a](", "\\[", "<p><b></p>")
    for number, piece in enumerate(pieces):
        for length in (15_000, 100_000):
            source = piece * (length // len(piece)) + "x"
            cell = {"cell_type": "markdown", "id": f"slow-{number}-{length}", "metadata": {}, "source": source}
            submission.notebook["cells"].append(cell)
    submission.save()


def result(text: str) -> dict[str, Any]:
    """An output that stock nbgrader reads as a grade."""
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": text}}
