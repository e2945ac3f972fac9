"""nbval: every chapter run anew from top to bottom, every output compared.

test_chapters.py compares the same outputs with the run that the book was built from. Of the last day, that run is as good as
another: only chapters that the book ran earlier are run here. Where one chapter is tested (`make check`) the book isn't built for
it: a run of this code with these modules, data and libraries that happens to be there is compared, whenever it was. A chapter that
passed isn't run again until it, or something that it is made from, changes; ``make clean`` forgets that.
"""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from chapter_runs import PAGES, books_run, differences, page_id, run_by_nbval

from autograder.authoring.course import BUILD, ROOT, digest

FRESH = timedelta(days=1)


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_output_is_what_the_cell_gives_today(path, books_runs, request):
    stored, alone = nbformat.read(path, 4), request.config.option.chapter
    if alone:
        with contextlib.suppress(KeyError):
            assert differences(stored, books_run(books_runs, stored)[1]) == {}
            return
    elif datetime.now(UTC) - books_run(books_runs, stored)[0] < FRESH:
        pytest.skip("the book ran this chapter in the last day: test_chapters.py compares that run")
    figures = ROOT / "book" / "figures.py"  # what chapters import lies beside it or them; `digest` misses it once that is moved
    modules = sorted({*figures.parent.glob("*.py"), *path.parent.glob("*.py")})
    now = digest([path, figures, *modules, ROOT / "data", ROOT / "requirements.lock", Path(__file__)])
    stamp = BUILD / "tested" / page_id(path).replace("/", "-")
    if stamp.exists() and stamp.read_text() == now:
        return
    result = run_by_nbval(path)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    assert "passed" in result.stdout
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
