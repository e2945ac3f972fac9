"""Downloads: the archives of chapters and assignments, the page that lists them, and a line on each chapter.

The directive `downloads` writes the table. The archives are made before the pages are read, in
`_build/downloads`, and copied to the built book.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import bundles
from bundles import title_of
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.chapters import chapter_of, chapters, source_of

SUMS, MADE_OF = "SHA256SUMS", ".made-of.json"
UNITS = ((1_000_000, "MB"), (1_000, "kB"))


def store(app: Sphinx) -> Path:
    """Return the folder that keeps the archives."""
    return Path(app.outdir).parent / "downloads"


def ingredients(root: Path, name: str) -> str:
    """Return a hash of everything that an archive is made of."""
    chapter = bundles.chapter_of(name)
    patterns = [f"release/{chapter}/**/*", "release/requirements.txt"]
    if name.endswith("-chapter.zip"):
        patterns = [f"book/{chapter}.ipynb", f"book/{chapter}/*", "book/*.py", "data/*", "LICENSE*", "requirements.lock"]
    digest = hashlib.sha256(Path(bundles.__file__).read_bytes())
    for file in sorted(file for pattern in patterns for file in root.glob(pattern) if file.is_file()):
        digest.update(f"{file.relative_to(root)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def make(app: Sphinx) -> None:
    """Make the archives that hold something new."""
    if app.builder.name != "html":
        return
    folder, root = store(app), Path(app.srcdir)
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / MADE_OF
    before = json.loads(mark.read_text()) if mark.exists() else {}
    now = {name: ingredients(root, name) for name in bundles.names(root, list(chapters(root)))}
    for file in folder.glob("*.zip"):
        if file.name not in now:
            file.unlink()
    for name in now:
        if before.get(name) != now[name] or not (folder / name).exists():
            (folder / name).write_bytes(bundles.archive(bundles.members(root, name)))
    sums = bundles.checksums({name: (folder / name).read_bytes() for name in now})
    if not (folder / SUMS).exists() or (folder / SUMS).read_bytes() != sums:
        (folder / SUMS).write_bytes(sums)
    mark.write_text(json.dumps(now))


def publish(app: Sphinx, error: Exception | None) -> None:
    """Copy the archives to the built book."""
    if error is None and app.builder.name == "html":
        target = Path(app.outdir) / "downloads"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for file in (*store(app).glob("*.zip"), store(app) / SUMS):
            shutil.copy(file, target)


def size(file: Path) -> str:
    """Return a file's size as people say it."""
    count = file.stat().st_size
    unit, name = next((pair for pair in UNITS if count >= pair[0]), UNITS[-1])
    return f"{count / unit:.1f} {name}"


class Downloads(SphinxDirective):
    """Insert the table of the archives and their checksums."""

    def run(self) -> list[nodes.Node]:
        """Parse the table as part of the page, which is read again when an archive changes."""
        folder = store(self.env.app)
        self.env.note_dependency(str(folder / SUMS))
        rows = ["| Chapter | Notebook with its data | Assignment | Its data alone |", "|---|---|---|---|"]
        root = Path(self.env.srcdir)
        for chapter, its in chapters(root).items():
            title = title_of(source_of(its.opening, root))
            names = (f"{chapter}-chapter.zip", f"{chapter}-assignment.zip", bundles.data_name(chapter))
            rows.append(f"| {{doc}}`{title} </{its.opening}>` | " + " | ".join(self._cell(folder / name) for name in names) + " |")
        sums = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        table = nodes.container(classes=["download-table"])
        self.state.nested_parse(StringList(rows, "downloads"), self.content_offset, table)
        listing = nodes.literal_block("", "\n".join(sums), language="text", classes=["checksums"])
        return [*table.children, listing]

    def _cell(self, file: Path) -> str:
        """Return the link to one archive, with its size."""
        return f'<a href="../downloads/{file.name}">{file.name}</a> ({size(file)})' if file.exists() else "–"


def add_line(app: Sphinx, doctree: nodes.document) -> None:
    """Put the downloads of a chapter below its heading, on its opening page."""
    page, root = app.env.docname, Path(app.srcdir)
    chapter = chapter_of(page, root)
    title = next(iter(doctree.findall(nodes.title)), None)
    if app.builder.name != "html" or title is None or not chapter or chapters(root)[chapter].opening != page:
        return
    line = nodes.paragraph("", "Download: ")
    kinds = (("chapter", "this chapter with its data"), ("assignment", "its assignment"))
    links = [(store(app) / f"{chapter}-{kind}.zip", text) for kind, text in kinds]
    for number, (file, text) in enumerate((file, text) for file, text in links if file.exists()):
        line += nodes.Text(", ") if number else nodes.Text("")
        line += nodes.reference("", text, refuri=f"{'../' * page.count('/')}downloads/{file.name}", internal=True)
    line += nodes.Text(" (ZIP)")
    title.parent.insert(title.parent.index(title) + 1, nodes.container("", line, classes=["page-downloads"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and connect the making of the archives."""
    app.add_directive("downloads", Downloads)
    app.connect("builder-inited", make, priority=900)
    app.connect("doctree-read", add_line)
    app.connect("build-finished", publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
