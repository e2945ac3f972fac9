"""Chapters of several pages: a line that says where in its chapter a page stands, and the opening page's map.

    ```{chapter-map}
    what_one_unit_sees: follow the pixels, layer by layer
    a_formula: two numbers for each layer, and the field of any network
    ```

The map names every page of the chapter in its order, with a few words of each; how long a page takes, and how far the
reader has come with its self-checks, stands beside. The time is estimated from what is on the page (`minutes`).
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from check_html import attributes, in_book, self_check
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from autograder.chapters import Chapter, chapter_of, chapters

WORDS_A_MINUTE = 180  # of a text with formulas, read to be understood
LINES_A_MINUTE = 12  # of a program
FOR_A_PICTURE, FOR_A_CHECK, FOR_AN_EXERCISE = 0.5, 1.5, 4  # minutes
LIVE = {"visual", "pyrun"}
APART = (nodes.raw, nodes.comment, nodes.target, nodes.math, nodes.math_block)


class chapter_here(nodes.General, nodes.Element):
    """The line that says which page of its chapter this is."""


class chapter_map(nodes.General, nodes.Element):
    """The chapter's pages, an entry each."""


class chapter_entry(nodes.General, nodes.Element):
    """What is on a page of the chapter; `name` is that of its file."""


@dataclass(frozen=True)
class Measure:
    """What is on a page: words of its text, lines of its visible code, pictures and live parts, self-checks, exercises."""

    words: float = 0
    lines: int = 0
    pictures: int = 0
    checks: int = 0
    exercises: int = 0

    def minutes(self, practice: bool = False) -> int:
        """Return how long it takes to read, and with its self-checks and exercises if they count."""
        time = self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE + self.pictures * FOR_A_PICTURE
        if practice:
            time += self.checks * FOR_A_CHECK + self.exercises * FOR_AN_EXERCISE
        return max(1, round(time))


def classes_of(node: nodes.Node) -> list[str]:
    """Return the classes of a node, none of a text."""
    return node["classes"] if isinstance(node, nodes.Element) else []


def is_exercise(node: nodes.Node) -> bool:
    """Tell whether a node is an exercise or a solution, as sphinx-exercise makes them."""
    return type(node).__name__.startswith(("exercise", "solution"))


def reading_parts(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the parts that are read in one go: no questions, answers, folded code or formulas."""
    for child in node.children:
        if isinstance(child, (self_check, *APART)) or is_exercise(child) or "tag_hide-input" in classes_of(child):
            continue
        yield child
        yield from reading_parts(child)


def measure(doctree: nodes.document) -> Measure:
    """Return what is on a page."""
    parts = list(reading_parts(doctree))
    texts = (part.astext() for part in parts if isinstance(part, (nodes.paragraph, nodes.title)))
    code = (part.astext() for part in parts if isinstance(part, nodes.literal_block))
    return Measure(
        words=sum(len(text.split()) for text in texts),
        lines=sum(len(text.splitlines()) for text in code),
        pictures=len(list(doctree.findall(nodes.image))) + sum(not LIVE.isdisjoint(classes_of(part)) for part in parts),
        checks=len(list(doctree.findall(self_check))),
        exercises=len([node for node in doctree.findall() if type(node).__name__ in ("exercise_node", "exercise_enumerable_node")]),
    )


class ChapterMap(SphinxDirective):
    """Insert the map of the chapter that the page opens."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Read what is said of each page; all must be there, in their order."""
        page, root = self.env.docname, Path(self.env.srcdir)
        chapter = chapters(root).get(chapter_of(page, root))
        if chapter is None or not chapter.is_divided or chapter.opening != page:
            raise self.error(f"{page}: expected a chapter-map on the opening page of a chapter, book/<id>/index, only")
        words = yaml.safe_load("\n".join(self.content)) or {}
        names = [Path(other).name for other in chapter.pages[1:]]
        if list(words) != names:
            expected = f"expected the chapter's pages in their order, {', '.join(names)}"
            raise self.error(f"{page}: chapter-map: {expected}; got {', '.join(words)}")
        self.env.metadata[page]["chapter_map"] = "yes"
        self.env.metadata[page]["self_check_counts"] = "yes"
        entries = [self._entry(name, str(words[name])) for name in names]
        return [chapter_map("", *entries)]

    def _entry(self, name: str, words: str) -> nodes.Element:
        entry = chapter_entry(name=name)
        self.state.nested_parse(StringList([words], page := self.env.docname), self.content_offset, entry)
        if len(entry) != 1 or not isinstance(entry[0], nodes.paragraph):
            raise self.error(f"{page}: chapter-map: {name}: expected a sentence")
        return entry


def add_line(app: Sphinx, doctree: nodes.document) -> None:
    """Put below a page's heading where in its chapter it stands, and note what is on the page."""
    page, root = app.env.docname, Path(app.srcdir)
    chapter = chapters(root).get(chapter_of(page, root))
    title = next(iter(doctree.findall(nodes.title)), None)
    if chapter is None or not chapter.is_divided or title is None:
        return
    app.env.chapter_measures[page] = measure(doctree)
    title.parent.insert(title.parent.index(title) + 1, chapter_here())


def prepare(_app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Remember what the lines and maps said before pages are read again."""
    env.chapter_measures = getattr(env, "chapter_measures", {})
    env.chapter_before = {page: said(env, page) for page in env.chapter_measures}


def said(env: BuildEnvironment, page: str) -> tuple[Any, ...]:
    """Return what other pages of the chapter say of a page."""
    measured = env.chapter_measures.get(page)
    title = env.titles[page].astext() if page in env.titles else ""
    checks = tuple(entry["id"] for entry in getattr(env, "self_checks", {}).get(page, ()))
    return (title, checks, measured and measured.minutes(), measured and measured.minutes(practice=True))


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that speak of one of which there is something else to say now: its chapter's opening; all, if its title changed."""
    again: set[str] = set()
    for chapter in chapters(Path(app.srcdir)).values():
        pages = [page for page in chapter.pages if page in env.chapter_measures]
        changed = [(env.chapter_before.get(page), said(env, page)) for page in pages]
        changed = [(before, now) for before, now in changed if before != now]
        if any(before is None or before[0] != now[0] for before, now in changed):
            again |= {*pages}
        elif changed:
            again |= {chapter.opening}
    return sorted(again)


def forget_page(_app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Drop what is known of a page that is read again or gone."""
    getattr(env, "chapter_measures", {}).pop(page, None)


def merge_pages(_app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what another process has read."""
    env.chapter_measures |= {page: other.chapter_measures[page] for page in docnames if page in other.chapter_measures}


def chapter_here_of(writer: Any) -> tuple[Chapter, str]:
    """Return the chapter of the page that is written, and the page."""
    page, root = writer.builder.current_docname, Path(writer.builder.app.srcdir)
    return chapters(root)[chapter_of(page, root)], page


def open_here(self: Any, _node: chapter_here) -> None:
    """Write the line: the chapter, its pages by number, and which one this is."""
    if in_book(self):
        raise nodes.SkipNode
    chapter, mine = chapter_here_of(self)
    titles = self.builder.env.titles
    links = []
    for number, page in enumerate(chapter.pages[1:], start=1):
        title = html.escape(titles[page].astext(), quote=True)
        current = attributes(aria_current="page") if page == mine else ""
        address = self.builder.get_relative_uri(mine, page)
        links.append(f'<li><a href="{address}"{current} title="{title}" aria-label="Page {number}: {title}">{number}</a></li>')
    name = html.escape(titles[chapter.opening].astext())
    current = attributes(aria_current="page") if mine == chapter.opening else ""
    opening = f'<a class="chapter-name" href="{self.builder.get_relative_uri(mine, chapter.opening)}"{current}>{name}</a>'
    count = len(chapter.pages) - 1
    place = f"{count} pages" if current else f"page {chapter.pages.index(mine)} of {count}, {time_of(self, mine)}"
    self.body.append(
        f'<nav class="chapter-here" aria-label="Pages of this chapter">{opening}<ol>{"".join(links)}</ol><span>{place}</span></nav>\n'
    )
    raise nodes.SkipNode


def time_of(writer: Any, page: str) -> str:
    """Return how long a page takes, in words."""
    measured = writer.builder.env.chapter_measures[page]
    read, all_of_it = measured.minutes(), measured.minutes(practice=True)
    return f"about {read} min" if read == all_of_it else f"about {read} min, {all_of_it} with its questions"


def open_map(self: Any, _node: chapter_map) -> None:
    """Open the list of the pages."""
    self.body.append('<ol class="chapter-map">\n')


def close_map(self: Any, _node: chapter_map) -> None:
    """Close it."""
    self.body.append("</ol>\n")


def open_entry(self: Any, node: chapter_entry) -> None:
    """Open a page's line with its link."""
    chapter, mine = chapter_here_of(self)
    page = f"book/{chapter.id}/{node['name']}"
    title = html.escape(self.builder.env.titles[page].astext())
    self.body.append(f'<li><a href="{self.builder.get_relative_uri(mine, page)}">{title}</a>\n')


def close_entry(self: Any, node: chapter_entry) -> None:
    """Write how long a page takes and how far the reader has come, and close its line."""
    chapter, _ = chapter_here_of(self)
    page = f"book/{chapter.id}/{node['name']}"
    entries = getattr(self.builder.env, "self_checks", {}).get(page, [])
    self.body.append(f'<p class="chapter-time">{time_of(self, page)}</p>')
    if entries and not in_book(self):
        number = "1 self-check" if len(entries) == 1 else f"{len(entries)} self-checks"
        self.body.append(f"<self-check-count brief{attributes(data_checks=entries)}><p>{number}</p></self-check-count>")
    self.body.append("</li>\n")


def skip(_self: Any, _node: nodes.Element) -> None:
    """Leave out what leads through pages that are not there."""
    raise nodes.SkipNode


def load_style(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Load the style on the pages of divided chapters, and on no others."""
    if page in getattr(app.env, "chapter_measures", {}):
        app.add_css_file("chapter.css")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, what writes its elements, and what keeps the measures."""
    elsewhere = dict.fromkeys(("latex", "text"), (skip, None))
    app.add_node(chapter_here, html=(open_here, None), **elsewhere)
    app.add_node(chapter_map, html=(open_map, close_map), **elsewhere)
    app.add_node(chapter_entry, html=(open_entry, close_entry), **elsewhere)
    app.add_directive("chapter-map", ChapterMap)
    app.connect("env-before-read-docs", prepare)
    app.connect("doctree-read", add_line, priority=600)  # above the line of downloads and the count of self-checks
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("env-updated", write_again)
    app.connect("html-page-context", load_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
