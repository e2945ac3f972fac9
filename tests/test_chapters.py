"""Every number a chapter prints is compared with what its cells compute today."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_printed_numbers_are_what_the_cells_compute(path):
    command = [sys.executable, "-m", "pytest", "--nbval", path.name, "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["--nbval-cell-timeout=300", "-q", "-W", "default", "-c", os.devnull, "--rootdir", str(path.parent)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    result = subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    assert "passed" in result.stdout
