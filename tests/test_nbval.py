"""nbval: every chapter run anew from top to bottom, every output compared.

test_chapters.py compares the same outputs with the run that the book was built from. Of the last day, that run is as good as
another: only chapters that the book ran earlier are run here. One that passed isn't run again until it, or something that it
is made from, changes; ``make clean`` forgets that.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from chapter_runs import CHAPTERS, books_run, run_by_nbval

from autograder.authoring.course import BUILD, ROOT, digest

FRESH = timedelta(days=1)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_output_is_what_the_cell_gives_today(path, book):
    ran, _ = books_run(book.output, nbformat.read(path, 4))
    if datetime.now(UTC) - ran < FRESH:
        pytest.skip("the book ran this chapter in the last day: test_chapters.py compares that run")
    made_from = [path, *sorted(path.parent.glob("*.py")), ROOT / "data", ROOT / "requirements.lock", Path(__file__)]
    now, stamp = digest(made_from), BUILD / "tested" / path.stem
    if stamp.exists() and stamp.read_text() == now:
        return
    result = run_by_nbval(path)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    assert "passed" in result.stdout
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
