"""`make prove`: runs what takes long where it changed, and notes what came out as expected.

    python tests/prove.py [--list] [ID ...]

All solutions and samples of assignments are noted in ``graded.lock``, long files of tests in ``long.lock``. Without an id, all
assignments and then all long files that aren't proven as they are; ``long`` is the id of these. What is noted of an assignment is
noted when its own tests are done: whoever stops goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import long_files
import proofs

from autograder.authoring.course import ROOT, assignments

TESTS = ("tests/chapters/test_solutions.py", "tests/chapters/test_sample_class.py")
LONG = "long"
WORKERS = ("-n", "logical", "--maxprocesses", "2", "--dist", "loadscope")
EACH = {"solutions": "test_right_solutions_earn_all_and_wrong_ones_are_told_why", "samples": "test_every_task_earns_what_is_expected"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="prove.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="say what is proven, and run nothing")
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"assignments, or {LONG}; all that isn't proven if none is named")
    options = parser.parse_args(arguments)
    known = [*assignments(), LONG]
    if unknown := sorted(set(options.ids) - set(known)):
        parser.error(f"no assignment is called {', '.join(unknown)}: expected some of {', '.join(known)}")
    asked = [name for name in known if name in (options.ids or known)]
    waiting = [name for name in asked if name != LONG and not is_proven(name)]
    files = sorted(set(long_files.LONG) - long_files.proven()) if LONG in asked else []
    for name in asked:
        if name not in waiting and not (name == LONG and files):
            print(f"{name}: proven as it is")
    if options.list:
        print("\n".join(f"{name}: not proven" for name in [*waiting, *files]))
        return 0
    wrong = [name for name in waiting if not prove(name)]
    return int(bool(wrong) | bool(files and not prove_long(files)))


def prove_long(files: list[str]) -> bool:
    """Runs long files of tests; notes those of which nothing failed. Returns whether that is all."""
    print(f"long files of tests: {', '.join(files)} …", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--note-proven", *WORKERS]
    subprocess.run([*command, *(f"tests/{name}" for name in files)], cwd=ROOT, check=False)
    left = sorted(set(files) - long_files.proven())
    if left:
        print(f"NOT proven: {', '.join(left)}", file=sys.stderr)
    return not left


def is_proven(assignment: str) -> bool:
    return all(proofs.is_proven(assignment, kind) for kind in proofs.digests(assignment))


def prove(assignment: str) -> bool:
    """Runs all solutions and samples of one assignment; notes it if they came out as expected. Returns whether they did."""
    start, before = time.monotonic(), state(assignment)
    all_of = {"solutions": len(proofs.solutions_of(assignment)), "samples": len(proofs.samples_of(assignment))}
    print(f"{assignment}: {all_of['solutions']} solutions, {all_of['samples']} samples …", flush=True)
    code, passed = run(assignment)
    problem = objection(code, passed, all_of, before == state(assignment))
    if problem:
        print(f"{assignment}: NOT proven: {problem}", file=sys.stderr)
        return False
    proofs.write_proof(assignment, before | {"proven": all_of})
    print(f"{assignment}: proven, {time.monotonic() - start:.0f} s", flush=True)
    return True


def state(assignment: str) -> dict[str, Any]:
    """What a proof is of, read from the files afresh."""
    proofs.forget()
    return proofs.digests(assignment) | {"tasks": proofs.task_digests(assignment)}


def run(assignment: str) -> tuple[int, Counter]:
    """Runs the tests of an assignment's solutions and samples; returns pytest's exit code and how often each test passed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-p", "no:randomly", f"--chapter={assignment}", f"--junitxml={report}", *WORKERS]
        code = subprocess.run([sys.executable, "-m", "pytest", *options, *TESTS], cwd=ROOT, check=False).returncode
        return code, passed_in(report) if report.exists() else Counter()


def passed_in(report: Path) -> Counter:
    """How often each test passed, by the name of its function."""
    cases = ET.parse(report).getroot().iter("testcase")
    return Counter(
        case.get("name", "").partition("[")[0] for case in cases if len(case) == 0 or {child.tag for child in case} <= {"properties"}
    )


def objection(code: int, passed: Counter, all_of: dict[str, int], unchanged: bool) -> str:
    """Why a run proves nothing; nothing if it does.

    Args:
        code: pytest's exit code.
        passed: how often each test passed.
        all_of: how many solutions and samples there are.
        unchanged: whether all that decides was the same before and after.
    """
    if code:
        return f"pytest ended with {code}, see above"
    if not unchanged:
        return "files were changed meanwhile; run it again"
    short = [f"{passed[test]} of {all_of[kind]} {kind} were tested" for kind, test in EACH.items() if passed[test] != all_of[kind]]
    return "; ".join(short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
