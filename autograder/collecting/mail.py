"""Reads messages saved from a mailbox: who sent which files when.

All that a message says of itself was written by its sender, except the line that the server which received it put on top:
the topmost ``Received`` (RFC 5321, 4.4) gives the time, ``Date`` only where there is none.
"""

from __future__ import annotations

import base64
import binascii
import email.policy
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

MAX_PARTS = 500


class NoMessage(Exception):
    """It can't be read as a message; the text says why."""


@dataclass
class Letter:
    """One message.

    Attributes:
        sender: the address, in lower case; empty if there is none.
        time: when it came, in UTC.
        senders_time: whether the time is what the sender's program wrote.
        outer: the message that it was forwarded in.
        files: name and content of each attachment.
    """

    sender: str
    time: datetime | None
    senders_time: bool = False
    outer: Letter | None = None
    files: list[tuple[str, bytes]] = field(default_factory=list)


def read_message(data: bytes) -> list[Letter]:
    """A message and those forwarded in it, the outermost first.

    Raises:
        NoMessage: it can't be read.
    """
    try:
        message = BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(data)
        letters: list[Letter] = []
        _letter(message, None, letters)
    except Exception as error:  # Python's parser trips over many a malformed header
        raise NoMessage(f"it can't be read as a message ({type(error).__name__})") from None
    return letters


def _letter(message: Message, outer: Letter | None, letters: list[Letter]) -> None:
    received = message.get_all("Received") or []
    time = _time(str(received[0]).rpartition(";")[2]) if received else None
    letter = Letter(parseaddr(str(message["From"] or ""))[1].lower(), time or _time(str(message["Date"])), time is None, outer)
    letters.append(letter)
    _parts(message, letter, letters)


def _parts(part: Message, letter: Letter, letters: list[Letter]) -> None:
    """Walks through all parts; a forwarded message becomes a letter of its own."""
    if len(letters) > MAX_PARTS or len(letter.files) > MAX_PARTS:
        raise ValueError("too many parts")
    name = part.get_filename() or ""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        _letter(_decoded(part.get_payload(0)), letter, letters)  # type: ignore[arg-type]
    elif part.is_multipart():
        for inner in part.get_payload():
            _parts(inner, letter, letters)  # type: ignore[arg-type]
    elif name.lower().endswith(".eml"):
        content = part.get_payload(decode=True) or b""
        _letter(BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(content), letter, letters)  # type: ignore[arg-type]
    elif name or part.get_content_maintype() != "text":
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            letter.files.append((name or "attachment", content))


def _decoded(message: Message) -> Message:
    """A forwarded message that its program encoded, against RFC 2046, as it was."""
    payload = message.get_payload()
    if message["From"] or not isinstance(payload, str):
        return message
    try:
        data = base64.b64decode(payload, validate=False)
    except (binascii.Error, ValueError):
        return message
    return BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(data)


def _time(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text.strip()).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def mbox_messages(path: Path) -> Iterator[tuple[str, bytes]]:
    """The messages of a mailbox in one file, with a title each."""
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            yield f"message {number}", box.get_bytes(key)
    finally:
        box.close()
