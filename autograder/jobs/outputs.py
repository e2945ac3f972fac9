"""What a student's process claims to have displayed, rebuilt key by key as far as it may be kept.

Anything can stand in those claims: wrong types, endless lists, texts that can't be written to a file, pictures that are
markup. What is kept is well-formed, of a known type and limited in size; whether it may act in a browser is `pages`' job.
"""

from __future__ import annotations

import re

from autograder.inside.wire import KEPT_TYPES

MAX_OUTPUTS, MAX_ALL_OUTPUTS = 200, 1000  # of one cell, of one notebook
MAX_LINES, MAX_LINE = 100, 4_000  # of one traceback, of a line of it
MAX_TEXT, MAX_PICTURE = 200_000, 1_500_000  # characters of one output: of a text, of a picture
MAX_CHARACTERS = 6_000_000  # of one notebook, pictures included
CUT = {"output_type": "stream", "name": "stdout", "text": "… further output was cut here …\n"}

_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n])", re.MULTILINE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class OutputCleaner:
    """Cleans the outputs of one notebook, cell after cell, within the room that a notebook has."""

    def __init__(self) -> None:
        self.room, self.outputs = MAX_CHARACTERS, MAX_ALL_OUTPUTS

    def clean(self, outputs: object) -> list[dict]:
        """Well-formed nbformat outputs; whatever else was claimed is dropped."""
        claimed = outputs if isinstance(outputs, list) else []
        kept: list[dict] = []
        most = min(MAX_OUTPUTS, self.outputs)
        for claim in claimed[:most]:
            output = _rebuilt(claim) if isinstance(claim, dict) else None
            if output is None:
                continue
            if _size(output) > self.room:
                return [*kept, dict(CUT)]
            self.room -= _size(output)
            self.outputs -= 1
            kept.append(output)
        return kept if len(claimed) <= most else [*kept, dict(CUT)]


def _rebuilt(claim: dict) -> dict | None:
    kind = claim.get("output_type")
    if kind == "stream":
        name = "stderr" if claim.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": cut(overwritten(plain_text(claim.get("text"))), MAX_TEXT)}
    if kind == "error":
        lines = claim.get("traceback")
        lines = [cut(plain_text(line), MAX_LINE) for line in lines[:MAX_LINES]] if isinstance(lines, list) else []
        about = {name: cut(plain_text(claim.get(name)), MAX_LINE) for name in ("ename", "evalue")}
        return {"output_type": kind, **about, "traceback": lines}
    if kind in ("display_data", "execute_result") and isinstance(claim.get("data"), dict):
        count = {"execution_count": 1} if kind == "execute_result" else {}
        return {"output_type": kind, "data": _data(claim["data"]), "metadata": {}, **count}
    return None


def _data(claimed: dict) -> dict[str, str]:
    """The forms of a display that may be kept; what is too large is told in its text."""
    data = {mime: plain_text(claimed[mime]) for mime in KEPT_TYPES if mime in claimed}
    data = {mime: text for mime, text in data.items() if mime not in ("image/png", "image/jpeg") or _BASE64.fullmatch(text)}
    large = [mime for mime, text in data.items() if len(text) > (MAX_PICTURE if mime.startswith("image/") else MAX_TEXT)]
    told = [f"[{mime} of {len(data[mime]):,} characters was too large to be kept]\n" for mime in large if mime != "text/plain"]
    kept = {mime: text for mime, text in data.items() if mime not in large}
    if told or "text/plain" in large:
        kept["text/plain"] = "".join(told) + cut(data.get("text/plain", ""), MAX_TEXT)
    return kept


def cut(text: str, most: int) -> str:
    """``text``, or its beginning and its end with a line between them that says how much is left out."""
    if len(text) <= most:
        return text
    head, tail = most - most // 4, most // 4
    return f"{text[:head]}\n[… {len(text) - head - tail:,} characters are left out here …]\n{text[len(text) - tail :]}"


def _size(output: dict) -> int:
    texts = [output.get("text", ""), output.get("ename", ""), output.get("evalue", ""), *output.get("traceback", [])]
    return 100 + sum(map(len, texts)) + sum(map(len, output.get("data", {}).values()))


def plain_text(value: object) -> str:
    """``value`` if it is a text, with what no file can hold replaced; else an empty text."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def overwritten(text: str) -> str:
    """``text`` as a terminal leaves it: of a line that was written several times, such as a progress bar, the last."""
    return _OVERWRITTEN.sub("", text)


def readable(text: str) -> str:
    """``text`` with a sign in place of what would move, hide or turn round the text about it, or can't be written at all."""
    return _UNREADABLE.sub("\ufffd", text)
