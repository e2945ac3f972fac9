"""Reading whatever was handed in as a notebook."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.jobs.cells import cause
from autograder.jobs.notebook import UnreadableNotebook, read_submission, unreadable_notebook

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "source": st.text() | st.lists(st.text()) | JSON,
        "id": st.text(max_size=4) | JSON,
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": JSON, "tags": JSON, "jupyter": JSON}) | JSON,
        "outputs": JSON,
        "execution_count": JSON,
        "attachments": JSON,
    },
)
NOTEBOOKS = st.fixed_dictionaries({"cells": st.lists(CELLS | JSON, max_size=4)}, optional={"metadata": JSON, "nbformat_minor": JSON})


def read(folder: Path, content: object) -> nbformat.NotebookNode:
    """What ``read_submission`` makes of a file with ``content``; always valid."""
    path = folder / "tiny.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode("utf-8", "surrogatepass"))
    notebook = read_submission(path)
    nbformat.validate(notebook)
    return notebook


def cells(*made: dict, **about: object) -> dict:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(made), **about}


def code(source: object = "x = 1", **about: object) -> dict:
    return {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [], "execution_count": None} | about


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n \n", "not valid JSON"),
        (b'{"cells": [{"cell_type": "code", "sou', r"not valid JSON \(was the file cut off\?\)"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"%PDF-1.4", "not valid JSON"),
        (b"[]", "not a notebook"),
        (b"null", "not a notebook"),
        (b"{}", "not a notebook"),
        (b'{"cells": {}}', "not a notebook"),
        (b'{"worksheets": 3}', "not a notebook"),
        (b'{"cells": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "not valid JSON"),
        (b'{"cells": ' + b"1" * 5000 + b"}", "not valid JSON"),
        (b'{"nbformat": 1, "cells": []}', "of a notebook format that is not known here"),
        (b'{"nbformat": "seven", "cells": []}', "of a notebook format that is not known here"),
    ],
)
def test_what_is_no_notebook_is_said_to_be_so(tmp_path, content, reason):
    with pytest.raises(UnreadableNotebook, match=reason):
        read(tmp_path, content)


def test_what_is_no_regular_file_is_said_to_be_so(tmp_path):
    """A link could lead to the source with its solutions, a pipe would never end."""
    (tmp_path / "solutions.ipynb").write_text(json.dumps(cells(code())))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "solutions.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, reason in {"link": "a link", "folder": "not a regular file", "pipe": "not a regular file", "nothing": "missing"}.items():
        with pytest.raises(UnreadableNotebook, match=reason):
            read_submission(tmp_path / f"{name}.ipynb")


def test_saved_outputs_count_nothing_and_values_without_number_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.jobs.notebook.MAX_SOURCE_BYTES", 10_000)
    pictures = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 100_000}}] * 3
    assert read(tmp_path, cells(code(outputs=pictures))).cells[0].outputs == []
    monkeypatch.setattr("autograder.jobs.notebook.MAX_VALUES", 1_000)
    numbers = cells(code(outputs=[{"data": {"application/x": list(range(1_000))}}]))
    with pytest.raises(UnreadableNotebook, match="of more than 1,000 values"):
        read(tmp_path, numbers)


def test_an_enormous_file_is_not_even_read(tmp_path):
    with open(tmp_path / "big.ipynb", "wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(UnreadableNotebook, match="larger than"):
        read_submission(tmp_path / "big.ipynb")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(NOTEBOOKS)
def test_any_notebook_becomes_a_valid_one(tmp_path, content):
    notebook = read(tmp_path, content)
    assert len(notebook.cells) == sum(isinstance(cell, dict) for cell in content["cells"])


def test_more_text_than_a_job_can_hold_is_refused(tmp_path):
    read(tmp_path, cells(code("x" * (3 << 20))))
    for source in ("x" * (5 << 20), "\u00e9" * (1 << 20)):
        with pytest.raises(UnreadableNotebook, match="more than 4 MiB of text"):
            read(tmp_path, cells(code(source)))


def test_stored_outputs_may_be_large(tmp_path):
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}
    assert read(tmp_path, cells(code(outputs=[output]))).cells[0].outputs == []


def test_byte_order_marks_and_source_lists_are_read(tmp_path):
    content = b"\xef\xbb\xbf" + json.dumps(cells(code(["x = 1\n", "y = 2"]))).encode()
    assert read(tmp_path, content).cells[0].source == "x = 1\ny = 2"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
)
@pytest.mark.parametrize("before", ["", "\r\n"])
def test_a_notebook_in_any_usual_encoding_is_read(tmp_path, encoding, before):
    content = before + json.dumps(cells(code("name = 'Zoë – naïve “Müller” €'")), ensure_ascii=False, indent=1)
    assert read(tmp_path, content.encode(encoding)).cells[0].source == "name = 'Zoë – naïve “Müller” €'"


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_a_byte_order_mark_of_either_order_is_read(tmp_path, mark):
    content = json.dumps(cells(code("é = 1")), ensure_ascii=False).encode("utf-16-be" if mark == b"\xfe\xff" else "utf-16-le")
    assert read(tmp_path, mark + content).cells[0].source == "é = 1"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_other_systems_become_ours(tmp_path, end):
    assert read(tmp_path, cells(code(f"%%time{end}x = 1{end}"))).cells[0].source == "%%time\nx = 1\n"


def test_a_missing_format_number_is_taken_for_the_present_one(tmp_path):
    assert read(tmp_path, {"cells": [code()]}).cells[0].source == "x = 1"


def test_notebooks_of_format_3_are_converted(tmp_path):
    cell = {"cell_type": "code", "language": "python", "collapsed": False, "input": "x = 1", "outputs": [], "metadata": {}}
    content = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    assert [cell.source for cell in read(tmp_path, content).cells] == ["x = 1"]


def test_what_format_3_named_otherwise_is_read_as_far_as_it_is_there(tmp_path, caplog):
    """A heading's level says how many signs stand before it: as many as memory holds, were it believed."""
    old = [
        {"cell_type": "heading", "level": 2, "source": ["Kernels\n", "slide"]},
        {"cell_type": "heading", "level": 10**11, "source": "x"},
        {"cell_type": "html", "source": "<b>x</b>"},
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": 7},
        3,
    ]
    made = read(tmp_path, {"nbformat": 3, "worksheets": [None, {"cells": old}, {"cells": 7}, {}]}).cells
    assert [(cell.cell_type, cell.source) for cell in made] == [
        ("markdown", "## Kernels slide"), ("markdown", "# x"), ("markdown", "<b>x</b>"), ("code", "x = 1\ny = 2"),
    ]  # fmt: skip
    assert not caplog.records, "nothing is told but what the engine tells"
    assert read(tmp_path, {"nbformat": 4, "worksheets": []}).cells == []


def test_outputs_are_dropped(tmp_path):
    output = {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "10"}, "metadata": {}}
    assert read(tmp_path, cells(code(outputs=[output] * 3, execution_count=7))).cells[0].outputs == []


def test_a_cell_cant_ask_to_be_skipped(tmp_path):
    cell = read(tmp_path, cells(code(metadata={"tags": ["skip-execution", "mine"]}))).cells[0]
    assert cell.metadata.tags == ["mine"]


def test_only_nbgraders_own_metadata_is_kept(tmp_path):
    metadata = {"nbgrader": {"grade_id": "area"}, "deletable": False, "jupyter": {"source_hidden": True}, "widgets": {"x": 1}}
    cell = read(tmp_path, cells(code(metadata=metadata))).cells[0]
    assert set(cell.metadata) == {"nbgrader", "deletable"}


def test_a_notebooks_own_metadata_cant_bring_a_script(tmp_path):
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    metadata = {"title": "<script>", "widgets": widgets, "kernelspec": {"name": "bash", "display_name": "Bash"}}
    kept = read(tmp_path, cells(code(), metadata=metadata)).metadata
    assert set(kept) <= {"kernelspec", "language_info"}


@pytest.mark.parametrize("depth", [200, 400, 480, 900])
@pytest.mark.parametrize("where", ["nbgrader", "kernelspec", "attachments", "source"])
def test_deep_metadata_is_read_or_refused(tmp_path, where, depth):
    deep: dict = {}
    for _ in range(depth):
        deep = {"a": deep}
    cell = {
        "nbgrader": code(metadata={"nbgrader": deep}),
        "kernelspec": code(),
        "attachments": {"cell_type": "markdown", "source": "", "attachments": deep},
        "source": code(deep),
    }[where]
    try:
        notebook = read(tmp_path, cells(cell, metadata={"kernelspec": deep} if where == "kernelspec" else {}))
    except UnreadableNotebook as error:
        assert "JSON" in str(error) or "nested" in str(error)
    else:
        assert len(notebook.cells) == 1


def test_ids_become_valid_and_unique(tmp_path):
    notebook = read(tmp_path, cells(code(id="a"), code(id="a"), code(id="no spaces"), code(id="cell-1"), code(id=7), code(id="x" * 65)))
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) and ids[0] == "a"


def test_an_id_of_the_readers_own_may_be_taken_as_often_as_ids_are_long(tmp_path):
    taken = [code(id=f"cell-58{'-' * times}") for times in range(58)]
    assert [cell.id for cell in read(tmp_path, cells(*taken, code(id=None))).cells][-1] == "cell-58-2"


def test_lone_surrogates_become_question_marks_wherever_they_stand(tmp_path):
    """Or the graded notebook couldn't be written."""
    odd = "\ud800"
    text = {"cell_type": "markdown", "source": "", "attachments": {odd: {odd: odd}}, "metadata": {"tags": [odd], "nbgrader": {odd: odd}}}
    notebook = read(tmp_path, cells(code("x = '\ud800'"), text, metadata={"kernelspec": {"name": odd, "display_name": odd, odd: odd}}))
    assert notebook.cells[0].source == "x = '?'" and notebook.cells[1].attachments == {"?": {"?": "?"}}
    nbformat.writes(notebook).encode()


def test_tags_become_valid_and_a_kernel_without_a_name_is_none(tmp_path):
    notebook = read(
        tmp_path, cells(code(metadata={"tags": ["a", "a,b", "", "a", 7]}), metadata={"kernelspec": {"name": 3, "display_name": "x"}})
    )
    assert notebook.cells[0].metadata.tags == ["a"] and "kernelspec" not in notebook.metadata


def test_cells_of_unknown_type_are_kept_as_text(tmp_path):
    assert read(tmp_path, cells({"cell_type": "heading", "source": "Title"})).cells[0].cell_type == "raw"


def test_pictures_in_text_are_kept(tmp_path):
    attachments = {"plot.png": {"image/png": "iVBO"}}
    cell = {"cell_type": "markdown", "source": "![](attachment:plot.png)", "attachments": attachments}
    assert read(tmp_path, cells(cell)).cells[0].attachments == attachments


def test_an_unreadable_notebook_says_why():
    notebook = unreadable_notebook("empty")
    nbformat.validate(notebook)
    assert "it is empty" in notebook.cells[0].source and cause(notebook.cells[0]) == "unreadable"


def test_no_cell_of_a_students_passes_for_the_graders_word(tmp_path):
    """Neither by its id nor by its text nor by metadata."""
    theirs = {**unreadable_notebook("empty").cells[0], "id": "unreadable"}
    assert theirs["metadata"]
    (cell,) = read(tmp_path, cells(theirs)).cells
    assert cell.id == "unreadable" and cell.source == theirs["source"] and cause(cell) == ""
