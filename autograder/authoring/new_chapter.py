"""``make new-chapter ID=…``: a chapter with its assignment, small but complete, for an author to replace piece by piece.

What is made runs, builds and is graded as it stands: it is ``skeleton/`` with the chapter's id and title put in.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from pathlib import Path

from autograder.authoring.course import ROOT
from autograder.chapters import OPENING
from autograder.errors import CantMake

SKELETON = Path(__file__).resolve().parent / "skeleton"
UNQUOTED = '"\\`|<>\n'  # would end the text that a heading stands in


def new_chapter(name: str, title: str = "", root: Path = ROOT) -> str:
    """Makes the files of a chapter and its lines in each list of chapters; nothing that exists is touched otherwise.

    Args:
        name: the chapter's id, such as ``receptive_fields``.
        title: its heading; the id in words if not given.
        root: the repository.

    Returns:
        What was made and what to do next.

    Raises:
        CantMake: the id is no lower-case Python name or is in use, the heading has characters that can't stand everywhere, or a
            list of chapters has no place for it.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CantMake(f"expected an id of lower-case letters, digits and _ such as receptive_fields, got {name!r}")
    title = title or name.replace("_", " ").capitalize()
    if set(title) & set(UNQUOTED):
        raise CantMake(f'expected a heading without any of " \\ ` | < > and line breaks, got {title!r}')
    files = {root / _named(path.relative_to(SKELETON), name): path for path in sorted(SKELETON.rglob("*")) if path.is_file()}
    in_use = [str(path.relative_to(root)) for path in (*files, root / "book" / f"{name}.ipynb") if path.exists()]
    if in_use:
        raise CantMake(f"{name} is in use: {', '.join(in_use)}; nothing was changed")
    lists = {root / file: added(root / file, name, title) for file, added in LISTS.items()}
    for target, template in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(template.read_text("utf-8"), name, title), "utf-8")
    for path, text in lists.items():
        path.write_text(text, "utf-8")
    made = "\n".join([*(f"  {path.relative_to(root)}" for path in files), *(f"  {file}: its line" for file in LISTS)])
    return f'Made the chapter {name}:\n{made}\n\nNext: CONTRIBUTING.md, "A new chapter"; `make check ID={name}` says how far it is.'


def _named(path: Path, name: str) -> Path:
    return Path(str(path).replace("CHAPTER", name))


def _filled(text: str, name: str, title: str) -> str:
    return text.replace("-CHAPTER-", f"-{name.replace('_', '-')}-").replace("CHAPTER", name).replace("TITLE", title)


# ---- lists of the chapters: each function returns the file's text with one more


def _in_contents(path: Path, name: str, title: str) -> str:
    text, last = _end_of_list(path, r"^( +)- file: book/[\w/]+\n(?= +- caption: Reference\n)", "`- file: book/…` before the part Reference")
    margin = _margin_of_chapters(text)
    pages = sorted(file.stem for file in (SKELETON / "book" / "CHAPTER").glob("*.ipynb") if file.stem != OPENING)
    lines = [f"- file: book/{name}/{OPENING}", "  sections:", *(f"    - file: book/{name}/{page}" for page in pages)]
    return f"{text[: last.end()]}{''.join(f'{margin}{line}{chr(10)}' for line in lines)}{text[last.end() :]}"


def _margin_of_chapters(text: str) -> str:
    """The spaces before a chapter's line in the contents; the pages of a chapter stand further in."""
    found = re.search(r"^ +- caption: Chapters\n(?: +\w+:.*\n)*( +)- file:", text, re.MULTILINE)
    if found is None:
        raise CantMake("_toc.yml: expected a line `- caption: Chapters` with the chapters below; nothing was changed")
    return found[1]


def _in_introduction(path: Path, name: str, title: str) -> str:
    text, last = _end_of_list(path, r"^\| (\d+) \| \{doc\}`.*\n(?!\|)", "`| 7 | {doc}`…` | … |` at the end of the table of chapters")
    row = f"| {int(last[1]) + 1} | {{doc}}`{title} <{name}/{OPENING}>` | what it is about, in a line |\n"
    return f"{text[: last.end()]}{row}{text[last.end() :]}"


def _in_plan(path: Path, name: str, title: str) -> str:
    text, last = _end_of_list(path, r"^\| (\d+) \| looking back \| \| (\w+) \|\n", "`| 10 | looking back | | … |` at the end of the plan")
    rows = f"| {last[1]} | {{doc}}`{name}/{OPENING}` | {name} | {last[2]} |\n| {int(last[1]) + 1} | looking back | | {name} |\n"
    return text[: last.start()] + rows + text[last.end() :]


LISTS: dict[str, Callable[[Path, str, str], str]] = {
    "_toc.yml": _in_contents,
    "book/intro.md": _in_introduction,
    "book/term.md": _in_plan,
}


def _end_of_list(path: Path, pattern: str, expected: str) -> tuple[str, re.Match[str]]:
    """A file's text, and the line behind which the new one belongs.

    Raises:
        CantMake: there is no such file or line.
    """
    text = path.read_text("utf-8") if path.is_file() else ""
    last = re.search(pattern, text, re.MULTILINE)
    if last is None:
        raise CantMake(f"{path.name}: expected a line {expected}; nothing was changed")
    return text, last
