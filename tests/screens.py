"""How long the book's pages are and what they consist of: `make screens` prints it from the built book.

Screens are the article's height by that of the window, 1280 × 900 and 375 × 812 pixels; shares are of its height at 1280, folds as
a reader finds them. `make screens ID=convnets` measures one chapter; names of built files after `python tests/screens.py` those.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from autograder.chapters import chapters
from autograder.places import ROOT

SITE = ROOT / "_build" / "html"
PROGRAMS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
KINDS = ("text", "figures and live", "code", "checks and exercises")
# Of nested elements the outermost counts; what is none of these is text.
MEASURE = """
() => {
  const kinds = {
    "checks and exercises": "self-check, .exercise, .solution",
    "figures and live": "figure, .visual, .pyrun, .cell_output img",
    "code": "details.hide, .cell_input, .cell_output, div.highlight",
  };
  const article = document.querySelector("article");
  const top = article.getBoundingClientRect().top;
  const heights = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0]));
  const parts = [];
  const look = (element) => {
    if (element.matches("aside")) return; // notes in the margin stand beside the text
    const kind = Object.keys(kinds).find((name) => element.matches(kinds[name]));
    const holdsPicture = kind === "code" && element.matches(".cell_output") && element.querySelector("img");
    if (kind && !holdsPicture) {
      heights[kind] += element.getBoundingClientRect().height;
      parts.push(element);
    } else for (const child of element.children) look(child);
  };
  look(article);
  const seen = (element) => element.getBoundingClientRect().height > 0;
  const pictures = [...article.querySelectorAll("figure, .visual, .cell_output img")].filter(seen);
  const copy = article.cloneNode(true);
  for (const other of copy.querySelectorAll(`${Object.values(kinds).join(",")}, nav, .katex-mathml, script, style`)) other.remove();
  return {
    height: article.getBoundingClientRect().height,
    heights,
    picture: pictures.length ? Math.min(...pictures.map((one) => one.getBoundingClientRect().top - top)) : null,
    words: copy.textContent.split(/\\s+/).filter((word) => /\\w/.test(word)).length,
  };
}
"""
READ = "() => { for (const image of document.images) image.loading = 'eager' }"
DRAWN = "() => [...document.querySelectorAll('article img')].every((image) => image.complete || !image.offsetParent)"


@dataclass(frozen=True)
class Measured:
    """A page: screens at both widths, pixels of each kind of part, screens down to the first picture (None: it has none), words."""

    name: str
    wide: float
    narrow: float
    heights: dict[str, float]
    picture: float | None
    words: int

    def share(self, kind: str) -> float:
        """The part of the page's height that a kind takes."""
        return self.heights[kind] / sum(self.heights.values())


def measure(tab: Page, address: str, name: str) -> Measured:
    """Reads a page at both widths."""
    found: dict[str, Any] = {}
    for key, window in (("narrow", NARROW), ("wide", WIDE)):
        tab.set_viewport_size(window)
        tab.goto(address, wait_until="load")
        tab.evaluate(READ)
        tab.wait_for_function(DRAWN)
        tab.evaluate("document.fonts.ready")
        found[key] = tab.evaluate(MEASURE)
    wide = found["wide"]
    heights = {"text": wide["height"] - sum(wide["heights"].values()), **wide["heights"]}
    picture = None if wide["picture"] is None else wide["picture"] / WIDE["height"]
    return Measured(name, wide["height"] / WIDE["height"], found["narrow"]["height"] / NARROW["height"], heights, picture, wide["words"])


def table(pages: Sequence[Measured]) -> Iterator[str]:
    """The lines of the table, with one for all pages together where there are several."""
    yield f"| page | screens at {WIDE['width']} | at {NARROW['width']} | {' | '.join(KINDS)} | first picture at screen | words |"
    yield "|---|---:|---:|" + "---:|" * len(KINDS) + "---:|---:|"
    for page in pages:
        yield _row(page)
    if len(pages) > 1:
        heights = {kind: sum(page.heights[kind] for page in pages) for kind in KINDS}
        first = pages[0].picture
        yield _row(
            Measured("all", sum(p.wide for p in pages), sum(p.narrow for p in pages), heights, first, sum(page.words for page in pages))
        )


def _row(page: Measured) -> str:
    shares = " | ".join(f"{page.share(kind):.0%}" for kind in KINDS)
    picture = "none" if page.picture is None else f"{page.picture:.1f}"
    return f"| {page.name} | {page.wide:.1f} | {page.narrow:.1f} | {shares} | {picture} | {page.words:,} |"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_: object) -> None:
        pass


def main(wanted: Sequence[str]) -> int:
    """Prints the table of chapters, or of built files."""
    files = [name for name in wanted if name.endswith(".html")]
    names = [name for name in wanted if name not in files] or ([] if files else list(chapters()))
    groups = [[Path(file).resolve() for file in files]] if files else []
    groups += [[SITE / f"{page}.html" for page in chapters()[name].pages] for name in names]
    missing = [str(file) for group in groups for file in group if not file.is_file()]
    if missing:
        print(f"not built: {', '.join(missing)}; `make book` builds them", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        program = next(program for program in PROGRAMS if Path(program).exists())
        tab = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]).new_page()
        for group in groups:
            address = f"http://127.0.0.1:{server.server_port}"
            pages = [
                measure(tab, f"{address}/{file.relative_to(SITE)}", str(file.relative_to(SITE / "book").with_suffix(""))) for file in group
            ]
            print("\n".join(table(pages)), "\n", flush=True)
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
