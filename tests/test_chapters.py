"""Every number a chapter prints is what its cells compute: the stored outputs are those of the run that the book shows."""

import nbformat
import pytest
from jupyter_cache import get_cache

from autograder.course import ROOT

CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))


def printed(cell: nbformat.NotebookNode) -> dict[str, str]:
    """What a cell prints and the texts of what it shows, each kind joined."""
    texts: dict[str, str] = {}
    for output in cell.outputs:
        name, text = (output.name, output.text) if output.output_type == "stream" else ("shown", output.data.get("text/plain", ""))
        texts[name] = texts.get(name, "") + text
    if {"image/svg+xml", "image/png"} & {kind for output in cell.outputs for kind in output.get("data", {})}:
        texts.pop("shown", None)  # pictures aren't stored, nor what stands in their place
    return texts


@pytest.mark.timeout(900)  # the first one may have to build the book
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_printed_numbers_are_those_of_the_books_run(path, book):
    cache = get_cache(book.output / ".jupyter_cache")
    stored = nbformat.read(path, 4)
    run = cache.get_cache_bundle(cache.match_cache_notebook(stored).pk).nb
    # the cache knows a chapter by its code alone: its texts may be older
    code, ran = ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (stored, run))
    pairs = list(zip(code, ran, strict=True))
    differing = {before.id: (printed(before), printed(after)) for before, after in pairs if printed(before) != printed(after)}
    cache.db.dispose()
    assert differing == {}
    assert any(printed(before) for before, _ in pairs)
