"""A student's notebook as the checks see it: values, functions, models, and every way they go wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checking.student import Remote, RemoteModel, Student, StudentError, StudentFailed
from autograder.compare import CheckFailed
from autograder.inside.wire import Channel, Packer


def failure(call: Any, *args: Any, **kwargs: Any) -> str:
    """The sentence that a check fails with."""
    with pytest.raises(CheckFailed, match=r".") as caught:
        call(*args, **kwargs)
    return caught.value.message


# ---- values


def test_variables_arrive_as_plain_data(student_of):
    student = student_of("import numpy as np\nx = np.eye(2)\nsizes = {'H': (3, 4)}\nloss = np.float32(0.5)\nnothing = None")
    assert student.value("x").tolist() == [[1, 0], [0, 1]]
    assert student.value("sizes") == {"H": (3, 4)}
    assert student.value("loss") == 0.5 and student.value("nothing") is None


def test_a_missing_variable_is_told(student_of):
    expected = "`loss` is not defined after this cell: no cell above defines it. Was its cell deleted, or is the name spelled otherwise?"
    assert failure(student_of().value, "loss") == expected
    assert failure(student_of().function, "loss") == expected


def test_anything_else_stays_there_and_cant_be_used(student_of):
    student = student_of("class Net:\n  depth = 3\nnet = Net()")
    net = student.value("net")
    assert isinstance(net, Remote) and net.type_name == "Net" and net.bases == ("Net", "object")
    assert net.attribute("depth") == 3
    assert "AttributeError" in failure(net.attribute, "width")
    assert "can't be compared" in failure(lambda: net == 3)
    with pytest.raises(TypeError, match="unhashable"):
        hash(net)


def test_a_value_larger_than_allowed_is_told(student_of):
    student = student_of("big = b'x' * 2_000_000")
    student.channel.max_bytes = 1 << 20
    assert "`big` can't be read: message too large" in failure(student.value, "big")
    student = student_of("long = ['x' * 1000] * 9_000")
    assert "`long` can't be read: message too large" in failure(student.value, "long")


@pytest.mark.parametrize("value", ["10**5000", "deep", "{1: [circle]}", "iter([])", "[len]"])
def test_a_value_that_is_no_plain_data_is_told_or_held(student_of, value):
    source = f"deep = []\nfor _ in range(99): deep = [deep]\ncircle = []\ncircle.append(circle)\nx = {value}"
    student = student_of(source)
    try:
        held = student.value("x")
    except CheckFailed as error:
        assert "no plain data" in error.message
    else:
        held = held[0] if isinstance(held, list) else held
        assert isinstance(held, Remote)
    assert student.alive


# ---- functions


def test_functions_take_and_return_plain_data(student_of):
    student = student_of("def f(*args, **kwargs): return args, kwargs")
    args, kwargs = student.function("f")(1, np.arange(3), [True, None], size=(2, 3))
    assert args[0] == 1 and args[1].tolist() == [0, 1, 2] and args[2] == [True, None] and kwargs == {"size": (2, 3)}


def test_tensors_arrive_there_as_tensors_and_arrays_as_arrays(student_of):
    torch = pytest.importorskip("torch")
    student = student_of("def kind(x): return type(x).__name__, str(x.dtype)")
    assert student.function("kind")(torch.ones(2, dtype=torch.int64)) == ("Tensor", "torch.int64")
    assert student.function("kind")(np.ones(2, np.float32)) == ("ndarray", "float32")


def test_what_is_no_function_is_told(student_of):
    expected = "`f` is an int, but a function was expected. Was the name assigned again?"
    assert failure(student_of("f = 3").function, "f") == expected


def test_what_is_not_written_yet_is_told(student_of):
    student = student_of("def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert failure(student.function("f"), 1) == "`f` is not written yet (NotImplementedError)."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("1 / 0", "`f` raised ZeroDivisionError: division by zero (line 2 of its cell)."),
        ("missing", "`f` raised NameError: name 'missing' is not defined (line 2 of its cell)."),
        ("raise ValueError('the kernel is even')", "`f` raised ValueError: the kernel is even (line 2 of its cell)."),
        ("raise ValueError(f'hidden {x}')", "`f` raised ValueError: hidden … (line 2 of its cell)."),
        ("raise ValueError(str(x))", "`f` raised ValueError (line 2 of its cell)."),
        ("raise KeyError(x)", "`f` raised KeyError (line 2 of its cell)."),
        ("return {}['stride']", "`f` raised KeyError: 'stride' (line 2 of its cell)."),
        ("raise SystemExit", "`f` raised SystemExit (line 2 of its cell)."),
        ("import sys; sys.exit(0)", "`f` raised SystemExit (line 2 of its cell)."),
        ("exit()", "`f` raised SystemExit"),
        ("raise KeyboardInterrupt", "`f` raised KeyboardInterrupt (line 2 of its cell)."),
        ("raise GeneratorExit", "`f` raised GeneratorExit (line 2 of its cell)."),
        ("raise StopIteration", "`f` raised StopIteration (line 2 of its cell)."),
        ("raise ExceptionGroup('hidden', [ValueError()])", "`f` raised ExceptionGroup (line 2 of its cell)."),
        ("raise type('Mine', (BaseException,), {})", "`f` raised Mine (line 2 of its cell)."),
        ("raise type('not a name', (Exception,), {})", "`f` raised an exception (line 2 of its cell)."),
        ("raise type('x' * 500, (Exception,), {})", "`f` raised an exception (line 2 of its cell)."),
        ("f(x)", "`f` raised RecursionError: maximum recursion depth exceeded (line 2 of its cell)."),
        ("raise ValueError('x' * 10_000_000)", "`f` raised ValueError (line 2 of its cell)."),
        ("assert False, x", "`f` raised AssertionError (line 2 of its cell)."),
        ("raise MemoryError", "`f` raised MemoryError (line 2 of its cell)."),
        ("return int('seven')", "`f` raised ValueError: invalid literal for int() with base 10: 'seven' (line 2 of its cell)."),
    ],
)
def test_an_exception_is_told_without_hidden_inputs(student_of, body, sentence):
    student = student_of(f"def f(x):\n    {body}")
    told = failure(student.function("f"), 0.25)
    assert told.startswith(sentence) and "0.25" not in told
    assert student.alive, "the next check can still ask"


ANOTHER_CELL = """def f(x):
    return {call}
helper = net = scale = None
exec(compile({code!r}, "<cell other>", "exec"))
"""


@pytest.mark.parametrize(
    ("call", "code", "where"),
    [
        ("helper(x)", "def helper(x):\n\n    return 1 / 0", "(line 3 of the cell of `helper`)"),
        ("helper(x)", "def helper(x):\n    return inner(x)\n\ndef inner(x): return 1 / 0", "(line 4 of the cell of `helper`)"),
        ("net(x)", "class net:\n    def __init__(self, x): 1 / 0", "(line 2 of the cell of `net`)"),
        ("scale(x)", "scale = lambda x: 1 / 0", "(line 1 of another cell)"),
        ("helper(x)", "def helper(x): return g(x)\ng = f_before = lambda x: 1 / 0", "(line 2 of the cell of `helper`)"),
        ("named_3_7_5(x)", "def named_3_7_5(x): return 1 / 0", "(line 1 of another cell)"),
        ("helper(x)", "def helper(x):" + 9 * "\n" + "    return 1 / 0", "(line 10 of another cell)"),
    ],
)
def test_a_line_of_another_cell_is_told_as_that_and_by_names_of_the_notebook_only(student_of, call, code, where):
    student = student_of(ANOTHER_CELL.format(call=call, code=code))
    student.cells = [f"def f(x):\n    return {call}", "helper = None\nnet = None\n\n'the last line'"]
    assert failure(student.function("f"), 0.25) == f"`f` raised ZeroDivisionError: division by zero {where}."


def test_a_line_of_the_called_cell_is_its_own_however_deep_it_lies(student_of):
    student = student_of("def f(x):\n    return helper(x)\n\ndef helper(x):\n    return 1 / 0")
    assert failure(student.function("f"), 1) == "`f` raised ZeroDivisionError: division by zero (line 5 of its cell)."


def test_an_exception_that_lies_about_itself_does_no_harm(student_of):
    source = """
class Sly(Exception):
    def __str__(self): raise SystemExit
    def __repr__(self): return 1
    __class__ = property(lambda self: 1 / 0)
    __module__ = None
def f(): raise Sly
"""
    assert failure(student_of(source).function("f")).startswith("`f` raised Sly")


def test_an_endless_function_ends_at_the_checks_time(student_of):
    student = student_of("def f():\n    while True: pass\ndef g(): return 1")
    student.deadline = time.monotonic() + 0.3
    started = time.monotonic()
    assert failure(student.function("f")) == "`f` ran longer than the time allowed for this check."
    assert time.monotonic() - started < 2 and not student.alive
    assert failure(student.function, "g") == "An earlier check of this group ran too long."


@pytest.mark.parametrize(
    "death",
    [
        "import os; os._exit(0)",
        "import os, signal; os.kill(os.getpid(), 9)",
        "import ctypes, faulthandler; faulthandler.disable(); ctypes.string_at(0)",
    ],
)
def test_a_function_that_ends_the_process_is_told(student_of, death):
    student = student_of(f"def f(): {death}")
    assert failure(student.function("f")) == "`f` ended the whole process (os._exit, a crash or the memory limit)."
    assert failure(student.function, "f") == "The process ended in an earlier check of this group."


def test_without_a_state_the_reason_is_told():
    student = Student(None, why_absent="Cell `setup` ended the whole process.")
    assert failure(student.value, "x") == "Cell `setup` ended the whole process."
    assert failure(student.function, "f") == "Cell `setup` ended the whole process."


def test_what_several_checks_ask_for_is_found_once_also_a_failure(student_of):
    student, draws = student_of("def f(): pass"), iter(range(9))
    assert [student.once("number", lambda: next(draws)) for _ in range(3)] == [0, 0, 0]
    assert student.once("another", lambda: next(draws)) == 1

    def raised():
        raise CheckFailed(f"draw {next(draws)}")

    assert [failure(student.once, "failing", raised) for _ in range(2)] == ["draw 2", "draw 2"]


def test_missing_and_surplus_arguments_are_told(student_of):
    student = student_of("def f(x, W): return x")
    assert "missing 1 required positional argument: 'W'" in failure(student.function("f"), 1)
    assert "takes 2 positional arguments but 3 were given" in failure(student.function("f"), 1, 2, 3)


# ---- trials


def test_a_trial_tells_value_and_error(student_of):
    student = student_of("def f(n):\n    if n: raise KeyError(n)\n    return 5")
    assert student.function("f").trial(0).value == 5 and student.function("f").trial(0).error is None
    trial = student.function("f").trial(1)
    assert trial.error.type == "KeyError" and trial.error.bases[:3] == ("KeyError", "LookupError", "Exception") and trial.value is None


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("x[0] = 9", (0,)),
        ("W += 1", ("W",)),
        ("x.sort(); W[:] = 0", (0, "W")),
        ("x.resize((4, 1), refcheck=False)", (0,)),
        ("x.shape = (3, 1)", (0,)),
        ("x = x + 1", ()),
        ("x[0] = x[0]", ()),
        ("x[1] = float('nan'); x[1] = 1", ()),
    ],
)
def test_arguments_changed_in_place_are_named(student_of, body, changed):
    student = student_of(f"def f(x, W): {body}")
    assert student.function("f").trial(np.array([2.0, 1.0, 3.0]), W=np.ones(2)).changed == changed


@pytest.mark.parametrize(("body", "changed"), [("x.sort()", (0,)), ("x[0][0] = 9", (0,)), ("list(reversed(x))", ()), ("x + [1]", ())])
def test_lists_changed_in_place_are_named(student_of, body, changed):
    assert student_of(f"def f(x): {body}").function("f").trial([[2, 1], [1, 2]]).changed == changed


def test_changed_tensors_are_named(student_of):
    torch = pytest.importorskip("torch")
    student = student_of("def f(x, y): x.relu_(); return y.relu()")
    assert student.function("f").trial(torch.tensor([-1.0]), torch.tensor([-1.0])).changed == (0,)


@pytest.mark.parametrize(
    ("body", "shares"),
    [("x", True), ("x[::2]", True), ("x.T", True), ("x.reshape(2, 3)", True), ("x.copy()", False), ("x + 0", False), ("x[:0]", False), ("[x]", True), ("(x + 0, x[1:])", True), ("(x + 0, 3)", False), ("3", False)],
)  # fmt: skip
def test_results_that_share_memory_are_told(student_of, body, shares):
    trial = student_of(f"def f(x): return {body}").function("f").trial(np.arange(6.0))
    assert trial.shares_memory is shares


def test_must_not_change_says_what_to_do(student_of):
    student = student_of(
        "def inplace(x): x[0] = 9; return x.copy()\ndef view(x): return x[1:]\ndef good(x): return x + 1\ndef bad(x): 1 / 0"
    )
    x = np.arange(3.0)
    assert (
        failure(student.function("inplace").must_not_change, x)
        == "`inplace` changes its argument number 1 in place; work on a copy instead."
    )
    assert (
        failure(student.function("inplace").must_not_change, x=x) == "`inplace` changes its argument `x` in place; work on a copy instead."
    )
    assert (
        failure(student.function("view").must_not_change, x) == "The result of `view` shares memory with an argument; return a new array."
    )
    assert "ZeroDivisionError" in failure(student.function("bad").must_not_change, x)
    assert student.function("good").must_not_change(x).tolist() == [1, 2, 3]


DENIED = """
import sys
import numpy as np
answers = next(module for name, module in sys.modules.items() if name.endswith("inside.answers"))
def deny():
    answers.contents = lambda value: None
    answers.shares_memory = lambda value, arguments: False
def change(x): x[0] = 9; return 1
def nested(x): x[1][0][0] = 9; return 1
def view(x): return x[1:]
def views(x): return {"part": [x[:2]]}
def good(x): return x + 1
"""


def test_what_a_process_denies_is_seen_from_outside(student_of):
    student = student_of(DENIED)
    student.function("deny")()
    for x in (np.arange(3.0), np.array([False, True]), np.arange(4, dtype=np.uint8), [1, 2]):
        assert student.function("change").trial(x).changed == ()
        assert student.function("change").observed(x).changed == (0,)
        assert student.function("change").observed(x=x).changed == ("x",)
    assert student.function("nested").observed([1, (np.arange(2.0),)]).changed == (0,)
    for name in ("view", "views"):
        assert student.function(name).observed(np.arange(3.0)).shares_memory
    assert failure(student.function("view").must_not_change, np.arange(3.0)) == (
        "The result of `view` shares memory with an argument; return a new array."
    )
    trial = student.function("good").observed(np.array([1.0, np.nan]))
    assert (trial.changed, trial.shares_memory, trial.value[0]) == ((), False, 2)


def test_tensors_are_observed_too(student_of):
    torch = pytest.importorskip("torch")
    student = student_of("import torch\n" + DENIED)
    student.function("deny")()
    x = torch.arange(3.0)
    assert student.function("change").observed(x).changed == (0,)
    assert student.function("view").observed(x).shares_memory
    assert not student.function("good").observed(x).shares_memory


def test_functions_and_objects_are_handed_on_as_they_are(student_of):
    student = student_of("def make(): return object()\ndef f(g, thing, n): return g(n)")
    thing = student.function("make")()
    assert student.function("f").observed(lambda n: n + 1, thing, 4).value == 5


def test_a_returned_object_shares_no_memory(student_of):
    student = student_of("class Net: ...\ndef f(x): return Net()\ndef g(x): return [Net(), x + 1]\ndef h(x): return Net(), x[1:]")
    for name, shares in (("f", False), ("g", False), ("h", True)):
        assert student.function(name).observed(np.arange(3.0)).shares_memory is shares


def test_must_raise_takes_subclasses_and_names_what_came(student_of):
    source = (
        "class Mine(ValueError): ...\ndef f(n):\n    if n < 0: raise Mine\n    if n > 9: raise TypeError\n    return [n] if n else None"
    )
    f = student_of(source).function("f")
    f.must_raise(ValueError, -1)
    assert (
        failure(f.must_raise, ValueError, 10, when="n is large")
        == "`f` must raise ValueError when n is large, but it raised TypeError (line 4 of its cell)."
    )
    assert failure(f.must_raise, ValueError, 5, when="n is odd") == "`f` must raise ValueError when n is odd, but it returned a list."
    assert failure(f.must_raise, ValueError, 0, when="n is 0") == "`f` must raise ValueError when n is 0, but it returned None."


def test_what_a_call_prints_is_kept_short(student_of):
    student = student_of(
        "import sys\ndef f(): print('hello'); print('no', file=sys.stderr); return 1\ndef flood():\n    for _ in range(10**4): print('x' * 99)\n    return 1"
    )
    assert student.function("f").trial().printed == "hello\n"
    assert len(student.function("flood").trial().printed) == 10_000


def test_an_endless_print_costs_time_not_memory(student_of):
    """Ends at the deadline, long before what it prints fills the memory."""
    source = "import resource\ndef f():\n    while True: print('x' * 10**6)\ndef peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
    student = student_of(source)
    before = student.function("peak")()
    student.deadline = time.monotonic() + 1
    failure(student.function("f"))
    assert before < 4 << 20
    with pytest.raises(StudentFailed, match="earlier check"):
        student.function("peak")


def test_warnings_cost_nothing(student_of):
    student = student_of("import warnings\ndef f(): warnings.warn('careful', DeprecationWarning); return 2")
    assert student.function("f")() == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "def f(): return Always()",
        "def f(): return [Always()]",
        "def f(): return Sly([1, 2])",
        "def f(): return type('M', (type,), {'__instancecheck__': lambda *a: True})('X', (), {})()",
        "def f(): return (n for n in iter(int, 1))",
        "def f(): return map(print, [1])",
        "def f(): return open('/dev/null')",
        "def f(): return f",
    ],
)
def test_strange_objects_arrive_as_what_they_are(student_of, hostile):
    source = """
class Always:
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __float__(self): return 1.0
    def __array__(self, *args, **kwargs): return 1
class Sly(list):
    def __iter__(self): return iter([3, 4])
"""
    value = student_of(source + hostile).function("f")()
    while isinstance(value, list) and value:
        value = value[0]
    assert isinstance(value, (Remote, int))


@pytest.mark.parametrize("body", ["Raises([1])", "{'a': [Raises()]}", "Raises([1]), 2", "torch.ones(2, device='meta')"])
def test_a_value_that_raises_when_it_is_read_is_no_exception_of_the_function(student_of, body):
    """Or a function that must raise ValueError could return such a value as well."""
    source = "import torch\nclass Raises(list):\n  def __iter__(self): raise ValueError\n  def __getitem__(self, key): raise ValueError\n"
    f = student_of(f"{source}def f(): return {body}").function("f")
    for attempt in (f, lambda: f.must_raise(ValueError), lambda: f.must_raise(NotImplementedError)):
        assert "`f` returned something that is no plain data" in failure(attempt)


def test_a_type_that_lies_about_its_name_is_told_by_the_true_one(student_of):
    source = "class Meta(type):\n  __name__ = property(lambda cls: 1 / 0)\n  __mro__ = ()\nclass Net(metaclass=Meta): ...\nnet = Net()"
    net = student_of(source).value("net")
    assert (net.type_name, net.bases) == ("Net", ("Net", "object"))


def test_a_dict_of_strange_keys_is_told(student_of):
    student = student_of("class Key: ...\ndef f(): return {Key(): 1}")
    assert failure(student.function("f")).startswith("The answer of `f` can't be read")


# ---- withheld modules


@pytest.mark.parametrize(
    "function",
    [
        "def f(x):\n    if isinstance(x, torch.Tensor): x = x.numpy()\n    return 2 * x",
        "def f(x):\n    return 2 * x if not isinstance(x, (Tensor, torch.nn.Module)) and not torch.is_tensor(x) else x",
        "def f(x: torch.Tensor):\n    return 2 * x if x.dtype != torch.float32 else x",
        "@torch.no_grad()\ndef f(x): return 2 * x",
        "@torch.inference_mode()\ndef f(x): return 2 * x",
        "def f(x):\n    with torch.no_grad(): return 2 * x",
    ],
)
def test_type_checks_and_switched_off_gradients_are_no_use(student_of, function):
    student = student_of(f"import torch\nfrom torch import Tensor\n{function}")
    assert student.function("f").without("scipy", "torch")(np.ones(2)).tolist() == [2, 2]


@pytest.mark.parametrize(
    "function",
    [
        "@torch.no_grad()\ndef f(x): return box[0](x)",
        "def f(x):\n    with torch.no_grad(): return box[0](x)",
        "def f(x):\n    thread = threading.Thread(target=lambda: box[0](x)); thread.start(); thread.join(); return x",
    ],
)
def test_a_use_is_seen_behind_them_and_in_threads(student_of, function):
    student = student_of(f"import threading, torch\nbox = [torch.from_numpy]\n{function}")
    student.cells = ["# nothing to be read"]
    assert failure(student.function("f").without("torch"), np.ones(2)) == "`f` uses torch, but this task asks for numpy only."


SCIPY = "import scipy.signal, scipy.ndimage\nimport numpy as np\nfrom scipy.signal import correlate2d as theirs\nx = np.ones((3, 3))\n"


@pytest.mark.parametrize(
    "function",
    [
        "def f(x): return scipy.signal.correlate2d(x, x)",
        "def f(x): return theirs(x, x)",
        "def f(x):\n    import scipy.signal\n    return scipy.signal.correlate2d(x, x)",
        "def f(x):\n    from scipy.signal import correlate2d\n    return correlate2d(x, x)",
        "def f(x):\n    import scipy.ndimage as s\n    return s.correlate(x, x)",
        "def f(x):\n    import importlib\n    return importlib.import_module('scipy.signal').correlate2d(x, x)",
        "def f(x):\n    return __import__('scipy').signal.correlate2d(x, x)",
        "def f(x):\n    def inner():\n        return theirs(x, x)\n    return inner()",
        "f = scipy.signal.correlate2d",
        "f = theirs",
        "def f(x, g=theirs): return g(x, x)",
        "box = {'g': theirs}\ndef f(x): return box['g'](x, x)",
        "class Box: g = staticmethod(theirs)\ndef f(x): return Box.g(x, x)",
        "def make(g):\n    def f(x): return g(x, x)\n    return f\nf = make(theirs)",
        "import functools\ng = functools.partial(theirs, mode='valid')\ndef f(x): return g(x, x)",
        "import functools\nf = functools.partial(theirs, x)",
        "def f(x):\n    try: return theirs(x, x)\n    except Exception: return theirs(x, x)",
        "def f(x, g=theirs):\n    try: return g(x, x)\n    except Exception: return g(x, x)",
    ],
)
def test_a_withheld_module_is_named(student_of, function):
    student = student_of(SCIPY + function)
    assert failure(student.function("f").without("scipy", "torch"), np.ones((3, 3))) == "`f` uses scipy, but this task asks for numpy only."


def test_a_withheld_module_is_back_afterwards(student_of):
    student = student_of(SCIPY + "def f(x): return theirs(x, x)\ndef g(x): return scipy.signal.correlate2d(x, x).shape")
    failure(student.function("f").without("scipy"), np.ones((3, 3)))
    assert student.function("f")(np.ones((3, 3))).shape == (5, 5)
    assert student.function("g")(np.ones((3, 3))) == (5, 5)


def test_a_module_nobody_has_imported_yet_is_withheld_too(student_of):
    student = student_of("def f():\n    import tabnanny\n    return tabnanny.verbose")
    assert failure(student.function("f").without("tabnanny")) == "`f` uses tabnanny, but this task asks for numpy only."
    assert student.function("f")() == 0


def test_what_uses_numpy_only_isnt_disturbed(student_of):
    source = """
from numpy.lib.stride_tricks import sliding_window_view
def f(x, W):
    return np.einsum("ijkl,kl->ij", sliding_window_view(x, W.shape), W)
def loops(x, W):
    return np.array([[(x[i:i + 2, j:j + 2] * W).sum() for j in range(2)] for i in range(2)])
"""
    student = student_of(SCIPY + source)
    for name in ("f", "loops"):
        assert student.function(name).without("scipy", "torch")(np.ones((3, 3)), np.ones((2, 2))).tolist() == [[4, 4], [4, 4]]


def test_an_import_that_fails_for_another_reason_is_told_as_such(student_of):
    student = student_of("def f():\n    import nothing_of_this_name")
    assert "ModuleNotFoundError: No module named 'nothing_of_this_name'" in failure(student.function("f").without("scipy"))


# ---- callbacks


def test_a_students_function_can_call_back(student_of):
    student = student_of("def descent(gradient, x, steps):\n    for _ in range(steps): x = x - 0.5 * gradient(x)\n    return x")
    seen = []

    def gradient(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return 2 * x - 6

    assert student.function("descent")(gradient, np.array([0.0, 9.0]), 4).tolist() == [3, 3]
    assert len(seen) == 4 and seen[0].tolist() == [0, 9]


def test_a_callback_that_is_misused_is_the_students_mistake(student_of):
    """Wrong arguments raise there, as an ordinary function would; the check itself isn't broken."""
    student = student_of("def f(g):\n    return g()\ndef h(g):\n    try: return g('a')\n    except Exception: return 'caught'")
    assert failure(student.function("f"), lambda x: x).startswith("`f` raised RuntimeError")
    assert student.function("h")(lambda x: x / 2) == "caught"


def test_a_check_may_fail_inside_a_callback(student_of):
    def strict(x: int) -> int:
        raise CheckFailed("call me with an array")

    assert failure(student_of("def f(g): return g(1)").function("f"), strict) == "call me with an array"


def test_endless_callbacks_end_at_the_checks_time(student_of):
    student = student_of("def f(g):\n    while True: g(1)")
    student.deadline = time.monotonic() + 0.5
    assert "longer than the time" in failure(student.function("f"), lambda x: x)


# ---- models

NET = """
import torch
from torch import nn
class Conv(nn.Conv2d): ...
class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        if width < 1: raise ValueError("hidden 7")
        self.conv = Conv(1, width, 3, bias=False)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(width, 10)
        self.head.bias.requires_grad_(False)
    def forward(self, x):
        return self.head(self.drop(torch.relu(self.conv(x)).mean((2, 3))))
def predict(model, x):
    with torch.no_grad(): return model(torch.as_tensor(x)).argmax(1)
def make_function(width): return lambda x: x
made = Made = Net()
"""


@pytest.fixture
def net(student_of) -> Student:
    pytest.importorskip("torch")
    return student_of(NET)


def test_a_models_parameters_and_layers_are_told(net):
    model = net.build("Net", width=2)
    assert model.parameters() == {"conv.weight": (2, 1, 3, 3), "head.weight": (10, 2), "head.bias": (10,)}
    assert model.parameter_count() == 18 + 20 + 10
    assert model.trainable() == {"conv.weight": True, "head.weight": True, "head.bias": False}
    assert model.gradients() == {}
    assert model.layer_types() == ["Conv2d", "Dropout", "Linear"]
    assert "convolution" in model.functions(np.ones((1, 1, 4, 4), np.float32))


def test_a_model_runs_forward_in_the_mode_asked_for(net):
    model, x = net.build("Net", 64), np.ones((3, 1, 5, 5), np.float32)
    assert model.is_training()
    first = model.forward(x)
    assert first.shape == (3, 10) and (first == model.forward(x)).all()
    assert (model.forward(x, training=True) != first).any()
    assert model.is_training(), "the mode is restored"


def test_a_model_takes_weights_of_the_check(net):
    model = net.build("Net", 1)
    weights = {name: np.zeros(value.shape, np.float32) for name, value in model.state().items()}
    weights["head.bias"] += 7
    model.load(weights)
    assert (model.forward(np.ones((1, 1, 3, 3), np.float32)) == 7).all()
    assert "raised RuntimeError" in failure(model.load, {"conv.weight": np.zeros(3, np.float32)})


def test_a_model_goes_back_as_an_argument(net):
    assert net.function("predict")(net.build("Net"), np.ones((2, 1, 3, 3), np.float32)).shape == (2,)


def test_what_makes_no_model_is_told(net):
    assert "made a function, but an nn.Module was expected" in failure(net.build, "make_function", 3)


def test_a_model_in_place_of_its_class_is_told(net):
    assert failure(net.build, "made") == "`made` is a model (Net), but a function that makes one was expected."
    assert failure(net.build, "Made") == "`Made` is a model (Net), but a class was expected."
    assert failure(net.build, "Net", 0).startswith("`Net(0)` raised ValueError: hidden 7 (line")
    assert "is not defined" in failure(net.build, "Missing")
    assert "raised RuntimeError" in failure(net.build("Net").forward, np.ones((2, 3), np.float32))


# ---- hostile answers

ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLAIN = [
    ["none"],
    ["int", 3],
    ["str", "a"],
    ["list", [["int", 3]]],
    ["dict", [[["str", "a"], ["str", "b"]]]],
    ["dict", [[["int", 1], ["tuple", [["none"]]]]]],
]
VALUES = ANSWERS | st.sampled_from([*PLAIN, ["ref", 0], ["ref", 0, "Net", ["Module"]], ["ref", "x"], ["callback", 0], ["ref", 0, 5, 5]])
FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "value": VALUES,
        "callable": ANSWERS,
        "missing": ANSWERS,
        "changed": ANSWERS,
        "shares": ANSWERS,
        "printed": ANSWERS,
        "error": ANSWERS
        | st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("type", "bases", "message", "line", "elsewhere", "unreadable", "withheld"), ANSWERS)
        ),
        "callback": ANSWERS,
        "args": ANSWERS,
        "kwargs": ANSWERS,
    },
)


@given(st.lists(FRAMES, min_size=1, max_size=3), st.integers(0, 9))
def test_whatever_a_process_answers_the_check_passes_or_fails_with_a_sentence(frames, question):
    """Never another exception: that would look like the check's own mistake."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for frame in frames:
            Channel(theirs).send(frame)
        theirs.shutdown(socket.SHUT_WR)
        student = Student(Channel(ours), deadline=time.monotonic() + 5)
        model = RemoteModel(student, ["ref", 0])
        questions = [
            lambda: student.value("x"),
            lambda: student.function("f")(1),
            lambda: student.function("f").must_not_change(np.ones(2)),
            lambda: student.function("f").must_raise(ValueError),
            lambda: student.function("f").trial(lambda x: x),
            lambda: student.build("Net"),
            lambda: model.parameter_count(),
            lambda: [array.shape for array in model.state().values()],
            lambda: [name.lower() for name in model.layer_types()],
            lambda: model.attribute("x"),
        ]
        try:
            questions[question]()
        except CheckFailed as error:
            assert error.message and len(error.message) < 3000


@contextlib.contextmanager
def answered(*frames: dict) -> Iterator[Student]:
    """A student whose process answers with ``frames``, whatever is asked."""
    ours, theirs = socket.socketpair()

    def answer() -> None:
        for frame in frames:
            Channel(theirs).send(frame)

    thread = threading.Thread(target=answer)
    thread.start()
    with ours, theirs:
        yield Student(Channel(ours))
        thread.join()


@pytest.mark.parametrize("printed", ["x" * 10**6, ["x"] * 10**5, {"x": 1}])
def test_claims_about_a_call_are_kept_short(printed):
    reply = {"value": ["none"], "changed": ["x" * 10**5] * 50, "shares": 1, "printed": printed}
    with answered({"value": ["none"], "callable": True}, reply) as student:
        trial = student.function("f").trial()
    assert len(trial.printed) <= 10_000 and sum(map(len, trial.changed)) < 10_000


def test_a_handle_made_up_by_the_process_opens_nothing_here():
    with answered({"value": ["callback", 0]}) as student:
        assert "malformed reference" in failure(student.value, "x")


def test_only_numbers_of_lines_and_names_of_types_are_taken_from_an_error():
    error = {"type": "<script>", "bases": [1, "ValueError"], "message": 7, "line": "<b>", "withheld": 0, "unreadable": ""}
    with answered({"error": error}) as student:
        assert failure(student.value, "x") == "`x` raised an exception."
    assert (
        student.sentence(StudentError("E", (), "x" * 99, withheld=True), "`f`")
        == "`f` uses another package, but this task asks for numpy only."
    )


def test_arguments_that_cant_travel_are_the_checks_mistake(student_of):
    from autograder.inside.wire import Unserialisable

    with pytest.raises(Unserialisable, match="can't be sent"):
        student_of("def f(x): ...").function("f")(object())
    assert Packer().pack(3) == ["int", 3]


NETS = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, use):
        super().__init__()
        self.conv, self.relu, self.fc = nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Linear(16, 2)
        self.listed, self.use = [nn.Linear(36, 16)], use
        self.register_buffer("mean", torch.zeros(1, 1, 6, 6))
    def forward(self, x):
        maps = self.relu(self.conv(x - self.mean))
        if self.use == "list":
            return self.fc(self.listed[0](x.flatten(1)))
        if self.use == "nothing":
            return x.flatten(1)[:, :2] * 3
        y = nn.functional.max_pool2d(maps.clone().mul_(2), 1)[..., :2, :4].flatten(1) if self.use == "maps" else x.flatten(1)[:, :16]
        return self.fc(y + torch.zeros(16))
"""


@pytest.mark.parametrize(
    ("use", "there", "not_there", "hidden"),
    [
        ("maps", {"convolution", "relu", "mul_", "addmm"}, set(), []),
        ("list", {"addmm"}, {"convolution", "relu"}, [16, 576]),
        ("nothing", {"mul"}, {"convolution", "relu", "addmm"}, []),
        ("none", {"addmm"}, {"convolution", "relu"}, []),
    ],
)
def test_only_what_an_output_depends_on_is_named_and_counted(student_of, use, there, not_there, hidden):
    pytest.importorskip("torch")
    model = student_of(NETS).build("Net", use)
    x = np.random.default_rng(1).random((2, 1, 6, 6)).astype(np.float32)
    used = set(model.functions(x))
    assert there <= used and not not_there & used
    assert sorted(model.entering(x)) == hidden


def test_a_call_uses_the_mode_that_the_parts_are_in(student_of):
    torch = pytest.importorskip("torch")
    source = (
        "import torch\ndef make():\n    net = torch.nn.Sequential(torch.nn.Dropout(0.5)).eval()\n    net.training = True\n    return net"
    )
    model = student_of(source).build("make")
    assert model.is_training() and np.array_equal(model.call(torch.ones(4, 9)), np.ones((4, 9)))
