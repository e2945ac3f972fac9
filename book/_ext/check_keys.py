"""The answer key of the self-checks, computed with the course's own code.

Run as a program it reads checks as JSON and writes the values of their expressions: so a build
that needs none of them again imports none of the libraries they use.
"""

from __future__ import annotations

import ast
import importlib
import json
import math
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from check_text import Check, CheckError, Choice, Mistake

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "autograder" / "reference"
# What expressions may use without importing it; each is imported only where it is named.
MODULES = {
    "np": "numpy", "math": "math", "signal": "scipy.signal", "ndimage": "scipy.ndimage",
    "torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional",
}  # fmt: skip
MODULES |= {file.stem: f"autograder.reference.{file.stem}" for file in REFERENCE.glob("[a-z]*.py")}
SECONDS = 300


def used_modules(check: Check) -> list[str]:
    """Return the offered names that a check's code uses."""
    trees = [ast.parse(code) for code in (check.given, *check.expressions().values())]
    names = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return sorted(names & set(MODULES))


def compute(check: Check) -> dict[str, Any]:
    """Return the value of each expression by its place, or the error it ended in.

    Truths stay True and False, everything else becomes a float.
    """
    values: dict[str, Any] = {}
    place = "given"
    try:
        names: dict[str, Any] = {name: importlib.import_module(MODULES[name]) for name in used_modules(check)}
        if "torch" in sys.modules:
            sys.modules["torch"].manual_seed(0)  # whatever ran before
        exec(compile(check.given, f"<{check.id}>", "exec"), names)
        for place, code in check.expressions().items():
            value = eval(compile(code, f"<{check.id}: {place}>", "eval"), names)
            is_truth = place.startswith("holds") or place.endswith("when")
            values[place] = bool(value) if is_truth else float(value)
    except Exception as error:
        return {"error": f"{place}: {type(error).__name__}: {error}"}
    return values


def compute_apart(checks: list[Check]) -> list[dict[str, Any]]:
    """Compute checks in a process of its own, so that the caller stays small and as it was."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    asked = json.dumps([asdict(check) for check in checks])
    command = [sys.executable, __file__]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=SECONDS, check=False)
    if done.returncode:
        raise CheckError(f"The answers of {len(checks)} self-checks could not be computed:\n{done.stderr}")
    return json.loads(done.stdout)


def from_fields(fields: dict[str, Any]) -> Check:
    """Return a check from what `asdict` made of one."""
    choices = tuple(Choice(**choice) for choice in fields["choices"])
    mistakes = tuple(Mistake(**mistake) for mistake in fields["mistakes"])
    lists = {name: tuple(fields[name]) for name in ("holds", "formerly")}
    return Check(**{**fields, **lists, "choices": choices, "mistakes": mistakes})


def problems(check: Check, values: dict[str, Any]) -> list[str]:
    """List what the course's code says against a check's key."""
    if "error" in values:
        return [values["error"]]
    wrong = [f"{place}: {check.expressions()[place]} is not true" for place in values if place.startswith("holds") and not values[place]]
    for n, choice in enumerate(check.choices):
        if choice.when and values[f"choices[{n}].when"] != choice.right:
            wrong.append(f"choices[{n}]: right is {choice.right}, but {choice.when} is {values[f'choices[{n}].when']}")
    return wrong + (_number_problems(check, values) if check.answer else [])


def _number_problems(check: Check, values: dict[str, float]) -> list[str]:
    """List what is against the numbers: every two must be told apart."""
    numbers = {place: value for place, value in values.items() if not place.startswith("holds")}
    if infinite := [f"{place}: expected a finite number, got {value}" for place, value in numbers.items() if not math.isfinite(value)]:
        return infinite
    wrong = []
    if not check.tolerance and values["answer"] != round(values["answer"]):
        wrong.append(f"tolerance: expected one, since the answer {values['answer']} isn't whole")
    known: dict[str, float] = {}
    for place, value in numbers.items():
        same = [other for other, number in known.items() if abs(number - value) <= 2 * check.tolerance + 1e-9 * abs(number)]
        wrong += [f"{place}: expected a value that differs from {other} by more than twice the tolerance, got {value}" for other in same]
        known[place] = value
    return wrong


def shown_number(value: float, tolerance: float) -> str:
    """Return a number for people: as many places as the tolerance asks for, thousands apart, a true minus."""
    if value == round(value):
        text = f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    else:
        places = max(1, math.ceil(-math.log10(tolerance)) + 1) if tolerance else 6
        text = f"{value:,.{places}f}".rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")


if __name__ == "__main__":
    print(json.dumps([compute(from_fields(fields)) for fields in json.load(sys.stdin)]))
