"""The attacks in `attacks/sources/`: files that change cells' sources, and functions that change the notebook file or its folder."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "attacks" / "sources"
POINTS = {"check_moving_sum": 5.0, "check_total": 2.0, "check_net": 3.0, "check_predictions": 3.0}


def load_notebook_attacks() -> Any:
    """The module ``attacks/sources/notebooks.py``."""
    spec = importlib.util.spec_from_file_location("attacks_on_notebooks", FOLDER / "notebooks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


notebooks = load_notebook_attacks()


@dataclass
class Attack:
    """One attack as its file describes it.

    Attributes:
        name: the file's name.
        tries: what it tries, in a sentence.
        solves: tasks that are answered honestly.
        earns: points deserved by grade cell, where it isn't all for the solved tasks and none for the others.
        raises: exceptions that its own cells may end with.
        shows, hides: texts that its outputs must and mustn't hold.
        cells: (place, source); a place is a task or ``after <grade_id>``.
    """

    name: str
    tries: str = ""
    solves: tuple[str, ...] = ()
    earns: dict[str, float] = field(default_factory=dict)
    raises: tuple[str, ...] = ()
    shows: list[str] = field(default_factory=list)
    hides: list[str] = field(default_factory=list)
    cells: list[tuple[str, str]] = field(default_factory=list)

    @property
    def deserved(self) -> dict[str, float]:
        solved = {f"check_{task}": POINTS[f"check_{task}"] for task in self.solves}
        return dict.fromkeys(POINTS, 0.0) | solved | self.earns


def read_attack(path: Path) -> Attack:
    """The attack in the file ``path``: a header of ``# Key: text`` lines, then cells in percent format."""
    head, *parts = re.split(r"^# %% *(.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    attack = Attack(path.stem, cells=list(zip(parts[::2], (source.strip() for source in parts[1::2]), strict=True)))
    for key, text in re.findall(r"^# (\w+): (.+)$", head, flags=re.MULTILINE):
        match key:
            case "Tries":
                attack.tries = text
            case "Solves":
                attack.solves = tuple(text.split(", "))
            case "Raises":
                attack.raises = tuple(text.split(", "))
            case "Earns":
                attack.earns |= {name: float(points) for name, points in re.findall(r"(check_\w+) (\d+)", text)}
            case "Shows" | "Hides":
                getattr(attack, key.lower()).append(text)
            case _:
                raise ValueError(f"{path.name}: unknown line '{key}:'")
    return attack


SOURCES = {path.stem: read_attack(path) for path in sorted(FOLDER.glob("*.py")) if path.stem != "notebooks"}
TRICKS = {name: Attack(name, trick.__doc__, earns=notebooks.EARNS[name]) for name, trick in notebooks.TRICKS.items()}
ATTACKS = dict(sorted((SOURCES | TRICKS).items()))


def fill(submission: Any, attack: Attack, names: dict[str, str]) -> None:
    """Hands in an attack's cells, with its honest tasks solved.

    Args:
        submission: the `Submission` of ``attacks/sources/notebooks.py`` to be filled.
        attack: what to put in.
        names: what stands for ``@COURSE@``, ``@PROJECT@`` and ``@STUDENT@`` in the attacks' sources.
    """
    submission.solve(*attack.solves)
    cells = submission.notebook["cells"]
    for number, (place, source) in enumerate(attack.cells):
        for name, text in names.items():
            source = source.replace(name, text)
        if not place.startswith("after "):
            submission.cell(place).update(source=source, id=f"attack-{number}")
            continue
        added = {"cell_type": "code", "id": f"attack-{number}", "metadata": {}, "source": source}
        after = cells.index(submission.cell(place.removeprefix("after ")))
        while str(cells[after + 1 : after + 2]).startswith("[{'cell_type': 'code', 'id': 'attack-"):
            after += 1
        cells.insert(after + 1, added | {"outputs": [], "execution_count": None})
    submission.save()
