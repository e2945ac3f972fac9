"""A notebook's parts as a feedback page shows them: what is wrong stands open, what is right or given is folded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.checking.sections import address, words
from autograder.feedback.cell_report import TEMPLATE
from autograder.feedback.harmless import clean_html
from autograder.feedback.overview import UNWRITTEN, Marks, Row, State
from autograder.feedback.page_tasks import Part
from autograder.feedback.templating import NOTHING, PIECES, made_as_html
from autograder.jobs.cells import about, grade_id, has_points, is_answer, is_checked, is_locked, kept

MAX_OPEN = 30  # lines of code that stand open
# Of a report, whose texts are escaped:
_DIAGNOSIS = re.compile(r"<br><strong>(.*?)</strong>")
_FIRST = re.compile(r'<li class="failed">.*?</li>', re.DOTALL)
_FAILED = re.compile(r'<li class="failed">(✗ <strong>(?>.*?</strong>)[^<]*+)(?:<br>)?+(?!</li>)(.+?)</li>', re.DOTALL)
_COMPARISON = re.compile(r'<div class="comparison">')


@dataclass(frozen=True)
class Piece:
    """One cell, or a row of given ones.

    Attributes:
        label: whose it is, such as "Your answer".
        content: clean HTML.
        folded: whether it is to be opened first.
        after: clean HTML that follows and is never folded: what a check displayed, and its report.
        comment: what a person wrote to it, as clean HTML.
        anchor: where a link to the comment leads.
    """

    label: str
    content: Markup
    folded: bool = False
    after: Markup = NOTHING
    comment: Markup = NOTHING
    anchor: str = ""


@dataclass(frozen=True)
class Section:
    """A task with its row of the table, or cells between tasks."""

    pieces: tuple[Piece, ...]
    row: Row | None = None
    label: str = ""
    opened: bool = False


class View:
    """Shows the cells of one page.

    Args:
        cells: as they were graded.
        neutral: the same, harmless and with their outputs as HTML.
        render: makes clean HTML of a harmless cell's source.
        marks: what the gradebook knows.
        comment: makes clean HTML of what a person wrote.
        book: the address of the book, empty if it has none.
    """

    def __init__(
        self,
        cells: Sequence[NotebookNode],
        neutral: Sequence[NotebookNode],
        render: Callable[[NotebookNode], Markup],
        comment: Callable[[str], Markup],
        marks: Marks,
        book: str = "",
    ) -> None:
        self.cells, self.neutral, self.render, self.comment = cells, neutral, render, comment
        self.marks, self.book = marks, book

    def sections(self, divided: Sequence[Part], rows: Sequence[Row]) -> Iterator[Section]:
        """The page's sections, in order."""
        by_name = {row.anchor: row for row in rows}
        for part in divided:
            row = by_name.get(part.name)
            pieces = tuple(self._pieces(part, row is not None and row.first == UNWRITTEN))
            if row is None:
                yield Section(pieces, label=self._between(part))
            else:
                lost = row.state is State.MARKED and (row.missing > 0 or bool(row.comment))
                yield Section(pieces, row, opened=row.state is State.LOOK or lost or bool(row.asked))

    def _pieces(self, part: Part, unwritten: bool) -> Iterator[Piece]:
        for given, group in groupby(part.places, key=lambda place: self._is_given(self.cells[place])):
            together = list(group)
            if given:
                yield Piece(self._given(together), NOTHING.join(map(self._shown, together)), folded=True)
            else:
                yield from (self._piece(place, unwritten) for place in together)

    @staticmethod
    def _is_given(cell: NotebookNode) -> bool:
        return is_locked(cell) and not has_points(cell)

    def _given(self, places: Sequence[int]) -> str:
        kinds = {self.cells[place].cell_type for place in places}
        label = " and ".join(word for kind, word in (("markdown", "The task"), ("code", "given code")) if kind in kinds)
        return f"{label[:1].upper()}{label[1:]}" + self._stopped(places)

    def _stopped(self, places: Sequence[int]) -> str:
        """Which error a cell among them stopped with."""
        outputs = (output for place in places for output in self.cells[place].get("outputs") or ())
        names = dict.fromkeys(str(output.get("ename") or "an error") for output in outputs if output.output_type == "error")
        return f" (stopped with {', '.join(names)[:80]})" if names else ""

    def _between(self, part: Part) -> str:
        own = sum(not about(self.cells[place]) for place in part.places)
        given = len(part.places) - own
        counts = ((given, "given cell"), (own, "cell of your own"))
        told = " and ".join(f"{count} {word.replace('cell', 'cells', 1) if count > 1 else word}" for count, word in counts if count)
        return told + self._stopped(part.places)

    def _piece(self, place: int, unwritten: bool) -> Piece:
        cell = self.cells[place]
        if is_checked(cell):
            return Piece("The visible check", self.render(self.neutral[place]), folded=True, after=self._outputs(place))
        label = "Your answer" if is_answer(cell) else "Your own cell"
        lines = cell.source.count("\n") + 1
        long = cell.cell_type == "code" and lines > MAX_OPEN
        name = grade_id(cell) or ""
        said = self.marks.comments.get(name, "") if is_answer(cell) else ""
        return Piece(
            f"{label} ({lines} lines)" if long else label,
            self.render(self.neutral[place]),
            folded=long or (unwritten and cell.cell_type == "code"),
            after=self._outputs(place),
            comment=self.comment(said) if said else NOTHING,
            anchor=f"comment-{name}" if said else "",
        )

    def _shown(self, place: int) -> Markup:
        return self.render(self.neutral[place]) + self._outputs(place)

    def _outputs(self, place: int) -> Markup:
        """What a cell displayed, and the checks' report: its first failed check stands open, and the book is linked."""
        found = self.neutral[place].get("outputs") or ()
        page = "".join("".join(output.data["text/html"]) for output in found if output.output_type == "display_data")
        if is_checked(self.cells[place]):
            page = _COMPARISON.sub(lambda _: PIECES.begin_of_reached_comparison(), page)  # it may be wider than a narrow screen
            page = first_open(_with_link(page, self.cells[place], self.book))
        return made_as_html(page)


def _with_link(page: str, cell: NotebookNode, book: str) -> str:
    """The report with a link to the book's section, where there was no address yet when it was graded."""
    chapter, section = kept(cell, "book") or ("", "")
    if not book or not section:
        return page
    told = words(chapter, section)
    before, found, after = page.rpartition(clean_html(TEMPLATE.in_the_book(told, "")))
    return f"{before}{TEMPLATE.in_the_book(told, address(book, chapter, section))}{after}" if found else page


def first_open(page: str) -> str:
    """A report's HTML in which the first failed check stands open; of the others the name is seen, and the rest is folded."""
    first = _FIRST.search(page)
    return page if first is None else page[: first.end()] + _FAILED.sub(_folded, page[first.end() :])


def _folded(item: re.Match[str]) -> str:
    """A failed check in a fold; the mistake that was recognised is seen with its name."""
    name, rest = item.groups()
    diagnosis = _DIAGNOSIS.search(rest)
    rest = rest.replace(diagnosis[0], "", 1) if diagnosis else rest
    return str(PIECES.folded_check(made_as_html(name), made_as_html(diagnosis[1] if diagnosis else ""), made_as_html(rest)))
