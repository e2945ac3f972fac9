"""The project's own promises: versions agree, the layout is complete, notebooks are in one normal form.

Code, types and spelling are looked at by the hooks of `.pre-commit-config.yaml`: at each commit, and by `make lint` in CI.
"""

import re
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

from autograder.authoring.normal_form import normal_form
from autograder.chapters import chapters

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("_config.yml", "_toc.yml", "book", "source", "release", "autograder", "tests", "environment.yml", "nbgrader_config.py")
IDS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())
IN_BOOK = sorted(file for file in (ROOT / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in file.parts)
NOTEBOOKS = sorted([*IN_BOOK, *(ROOT / "source").glob("*/*.ipynb")])


def locked_versions() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s\\;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))


def conda_versions() -> dict[str, str]:
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pinned = next(item["pip"] for item in dependencies if isinstance(item, dict))
    return dict(line.split("==") for line in pinned if "==" in line)


def direct_dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [line for part in (project["dependencies"], *project["optional-dependencies"].values()) for line in part]


def test_conda_users_get_the_locked_versions():
    locked = locked_versions()
    assert conda_versions() == {name: locked[name] for name in conda_versions()}


def test_conda_users_get_every_direct_dependency():
    assert set(conda_versions()) == {re.match(r"[A-Za-z0-9-]+", line)[0] for line in direct_dependencies()}


def test_every_locked_package_has_a_hash():
    blocks = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_jupyter_book_stays_below_2():
    assert locked_versions()["jupyter-book"].startswith("1.")


@pytest.mark.parametrize("room", ROOMS)
def test_layout_has_the_rooms_that_were_agreed(room):
    assert (ROOT / room).exists()


@pytest.mark.parametrize("name", IDS)
def test_one_id_names_everything_of_a_chapter(name):
    parts = (f"source/{name}/{name}.ipynb", f"autograder/checks/test_{name}.py", f"autograder/reference/{name}.py")
    assert [part for part in parts if not (ROOT / part).is_file()] == []
    assert chapters()[name].opening in (f"book/{name}", f"book/{name}/index")


def test_every_notebook_of_the_book_is_a_page_of_one_chapter():
    pages = [file for chapter in chapters().values() for file in chapter.notebooks()]
    assert sorted(pages) == IN_BOOK


@pytest.mark.parametrize("name", [name for name, chapter in chapters().items() if chapter.is_divided])
def test_a_divided_chapter_opens_with_its_own_page_and_has_others(name):
    pages = chapters()[name].pages
    assert pages[0] == f"book/{name}/index" and len(pages) > 1 and len(set(pages)) == len(pages)
    assert not (ROOT / "book" / f"{name}.ipynb").exists(), "the chapter is there twice"


def test_the_plan_of_a_term_hands_out_every_chapters_assignment_in_turn():
    rows = re.findall(
        r"^\| \d+ \| (?:\{doc\}`(\w+)(?:/index)?`|[\w, ]+) \| (\w*) ?\| (\w*) ?\|$",
        (ROOT / "book" / "term.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assigned = [name for name in chapters() if name in IDS]
    assert [read for read, _, _ in rows if read] == assigned
    assert [out for _, out, _ in rows if out] == assigned
    assert [back for _, _, back in rows if back] == assigned


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_notebooks_are_valid_and_in_normal_form(path):
    text = path.read_text("utf-8")
    notebook = nbformat.reads(text, 4)
    nbformat.validate(notebook)
    assert text == normal_form(text, keep_outputs=path in IN_BOOK), "run `python -m autograder normalise`"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_notebook_cells_are_short(path):
    cells = nbformat.read(path, 4).cells
    assert [cell.id for cell in cells if cell.cell_type == "code" and len(cell.source.splitlines()) > 40] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_notebooks_store_no_pictures(path):
    outputs = [(cell.id, output) for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    assert [name for name, output in outputs if any(mime.startswith("image/") for mime in output.get("data", {}))] == []
    if path.parent.parent.name == "source":
        assert outputs == []


def test_hooks_are_of_tools_that_are_pinned():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"], "nothing is downloaded at a commit"
    programs = {hook["entry"].split()[0] for hook in hooks[0]["hooks"]}
    assert programs - set(locked_versions()) == {"python"}


def test_settings_table_lists_every_setting():
    from autograder.plugin import Grade
    from autograder.settings import Settings, settings_table

    for name in Settings().as_dict():
        assert f"| `{name}` |" in settings_table()
        assert name in Grade.class_trait_names(config=True)
