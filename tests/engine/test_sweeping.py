"""Ending what a submission left running, so that its frozen states can be copied afterwards."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.authoring.course import ROOT
from autograder.inside import answers

SWEEP = """
import os, subprocess, sys
from autograder.inside import zygote
children = [subprocess.Popen(["sleep", "60"]) for _ in range(20)]
kept = children.pop()
{before}
zygote.end_processes({{kept.pid}})
print(kept.poll())
kept.kill()
kept.wait()
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("none left")
"""
SLOW = """
living, looks = zygote.descendants, []
def descendants(root):
    looks.append(root)
    return living(root) if len(looks) > 500 else [children[0].pid, kept.pid]
zygote.descendants = descendants
"""


@pytest.mark.parametrize("before", ["", SLOW], ids=["at once", "slowly"])
def test_ended_processes_are_gone_and_the_kept_one_lives(before):
    """A process that has ended counts as one until it is waited for; one of lowest priority takes its time to end."""
    command = [sys.executable, "-c", SWEEP.format(before=before)]
    result = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60)
    assert (result.stdout.split("\n"), result.stderr) == (["None", "none left", ""], "")


def test_a_copy_waits_until_another_process_is_allowed(monkeypatch):
    answered = iter([BlockingIOError, BlockingIOError, 4711])

    def fork():
        answer = next(answered)
        if answer is BlockingIOError:
            raise BlockingIOError
        return answer

    monkeypatch.setattr(os, "fork", fork)
    assert answers.fork_in_time() == 4711


def test_no_copy_where_none_is_ever_allowed(monkeypatch):
    def fork():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(answers, "FORK_SECONDS", 0.2)
    assert answers.fork_in_time() == -1
