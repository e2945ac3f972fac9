"""Every number a chapter prints is what its cells compute: the stored outputs are those of the run that the book shows."""

import copy

import nbformat
import pytest
from chapter_runs import PAGES, books_run, differences, page_id, shown

from autograder.chapters import chapters

GLUE = "application/papermill.record/text/plain"  # a number that stands in the prose


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_printed_numbers_are_those_of_the_books_run(path, book):
    stored = nbformat.read(path, 4)
    _, run = books_run(book.output, stored)
    assert differences(stored, run) == {}


@pytest.mark.parametrize("name", chapters())
def test_every_chapter_prints_numbers(name):
    cells = [cell for path in chapters()[name].notebooks() for cell in nbformat.read(path, 4).cells]
    assert any(shown(cell) for cell in cells if cell.cell_type == "code")


def stream(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def display(**data: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data=data)


def notebook(*outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A chapter of one cell that gave these."""
    cell = nbformat.v4.new_code_cell("", outputs=list(outputs), id="cell")
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("text"), cell])


PICTURE = display(**{"image/png": "", "text/plain": "<Figure>"})


@pytest.mark.parametrize(
    ("stored", "run"),
    [
        ([stream("0.71\n")], [stream("0.72\n")]),
        ([stream("0.71\n")], []),
        ([], [stream("0.71\n")]),
        ([display(**{GLUE: "0.71"})], [display(**{GLUE: "0.72"})]),
        ([display(**{GLUE: "7"}), display(**{GLUE: "17"})], [display(**{GLUE: "71"}), display(**{GLUE: "7"})]),
        ([display(**{GLUE: "7"})], [display(**{GLUE: "7"}), display(**{GLUE: "7"})]),
        ([display(**{"text/plain": "7"})], [display(**{"text/plain": "8"}), PICTURE]),
        ([display(**{"text/html": "<b>7</b>", "text/plain": "7"})], [display(**{"text/html": "<b>8</b>", "text/plain": "7"})]),
        ([display(**{"text/plain": "7"})], [display(**{"text/latex": "7"})]),
        ([], [nbformat.v4.new_output("error", ename="ValueError", evalue="7")]),
    ],
)
def test_another_number_is_seen_wherever_it_stands(stored, run):
    assert list(differences(notebook(*stored), notebook(*run))) == ["cell"]
    assert differences(notebook(*stored), notebook(*copy.deepcopy(stored))) == {}


@pytest.mark.parametrize("run", [[stream("a\n"), stream("b\n")], [stream("a\nb\n"), PICTURE]])
def test_pieces_of_a_stream_and_pictures_make_no_difference(run):
    assert differences(notebook(stream("a\nb\n")), notebook(*run)) == {}
