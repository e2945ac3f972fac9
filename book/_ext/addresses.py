"""Old addresses: a chapter that was one page, `book/<id>.html`, and is a folder now leads on to the page that is meant.

`book/<id>/formerly.yaml` lists the anchors of the old page, by the pages that have them now; `old: new` where an anchor
has another name. The built book gets a page at the old address, whose script goes on to the right place, whatever
stands in the address (the settings of a visualiser too). `python book/_ext/addresses.py ID OLD.html` writes the list from
a built old page and the built new ones, and names what has no place yet.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup
from bundles import title_of
from page_checks import Page
from sphinx.application import Sphinx

from autograder.chapters import ROOT, Chapter, chapters, source_of

LIST = "formerly.yaml"
# Given anew at every build: of notes and citations, and of the parts of exercises.
PASSING = re.compile(r"id\d+|.*-solution-\d+|exercise-content|solution-content")
HEAD = "# The anchors of book/{chapter}.html, when the chapter was one page: by the page that has them now, `old: new` where they differ.\n"
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="canonical" href="{opening}">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.6 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem }}
</style>
<script>
const places = {places};
const anchor = decodeURIComponent(location.hash.slice(1));
const [page, place] = (places[anchor] ?? "{opening}").split("#");
location.replace(page + location.search + (anchor ? `#${{place ?? anchor}}` : ""));
</script>
</head>
<body>
<h1>{title}</h1>
<noscript><p>This chapter has pages of its own now. It begins with <a href="{opening}">{title}</a>.</p></noscript>
<p>Going on to <a href="{opening}">the chapter</a> …</p>
</body>
</html>
"""


def formerly(chapter: Chapter, root: Path = ROOT) -> dict[str, str] | None:
    """Return where the anchors of a chapter's old page are now, such as `where_it_looks` or `index#summary`; None if it had none.

    Raises:
        ValueError: the list names something that is no page of the chapter.
    """
    file = root / "book" / chapter.id / LIST
    if not file.is_file():
        return None
    places = {}
    for page, anchors in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        if f"book/{chapter.id}/{page}" not in chapter.pages:
            raise ValueError(f"{file}: expected a page of the chapter, got {page!r}")
        for entry in anchors:
            ((old, new),) = entry.items() if isinstance(entry, dict) else ((entry, ""),)
            places[old] = f"{page}#{new}" if new else page
    return places


def forwards(root: Path = ROOT) -> dict[str, Chapter]:
    """Return the pages, without suffix, that only lead on, and the chapters they lead to."""
    return {f"book/{name}": chapter for name, chapter in chapters(root).items() if formerly(chapter, root) is not None}


def page_of(chapter: Chapter, root: Path = ROOT) -> str:
    """Return the HTML of the page at a chapter's old address."""
    places = {old: f"{chapter.id}/{page}.html{mark}{new}" for old, (page, mark, new) in _parted(chapter, root).items()}
    script = json.dumps(places).replace("<", "\\u003c")
    opening = f"{chapter.id}/{Path(chapter.opening).name}.html"
    return PAGE.format(title=html.escape(title_of(source_of(chapter.opening, root))), opening=opening, places=script)


def _parted(chapter: Chapter, root: Path) -> dict[str, tuple[str, str, str]]:
    return {old: place.partition("#") for old, place in (formerly(chapter, root) or {}).items()}


def lost(pages: list[Page], root: Path = ROOT) -> list[str]:
    """List the old anchors that lead to no place of the built pages."""
    anchors = {page.name.removesuffix(".html"): page.anchors for page in pages}
    return [
        f"book/{chapter.id}.html#{old} leads to no anchor of book/{chapter.id}/{page}.html"
        for chapter in forwards(root).values()
        for old, (page, _, new) in _parted(chapter, root).items()
        if (new or old) not in anchors.get(f"book/{chapter.id}/{page}", ())
    ]


def write(app: Sphinx, error: Exception | None) -> None:
    """Put a page at each old address."""
    if error is None and app.builder.name == "html":
        for page, chapter in forwards(Path(app.srcdir)).items():
            file, text = Path(app.outdir) / f"{page}.html", page_of(chapter, Path(app.srcdir))
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")


def anchors_of(file: Path) -> list[str]:
    """Return the anchors of a built page that readers, searches and feedback may have kept."""
    article = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").select_one("article")
    names = dict.fromkeys(str(tag["id"]) for tag in article.find_all(id=True)) if article else {}
    return [name for name in names if not PASSING.fullmatch(name)]


def make_list(chapter: Chapter, old: Path, site: Path) -> tuple[str, list[str]]:
    """Return the text of a chapter's list, and the anchors that no page has under their old name.

    Args:
        chapter: divided, and built.
        old: the built page that it was.
        site: the built HTML.
    """
    where = {anchor: page for page in reversed(chapter.pages) for anchor in anchors_of(site / f"{page}.html")}
    known = formerly(chapter) or {}
    listed: dict[str, list[Any]] = {Path(page).name: [] for page in chapter.pages}
    missing = []
    for anchor in anchors_of(old):
        page, mark, new = known.get(anchor, "").partition("#")
        if mark:
            listed[page].append({anchor: new})
        elif anchor in where:
            listed[Path(where[anchor]).name].append(anchor)
        else:
            missing.append(anchor)
    text = yaml.safe_dump({page: anchors for page, anchors in listed.items() if anchors}, sort_keys=False)
    return HEAD.format(chapter=chapter.id) + text, missing


def digest(anchors: Iterable[str]) -> str:
    """Return a digest of the anchors of an old page, by which a test notices when one is lost."""
    return hashlib.sha256("\n".join(sorted(anchors)).encode()).hexdigest()[:16]


def main(name: str, old: str) -> int:
    """Write a chapter's list; say which anchors still need a line by hand."""
    chapter = chapters()[name]
    text, missing = make_list(chapter, Path(old), ROOT / "_build" / "html")
    file = ROOT / "book" / name / LIST
    file.write_text(text, encoding="utf-8")
    anchors = anchors_of(Path(old))
    print(f'{file}; for tests/book/test_book_chapters.py: "{name}": ({len(anchors)}, "{digest(anchors)}"),')
    for anchor in missing:
        print(f"{anchor}: no page has it; put `- {anchor}: its-new-name` below the page that does")
    return int(bool(missing))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the writing of the pages."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
