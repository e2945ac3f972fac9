"""``nbgrader collect`` where the best attempt counts: it brings all that came to the exchange, not only the newest.

nbgrader copies the newest, and deletes what it collected before. The attempt in ``submitted/`` may be an older one on purpose.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.utils import rmtree

from autograder.any_folder import KnownFolders
from autograder.jobs.beside import STAMPS
from autograder.run.attempts import Attempts
from autograder.times import Collect, home_zone

SECRET = STAMPS[1]  # nbgrader's own sign of each hand-in


class CollectAttempts(Collect):
    """nbgrader's collecting; where the best attempt counts, all attempts are kept and none comes twice."""

    src_records: list[dict[str, Any]]
    inbound_path: str

    def copy_files(self) -> None:
        """Keeps older attempts, then has nbgrader copy the newest of each student, unless that is known."""
        if self.config.get("Grade", {}).get("attempts") == "best":
            attempts = Attempts(self.coursedir, self.coursedir.assignment_id, self.log, home_zone(self))
            newest = {record["filename"] for record in self.src_records}
            for record in self._all_records():
                if record["filename"] not in newest and not self._is_kept(attempts, record):
                    self._keep(attempts, record)
            for record in self.src_records:
                attempts.keep(record["username"])
            self.src_records = [record for record in self.src_records if not self._is_kept(attempts, record)]
        super().copy_files()

    def _all_records(self) -> list[dict[str, Any]]:
        student = self.coursedir.student_id or "*"
        pattern = os.path.join(self.inbound_path, f"{student}+{self.coursedir.assignment_id}+*")
        return [self._path_to_record(path) for path in sorted(KnownFolders.glob(pattern))]

    def _is_kept(self, attempts: Attempts, record: dict[str, Any]) -> bool:
        secret = _secret(Path(self.inbound_path, record["filename"]))
        kept = attempts.of(record["username"])
        return any(_secret(folder) == secret if secret else attempts.time(folder) == record["timestamp"] for folder in kept)

    def _keep(self, attempts: Attempts, record: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
            copy = Path(scratch, record["username"], self.coursedir.assignment_id)
            copy.parent.mkdir()
            self.do_copy(os.path.join(self.inbound_path, record["filename"]), str(copy))
            attempts.add(record["username"], copy)
            rmtree(str(copy))
        self.log.info("Kept an older attempt: %s", record["filename"])


def _secret(folder: Path) -> str:
    path = folder / SECRET
    try:
        return "" if path.is_symlink() else path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
