"""Which exception messages feedback may show: those that can't carry a hidden value."""

from __future__ import annotations

import re
import time
import warnings

import numpy as np
import pytest
from everyday_errors import NUMPY, PYTHON, TORCH, sources
from hypothesis import given
from hypothesis import strategies as st

from autograder.checking.forms import FORMS
from autograder.checking.redaction import shown_kind, shown_message

SOURCE = """
import numpy as np
def correlate(x, W, stride=1):
    patch = x[0:3]
    return np.sum(patch * W)
"""


def raised(source: str) -> Exception:
    """What Python, NumPy or PyTorch really raises for a mistake."""
    space = {"np": np}
    if "torch" in source or "nn." in source:
        import torch

        space |= {"torch": torch, "nn": torch.nn}
    try:
        with warnings.catch_warnings(action="ignore"):
            exec(source, space)
    except Exception as error:
        return error
    raise AssertionError("the mistake raised nothing")


def message_of(source: str) -> str:
    return str(raised(source))


def shown_of(source: str, drawn: bool = True, hidden: str = "") -> str:
    """What is shown of the mistake in ``source``, which knows hidden values from what runs before it."""
    error = raised(f"{hidden}\n{source}")
    return shown_message(str(error)[:500], SOURCE + source, drawn, type(error).__name__)


MISTAKES = sources(PYTHON) + sources(NUMPY) + sources(TORCH)


@pytest.mark.parametrize("source", MISTAKES)
def test_messages_of_everyday_mistakes_are_shown(source):
    line = message_of(source).split("\n")[0].strip()
    shown = shown_of(source)
    assert len(re.sub(r"[^A-Za-z]", "", shown)) >= min(8, len(re.sub(r"[^A-Za-z]", "", line))) or "KeyError" in repr(raised(source))
    for text in (shown, shown_of(source, drawn=False)):
        assert text and re.match(".*?".join(map(re.escape, text.split("…"))), line)


def test_there_are_many_everyday_mistakes():
    assert min(len(sources(block)) for block in (PYTHON, NUMPY, TORCH)) > 150


@pytest.mark.parametrize(
    "message",
    [  # of other versions than this one
        "max() iterable argument is empty", "argument of type 'int' is not a container or iterable", "list.index(x): x not in list",
        "too many values to unpack (expected 2, got 3)", "cannot use 'list' as a dict key (unhashable type: 'list')", "float modulo by zero",
        "cannot use 'numpy.ndarray' as a set element (unhashable type: 'numpy.ndarray')", "zero to a negative power",
        "print() got an unexpected keyword argument 'stride'", "correlate() got an unexpected keyword argument 'patch'. Did you mean 'stride'?",
        "string indices must be integers", "super(type, obj): obj (instance of patch) is not an instance or subtype of type (patch).",
        "'patch' object has no attribute 'stride' and no __dict__ for setting new attributes", "local variable 'patch' referenced before assignment",
        "only size-1 arrays can be converted to Python scalars", "only length-1 arrays can be converted to Python scalars",
        "boolean index did not match indexed array along dimension 0; dimension is 3 but corresponding boolean dimension is 2",
        "a must be greater than 0 unless no samples are taken",
        "expected scalar type Long but found Float", "gather(): Expected dtype int64 for index", "1D target tensor expected, multi-target not supported",
        "Input type (torch.DoubleTensor) and weight type (torch.FloatTensor) should be the same", "input must have 3 dimensions, got 2",
        "a leaf Variable that requires grad has been used in an in-place operation.", "cannot access local variable 'W' where it is not associated with a value",
    ],
)  # fmt: skip
def test_other_versions_words_are_shown_too(message):
    assert shown_message(message, SOURCE, True) == message


def test_of_wordings_with_a_number_that_may_be_any_it_is_left_out():
    assert shown_message("expected a nonnegative input, got -0.25", SOURCE, True) == "expected a nonnegative input, got …"
    assert shown_message("0.25 is not in list", SOURCE, True) == "… is not in list"


SECRETS = "secret, word, key = 4271, 'forty' + 'two', (31, 41, 59)"
SMUGGLED = [
    "np.zeros(secret).reshape(4, 4)", "np.zeros(key) + np.zeros(secret)", "np.zeros(key) @ np.zeros((secret, 3))", "np.zeros(3)[secret]",
    "np.zeros(3)[-secret]", "np.zeros(3)[:] = np.zeros(secret)", "np.concatenate([np.zeros((secret, 3)), np.zeros((secret, 31))])",
    "np.stack([np.zeros(secret), np.zeros(3)])", "np.eye(31)[59]", "np.zeros(3).sum(axis=secret)", "{}[secret]", "{}[key]", "{}[word]", "{}[-secret]",
    "raise ValueError(secret)", "raise ValueError(word)", "raise ValueError(str(key))", "raise ValueError(f'the secret is {secret}')",
    "raise ValueError('the secret is ' + word)", "raise ValueError('the secret is %d' % secret)", "raise ValueError('{} is it'.format(secret))",
    "raise ValueError(f'{secret}')", "raise ValueError(f'a{word}b')", "assert False, secret", "assert False, f'not {word}'",
    "getattr(np, word)", "getattr(np.zeros(3), word)", "getattr(np, f'v{secret}')", "setattr(3, word, 1)", "type(word, (), {})() + 1", "type(word, (), {}).x",
    "type(f'v{secret}', (), {})()[0]", "len(type(word, (), {})())", "[1][type(word, (), {})()]", "exec(word)", "exec(f'v{secret}')", "__import__(word)",
    "def f(x): ...;\nf.__name__ = f.__qualname__ = word\nf()", "def f(x): ...;\nf(**{word: 1})", "np.zeros(3, dtype=word)", "open(word)", "int(word)",
    "float(word)", "np.zeros(3).astype(f'U{secret}') + 1", "np.array(['a'], f'U{secret}') * np.array(['a'], f'U{secret}')", "a, b = range(secret)",
    "f = lambda x: x\nf(*range(secret))", "(lambda: 0)(*key, *key)", "[1].remove(secret)", "[1].index(secret)", "range(0, 3, 0 * secret)[secret]",
    "np.pad(np.zeros(3), 1, mode=word)", "np.random.choice(3, p=[0.5, 0.1 * secret])", "[0] * type(word, (), {})()", "np.einsum(word, np.zeros(3))",
    "import torch\ntorch.zeros(key) @ torch.zeros(secret, 3)", "import torch\ntorch.zeros(secret).view(4, 4)", "import torch\ntorch.nn.Linear(secret, 3)(torch.zeros(2, 31))",
    "import torch\ntorch.zeros(3)[secret]", "import torch\ntorch.zeros(key).permute(0)", "import torch\ngetattr(torch, word)", "import torch\ntorch.zeros(3).sum(**{word: 3})",
    "import torch\ntorch.nn.Conv2d(31, 41, 3)(torch.zeros(2, 59, 5, 5))", "import torch\ntorch.cat([torch.zeros(2, secret), torch.zeros(2, 31)])",
]  # fmt: skip


@pytest.mark.parametrize("source", SMUGGLED)
def test_values_that_everybody_gets_cant_be_smuggled_out(source):
    source = source.replace("\\n", "\n")
    shown = shown_of(source, drawn=False, hidden=SECRETS)
    assert not re.search(r"4271|forty|two|31|41|59", shown), shown


@pytest.mark.parametrize("source", [one for one in SMUGGLED if "word" in one or "{secret}" in one])
def test_names_and_texts_put_together_while_code_runs_are_never_shown(source):
    shown = shown_of(
        source.replace("\\n", "\n"), drawn=True, hidden=SECRETS.replace("4271", "'forty' + 'two'") if "v{secret}" in source else SECRETS
    )
    assert not re.search(r"forty|two", shown), shown


def test_rows_of_names_are_shown_only_where_inputs_are_drawn():
    names = "'x', 'W', 'stride', 'patch', 'sum', and 'np'"
    message = f"correlate() missing 6 required positional arguments: {names}"
    assert shown_message(message, SOURCE, True) == message and shown_message(message, SOURCE) == ""
    assert shown_message("'x.W.stride.patch' object has no attribute 'sum.np'", SOURCE) == ""
    combination = "sum() received an invalid combination of arguments - got (Tensor, int), but expected one of:"
    assert shown_message(combination, SOURCE).endswith("got (…)") and shown_message(combination, SOURCE, True).endswith("got (Tensor, int)")


@pytest.mark.parametrize("text", ["even kernels are refused", "a 'kernel' must be odd", "größer als 3", "line one\nline two"])
def test_a_text_that_stands_in_the_code_is_shown_whole(text):
    for source in (f"raise ValueError({text!r})", f"assert x, {text!r}", f"WHY = {text!r}\ndef f(): raise ValueError(WHY)"):
        assert shown_message(text, source) == ("" if "\n" in text else text)
    assert shown_message(text, "raise ValueError('another')") == "" == shown_message(text + "!", f"raise ValueError({text!r})")


@pytest.mark.parametrize(
    ("source", "message", "fixed", "drawn"),
    [
        ("f'the kernel {k} is even'", "the kernel 4 is even", "the kernel … is even", "the kernel 4 is even"),
        ("f'{k}x{k} is too large for {shape}'", "7x7 is too large for (5, 5)", "…x… is too large for …", "7x7 is too large for (5, 5)"),
        ("'shape ' + str(x) + ' is wrong'", "shape (2, 3) is wrong", "shape … is wrong", "shape (2, 3) is wrong"),
        ("'%d of %s' % (a, b)", "3 of 0.25", "", ""),
        ("'only %d of %s' % (a, b)", "only 3 of 0.25", "only … of …", "only 3 of …"),
        ("'got {} and {:.2f}'.format(a, b)", "got 3 and 0.25", "got … and …", "got 3 and …"),
        ("f'got {a}{b} of it'", "got  of it", "got …… of it", "got …… of it"),
        ("f'{a}{b}'", "0.25", "", ""),
        ("f'x{a}'", "x12", "", ""),
    ],
)
def test_what_is_filled_into_a_text_is_left_out(source, message, fixed, drawn):
    source = f"raise ValueError({source})"
    assert (shown_message(message, source), shown_message(message, source, True)) == (fixed, drawn)


def test_texts_are_found_in_cells_that_are_python_whatever_the_others_are():
    cells = ("%matplotlib inline\ndef f(:", "!pip install x\nraise ValueError('even kernels')")
    assert shown_message("even kernels", "\n".join(cells), cells=cells) == "even kernels"


@pytest.mark.parametrize("kind", ["ValueError", "KeyError", "LinAlgError", "AxisError", "TooSmall", "SystemExit"])
def test_a_known_type_is_named(kind):
    assert shown_kind(kind, "class TooSmall(ValueError): pass") == kind


@pytest.mark.parametrize("kind", ["FortyTwo", "print", "secret_4271", "", "no name", "x" * 60, "__doc__"])
def test_a_type_whose_name_was_made_up_while_code_ran_is_not_named(kind):
    assert shown_kind(kind, "type('Forty' + 'Two', (Exception,), {})") == "an exception"


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
    for drawn in (False, True):
        assert shown_message(message, SOURCE, drawn) in ("", "division by zero")


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
TEMPLATES = st.sampled_from(sorted({message_of(source) for source in sources(PYTHON)[::5] + sources(NUMPY)[::5]}))


@given(TEMPLATES, SECRET, st.data())
def test_no_number_of_a_hidden_input_fits_into_any_known_form(message, secret, data):
    place = data.draw(st.integers(0, len(message)))
    words = message.split(" ")
    word = data.draw(st.integers(0, len(words) - 1))
    for spoiled in (message[:place] + secret + message[place:], " ".join([*words[:word], secret, *words[word + 1 :]])):
        assert secret not in shown_message(spoiled, SOURCE + "\n".join(MISTAKES), True)


@given(st.text(max_size=300))
def test_no_text_from_elsewhere_is_shown(message):
    assert shown_message(message, SOURCE) in ("", message.strip().split("\n")[0].strip())


@pytest.mark.parametrize("part", ["(1, ", "'a', ", "1", " ", "x.", "[[", "a=b, ", "dtype('<U1'), ", "'a' and "])
@pytest.mark.parametrize(
    "beginning",
    [
        *sorted({form.partition("{")[0] for form in FORMS if "{" in form}, key=lambda form: (len(form), form))[-40:],
        "f() missing 1 required positional argument: ",
        "",
    ],
)
def test_an_endless_message_is_decided_at_once(part, beginning):
    started = time.process_time()
    shown_message((beginning + part * 10**5)[:500], "raise ValueError(f'" + "a{x}" * 60 + "')", True)
    shown_message(beginning + part * 10**5, SOURCE)
    assert time.process_time() - started < 0.5


def test_each_form_is_written_once():
    assert len(set(FORMS)) == len(FORMS) and not [form for form in FORMS if form != form.strip()]


def test_hints_about_similar_names_pass_only_with_known_names():
    message = "name 'stride' is not defined. Did you mean: 'secret7'?"
    assert not re.search("secret7", shown_message(message, SOURCE))
