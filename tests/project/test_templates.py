"""HTML of the grader stands in templates, which escape by default; which modules make HTML in another way is listed, with why."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from bleach.html5lib_shim import HTML_TAGS

from autograder.places import PACKAGE, ROOT

SKELETON = PACKAGE / "authoring" / "skeleton"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if SKELETON not in path.parents)
TEMPLATES = sorted(path for path in PACKAGE.rglob("*.j2") if SKELETON not in path.parents)
# A tag of HTML, or its beginning where the rest is put together from other pieces.
TAG = re.compile(rf"</?(?:{'|'.join(sorted(HTML_TAGS, key=len, reverse=True))})(?=[\s/>]|$)|<!doctype|<!--", re.IGNORECASE)
PATTERNS = ("compile", "sub", "subn", "search", "match", "fullmatch", "split", "findall", "finditer")  # of `re`: they read HTML

MADE_AS_HTML = {
    "feedback/templating.py": "says what the word means",
    "feedback/harmless.py": "what bleach cleaned; a terminal's colours, which nbconvert sets in an escaped text",
    "feedback/page_markdown.py": "cleaned MathML, and a clean page with it in place of its marks",
    "feedback/page_pieces.py": "code that Pygments coloured; a clean page with its pictures put back",
    "feedback/page_view.py": "outputs that `pages.Neutralise` made, and parts of a clean report",
    "pages.py": "the style sheet",
    "classroom/report_page.py": "the style sheet",
}


def written(source: str) -> Iterator[str]:
    """The texts of a module that are neither its words about itself nor patterns; a name put into one stands as ``{}``."""
    tree = ast.parse(source)
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{name}" for name in PATTERNS} and node.args:
            skipped |= set(ast.walk(node.args[0]))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped |= set(node.values)
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def calls(source: str, *names: str) -> bool:
    """Whether a module calls one of the functions with an argument."""
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    return any(ast.unparse(node.func).rpartition(".")[2] in names for node in found)


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_no_module_puts_html_together_from_texts():
    tags = {name(path): [text for text in written(path.read_text("utf-8")) if TAG.search(text)] for path in MODULES}
    assert {module: texts for module, texts in tags.items() if texts} == {}


def test_no_module_escapes_by_hand():
    by_hand = [name(path) for path in MODULES if re.search(r"\bhtml\.escape\b|\bfrom html import\b", path.read_text("utf-8"))]
    assert by_hand == []


def test_which_modules_say_that_a_text_is_html_is_known():
    saying = {name(path) for path in MODULES if calls(path.read_text("utf-8"), "made_as_html", "Markup", "do_mark_safe")}
    assert saying == set(MADE_AS_HTML)


def test_templates_switch_no_escaping_off():
    off = re.compile(r"\|\s*safe\b|\bautoescape\b")
    assert [name(path) for path in TEMPLATES if off.search(path.read_text("utf-8"))] == []
    assert len(TEMPLATES) >= 5


def test_templates_travel_with_the_package():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    carried = [ROOT.joinpath(*package.split(".")).glob(pattern) for package, names in patterns.items() for pattern in names]
    assert set(TEMPLATES) <= {path for paths in carried for path in paths}


@pytest.mark.parametrize(
    "source",
    [
        'page = "<p>" + text + "</p>"',
        'page = f"<p>{text}</p>"',
        "page = f'<div class=\"{kind}\">'",
        'page = "<table" + more',
        'page = f"{before}</li>"',
        'page = "a<br/>b"',
        'page = re.sub("x", "<code>y</code>", text)',
        'page = "<!DOCTYPE html>"',
        'page = "<IMG src=x>"',
    ],
)
def test_html_in_a_text_would_be_found(source):
    assert any(TAG.search(text) for text in written(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Words about <p>."""',
        'TAGS = re.compile(r"<p>|<li>")',
        'text = "a < b, <student>/<assignment>, <start>"',
        'text = f"<{address}>"',
    ],
)
def test_what_is_no_html_is_no_complaint(source):
    assert not any(TAG.search(text) for text in written(source))


def test_saying_that_a_text_is_html_would_be_found():
    assert calls("page = templating.made_as_html(text)", "made_as_html") and calls("page = Markup(text)", "Markup")
    assert not calls("page = Markup()", "Markup")
