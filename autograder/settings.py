"""All settings of the grading engine, in one validated place.

An instructor sets them in ``nbgrader_config.py`` as ``c.Grade.<name> = value``; the table in the instructor's guide
is generated from here (``python -m autograder settings``).
"""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

CONTAINERS = ("podman", "docker")
ATTEMPTS = ("newest", "best")
LEVELS = ("bubblewrap", *CONTAINERS, "process")


def _setting(default: Any, help: str, low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high})


@dataclass(frozen=True)
class Settings:
    """Validated settings; every field's help text says what it does.

    Raises:
        ValueError: a value of the wrong type or out of range; names the setting, what was expected and what came.
    """

    sandbox: str = _setting(
        "bubblewrap",
        "How a student's code is shut in: `bubblewrap` (no network, own processes, nothing of the course to see), `podman` or "
        "`docker` (the same in a container, where that program works), or `process` (a process of its own with resource limits, "
        "but with your rights: only for code you trust).",
    )
    workers: int = _setting(0, "Submissions graded at once; 0 means one per processor, at most 8.", 0, 64)
    cell_seconds: float = _setting(120.0, "Longest run of one cell before it is interrupted.", 0.1, 86_400)
    notebook_seconds: float = _setting(600.0, "Longest run of all cells of one notebook.", 0.1, 604_800)
    check_seconds: float = _setting(10.0, "Longest run of one hidden check without a `time_limit` marker.", 0.1, 86_400)
    checks_seconds: float = _setting(
        240.0,
        "Longest run of all hidden checks of one submission together, or of its longest one if that may take more; "
        "once a check ran out of time, a quarter of it is left for the others.",
        0.1,
        604_800,
    )
    memory_mb: int = _setting(3_000, "Memory of one submission, all its processes together, in MiB.", 64, 1_000_000)
    disk_mb: int = _setting(256, "Size of each private folder of a submission (work, /tmp, /dev/shm), in MiB.", 1, 100_000)
    processes: int = _setting(256, "Processes and threads a submission may have.", 16, 100_000)
    open_files: int = _setting(512, "Open files per process.", 64, 100_000)
    file_mb: int = _setting(256, "Largest file a submission may write, in MiB.", 1, 100_000)
    value_mb: int = _setting(64, "Largest value a check accepts from a submission, in MiB.", 1, 1_000)
    reuse_results: bool = _setting(True, "Whether a submission whose notebook, files, checks and limits didn't change keeps its result.")
    look_ahead: bool = _setting(True, "Whether submissions are graded ahead while nbgrader files the results one by one.")
    scheduler: str = _setting(
        "",
        "Address of a dask scheduler such as `tcp://host:8786`, `tls://host:8786` or `gateway://host:8786/cluster`, whose workers "
        "then grade; empty: this machine grades.",
    )
    tls: str = _setting(
        "",
        "Folder with `ca.pem`, `cert.pem` and `key.pem` for a scheduler at `tls://…`; empty: what dask's own configuration says.",
    )
    book: str = _setting(
        "",
        "Address of the built book such as `https://uni.example/course`: feedback then links every task to its section; "
        "empty: it names chapter and section.",
    )

    attempts: str = _setting(
        "newest",
        "Which of a student's attempts counts: the `newest`, or the `best`, by the points of its checks after what being late costs; "
        "of equal ones the newest.",
    )
    attempts_at_once: int = _setting(
        0,
        "Attempts of a student at an assignment that `python -m autograder watch` grades as soon as they are handed in, 0 for any number; "
        "later ones are graded by the next `nbgrader autograde`.",
        0,
        1_000,
    )

    def __post_init__(self) -> None:
        for item in fields(self):
            value, default = getattr(self, item.name), item.default
            if type(default) is float and type(value) is int:
                value = float(value)
                object.__setattr__(self, item.name, value)
            if type(value) is not type(default):
                raise ValueError(f"{item.name}: expected {type(default).__name__}, got {value!r}")
            low, high = item.metadata["low"], item.metadata["high"]
            if low is not None and not low <= value <= high:
                raise ValueError(f"{item.name}: expected a value from {low:g} to {high:g}, got {value!r}")
        if self.sandbox not in LEVELS:
            raise ValueError(f"sandbox: expected one of {', '.join(LEVELS)}, got {self.sandbox!r}")
        if self.attempts not in ATTEMPTS:
            raise ValueError(f"attempts: expected one of {', '.join(ATTEMPTS)}, got {self.attempts!r}")
        if self.book and not re.fullmatch(r"https?://[^\s\"'<>`?#]+", self.book):
            raise ValueError(f"book: expected an address that begins with https:// or http://, got {self.book!r}")

    @classmethod
    def help(cls, name: str) -> str:
        """The help text of one setting."""
        return next(item.metadata["help"] for item in fields(cls) if item.name == name)

    @property
    def worker_count(self) -> int:
        return self.workers or min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def settings_table() -> str:
    """The settings as a Markdown table: name, default, meaning."""
    rows = [f"| `{item.name}` | `{item.default!r}` | {item.metadata['help']} |" for item in fields(Settings)]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])
