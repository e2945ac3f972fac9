"""The rule "numpy only", read from a notebook's source: what reaches a withheld module, what costs nobody anything, what is named."""

from __future__ import annotations

import pytest

from autograder.checking.source_rule import Notebook, evasive

IMPORTS = """import numpy as np
import scipy.signal
import torch
from scipy.signal import correlate2d as theirs
from torch import nn
import torch.nn.functional as F"""

REACHING = {
    "a call": "def f(x): return scipy.signal.correlate2d(x, x)",
    "another name": "def f(x): return theirs(x, x)",
    "a harmless name": "import scipy as np\ndef f(x): return np.signal.correlate2d(x, x)",
    "an import inside": "def f(x):\n    import scipy.signal as s\n    return s.correlate2d(x, x)",
    "an import that may fail": "try:\n    import scipy as s\nexcept ImportError:\n    s = None\ndef f(x): return s.signal.correlate2d(x, x)",
    "a helper": "def g(x): return theirs(x, x)\ndef f(x): return g(x)",
    "a helper of a helper, defined later": "def f(x): return g(x)\ndef g(x): return h(x)\ndef h(x): return theirs(x, x)",
    "helpers that call each other": "def g(x): return f(x)\ndef f(x): return g(x) if x.ndim else theirs(x, x)",
    "a variable": "c = theirs\ndef f(x): return c(x, x)",
    "the function itself": "f = scipy.signal.correlate2d",
    "a lambda": "f = lambda x: theirs(x, x)",
    "a default": "def f(x, g=theirs): return g(x, x)",
    "a dict": "box = {'g': theirs}\ndef f(x): return box['g'](x, x)",
    "an object": "class B:\n    def __call__(self, x): return theirs(x, x)\nb = B()\ndef f(x): return b(x)",
    "a method": "class B:\n    def run(self, x): return theirs(x, x)\nb = B()\ndef f(x): return b.run(x)",
    "a base class": "class C(nn.Module): ...\ndef f(x): return C()(x)",
    "partial": "import functools\ng = functools.partial(theirs, mode='valid')\ndef f(x): return g(x, x)",
    "a global name": "def prepare():\n    global g\n    from scipy.signal import correlate2d as g\ndef f(x):\n    prepare()\n    return g(x, x)",
    "a definition under a condition": "if True:\n    def f(x): return theirs(x, x)",
    "a star": "from torch.nn.functional import *\ndef f(x): return avg_pool2d(x, 2)",
    "a check for arrays": "def f(x):\n    if isinstance(x, np.ndarray): return theirs(x, x)",
    "a check for tensors or arrays": "def f(x):\n    if isinstance(x, (torch.Tensor, np.ndarray)): return theirs(x, x)",
    "an isinstance of one's own": "def isinstance(x, y): return True\ndef f(x):\n    if isinstance(x, torch.Tensor): return theirs(x, x)",
    "behind a magic": "%matplotlib inline\ndef f(x):\n    a = %pwd\n    return theirs(x, x)",
    "a timed cell": "%%time\ndef f(x): return theirs(x, x)",
    "an inner function": "def f(x):\n    def inner(): return theirs(x, x)\n    return inner()",
    "a decorator": "def deco(g):\n    return lambda x: theirs(x, x)\n@deco\ndef f(x): return x",
    "a function handed on": "def f(x): return list(map(theirs, x, x))",
    "a comprehension's name elsewhere": "a = [c for c in 'ab']\nfrom scipy.signal import correlate2d as c\ndef f(x): return c(x, x)",
    "vars": "def f(x): return vars(scipy.signal)['correlate2d'](x, x)",
}


@pytest.mark.parametrize("source", REACHING.values(), ids=REACHING)
def test_a_withheld_module_is_found(source):
    assert Notebook([IMPORTS, source]).reached("f", ("scipy", "torch")) in ("scipy", "torch")


HARMLESS = {
    "numpy": "def f(x): return np.sum(x)",
    "tensors turned into arrays": "def f(x):\n    if isinstance(x, torch.Tensor):\n        x = torch.Tensor.numpy(x)\n    return np.asarray(x)",
    "tensors given back": "def f(x):\n    t = isinstance(x, torch.Tensor)\n    y = np.asarray(x)\n    return torch.from_numpy(y) if t else y",
    "arrays first": "def f(x):\n    if not isinstance(x, torch.Tensor):\n        return np.asarray(x)\n    return torch.tensor(x)",
    "is_tensor": "def f(x):\n    if torch.is_tensor(x) and x.ndim: x = torch.Tensor.numpy(x)\n    return x",
    "no_grad around it": "@torch.no_grad()\ndef f(x): return np.sum(x)",
    "inference_mode around it": "@torch.inference_mode\ndef f(x): return np.sum(x)",
    "no_grad inside": "def f(x):\n    with torch.no_grad():\n        return np.sum(x)",
    "type hints": "def f(x: torch.Tensor, W: 'torch.Tensor' = None) -> torch.Tensor:\n    y: torch.Tensor = np.sum(x)\n    return y",
    "a dtype compared": "def f(x): return 1 if x.dtype == torch.float32 else 2",
    "a type compared": "def f(x): return 1 if type(x) in (torch.Tensor, np.ndarray) else 2",
    "a local name": "def f(x):\n    torch = x\n    return torch.sum()",
    "a parameter's name": "def f(scipy): return scipy.sum()",
    "another function": "def g(x): return theirs(x, x)\ndef f(x): return np.sum(x)",
    "comments and texts": "def f(x):\n    '''like scipy.signal.correlate2d'''\n    # theirs(x, x)\n    return np.sum(x)",
    "data made before": "table = scipy.signal.windows.hann(4)\nimages = torch.rand(3)\ndef f(x): return x + table + images.numpy()",
    "defined anew": "def f(x): return theirs(x, x)\ndef f(x): return np.sum(x)",
    "the imported name defined anew": "def theirs(x): return x\ndef f(x): return theirs(x)",
    "a comprehension's name": "def f(x): return [theirs for theirs in x]",
    "a cell that is no Python": "def f(x: return theirs(x, x)",
    "compared in the open": "def same(x): assert np.allclose(f(x), theirs(x, x))\ndef f(x): return x\nsame(1)",
    "names of two stars": "from numpy import *\nfrom torch import *\ndef f(x): return einsum('i->', x)",
    "an unused default": "def f(x, dtype=torch.float32): return np.sum(x)",
}


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_honest_code_costs_nothing(source):
    assert Notebook([IMPORTS, source]).reached("f", ("scipy", "torch")) is None


def test_cells_stand_for_themselves():
    """One that is no Python takes nothing from the others."""
    cells = [IMPORTS, "def f(x): return theirs(x, x)", "def g(x: return"]
    assert Notebook(cells).reached("f", ("scipy",)) == "scipy"
    assert Notebook(cells).reached("f", ("torch",)) is None


def test_a_check_fails_by_the_source_alone(student_of):
    """Also where the watch in the student's process is taken away."""
    source = "import sys, threading\nimport scipy.signal as s\ndef f(x):\n    sys.setprofile(None)\n    return s.convolve(x, x)"
    student = student_of(source)
    with pytest.raises(AssertionError, match="^`f` uses scipy, but this task asks for numpy only.$"):
        student.function("f").without("scipy", "torch")([1.0])


def test_cells_after_the_checked_one_dont_count(student_of):
    student = student_of("def f(x): return x\n")
    student.source += "import scipy.signal\ndef f(x): return scipy.signal.convolve(x, x)"
    student.cells = ["def f(x): return x"]
    assert student.function("f").without("scipy")(2) == 2


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("import sys\nsys.modules['scipy']", {"sys.modules"}),
        ("from sys import modules", {"sys.modules"}),
        ("__import__('scipy')", {"__import__"}),
        ("import importlib\nimportlib.import_module('scipy')", {"import_module"}),
        ("exec('import ' + name)\ny = eval(text)", {"exec", "eval"}),
        ("import sys\nsys.setprofile(None); sys._getframe(1).f_back", {"setprofile", "_getframe", "f_back"}),
        ("import ctypes, gc as collector", {"ctypes", "gc"}),
        ("import sys\ngetattr(sys, 'mod' + 'ules'); vars(sys)", {"getattr(sys, …)", "vars(sys, …)"}),
        ("f.__globals__['x']", {"__globals__"}),
        ("print('gc ctypes')  # gc\nmodel.eval()\ngetattr(nn, name)\nsignal = np.zeros(3)\nimportlib.util.find_spec('x')", set()),
    ],
)
def test_means_of_evasion_are_named(cell, names):
    assert evasive(cell) == names
