"""What keeps a command of the course from being done, and what whoever gave it can mend."""

from __future__ import annotations


class CourseError(Exception):
    """Something of the course, or of what was asked for, isn't as it has to be; the message says what to change."""


class CantMake(CourseError):
    """What was to be made can't be; nothing was changed."""
