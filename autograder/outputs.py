"""What a student's process claims to have displayed, rebuilt key by key as far as it may be kept.

Anything can stand in those claims: wrong types, endless lists, texts that can't be written to a file, pictures that are
markup. What is kept is well-formed, of a known type and limited in size; whether it may act in a browser is `pages`' job.
"""

from __future__ import annotations

import re

MAX_OUTPUTS = 500  # of one cell
MAX_LINES = 100  # of one traceback
MAX_CHARACTERS = 24_000_000  # of one notebook, pictures included
KEPT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")
CUT = {"output_type": "stream", "name": "stdout", "text": "… further output was cut here …\n"}

_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n])", re.MULTILINE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class OutputCleaner:
    """Cleans the outputs of one notebook, cell after cell, within the room that a notebook has."""

    def __init__(self) -> None:
        self.room = MAX_CHARACTERS

    def clean(self, outputs: object) -> list[dict]:
        """Well-formed nbformat outputs; whatever else was claimed is dropped."""
        claimed = outputs if isinstance(outputs, list) else []
        kept: list[dict] = []
        for claim in claimed[:MAX_OUTPUTS]:
            output = _rebuilt(claim) if isinstance(claim, dict) else None
            if output is None:
                continue
            self.room -= _size(output)
            if self.room < 0:
                return [*kept, dict(CUT)]
            kept.append(output)
        return kept if len(claimed) <= MAX_OUTPUTS else [*kept, dict(CUT)]


def _rebuilt(claim: dict) -> dict | None:
    kind = claim.get("output_type")
    if kind == "stream":
        name = "stderr" if claim.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": overwritten(plain_text(claim.get("text")))}
    if kind == "error":
        lines = claim.get("traceback")
        lines = [plain_text(line) for line in lines[:MAX_LINES]] if isinstance(lines, list) else []
        about = {"ename": plain_text(claim.get("ename")), "evalue": plain_text(claim.get("evalue"))}
        return {"output_type": kind, **about, "traceback": lines}
    if kind in ("display_data", "execute_result") and isinstance(claim.get("data"), dict):
        data = {mime: plain_text(claim["data"][mime]) for mime in KEPT_TYPES if mime in claim["data"]}
        data = {mime: text for mime, text in data.items() if mime not in ("image/png", "image/jpeg") or _BASE64.fullmatch(text)}
        count = {"execution_count": 1} if kind == "execute_result" else {}
        return {"output_type": kind, "data": data, "metadata": {}, **count}
    return None


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
