"""The modules behind the book's live parts: their own tests, run by the node that comes with the environment."""

from __future__ import annotations

import importlib
import subprocess
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).resolve().parent / "web").glob("*.test.mjs"))
node_binary = importlib.import_module("local_katex").node_binary  # conftest.py has made its folder known


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_module(file):
    done = subprocess.run([node_binary(), "--test", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "tests 0" not in done.stdout
