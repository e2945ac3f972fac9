"""Who logs in, and to which courses they belong: accounts and groups of the machine, asked again every few minutes."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Collection
from typing import Any

from jupyterhub.auth import PAMAuthenticator
from traitlets import Set, Unicode


class MachineAccounts(PAMAuthenticator):
    """Accounts of the machine with their passwords; the hub's groups are those of the machine that it is told to look at.

    Who leaves a group loses what it gives her when the hub next asks, after ``auth_refresh_age`` at the latest.
    """

    course_groups = Set(Unicode(), help="the groups that say who belongs to which course").tag(config=True)

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        name = await super().authenticate(handler, data)
        return self.known(name) if name else None

    async def refresh_user(self, user: Any, handler: Any = None) -> dict[str, Any] | bool:
        """What is known of a user now; False, and she has to log in again, if the account is gone or is in no course any more."""
        known = self.known(user.name)
        return known if known and known["groups"] else False

    def known(self, name: str) -> dict[str, Any] | None:
        """A user with her groups; None if there is no such account."""
        try:
            return {"name": name, "groups": sorted(groups_of(name, self.course_groups))}
        except KeyError:
            return None


def groups_of(account: str, among: Collection[str]) -> set[str]:
    """Those of some groups that an account of this machine is in.

    Raises:
        KeyError: there is no such account.
    """
    numbers = set(os.getgrouplist(account, pwd.getpwnam(account).pw_gid))
    return {entry.gr_name for entry in grp.getgrall() if entry.gr_gid in numbers} & set(among)
