"""Makes the sample class: each folder's `answers.py` put into the release notebook.

    python tests/build_samples.py convnets [--release PATH]

writes `tests/chapters/convnets/submissions/<name>/convnets.ipynb` for every `<name>/answers.py`. That file is in percent
format; a cell starts with one of

    # %% <grade_id>              this code replaces the source of the solution cell
    # %% [markdown] <grade_id>   this text (each line after "# ") replaces the written answer
    # %% after <grade_id>        an extra, ungraded cell behind the named cell
    # %% drop <grade_id>         the named cell is missing

Everything else of the release stays as it is.
"""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
MARKER = re.compile(r"^# %% (?:(?P<kind>\[markdown\]|after|drop) )?(?P<grade_id>\w+(?:-\w+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One cell of an `answers.py`: what to do with the release's cell `grade_id`."""

    kind: str
    grade_id: str
    source: str


def read_answers(text: str) -> list[Answer]:
    """The cells of an `answers.py`, in its order; what stands before the first is a comment."""
    marks = list(MARKER.finditer(text))
    answers = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        end = following.start() if following else len(text)
        kind, source = (mark["kind"] or "code").strip("[]"), text[mark.end() : end].strip("\n")
        if kind == "markdown":
            source = "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.splitlines())
        answers.append(Answer(kind, mark["grade_id"], source))
    return answers


def build(release: NotebookNode, answers: list[Answer]) -> NotebookNode:
    """The release notebook with the answers in it.

    Raises:
        ValueError: an answer names a cell that the release hasn't.
    """
    notebook = nbformat.from_dict(release)
    for number, answer in enumerate(answers):
        index = find_cell(notebook, answer.grade_id)
        if answer.kind == "after":
            extra = nbformat.v4.new_code_cell(answer.source)
            extra.id = f"extra-{number}"
            notebook.cells.insert(index + 1, extra)
        elif answer.kind == "drop":
            del notebook.cells[index]
        else:
            notebook.cells[index].source = answer.source
    return notebook


def find_cell(notebook: NotebookNode, grade_id: str) -> int:
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return index
    raise ValueError(f"answers.py: expected a grade_id of the release, got {grade_id!r}")


def submission(folder: Path, release: Path) -> NotebookNode:
    """The notebook that `folder`/answers.py makes of the release notebook."""
    return build(nbformat.read(release, 4), read_answers((folder / "answers.py").read_text("utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the notebooks of a sample class from the release notebook.")
    parser.add_argument("assignment")
    parser.add_argument("--release", type=Path, help="release notebook; default: release/<assignment>/<assignment>.ipynb")
    options = parser.parse_args()
    notebook = f"{options.assignment}.ipynb"
    release = options.release or ROOT / "release" / options.assignment / notebook
    for answers in sorted((ROOT / "tests" / "chapters" / options.assignment / "submissions").glob("*/answers.py")):
        nbformat.write(submission(answers.parent, release), answers.parent / notebook)
        print(answers.parent.name)


if __name__ == "__main__":
    main()
