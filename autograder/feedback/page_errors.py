"""What counts of a traceback: the line of the notebook that it is about, and the sentence at its end."""

from __future__ import annotations

import re

MAX_LINES = 12  # of a sentence: an assertion may print whole arrays
MAX_TRACED = 20_000  # characters of an output that are looked at

_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_TRACEBACK = re.compile(
    r"^-{40,}\n(?P<kind>[A-Za-z_][\w.]*) +Traceback \(most recent call last\)\n(?P<frames>.*)", re.DOTALL | re.MULTILINE
)
_FRAME = re.compile(
    r"^Cell In\[\d+\], line (?P<line>\d+)(?:, in (?P<function>[^\n]{1,200}))?\n(?P<code>(?:[^\n]+\n|\n(?=[ \t]*-*>?[ \t]*\d))*)",
    re.MULTILINE,
)
_HERE = re.compile(r"^-+> *\d+ (?P<code>.*)$", re.MULTILINE)
_PLACE = re.compile(r"\bCell In\[\d+\], line (\d+)")


def essence(text: str, helpers: frozenset[str] = frozenset()) -> str | None:
    """What counts of an output that ends with a traceback, None if it doesn't or if it is as short itself.

    Args:
        text: what IPython printed, with or without a terminal's colours.
        helpers: functions of the given cells, whose frames tell nothing of what went wrong.

    Returns:
        What was printed before; the last frame in the notebook that is in no helper, in one line; the sentence.
    """
    if len(text) > MAX_TRACED:
        return None
    text = _COLOURS.sub("", text)
    found = _TRACEBACK.search(text)
    if found is None:
        return None
    begin = found["frames"].rfind(f"\n{found['kind']}:")
    frames = [frame for frame in _FRAME.finditer(found["frames"][: begin + 1]) if _name(frame) not in helpers]
    if begin < 0 or not frames:
        return None
    sentence = [line for line in found["frames"][begin + 1 :].split("\n") if line.strip()]
    told = [*sentence[:MAX_LINES], "…"] if len(sentence) > MAX_LINES else sentence
    short = "\n".join([*text[: found.start()].splitlines(), _where(frames[-1]), *told])
    return short if short.count("\n") + 1 < text.rstrip().count("\n") else None


def _name(frame: re.Match[str]) -> str:
    return (frame["function"] or "").partition("(")[0]


def _where(frame: re.Match[str]) -> str:
    here = _HERE.search(frame["code"])
    inside = f" of {frame['function']}" if frame["function"] else ""
    return f"Line {frame['line']}{inside}" + (f": {here['code'].strip()}" if here else "")


def stopped(output: dict) -> str:
    """Where and why a cell stopped, by its output of an error, such as ``line 3: NameError: name 'x' is not defined``."""
    place = _PLACE.search(_COLOURS.sub("", "\n".join(map(str, output.get("traceback") or ()))[:MAX_TRACED]))
    said = ": ".join(filter(None, (str(output.get("ename") or "error"), str(output.get("evalue") or "").strip().partition("\n")[0])))
    return f"line {place[1]}: {said}" if place else said
