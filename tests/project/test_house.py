"""A house kept: every dependency has a licence, every link to the outside is one we know of, no file lies about unused."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import distribution, distributions
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKED = re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
INSTALLED = {d.metadata["Name"].lower().replace("_", "-").replace(".", "-") for d in distributions()}
HERE = [name for name in LOCKED if name.lower().replace("_", "-").replace(".", "-") in INSTALLED]

# Beginnings of licence names under which we may use and name a package. NVIDIA's are those of its CUDA libraries, which
# PyTorch brings along and which nobody passes on with this course; codespell, hadolint and psycopg2 are programs that tests run.
LICENCES = (
    "BSD", "MIT", "Apache", "ISC", "PSF", "Python Software Foundation", "Mozilla Public License", "MPL", "Public Domain", "DFSG",
    "GPL-2.0-only", "GPL-3.0", "GNU Library or Lesser", "LicenseRef-NVIDIA", "NVIDIA", "Other/Proprietary License",
)  # fmt: skip
SAID_ELSEWHERE = {"axe-playwright-python": "MIT, in its repository", "cuda-toolkit": "NVIDIA, a package without files"}

# Where the book, the assignments and the documentation lead: scientific papers, books, our tools' documentation.
OUTSIDE = {
    "arxiv.org", "jmlr.org", "proceedings.mlr.press", "www.deeplearningbook.org", "d2l.ai", "cs231n.github.io", "karpathy.github.io",
    "otexts.com", "setosa.io", "creativecommons.org", "github.com", "docs.pytest.org", "docs.moodle.org",
    "gradescope-autograders.readthedocs.io", "fontawesome.com", "pytorch.org", "developerdocs.instructure.com", "gateway.dask.org",
    "jobqueue.dask.org", "kubernetes.dask.org",
}  # fmt: skip
# Names in markup and settings that nobody follows: vocabularies, examples, services behind a switch, this machine.
NOT_LINKS = {
    "www.w3.org", "www.idpf.org", "purl.org", "uni.example", "canvas.example", "moodle.example", "mybinder.org",
    "colab.research.google.com", "127.0.0.1", "localhost",
}  # fmt: skip
LINK = re.compile(r"https?://[A-Za-z0-9.-]+")


def licence(name: str) -> str:
    """What an installed package says of its licence."""
    about = distribution(name).metadata
    classified = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier", []) if text.startswith("License ::")]
    return about.get("License-Expression") or "; ".join(classified) or (about.get("License") or "").strip().split("\n")[0]


def tracked() -> list[str]:
    """The files under version control, or all of an unpacked archive's."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_every_dependency_has_a_licence():
    said = {name: licence(name) for name in HERE if name not in SAID_ELSEWHERE}
    assert {name: text for name, text in said.items() if not text.startswith(LICENCES)} == {}
    assert len(said) > 150


def test_licences_of_code_and_text_are_there():
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "Attribution 4.0 International" in (ROOT / "LICENSE-TEXT").read_text("utf-8")


def links() -> dict[str, set[str]]:
    """The hosts that files for readers name, and in which."""
    found: dict[str, set[str]] = {}
    for name in tracked():
        if name.startswith(("book/", "source/", "autograder/")) or name in {"README.md", "CONTRIBUTING.md", "_config.yml"}:
            text = (ROOT / name).read_bytes().decode("utf-8", "ignore")
            for address in LINK.findall(text) if not name.endswith("package-lock.json") else ():
                found.setdefault(urlsplit(address).hostname or "", set()).add(name)
    return found


def test_links_lead_where_we_know():
    unknown = {host: names for host, names in links().items() if host not in OUTSIDE | NOT_LINKS}
    assert unknown == {}


def test_no_known_place_is_forgotten():
    assert OUTSIDE | NOT_LINKS <= set(links())


def test_no_file_lies_about_unused():
    """A file is used if a tool finds it by its name or place, or another file names it."""
    files = tracked()
    by_place = re.compile(
        r"(^|/)(test_[^/]*\.py|conftest\.py|__init__\.py|__main__\.py|[^/]*\.test\.mjs|expected\.yaml|answers\.py)$"
        r"|^(tests/chapters/\w+/(solutions|submissions)|tests/attacks/sources|tests/javascript|release|source|autograder/(authoring/skeleton|feedback/templates|inside)|book/_ext/templates)/"
        r"|^(\.|LICENSE|README|CONTRIBUTING)|\.ipynb$|LICENSE|PROVENANCE"
    )
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "ignore") for name in files if (ROOT / name).stat().st_size < 2_000_000}
    unused = []
    for name in files:
        path = Path(name)
        if by_place.search(name):
            continue
        spoken = re.compile(rf"\b{re.escape(path.stem)}\b")
        if not any(spoken.search(text) for other, text in texts.items() if other != name):
            unused.append(name)
    assert unused == []


def test_tests_that_texts_and_comments_name_lie_there():
    spoken = re.compile(r"(?<![\w/.-])tests/[\w/-]+(?:\.\w+)*(?![\w<*/])")
    lost = []
    for name in tracked():
        if not name.startswith(("tests/", "release/")) and (ROOT / name).stat().st_size < 2_000_000:
            places = set(spoken.findall((ROOT / name).read_bytes().decode("utf-8", "ignore")))
            lost += [f"{name}: {place}" for place in sorted(places) if not (ROOT / place).exists()]
    assert lost == []
