"""What a self-check becomes on the page, in an e-book and on paper.

The page gets custom elements around readable text: question and choices stand there without scripts, the answer in a
folded box. Paper gets question and choices, an e-book all of it.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from docutils import nodes

from autograder.chapters import chapters


class self_check(nodes.General, nodes.Element):
    """A question; `check` is what its author wrote, `values` its computed key."""


class check_part(nodes.General, nodes.Element):
    """A block of it, named by `part`."""


class check_answer(nodes.General, nodes.Element):
    """The folded answer."""


class check_count(nodes.General, nodes.Element):
    """The line that says how many of a page's `entries` are done."""


class check_overview(nodes.General, nodes.Element):
    """The reader's progress through the book."""


def attributes(**named: Any) -> str:
    """Return attributes in HTML; true stands alone, false and empty are left out, lists are written as JSON."""
    written = []
    for name, value in named.items():
        text = json.dumps(value) if isinstance(value, list | dict) else str(value)
        if value is True:
            written.append(f" {name.replace('_', '-')}")
        elif value is not False and value != "":
            written.append(f' {name.replace("_", "-")}="{html.escape(text)}"')
    return "".join(written)


def in_book(writer: Any) -> bool:
    """Tell whether an e-book is written: it knows no element of ours, and nobody's progress."""
    # Sphinx asks for handlers of the e-book's own only, or of HTML only: registering some for "epub" would hide the rest.
    return writer.builder.name == "epub"


def open_check(self: Any, node: self_check) -> None:
    """Open the element, with all that its script has to know."""
    if in_book(self):
        self.body.append(f'<div class="self-check"{attributes(id=node["ids"][0])}>\n')
        return
    check, values = node["check"], node["values"]
    key = {"data_right": " ".join(str(n) for n, choice in enumerate(check.choices) if choice.right), "data_several": check.several}
    if check.answer:
        mistakes = [values[f"mistakes[{n}].value"] for n in range(len(check.mistakes))]
        key = {"data_answer": repr(values["answer"]), "data_tolerance": check.tolerance, "data_unit": check.unit, "data_mistakes": mistakes}
    name = {"data_check": check.id, "data_formerly": list(check.formerly) or ""}
    self.body.append(f"<self-check{attributes(id=node['ids'][0], **name, **key)}>\n")


def close_check(self: Any, _node: self_check) -> None:
    """Close it."""
    self.body.append("</div>\n" if in_book(self) else "</self-check>\n")


def open_part(self: Any, node: check_part) -> None:
    """Open a block with its class."""
    self.body.append(f'<div class="self-check-{node["part"]}">\n')


def open_answer(self: Any, _node: check_answer) -> None:
    """Open the folded box."""
    self.body.append('<details class="self-check-answer"><summary>Answer</summary>\n')


def close_part(self: Any, _node: check_part) -> None:
    """Close the block."""
    self.body.append("</div>\n")


def close_answer(self: Any, _node: check_answer) -> None:
    """Close the folded box."""
    self.body.append("</details>\n")


def write_count(self: Any, node: check_count) -> None:
    """Write a page's line; its script counts what is done."""
    if in_book(self):
        raise nodes.SkipNode
    entries = node["entries"]
    mine = self.builder.current_docname
    progress = [page for page, about in self.builder.env.metadata.items() if "self_check_progress" in about]
    link = f"{self.builder.get_relative_uri(mine, progress[0])}#your-progress" if progress else ""
    number = "1 self-check" if len(entries) == 1 else f"{len(entries)} self-checks"
    about = attributes(data_checks=entries, data_progress=link)
    self.body.append(f"<self-check-count{about}><p>{number} on this page.</p></self-check-count>\n")
    raise nodes.SkipNode


def write_overview(self: Any, _node: check_overview) -> None:
    """Write every chapter with links to its self-checks; the script adds how far the reader has come."""
    if in_book(self):
        raise nodes.SkipNode
    builder, env = self.builder, self.builder.env
    known = getattr(env, "self_checks", {})
    self.body.append("<self-check-progress>\n")
    for chapter in chapters(Path(builder.app.srcdir)).values():
        pages = [page for page in chapter.pages if page in known]
        title = html.escape(env.titles[chapter.opening].astext())
        self.body.append(f'<details data-chapter="{title}"><summary>{title}</summary><ol>\n' if pages else "")
        for page, entry in [(one, entry) for one in pages for entry in known[one]]:
            address = builder.get_relative_uri(builder.current_docname, page)
            about = attributes(data_check=entry["id"], data_formerly=entry["formerly"] or "")
            self.body.append(f'<li{about}><a href="{address}#check-{entry["id"]}">{html.escape(entry["section"])}</a></li>\n')
        self.body.append("</ol></details>\n" if pages else "")
    self.body.append("</self-check-progress>\n")
    raise nodes.SkipNode


def skip(_self: Any, _node: nodes.Element) -> None:
    """Leave out what only a reader with a browser can use."""
    raise nodes.SkipNode


def nothing(_self: Any, _node: nodes.Element) -> None:
    """Write the contents only."""


PLAIN = {"latex": (nothing, nothing), "text": (nothing, nothing)}
LEFT_OUT = dict.fromkeys(("latex", "text"), (skip, None))
VISITORS = {
    self_check: {"html": (open_check, close_check), **PLAIN},
    check_part: {"html": (open_part, close_part), **PLAIN},
    check_answer: {"html": (open_answer, close_answer), **LEFT_OUT},
    check_count: {"html": (write_count, None), **LEFT_OUT},
    check_overview: {"html": (write_overview, None), **LEFT_OUT},
}
