"""Two arrays side by side, as plain data: it travels and is kept as JSON with a check's report."""

from __future__ import annotations

from typing import TypedDict


class Picture(TypedDict):
    """A picture with what is said of it.

    Attributes:
        name: ``expected``, ``received`` or ``difference``.
        png: the file, base64.
        says: what is to be seen, for those who can't see it.
    """

    name: str
    png: str
    says: str


class Table(TypedDict):
    """A window of two arrays.

    Attributes:
        title: which slice of an array with more than two axes, as an index; else empty.
        part: what the window holds of the slice, empty if everything.
        rows, columns: the entries' indices; a 1-D array has no columns.
        expected, received: the entries as texts, row by row.
        wrong: where they differ.
    """

    title: str
    part: str
    rows: list[int]
    columns: list[int]
    expected: list[list[str]]
    received: list[list[str]]
    wrong: list[list[bool]]


class Comparison(TypedDict):
    """Two arrays of one shape side by side.

    Attributes:
        tables: windows around the largest differences.
        pictures: expected, received, difference of the slice that differs most; none where the entries say more.
        more: how many other slices differ.
        extract: whether it shows entries of an array too large to be shown in full.
    """

    tables: list[Table]
    pictures: list[Picture]
    more: int
    extract: bool
