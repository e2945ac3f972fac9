"""``python -m autograder COMMAND``: the course's own commands, beside nbgrader's."""

from __future__ import annotations

import argparse
import sys


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help in (
        ("doctor", "say what this machine can do for grading and what to install"),
        ("settings", "print the grading settings as a table"),
        ("release", "bring release/ up to date with source/"),
        ("sample", "grade the sample class in _build/course"),
        ("where", "say where the results of `make course` are"),
        ("bench", "measure grading against stock nbgrader"),
    ):
        commands.add_parser(name, help=help)
    return COMMANDS[parser.parse_args(arguments).command]()


def _doctor() -> int:
    from autograder.doctor import report

    lines, ready = report()
    print("\n".join(lines))
    return 0 if ready else 1


def _settings() -> int:
    from autograder.settings import settings_table

    print(settings_table())
    return 0


def _release() -> int:
    from autograder.course import release

    release()
    return 0


def _sample() -> int:
    from autograder.course import CommandFailed
    from autograder.sample import grade_sample

    try:
        grade_sample()
    except CommandFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _where() -> int:
    from autograder.sample import where

    where()
    return 0


def _bench() -> int:
    from autograder.bench import bench

    return bench()


COMMANDS = {"doctor": _doctor, "settings": _settings, "release": _release, "sample": _sample, "where": _where, "bench": _bench}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
