"""What the failed checks of a task have in common: of the mistakes that lead to each wrong answer, those that lead to all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from autograder.checking.compare import possibly
from autograder.jobs.score import CheckReport


def told_by_cause(reports: Sequence[CheckReport]) -> list[CheckReport]:
    """The reports of one cell, each failed one with the mistake that explains most of the others, too.

    Two mistakes may lead to the same answer in one check and to differing ones in the next. What is possible in all checks
    that share a mistake is told in each of them; where that is more than one, as possibilities.
    """
    told, left = list(reports), [number for number, report in enumerate(reports) if report.possible]
    while left:
        counts = Counter(mistake for number in left for mistake in reports[number].possible)
        likeliest = max(counts, key=lambda mistake: counts[mistake])  # the first of several
        together = [number for number in left if likeliest in reports[number].possible]
        shared = possibly([one for one in reports[together[0]].possible if all(one in reports[number].possible for number in together)])
        for number in together:
            message = f"{reports[number].facts} {shared}".strip()
            told[number] = replace(reports[number], message=message, diagnosis=shared, possible=[])
        left = [number for number in left if number not in together]
    return told
