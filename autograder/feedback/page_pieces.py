"""A student's texts, outputs and pictures as pieces of a page, each in a box of its own and within the page's room.

What can't be rendered, whatever the reason, is left out or shown as the text it is, with a line that says so.
"""

from __future__ import annotations

import base64
import html
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup
from nbconvert.filters.highlight import Highlight2HTML

from autograder.feedback import page_markdown
from autograder.feedback.calm import calm
from autograder.feedback.harmless import MAX_SHOWN, as_terminal, as_text, clean_html, too_much
from autograder.feedback.page_errors import essence
from autograder.feedback.page_files import FilesBeside, content_of
from autograder.feedback.page_pictures import picture_source
from autograder.feedback.page_room import SHORT, NoRoom, Room
from autograder.feedback.templating import NOTHING, PIECES, between_tags, made_as_html

CLASSES = frozenset(("dataframe",))  # that a student's HTML may keep: what pandas calls its tables
FILE = "file"  # in place of a picture's kind: what stands for it is an address
MAX_COLOURED = 100_000  # characters that become of one coloured text

SHOWN = "output-shown"  # the class of an output's box
MAX_STILL, MAX_LINES = 1_000, 12  # characters and lines of an output that need no scrolling

_COLOURED = re.compile(r"<[^>]* style=|<img\b|<table\b")
_TABLE = re.compile("<table")
_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,([A-Za-z0-9+/=\s]*)")
_TOO_LONG = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,([A-Za-z0-9+/=]{64,})")  # to be read as Markdown
_ATTACHED = re.compile(r"(\]\(\s*<?|\bsrc\s*=\s*[\"']?)attachment:([^)\s>\"']+)")
_FILE = re.compile(
    r"(<img\b(?:[^<>\"']|\"[^\"]{0,1000}\"|'[^']{0,1000}')*?\bsrc\s*=\s*)(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s<>\"']+))", re.IGNORECASE
)
_IMG = re.compile(r'(<img)(\b(?:[^>"]|"[^"]*")*>)')


def box(content: Markup, kind: str = "") -> Markup:
    """Something of a student's, which the page's style keeps within its place.

    What brings colours or pictures of its own is laid on white paper; the keyboard reaches what may have to be scrolled.
    """
    paper = "on-paper" if _COLOURED.search(content) else ""
    reached = bool(kind) and (len(content) > MAX_STILL or content.count("\n") > MAX_LINES or _TABLE.search(content) is not None)
    return PIECES.box(content, " ".join(filter(None, ("from-student", kind, paper))), reached)


def told(what: str) -> Markup:
    """A line of the page's own about what it doesn't show."""
    return PIECES.left_out(between_tags(what))


class Pieces:
    """Renders the pieces of one page.

    Args:
        room: what is left of the page's.
        files: what lies beside the notebook.
        helpers: functions of its given cells, which no traceback needs to show.
    """

    def __init__(self, room: Room | None = None, files: FilesBeside | None = None, helpers: frozenset[str] = frozenset()) -> None:
        self.room, self.files, self.helpers = room or Room(), files or FilesBeside(), helpers

    def markdown(self, source: str, attachments: object = None, graded: bool = False) -> Markup:
        """Markdown as HTML, or where that can't be as the text it is; one that is ``graded`` has room in any case."""
        if graded:
            with self.room.for_graded() as own:
                return Pieces(own, self.files).markdown(source, attachments)
        return self._made("This text", lambda: self._markdown(source, attachments), source)

    def code(self, source: str, graded: bool = False) -> Markup:
        """A cell's source, coloured."""
        return self._made("This code", lambda: self._coloured(source), source, graded)

    def raw(self, source: str) -> Markup:
        """A text as it is written."""
        return box(self._text(source))

    def output(self, output: dict[str, Any]) -> Markup:
        """What a cell displayed, in the first of its forms that can be shown."""
        kind = output.get("output_type")
        if kind == "stream":
            return self._printed(_joined(output.get("text")))
        if kind == "error":
            lines = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
            return self._printed("\n".join(map(_joined, lines)))
        notes: list[Markup] = []
        for name, make in self._forms({mime: _joined(value) for mime, value in (output.get("data") or {}).items()}):
            try:
                with self.room.timed():
                    return NOTHING.join([*notes, box(make(), SHOWN)])
            except NoRoom as error:
                notes.append(told(f"{name} is left out here: it {error}."))
            except Exception as error:  # a student's output may be anything
                notes.append(told(f"{name} is left out here: it can't be shown ({type(error).__name__})."))
        return NOTHING.join(notes)

    def _printed(self, text: str) -> Markup:
        """A text that was printed; of a traceback what counts, and all of it in a fold."""
        short = essence(text, self.helpers)
        if short is None:
            return box(self._terminal(text), SHOWN)
        return box(PIECES.traceback(self._text(short), self._terminal(text)), SHOWN)

    def _forms(self, data: dict[str, str]) -> Iterator[tuple[str, Callable[[], Markup]]]:
        """What of an output can be shown, the best first, with its name."""
        latex = data.get("text/latex", "")
        if "text/html" in data:
            yield "HTML", lambda: self._cleaned(data["text/html"])
        if "text/markdown" in data:
            yield "A text", lambda: self._markdown(data["text/markdown"])
        if "image/svg+xml" in data:
            drawing = base64.b64encode(data["image/svg+xml"].encode("utf-8", "replace")).decode()
            yield "A drawing", lambda: self._picture("svg+xml", drawing, "Drawing")
        if re.fullmatch(r"\s*\$.*\$\s*", latex, re.DOTALL):
            yield "A formula", lambda: self._markdown(latex)
        for kind in ("png", "jpeg"):
            if f"image/{kind}" in data:
                yield "A picture", lambda kind=kind: self._picture(kind, data[f"image/{kind}"], "Picture")  # type: ignore[misc]
        if "text/plain" in data or "text/latex" in data:
            yield "A text", lambda: self._terminal(data.get("text/plain") or latex)

    def _made(self, name: str, make: Callable[[], Markup], source: str, graded: bool = False) -> Markup:
        """A piece in its box; what can't be rendered as the text it is."""
        try:
            with self.room.timed():
                return box(make())
        except NoRoom as error:
            why = f"it {error}"
        except Exception as error:  # a student's work may be anything
            why = f"it can't be rendered ({type(error).__name__})"
        return told(f"{name} is shown as it is written: {why}.") + box(as_text(source) if graded else self._text(source))

    def _text(self, source: str) -> Markup:
        """``source`` as it is written, a short piece of it where there is no room left."""
        if len(source) > SHORT and self.room.left["text"] > 0:
            page = as_text(source)
            if self.room.take(text=len(page.encode())):
                return page
        return as_text(source, SHORT)

    def _terminal(self, source: str) -> Markup:
        """``source`` with a terminal's colours, or without."""
        if "\x1b" in source and self.room.take(code=min(len(source), MAX_SHOWN)):
            with suppress(NoRoom), self.room.timed():
                page = as_terminal(source)
                if len(page) <= MAX_COLOURED and self.room.take(markup=len(page.encode())):
                    return page
        return self._text(_COLOURS.sub("", source))

    def _coloured(self, source: str) -> Markup:
        self.room.need(code=len(source))
        page = made_as_html(Highlight2HTML(pygments_lexer="ipython3")(calm(source)))
        self.room.need(markup=len(page.encode()))
        return page

    def _markdown(self, source: str, attachments: object = None) -> Markup:
        pictures = TakenOut(source, attachments)
        source = pictures.text
        if len(source) > page_markdown.MAX_MARKDOWN:
            raise NoRoom(f"has {len(source):,} characters, more than {page_markdown.MAX_MARKDOWN:,}")
        self.room.need(markdown=len(source))
        formulas = page_markdown.Formulas(self.room.left["formulas"])
        page = self._cleaned(page_markdown.markdown_html(formulas.held(calm(source)), attachments), pictures)
        self.room.need(formulas=min(len(formulas.made), self.room.left["formulas"]), markup=formulas.size())
        return formulas.put_back(page)

    def _cleaned(self, source: str, pictures: TakenOut | None = None) -> Markup:
        """HTML that is harmless, with those of its pictures that there is room for."""
        held = HeldPictures(source)
        problem = too_much(held.text)
        if problem:
            raise NoRoom(problem)
        held.hold_files()
        self.room.need(html=len(held.text))
        page = clean_html(held.text, CLASSES)
        self.room.need(markup=len(page.encode()))
        return held.put_back(page, lambda kind, data: self._source(*(pictures.picture(kind, data) if pictures else (kind, data))))

    def _picture(self, kind: str, data: str, alt: str) -> Markup:
        return PIECES.picture(f"{alt} made by this cell", self._source(kind, data))

    def _source(self, kind: str, data: str) -> str:
        if kind == FILE:
            return self._from_file(data)
        source, pixels = picture_source(kind, data)
        self.room.need(pictures=len(source), pixels=pixels)
        return source

    def _from_file(self, address: str) -> str:
        name, file = self.files.find(address)
        self.room.need(pictures=file.size * 4 // 3)  # it is read once, whatever comes of it
        source, pixels = picture_source(*content_of(name, file))
        self.room.need(pixels=pixels)
        return source


class TakenOut:
    """The pictures of a Markdown text, its attachments among them: too long to be read as text, and no part of its length."""

    def __init__(self, source: str, attachments: object = None) -> None:
        self.taken: list[tuple[str, str]] = []
        self.mark = f"TAKEN{secrets.token_hex(8)}N"  # nobody can write one of these into a notebook
        self.known = page_markdown.known_pictures(attachments)
        self.text = _ATTACHED.sub(self._attached, _TOO_LONG.sub(lambda match: self._take(match[1], match[2]), source))

    def _take(self, kind: str, data: str) -> str:
        self.taken.append((kind, data))
        return f"data:image/png;base64,{self.mark}{len(self.taken) - 1}E"

    def _attached(self, match: re.Match[str]) -> str:
        files = self.known.get(match[2]) or self.known.get(unquote(match[2]))
        if not files:
            return match[0]
        mime, data = next(iter(files.items()))
        return match[1] + self._take(mime.removeprefix("image/"), re.sub(r"\s", "", data))

    def picture(self, kind: str, data: str) -> tuple[str, str]:
        """The kind and the data of a picture that may have been taken out."""
        place = re.fullmatch(rf"{self.mark}(\d+)E", data)
        return self.taken[int(place[1])] if place else (kind, data)


class HeldPictures:
    """The pictures of one piece of HTML, which are too long to be cleaned, held back meanwhile."""

    def __init__(self, source: str) -> None:
        self.held: list[tuple[str, str]] = []
        self.mark = f"HELD{secrets.token_hex(8)}N"  # nobody can write one of these into a notebook
        self.text = _PICTURE.sub(self._hold, source)

    def _hold(self, match: re.Match[str]) -> str:
        self.held.append((match[1], match[2]))
        return f"data:image/png,{self.mark}{len(self.held) - 1}E"

    def hold_files(self) -> None:
        """Holds back those that aren't within the HTML as well; not before its size is looked at."""
        self.text = _FILE.sub(self._hold_file, self.text)

    def _hold_file(self, match: re.Match[str]) -> str:
        address = next(filter(None, match.groups()[1:]), "")
        if self.mark in address:
            return match[0]
        self.held.append((FILE, address))
        return f'{match[1]}"data:image/png,{self.mark}{len(self.held) - 1}E"'

    def put_back(self, page: Markup, address: Callable[[str, str], str]) -> Markup:
        """The clean page with the address of each picture, or a line in place of those that have none."""

        def shown(match: re.Match[str]) -> str:
            place = re.search(rf'data:image/png,{self.mark}(\d+)E(?=")', match[0])
            name = re.search(r'\balt="([^"]+)"', match[0])
            try:
                if place is None:
                    raise NoRoom("has no address that can be read")
                tag = match[0] if name else f"{match[1]}{PIECES.without_description()}{match[2]}"
                return tag.replace(place[0], address(*self.held[int(place[1])]), 1)
            except NoRoom as error:
                return str(PIECES.picture_not_shown(html.unescape(name[1]) if name else "", str(error)))

        return made_as_html(_IMG.sub(shown, page))


def _joined(value: object) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
