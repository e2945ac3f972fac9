"""The last screen of `make check`: what was proven of a chapter, what not, how long it took, and which command proves the rest."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from pathlib import Path

import proofs
import pytest
import scheduling

WIDTH = 34


class Screen:
    """Counts the tests of one chapter by what they prove, in the process that has the terminal.

    Args:
        config: pytest's, with the chapter.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.chapter = config.option.chapter
        self.start = time.monotonic()
        self.outcomes: dict[str, Counter] = defaultdict(Counter)
        self.seconds: Counter = Counter()
        self.ran: Counter = Counter()  # by the test's name

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        kind = scheduling.kind_of(Path(report.nodeid.partition("::")[0])) or "something else"
        self.seconds[kind] += report.duration
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[kind][report.outcome] += 1
            self.ran[report.nodeid.partition("[")[0].rpartition("::")[2]] += 1

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section(f"chapter {self.chapter}", "=")
        for line in self.lines():
            terminalreporter.write_line(line)

    def lines(self) -> list[str]:
        """What there is to say, a line each."""
        kinds = list(dict.fromkeys([*scheduling.OF_A_CHAPTER, *self.outcomes]))
        wrong = [kind for kind in kinds if self.outcomes[kind]["failed"]]
        told = [self._line(kind) for kind in kinds]
        verdict = (
            f"NOT right: {', '.join(wrong)}." if wrong else "Nothing wrong was found." if any(self.outcomes.values()) else "Nothing ran."
        )
        return [*told, "", f"{verdict} {time.monotonic() - self.start:.0f} s.", *self._not_proven()]

    def _line(self, kind: str) -> str:
        counted = self.outcomes[kind]
        if not counted:
            return f"   --  {kind:{WIDTH}} nothing tested"
        mark = "WRONG" if counted["failed"] else "   ok" if counted["passed"] else "    -"
        words = ", ".join(f"{counted[outcome]} {outcome}" for outcome in ("failed", "passed", "skipped") if counted[outcome])
        return f" {mark}  {kind:{WIDTH}} {words}, {self.seconds[kind]:.0f} s"

    def _not_proven(self) -> list[str]:
        rest = [
            f"{all - self.ran[test]} of {all} {kind}"
            for kind, all, test in (
                ("solutions", len(proofs.solutions_of(self.chapter)), "test_right_solutions_earn_all_and_wrong_ones_are_told_why"),
                ("samples", len(proofs.samples_of(self.chapter)), "test_every_task_earns_what_is_expected"),
            )
            if all > self.ran[test]
        ]
        what = [(f"{' and '.join(rest)}", f"make prove ID={self.chapter}")] if rest else []
        what += [
            ("that the checks notice small changes of the answers", f"make mutants ID={self.chapter}"),
            ("the page in the book: figures, live parts, links", "make test-book"),
        ]
        return ["Not proven here, and what proves it:", *(f"  {text:{WIDTH + 20}} {command}" for text, command in what)]
