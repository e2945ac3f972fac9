"""What a reader takes home, as ZIP files: each chapter with what it reads, each assignment as students get it, its data alone.

The same files always make the same bytes: names are sorted, times and rights are fixed. `SHA256SUMS` lists the
checksum of each.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.chapters import chapters

DATA = re.compile(r"\.\./data/([\w.-]+)")
PACKAGES = {"PIL": "pillow", "sklearn": "scikit-learn", "myst_nb": "myst-nb"}  # whose module is called otherwise
PACKED = {".npz", ".png", ".jpg"}  # these are compressed already
MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
README = """{title}
{line}

One chapter of the course: its {pages}, the data read there and the modules that go with it.

With Python 3.11, 3.12, 3.13 or 3.14, in this folder:

    python -m venv .venv
    .venv/bin/pip install jupyterlab -r requirements.txt
    .venv/bin/jupyter lab {opening}

Text and figures are under CC BY 4.0 (LICENSE-TEXT), code is under MIT (LICENSE); the data have their own
licences, listed in data/PROVENANCE.md.
"""

ASSIGNMENT_README = """{title}
{line}

An assignment of the course: the notebook {assignment}.ipynb{with_data}.

1. Install PyTorch. Without a graphics card the build for the CPU is enough, and several GB smaller: PyTorch's page
   "Get started", https://pytorch.org/get-started/locally/, prints the command; choose Pip and CPU.
2. Install the rest, in this folder:

       python -m pip install jupyterlab -r requirements.txt

   Any Python from 3.11 to 3.14 will do. The notebook's first cell says what it is graded with where yours is newer.
3. Open the notebook:

       python -m jupyter lab {assignment}.ipynb

Nothing is downloaded later.{colab}
"""
COLAB = """

Where you upload the notebook alone, as to Colab, upload {data} beside it as well: this one
file holds its data, and the notebook's first cell unpacks it. (Here they lie beside the notebook already.)"""


def archive(files: dict[str, bytes]) -> bytes:
    """Return a ZIP file; the same files give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            kind = zipfile.ZIP_STORED if Path(name).suffix in PACKED else zipfile.ZIP_DEFLATED
            zipped.writestr(entry, files[name], kind, 9)
    return file.getvalue()


def imported(source: str) -> set[str]:
    """Return the names of the packages and modules that Python source imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def source_of(notebook: Path) -> str:
    """Return the code of a notebook, without IPython's own commands."""
    sources = ("".join(cell["source"]) for cell in cells_of(notebook) if cell["cell_type"] == "code")
    lines = "\n".join(sources).splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def modules_of(source: str, *folders: Path) -> dict[Path, str]:
    """Return the modules that source needs, directly or through others, of the first folder that has each: file and source."""
    found: dict[Path, str] = {}
    asked = [source]
    while asked:
        for name in imported(asked.pop()):
            file = next((file for folder in folders if (file := folder / f"{name}.py").exists()), None)
            if file and file not in found:
                found[file] = file.read_text(encoding="utf-8")
                asked.append(found[file])
    return found


def requirements(sources: list[str], own: set[str]) -> str:
    """Return the packages that sources import, each with the version of this environment.

    Args:
        sources: Python.
        own: names of modules that lie beside them.
    """
    names = set().union(*map(imported, sources)) - own - set(sys.stdlib_module_names)
    packages = {PACKAGES.get(name, name) for name in names}
    return "".join(f"{package}=={version(package).partition('+')[0]}\n" for package in sorted(packages, key=str.lower))


def cells_of(notebook: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook, which is in normal form: nothing has to be checked or converted."""
    return json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def title_of(page: Path) -> str:
    """Return the heading of a page: a notebook, or a text."""
    text = "".join(cells_of(page)[0]["source"]) if page.suffix == ".ipynb" else page.read_text(encoding="utf-8")
    return text.partition("\n")[0].lstrip("# ").strip()


def chapter_files(root: Path, chapter: str) -> dict[str, bytes]:
    """Return what a chapter needs to run: name in the archive and content.

    Args:
        root: the course's folder.
        chapter: id of the chapter.
    """
    its = chapters(root)[chapter]
    pages, notebooks = its.files(root), its.notebooks(root)
    source = "\n".join(map(source_of, notebooks))
    modules = modules_of(source, root / "book" / chapter, root / "book")
    title = title_of(pages[0])
    texts = {file.relative_to(root).as_posix(): text for file, text in modules.items()}
    texts["requirements.txt"] = requirements([source, *modules.values()], {file.stem for file in modules})
    kinds = {"opening": notebooks[0].relative_to(root), "pages": "notebook" if len(notebooks) == 1 else f"{len(notebooks)} notebooks"}
    texts["README.txt"] = README.format(title=title, line="=" * len(title), **kinds)
    files = {name: text.encode() for name, text in texts.items()}
    files |= {file.relative_to(root).as_posix(): file.read_bytes() for file in pages}
    data = {name for text in (source, *modules.values()) for name in DATA.findall(text)}
    for name in (*(f"data/{name}" for name in data), "data/PROVENANCE.md", "LICENSE", "LICENSE-TEXT"):
        files[name] = (root / name).read_bytes()
    return {f"{chapter}-chapter/{name}": content for name, content in files.items()}


def assignment_files(root: Path, assignment: str) -> dict[str, bytes]:
    """Return what students get of an assignment: name in the archive and content.

    Beside the release lie a README, what to install, and the data once more as the one file that is uploaded elsewhere.
    """
    folder = root / "release" / assignment
    released = {file.relative_to(folder).as_posix(): file.read_bytes() for file in released_files(folder)}
    data, title = data_files(root, assignment), title_of(folder / f"{assignment}.ipynb")
    packed = data_name(assignment)
    with_data = f" and its data ({', '.join(data)})" if data else ""
    colab = COLAB.format(data=packed) if data else ""
    readme = ASSIGNMENT_README.format(title=title, line="=" * len(title), assignment=assignment, with_data=with_data, colab=colab)
    more = {"README.txt": readme.encode(), "requirements.txt": (root / "release" / "requirements.txt").read_bytes()}
    more |= {packed: archive(data)} if data else {}
    return {f"{assignment}/{name}": content for name, content in (released | more).items()}


def released_files(folder: Path) -> list[Path]:
    """Return the files of a release, without what an editor keeps beside them."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and ".ipynb_checkpoints" not in file.parts)


def data_files(root: Path, assignment: str) -> dict[str, bytes]:
    """Return what an assignment's notebook reads: name and content, none for some."""
    files = (file for file in released_files(root / "release" / assignment) if file.suffix != ".ipynb")
    return {file.name: file.read_bytes() for file in files}


def data_name(assignment: str) -> str:
    """Return the name of the archive with an assignment's data, as the notebook's first cell looks for it."""
    return f"{assignment}_data.zip"


def members(root: Path, name: str) -> dict[str, bytes]:
    """Return what an archive holds.

    Args:
        root: the course's folder.
        name: of the archive, `<id>-chapter.zip`, `<id>-assignment.zip` or `<id>_data.zip`.
    """
    makers = {"chapter": chapter_files, "assignment": assignment_files, "data": data_files}
    return makers[kind_of(name)](root, chapter_of(name))


def chapter_of(name: str) -> str:
    """Return the chapter that an archive belongs to."""
    return name.removesuffix(data_name("")) if name.endswith(data_name("")) else name.removesuffix(".zip").rpartition("-")[0]


def kind_of(name: str) -> str:
    """Return whether an archive holds a chapter, an assignment, or an assignment's data."""
    return "data" if name.endswith(data_name("")) else name.removesuffix(".zip").rpartition("-")[2]


def names(root: Path, ids: list[str]) -> list[str]:
    """Return the names of all archives; a chapter may have no assignment, and that no data."""
    assigned = [chapter for chapter in ids if (root / "release" / chapter).is_dir()]
    data = [data_name(chapter) for chapter in assigned if data_files(root, chapter)]
    return sorted([*(f"{chapter}-chapter.zip" for chapter in ids), *(f"{chapter}-assignment.zip" for chapter in assigned), *data])


def checksums(archives: dict[str, bytes]) -> bytes:
    """Return the list of checksums, as `sha256sum` writes it."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(archives.items())).encode()


def bundles(root: Path, ids: list[str]) -> dict[str, bytes]:
    """Return all archives and the list of their checksums: file name and content.

    Args:
        root: the course's folder.
        ids: of the chapters, in reading order.
    """
    archives = {name: archive(members(root, name)) for name in names(root, ids)}
    return {**archives, "SHA256SUMS": checksums(archives)}
