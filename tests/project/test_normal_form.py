"""Notebooks in normal form: what an editor adds goes away, what an author wrote stays."""

import json

import nbformat
import pytest

from autograder.authoring.normal_form import KERNEL, NoNotebook, normal_form, normalise


def as_saved() -> str:
    """A notebook as JupyterLab saves it after a run."""
    cells = [
        nbformat.v4.new_markdown_cell("# Title of it all", id="0a1b2c3d"),
        nbformat.v4.new_code_cell(
            "print(1)",
            id="12345678-90ab-cdef",
            execution_count=7,
            metadata={"execution": {"iopub.execute_input": "now"}, "tags": ["hide-input"]},
        ),
        nbformat.v4.new_code_cell("plot()", id="plot", execution_count=8),
    ]
    cells[1].outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="1\n"),
        nbformat.v4.new_output("execute_result", {"text/plain": "1"}, execution_count=7),
    ]
    cells[2].outputs = [nbformat.v4.new_output("display_data", {"image/png": "aGk=", "text/plain": "<Figure>"})]
    metadata = {"kernelspec": {"name": "mine", "display_name": "Mine"}, "language_info": {"name": "python", "version": "3.11.7"}, "toc": {}}
    return json.dumps(nbformat.v4.new_notebook(cells=cells, metadata=metadata))


def test_a_chapter_keeps_what_it_printed_and_no_picture():
    notebook = nbformat.reads(normal_form(as_saved(), keep_outputs=True), 4)
    assert dict(notebook.metadata) == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    assert [cell.id for cell in notebook.cells] == ["cell-title-of-it-all", "cell-print-1", "plot"]
    assert [len(cell.outputs) for cell in notebook.cells[1:]] == [2, 0]
    assert {cell.execution_count for cell in notebook.cells[1:]} == {1}
    assert dict(notebook.cells[1].metadata) == {"tags": ["hide-input"]}


def test_an_assignment_keeps_no_output():
    notebook = nbformat.reads(normal_form(as_saved(), keep_outputs=False), 4)
    assert [(cell.outputs, cell.execution_count) for cell in notebook.cells[1:]] == [([], None)] * 2


@pytest.mark.parametrize("keep", [True, False])
def test_normal_form_of_normal_form_is_the_same(keep):
    once = normal_form(as_saved(), keep)
    assert normal_form(once, keep) == once


def test_random_ids_of_equal_cells_become_different_names():
    cells = [nbformat.v4.new_code_cell("x", id=name) for name in ("00000001", "00000002", "cell-x")]
    text = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    assert [cell.id for cell in nbformat.reads(normal_form(text, False), 4).cells] == ["cell-x-2", "cell-x-3", "cell-x"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "can't be read"), ('{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}', "format 4, got 3")],
)
def test_what_is_no_notebook_is_refused_by_name_and_left_alone(tmp_path, text, words):
    path = tmp_path / "broken.ipynb"
    path.write_text(text)
    with pytest.raises(NoNotebook, match=f"broken.ipynb: expected .*{words}"):
        normalise([path])
    assert path.read_text() == text
