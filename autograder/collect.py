"""Tells nbgrader whose a collected file is, and the command ``python -m autograder collect``.

`autograder.archives` has sorted the files when nbgrader asks: they lie in ``extracted/<student>/``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.plugins import FileNameCollectorPlugin

from autograder.archives import planned
from autograder.collecting.plan import log_plan, summary


class Collector(FileNameCollectorPlugin):
    """The collector of this course: a file is whose folder it lies in."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """nbgrader's question: whose file, which notebook, handed in when; None for files that don't count."""
        plan = self.parent.extractor_plugin_inst.plan
        base = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        student, *rest = Path(submitted_file).relative_to(base).parts
        if plan is None or student not in plan.entries or not rest:
            return None
        return {"student_id": student, "file_id": "/".join(rest), "timestamp": plan.entries[student].time}


def collect(assignment: str, dry_run: bool, force: bool) -> int:
    """``python -m autograder collect`` in a course folder: what ``nbgrader zip_collect`` does, or only the plan of it.

    Args:
        assignment: its id.
        dry_run: whether to print who → which file and write nothing.
        force: whether to replace what was collected before.

    Returns:
        The exit status: not 0 if anything was left out.
    """
    app = ZipCollectApp()
    app.initialize([assignment, *(["--force"] if force else [])])
    if not dry_run:
        app.start()
        return 0
    with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
        plan = planned(app, Path(scratch), app.log)
        log_plan(plan, app.log)
    if plan.lost:
        app.log.error(summary(plan))
    return 1 if plan.lost else 0
