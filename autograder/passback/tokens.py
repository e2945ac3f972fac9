"""The token that a platform knows its teacher by: from the environment or the system's keyring, never from a file or an option.

An option would stand in the list of processes and in the shell's history, a setting in a file that is copied and shared.
"""

from __future__ import annotations

import os

from autograder.passback.platform import PlatformError

USER = "autograder"  # under which the keyring keeps it


def find_token(platform: str, root: str) -> str:
    """The token for a platform.

    Args:
        platform: ``Canvas`` or ``Moodle``; the variable is ``CANVAS_TOKEN`` or ``MOODLE_TOKEN``.
        root: its address, the keyring's name for the service.

    Raises:
        PlatformError: there is none, or it can't be one; says how to give one, and never what was found.
    """
    variable = f"{platform.upper()}_TOKEN"
    token, place = os.environ.get(variable, "").strip(), f"the variable {variable}"
    if not token:
        token, place = _from_keyring(root), "the keyring"
    if not token:
        raise PlatformError(
            f"no token for {root}: put it into the variable {variable} (`read -rs {variable} && export {variable}` keeps it out of the "
            f"shell's history) or into the keyring (`keyring set {root} {USER}`)"
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise PlatformError(f"{place} holds no token: one consists of ASCII letters, digits and signs without blanks")
    return token


def _from_keyring(root: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return ""
    try:
        return (keyring.get_password(root, USER) or "").strip()
    except keyring.errors.KeyringError:  # no keyring on this machine, or a locked one
        return ""
