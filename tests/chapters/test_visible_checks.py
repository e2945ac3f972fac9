"""The visible checks of tasks, taken from what students get: whole where NumPy is enough, cut where it isn't, nothing hidden."""

from __future__ import annotations

import ast
import importlib
import sys

import pytest

assert "book_build" in sys.modules  # conftest.py has made book/_ext known
visible_checks = importlib.import_module("visible_checks")
pyrun = importlib.import_module("pyrun")


def test_check_ends_before_what_a_browser_does_not_have():
    given = "import numpy as np\nimport torch\nfrom torch import nn\n\ndef helper(x):\n    assert x == 1\n\ndef judge(x):\n    return torch.sum(x)"
    check = "helper(answer)\n# against torch\nassert answer == judge(1)\nhelper(2)"
    code, whole = visible_checks.runnable(check, given)
    assert not whole
    assert code.endswith("helper(answer)\n# against torch\n")
    assert "def helper" in code
    assert "torch." not in code


def test_check_brings_only_the_helpers_that_it_uses():
    given = "import numpy as np\nLIMIT = 3\nOTHER = 4\n\ndef below(x):\n    assert x < LIMIT\n\ndef unused(x):\n    return np.sum(x)"
    code, whole = visible_checks.runnable("below(answer)", given)
    assert whole
    assert code == "LIMIT = 3\n\ndef below(x):\n    assert x < LIMIT\n\nbelow(answer)\n"


def test_helper_that_asks_for_tensors_finds_none():
    given = "import torch\n\ndef same(x, y):\n    if isinstance(x, torch.Tensor):\n        x = x.detach()\n    assert x == y"
    code, whole = visible_checks.runnable("same(answer, 3)", given)
    assert whole
    names = {"answer": 3}
    exec(code, names)
    assert names["torch"].Tensor is not None


@pytest.mark.parametrize(
    ("check", "given"),
    [
        ("assert torch.sum(answer) == 1", "import torch"),
        ("print(answer)", ""),
        ("from torch.utils import data\nassert answer", ""),
        ("model(answer)", "import torch\nmodel = torch.nn.Linear(1, 1)"),
    ],
)
def test_check_of_which_nothing_is_left_is_refused(check, given):
    with pytest.raises(visible_checks.NoCheck, match="more than numpy"):
        visible_checks.runnable(check, given)


def test_unknown_task_is_refused():
    with pytest.raises(visible_checks.NoCheck, match="convnets has no task correlate3d with a check"):
        visible_checks.task("convnets", "correlate3d")


def test_value_that_is_asked_for_does_not_stop_what_follows():
    found = [visible_checks.task("convnets", name) for name in ("q1c_output_shape", "q1d_output_shape")]
    program = pyrun.program_of(found, "print(1)")
    assert "q1c_output_shape = None\n# YOUR CODE HERE\n" in program
    assert "NotImplementedError" not in program
    ast.parse(program)
