"""``make new-chapter ID=…``: a chapter with its assignment, small but complete, for an author to replace piece by piece.

What is made runs, builds and is graded as it stands: it is ``skeleton/`` with the chapter's id and title put in.
"""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from autograder.course import ROOT

SKELETON = Path(__file__).resolve().parent / "skeleton"
CHAPTERS = re.compile(r"(?<=\n)( +)- file: book/\w+\n(?= +- caption: Reference\n)")


class CantMake(Exception):
    """The chapter can't be made; the message says why."""


def new_chapter(name: str, title: str = "", root: Path = ROOT) -> str:
    """Makes the files of a chapter and its line in ``_toc.yml``; nothing that exists is touched otherwise.

    Args:
        name: the chapter's id, such as ``receptive_fields``.
        title: its heading; the id in words if not given.
        root: the repository.

    Returns:
        What was made and what to do next.

    Raises:
        CantMake: the id is no lower-case Python name, is in use, or ``_toc.yml`` has no place for it.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CantMake(f"expected an id of lower-case letters, digits and _ such as receptive_fields, got {name!r}")
    title = title or name.replace("_", " ").capitalize()
    files = {root / _named(path.relative_to(SKELETON), name): path for path in sorted(SKELETON.rglob("*")) if path.is_file()}
    in_use = [str(path.relative_to(root)) for path in files if path.exists()]
    if in_use:
        raise CantMake(f"{name} is in use: {', '.join(in_use)}; nothing was changed")
    contents = _with_line(root / "_toc.yml", name)
    for target, template in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(template.read_text("utf-8"), name, title), "utf-8")
    (root / "_toc.yml").write_text(contents, "utf-8")
    made = "\n".join(f"  {path.relative_to(root)}" for path in files)
    return f'Made the chapter {name}:\n{made}\n  _toc.yml: one line\n\nNext: CONTRIBUTING.md, "A new chapter".'


def _named(path: Path, name: str) -> Path:
    return Path(str(path).replace("CHAPTER", name))


def _filled(text: str, name: str, title: str) -> str:
    return text.replace("-CHAPTER-", f"-{name.replace('_', '-')}-").replace("CHAPTER", name).replace("TITLE", title)


def _with_line(toc: Path, name: str) -> str:
    """The table of contents with the chapter behind the last one."""
    text = toc.read_text("utf-8")
    last = CHAPTERS.search(text)
    if last is None:
        raise CantMake(f"{toc.name}: expected a line `- file: book/…` before the part Reference; nothing was changed")
    return f"{text[: last.end()]}{last[1]}- file: book/{name}\n{text[last.end() :]}"
