"""nbval: every chapter run anew from top to bottom, every output compared.

The everyday tests compare the numbers with the run that the book was built from (test_chapters.py).

A chapter that passed isn't run again until it, or something that it is made from, changes; ``make clean`` forgets that.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import BUILD, ROOT, digest

CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_output_is_what_the_cell_gives_today(path):
    command = [sys.executable, "-m", "pytest", "--nbval", path.name, "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["--nbval-cell-timeout=300", "-q", "-W", "default", "-c", os.devnull, "--rootdir", str(path.parent)]
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"} | {"OMP_NUM_THREADS": "1"}
    made_from = [path, *sorted(path.parent.glob("*.py")), ROOT / "data", ROOT / "requirements.lock", Path(__file__)]
    now, stamp = digest(made_from), BUILD / "tested" / path.stem
    if stamp.exists() and stamp.read_text() == now:
        return
    result = subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    assert "passed" in result.stdout
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
