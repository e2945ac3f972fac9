"""What handing in late costs: so many percent of the points earned for each day begun, as nbgrader's own plug-in.

``nbgrader_config.py`` names `PercentPerDay`; without a percentage it takes nothing off. nbgrader keeps the penalty beside
the score, so that points given by hand later and another percentage at the next grading both come out right.
"""

from __future__ import annotations

from math import ceil

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60  # seconds


class PercentPerDay(LateSubmissionPlugin):
    """Takes a share of the points earned for each day begun after the due date."""

    percent = Float(0.0, min=0.0, max=100.0, help="percent of the points earned, for each day begun after the due date").tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="minutes after the due date that cost nothing").tag(config=True)
    most = Float(100.0, min=0.0, max=100.0, help="percent at most, however late").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points to take off a notebook's score.

        Args:
            student_id: whose notebook; the same rule holds for everybody.
            score: the points earned.
            total_seconds_late: how late it was handed in, in seconds.

        Returns:
            Points, or None if nothing is taken off.
        """
        late = total_seconds_late - 60 * self.grace_minutes
        if late <= 0 or self.percent == 0:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return score * min(self.percent * ceil(late / DAY), self.most) / 100
