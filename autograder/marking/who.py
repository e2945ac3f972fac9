"""Who is at work in the formgrader."""

from __future__ import annotations

import getpass
from typing import Any
from urllib.parse import unquote

COOKIE = "autograder-grader"  # a name that somebody gave herself, in the formgrader's page
LONGEST = 80
ANONYMOUS = "Anonymous "  # so Jupyter's names begin for those who came with the server's own token


def signed_in(handler: Any) -> str:
    """The name under which somebody signed in to a hub; empty where the server knows nobody by name."""
    user = handler.current_user
    name, shown = getattr(user, "username", user), getattr(user, "display_name", "")
    return "" if not isinstance(name, str) or name == "anonymous" or shown.startswith(ANONYMOUS) else name


def own_name(handler: Any) -> str:
    """The name that somebody gave herself; empty if she gave none."""
    return " ".join(unquote(handler.get_cookie(COOKIE) or "").split())[:LONGEST]


def who(handler: Any) -> str:
    """A name for whoever sent a request: the hub's, the one she gave herself, or the account the server runs under."""
    return signed_in(handler) or own_name(handler) or account()


def account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "somebody"
