"""The keeper of a submission's processes, as the judge speaks with it: what became of them, and what is to be ended."""

from __future__ import annotations

import contextlib
import time

from autograder.inside.wire import Channel, WireClosed, WireError, WireTimeout
from autograder.jobs.fate import Doubt, Fate, MachineFailed
from autograder.settings import Settings

CONTROL_SECONDS = 20.0
FATE_SECONDS = 1.0  # until a process that hung up is seen to have ended
FATE_POLL = 0.02
NAME = "the keeper of the submission's processes"


class Keeper:
    """The host's side of a keeper.

    At the sealed levels student code can't reach the keeper, so that a keeper that is gone is the machine's failure; at
    the level ``process`` it can, and then that is a doubt like others.

    Args:
        channel: connection to it.
        settings: limits.
        doubts: grows by what may have been the student's code or the machine.
    """

    def __init__(self, channel: Channel, settings: Settings, doubts: list[Doubt]) -> None:
        self.channel, self.settings, self.doubts = channel, settings, doubts
        self._over_limit = 0
        self._silent = False

    def start(self, files: dict[str, bytes]) -> int:
        """Has the files laid out and the processes started; returns the kernel's process id.

        Raises:
            MachineFailed: they can't be started.
            WireError: there is no answer.
        """
        deadline = time.monotonic() + CONTROL_SECONDS
        self.channel.send({"files": list(files)}, list(files.values()), deadline=deadline)
        answer = self.channel.receive(deadline)[0]
        if "failed" in answer:
            raise MachineFailed(f"the submission's processes can't be started: {answer['failed']}")
        return answer["kernel"]

    def ask(self, message: dict, expected: str) -> dict:
        """The keeper's answer; after one that didn't come in time it isn't asked again.

        Raises:
            MachineFailed: the keeper is gone, and student code can't have ended it.
            WireError: there is no answer.
        """
        deadline = time.monotonic() + CONTROL_SECONDS
        if self._silent:
            raise WireError("the keeper is silent")
        try:
            self.channel.send(message, deadline=deadline)
            while expected not in (answer := self.channel.receive(deadline)[0]):
                continue
            return answer
        except WireTimeout:
            self._silent = True
            self.doubts.append(Doubt(NAME, f"didn't answer within {CONTROL_SECONDS:g} s"))
            raise
        except WireClosed:
            if self.settings.sandbox != "process":
                raise MachineFailed(f"{NAME} ended") from None
            self._silent = True
            self.doubts.append(Doubt(NAME, "ended"))
            raise

    def fate(self, pid: int, seconds: float = FATE_SECONDS) -> Fate:
        """What became of a process that hung up; waits a moment for its end to be seen.

        Raises:
            MachineFailed: the keeper is gone, and student code can't have ended it.
        """
        end = time.monotonic() + seconds
        while True:
            try:
                answer = self.ask({"fate": pid}, "fate")
            except WireError:
                return Fate()
            lives, status, ordered = answer["fate"]
            fate = Fate(lives, status, ordered, answer["over_limit"])
            if (not lives and (ordered or status is not None)) or time.monotonic() > end:
                return fate
            time.sleep(FATE_POLL)

    def over_limit(self, fate: Fate) -> bool:
        """Whether the keeper has ended processes for their memory since this was asked last."""
        grown, self._over_limit = fate.over_limit > self._over_limit, fate.over_limit
        return grown

    def signal(self, number: int, pid: int | None = None) -> None:
        """Sends a signal to the kernel, or to another process of this submission."""
        message = {"signal": int(number)} | ({"pid": pid} if pid is not None else {})
        with contextlib.suppress(WireError):
            self.channel.send(message, deadline=time.monotonic() + CONTROL_SECONDS)

    def sweep(self, which: str) -> int:
        """Ends what the submission left running: ``leftovers`` of a cell, or ``all`` but the frozen states.

        Returns:
            The most bytes of memory it used so far, 0 where nobody knows.
        """
        with contextlib.suppress(WireError):
            return int(self.ask({"sweep": which}, "swept")["memory_bytes"])
        return 0
