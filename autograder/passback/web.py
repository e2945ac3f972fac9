"""Requests to a platform: patient where it is throttled, exact about what failed, silent about the token.

The token goes to the platform's own address alone, by HTTPS (to this machine by HTTP too), in a header or in the body of a
request: addresses are written into logs. Whatever a platform answers is cut and freed of the token before it is told.
"""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from autograder.passback.platform import PlatformError, Refused, Unsure

sleep = time.sleep
TIMEOUT_SECONDS = 60.0
PATIENCE_SECONDS = 600.0  # with a platform that asks to wait, for one request
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 60.0
TRIES = 4  # of a request that only asks and got no answer
MOST_TOLD = 200  # characters of an answer
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Web:
    """A platform's address with a token.

    Args:
        root: its address, such as ``https://canvas.example``.
        token: what it knows the teacher by.
        bearer: whether each request carries it in a header.

    Raises:
        PlatformError: the address isn't one that a token may be sent to.
    """

    def __init__(self, root: str, token: str, bearer: bool) -> None:
        self.root, self.token = root.rstrip("/"), token
        self._must_be_sealed(self.root)
        self._session = requests.Session()
        self._session.auth = _Bearer(self.root, token if bearer else "")  # also keeps requests from looking into ~/.netrc

    def ask(self, path: str, params: Any = None) -> requests.Response:
        """Asks without changing anything; asks again if no answer comes."""
        return self._asked("GET", path, params=params)

    def ask_by_post(self, method: str, path: str, data: Any = None) -> requests.Response:
        """The same for a platform that takes its questions in the body of a request."""
        return self._asked(method, path, data=data)

    def _asked(self, method: str, path: str, **about: Any) -> requests.Response:
        for tried in range(1, TRIES + 1):
            try:
                answer = self._send(method, path, **about)
                if answer.status_code < 500 or tried == TRIES:
                    return self.good(answer)
            except requests.RequestException as error:
                if tried == TRIES:
                    raise PlatformError(f"{self.root} can't be reached ({_kind(error)})") from None
            sleep(_wait(tried))
        raise AssertionError

    def change(self, method: str, path: str, data: Any = None, files: Any = None, bare: bool = False) -> requests.Response:
        """Asks for a change, once.

        Args:
            method, path: of the request; the path may be an address.
            data, files: what it carries.
            bare: whether it goes without the token, to wherever the platform said.

        Raises:
            Unsure: no answer came.
        """
        try:
            return self._send(method, path, data=data, files=files, **({"auth": _Bearer("", "")} if bare else {}))
        except requests.RequestException as error:
            raise Unsure(f"no answer came ({_kind(error)}): it may have been written or not; the next run finds out") from None

    def good(self, answer: requests.Response) -> requests.Response:
        """The answer, if it is one.

        Raises:
            Refused: it is an error, with what the platform says about it.
            PlatformError: the token isn't taken, or the address leads elsewhere.
        """
        status = answer.status_code
        if status == 401:
            raise PlatformError(f"{self.root} doesn't take the token (401{self._said(answer)}): is it complete, of this site, still valid?")
        if 300 <= status < 400:
            where = urljoin(answer.url, answer.headers.get("Location", ""))
            raise PlatformError(f"{self.root} leads to another address, {self.scrub(where)}: give that one, if it is the platform's")
        if status >= 400:
            raise Refused(f"{self.root} answered {status}{self._said(answer)}")
        return answer

    def json(self, answer: requests.Response) -> Any:
        """What an answer holds; raises `PlatformError` if it is no JSON, such as the page of a login."""
        try:
            return answer.json()
        except ValueError:
            kind = answer.headers.get("Content-Type", "nothing")
            raise PlatformError(f"{self.root}: expected JSON from {urlsplit(answer.url).path}, got {kind}; is this the platform?") from None

    def scrub(self, text: object) -> str:
        """A text of the platform's as one short line without the token."""
        line = " ".join(str(text).replace(self.token, "…").split())
        return "".join(sign for sign in line if sign.isprintable())[:MOST_TOLD]

    def is_own(self, address: str) -> bool:
        """Whether an address is the platform's, by scheme, host and port."""
        return urlsplit(address)[:2] == urlsplit(self.root)[:2]

    def _send(self, method: str, path: str, **about: Any) -> requests.Response:
        """Sends a request, again for as long as the platform asks to wait."""
        address = path if "://" in path else f"{self.root}{path}"
        self._must_be_sealed(address)
        waited, tried = 0.0, 0
        while True:
            answer = self._session.request(method, address, timeout=TIMEOUT_SECONDS, allow_redirects=False, **about)
            tried += 1
            wait = _asked_wait(answer, tried)
            if wait is None:
                return answer
            if waited + wait > PATIENCE_SECONDS:
                raise PlatformError(f"{self.root} has asked to wait for {waited:.0f} s: give the command again later")
            for _, file in (about.get("files") or {}).values():
                file.seek(0)
            sleep(wait)
            waited += wait

    def _must_be_sealed(self, address: str) -> None:
        parts = urlsplit(address)
        if not parts.hostname or parts.scheme not in ("https", "http") or "@" in parts.netloc:
            raise PlatformError(f"expected an address such as https://uni.example, got {self.scrub(address)!r}")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise PlatformError(f"{self.scrub(address)}: a token isn't sent by http, which others can read; give the https address")

    def _said(self, answer: requests.Response) -> str:
        try:
            told = answer.json()
        except ValueError:
            return ""
        text = self.scrub(_message(told))
        return f": {text}" if text else ""


class _Bearer(requests.auth.AuthBase):
    """Puts the token into requests to its own platform, and into no others."""

    def __init__(self, root: str, token: str) -> None:
        self._home, self._token = urlsplit(root)[:2], token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token and urlsplit(request.url or "")[:2] == self._home:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _message(told: Any) -> str:
    """What an error says: ``{"errors": [{"message": …}]}``, ``{"message": …}``, ``{"error": …}``."""
    if isinstance(told, Mapping):
        return next((_message(told[key]) for key in ("errors", "message", "error") if told.get(key)), "")
    if isinstance(told, list):
        return "; ".join(filter(None, map(_message, told)))
    return str(told)


def _kind(error: requests.RequestException) -> str:
    """The kind of a failure in words: the text of an exception quotes addresses and what was sent."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def _wait(tried: int) -> float:
    return min(FIRST_WAIT_SECONDS * 2 ** (tried - 1), LONGEST_WAIT_SECONDS)


def _asked_wait(answer: requests.Response, tried: int) -> float | None:
    """Seconds to wait because the platform asks for it; None if it doesn't.

    429 is RFC 6585's; Canvas answered 403 with "Rate Limit Exceeded" before it did that
    (https://developerdocs.instructure.com/services/canvas/basics/file.throttling); 503 counts with a ``Retry-After`` only.
    """
    canvas = answer.status_code == 403 and "rate limit exceeded" in answer.text[:1000].casefold()
    told = answer.headers.get("Retry-After", "").strip()
    if not (answer.status_code == 429 or canvas or (answer.status_code == 503 and told)):
        return None
    if re.fullmatch(r"\d{1,6}", told):
        return max(float(told), FIRST_WAIT_SECONDS)
    if told:
        try:
            return max(email.utils.parsedate_to_datetime(told).timestamp() - time.time(), FIRST_WAIT_SECONDS)
        except ValueError:
            pass
    return _wait(tried)
