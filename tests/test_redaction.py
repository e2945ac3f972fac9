"""Which exception messages feedback may show: those that can't carry a hidden value."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checking.redaction import shown_message

SOURCE = """
import numpy as np
def correlate(x, W, stride=1):
    patch = x[0:3]
    return np.sum(patch * W)
"""


def message_of(source: str) -> str:
    """The message that Python or numpy really gives for a mistake."""
    try:
        with warnings.catch_warnings(action="ignore"):
            exec(source, {"np": np})
    except Exception as error:
        return str(error)
    raise AssertionError("the mistake raised nothing")


MISTAKES = [
    "correlate",
    "def f(x, W): ...\nf(1)",
    "def f(x, W, stride): ...\nf()",
    "def f(x, *, stride): ...\nf(1)",
    "def f(x): ...\nf(1, 2)",
    "def f(x, W=1): ...\nf()",
    "def f(x, W=1): ...\nf(1, 2, 3)",
    "def f(): ...\nf(1)",
    "def f(): ...\nf(x=1)",
    "def f():\n  patch += 1\nf()",
    "1 + 'a'",
    "None[0]",
    "(3)()",
    "for x in 3: pass",
    "[1].patch",
    "np.patch",
    "[][0]",
    "()[0]",
    "''[0]",
    "[1]['a']",
    "[1][1.5]",
    "(1,)['a']",
    "[1][:1.5]",
    "np.zeros(3)[5]",
    "np.zeros(3)[0, 0]",
    "np.zeros(3)['a']",
    "np.zeros(3)[1.5]",
    "np.zeros((2, 3)) + np.zeros((3, 2))",
    "np.zeros(3)[:] = np.zeros(4)",
    "np.zeros((2, 3)).dot(np.zeros((2, 3)))",
    "np.zeros(6).reshape(4, 4)",
    "float(np.zeros(3))",
    "a, b = 1, 2, 3",
    "a, b, c = 1, 2",
    "1 / 0",
    "1 // 0",
    "1 % 0",
    "def f(): f()\nf()",
    "import patch",
    "np.zeros((2, 3)) @ np.zeros((2, 3))",
    "np.concatenate([np.zeros((2, 3)), np.zeros((3, 2))])",
    "np.stack([np.zeros(3), np.zeros(2)])",
    "bool(np.zeros(3))",
]


@pytest.mark.parametrize("source", MISTAKES)
def test_messages_of_common_mistakes_pass_whole(source):
    message = message_of(source)
    assert shown_message(message, SOURCE + source) == message.split("\n")[0].strip()


@pytest.mark.parametrize(
    "message",
    [
        "mat1 and mat2 shapes cannot be multiplied (32x784 and 400x10)",
        "'numpy.ndarray' object is not callable",
        "'NoneType' object is not subscriptable",
        "slice indices must be integers or None or have an __index__ method",
    ],
)
def test_messages_of_torch_and_numpy_pass(message):
    assert shown_message(message, SOURCE) == message


@pytest.mark.parametrize(
    "message",
    [
        "0.7853981633974483",
        "index 0.5 is out of bounds for axis 0 with size 3",
        "index 123456789 is out of bounds for axis 0 with size 3",
        "cannot reshape array of size 123456789 into shape (1,)",
        "operands could not be broadcast together with shapes (3,) (314159265,)",
        "shapes (1,2) and (0.25,3) not aligned: 2 (dim 1) != 3 (dim 0)",
        "name 'hidden_label_seven' is not defined",
        "name 'x; the label is 7' is not defined",
        "module 'numpy' has no attribute 'abc_7_4_1'",
        "No module named 'label_is_7'",
        "'ndarray' object has no attribute 'value_0_25'",
        "f_0_25_1() missing 1 required positional argument: 'W'",
        "correlate() missing 1 required positional argument: 'secret'",
        "correlate() takes 2718281828459045 positional arguments but 3 were given",
        "correlate() takes the label 7 and the input 0 25 but 3 were given",
        "correlate() missing the hidden numbers 1 2 3 4 5 6 7: 'x'",
        "slice indices must be integers. The input was [0.25, 0.5, 0.75].",
        "list indices must be integers or slices, not 0.25",
        "only integers are allowed; x[0] = 0.25",
        "only length-1 arrays, but x is [0.25, 0.5]",
        "maximum recursion depth exceeded; the label is 7",
        "division by zero\n",
        "division by zero of 0.25",
        "The label is 7",
        "[[0.25, 0.5], [0.75, 1.0]]",
        "",
    ],
)
def test_messages_that_could_carry_a_hidden_value_are_withheld(message):
    shown = shown_message(message, SOURCE)
    assert shown in ("", "division by zero") and "\n" not in shown


def test_only_the_first_line_of_a_message_passes():
    assert shown_message("division by zero\nthe input was 0.25", SOURCE) == "division by zero"


def test_names_pass_only_if_the_student_wrote_them():
    assert shown_message("name 'stride' is not defined", SOURCE)
    assert not shown_message("name 'strides' is not defined", SOURCE)
    assert not shown_message("name 'stride' is not defined", "")


def test_an_attribute_of_a_name_needs_every_part():
    assert shown_message("module 'np.patch' has no attribute 'sum'", SOURCE)
    assert not shown_message("module 'np.patch' has no attribute 'x7'", SOURCE)


SECRET = st.floats(0.001, 1000, allow_subnormal=False).map(repr) | st.integers(10**8, 10**18).map(str)
TEMPLATES = st.sampled_from(sorted({message_of(source) for source in MISTAKES}))


@given(TEMPLATES, SECRET, st.data())
def test_no_number_of_a_hidden_input_fits_into_any_known_form(message, secret, data):
    place = data.draw(st.integers(0, len(message)))
    words = message.split(" ")
    word = data.draw(st.integers(0, len(words) - 1))
    for spoiled in (message[:place] + secret + message[place:], " ".join([*words[:word], secret, *words[word + 1 :]])):
        assert secret not in shown_message(spoiled, SOURCE + "\n".join(MISTAKES))


@given(st.text(max_size=300))
def test_any_text_is_shown_whole_or_not_at_all(message):
    assert shown_message(message, SOURCE) in ("", message.strip().split("\n")[0].strip())


def test_an_endless_message_is_decided_at_once():
    for part in ("(1, ", "'a', ", "1", " ", "x.", "[["):
        assert shown_message("operands could not be broadcast together with shapes " + part * 10**5, SOURCE) == ""


def test_hints_about_similar_names_pass_only_with_known_names():
    message = "name 'stride' is not defined. Did you mean: 'secret7'?"
    assert not re.search("secret7", shown_message(message, SOURCE))
