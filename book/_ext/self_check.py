"""The directive `self-check`: a question the reader answers on the page, with feedback for each typical mistake.

    ```{self-check}
    id: cn-stride-seven
    question: |
      A picture of 7 × 7 pixels, a kernel of 3 × 3, stride 2, no padding: how wide is the output?
    answer: convnets.conv_output_size(7, 3, stride=2)
    unit: numbers
    explanation: |
      $\\lfloor (7 - 3) / 2 \\rfloor + 1$.
    mistakes:
      - value: convnets.conv_output_size(7, 3)
        feedback: That is the width at stride 1.
    ```

With `choices` instead of `answer` (a list of `text`, `feedback`, `right: true` on the right ones; `several: true` if
more than one) each choice has `when`, an expression that must be True exactly for the right ones; where a definition
decides, the whole check says `definition: true` and its `source`. A number that isn't whole has a `tolerance`. `holds`
lists what the texts claim, `formerly` the names that the check had. Expressions use `np`, `math`, `torch`, `nn`, `F`,
`signal`, `ndimage`, the course's reference modules by name, and what the statements in `given` define.
The key is computed when the page is read: no number of it is typed, and one that is wrong fails the build.

`{self-check-progress}` shows how far the reader has come in the whole book.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from check_html import VISITORS, check_answer, check_count, check_overview, check_part, self_check
from check_keys import REFERENCE, compute_apart, problems, shown_number, used_modules
from check_text import Check, CheckError, checks_in, markdown_of, read_check
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective


class Keys:
    """The computed answer keys, kept in a file from build to build.

    Args:
        file: where; a key stays valid as long as the check's text and the reference answers it uses.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def of(self, checks: list[Check]) -> list[dict[str, Any]]:
        """Return the checks' keys; all that aren't known are computed in one go."""
        prints = [self._fingerprint(check) for check in checks]
        new = {name: check for name, check in zip(prints, checks, strict=True) if name not in self.known}
        if new:
            self.known |= dict(zip(new, compute_apart(list(new.values())), strict=True))
            self.file.write_text(json.dumps(self.known))
        return [self.known[name] for name in prints]

    def _fingerprint(self, check: Check) -> str:
        digest = hashlib.sha256(json.dumps(asdict(check)).encode())
        for file in reference_files(check):
            digest.update(file.read_bytes())
        return digest.hexdigest()


def reference_files(check: Check) -> list[Path]:
    """Return the files of the reference answers that a check's expressions name."""
    return [file for name in used_modules(check) if (file := REFERENCE / f"{name}.py").exists()]


def keys_of(env: BuildEnvironment) -> Keys:
    """Return the keys of this build."""
    if not hasattr(env.app, "self_check_keys"):
        env.app.self_check_keys = Keys(Path(env.doctreedir) / "self_checks.json")
    return env.app.self_check_keys


class SelfCheck(SphinxDirective):
    """Insert a question with its choices or its field, and the folded answer."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the question of its YAML and its computed key."""
        try:
            check = read_check("\n".join(self.content), self.env.docname)
            values = self._key(check)
        except CheckError as error:
            raise self.error(str(error)) from None
        for file in reference_files(check):
            self.env.note_dependency(str(file))
        self._remember(check)
        node = self_check("", check=check, values=values, ids=[f"check-{check.id}"])
        node += nodes.paragraph("", "", nodes.strong("", "Self-check"), classes=["self-check-head"])
        node += self._part("question", check.question)
        node += self._choices(check) if check.choices else []
        node += self._answer(check, values)
        return [node]

    def _key(self, check: Check) -> dict[str, Any]:
        """Return the values of a check's expressions, which agree with what its author says."""
        (values,) = keys_of(self.env).of([check])
        if found := problems(check, values):
            raise CheckError(f"{self.env.docname}: self-check {check.id}: {'; '.join(found)}")
        return values

    def _remember(self, check: Check) -> None:
        """Note the check for the lists of progress; its name must be new in the book."""
        for page, known in self.env.self_checks.items():
            if taken := {check.id, *check.formerly} & {name for entry in known for name in (entry["id"], *entry["formerly"])}:
                raise self.error(f"{self.env.docname}: self-check {', '.join(taken)}: expected an id of its own, got one of {page}")
        self.env.self_checks.setdefault(self.env.docname, []).append({"id": check.id, "formerly": list(check.formerly)})

    def _markdown(self, text: str, parent: nodes.Element) -> nodes.Element:
        self.state.nested_parse(StringList(text.splitlines(), self.env.docname), self.content_offset, parent)
        return parent

    def _part(self, name: str, text: str) -> nodes.Element:
        return self._markdown(text, check_part("", part=name))

    def _item(self, lead: str, text: str) -> nodes.list_item:
        """Return a list item that starts with a word in front, which scripts can find."""
        item = self._markdown(text, nodes.list_item())
        if not isinstance(item[0], nodes.paragraph):
            item.insert(0, nodes.paragraph())
        if lead:
            item[0].insert(0, nodes.strong("", f"{lead} ", classes=["self-check-lead"]))
        return item

    def _choices(self, check: Check) -> nodes.Node:
        items = [self._item("", choice.text) for choice in check.choices]
        for number, item in enumerate(items):
            if len(item) != 1 or not isinstance(item[0], nodes.paragraph):
                raise self.error(f"{self.env.docname}: self-check {check.id}: choices[{number}]: text: expected one paragraph")
        return nodes.enumerated_list("", *items, enumtype="upperalpha", prefix="", suffix=".", classes=["self-check-choices"])

    def _answer(self, check: Check, values: dict[str, Any]) -> nodes.Element:
        """Return the folded part: the answer, and what is wrong with the others."""
        answer = check_answer()
        if check.answer:
            number = f"{shown_number(values['answer'], check.tolerance)} {check.unit}".strip()
            answer += nodes.paragraph("", "", nodes.strong("", number, classes=["self-check-number"]))
        if check.explanation:
            answer += self._part("explanation", check.explanation)
        marks = [("Right." if choice.right else "Wrong.", choice.feedback) for choice in check.choices]
        marks += [
            (f"Not {shown_number(values[f'mistakes[{n}].value'], check.tolerance)}:", m.feedback) for n, m in enumerate(check.mistakes)
        ]
        items = [self._item(lead, text) for lead, text in marks]
        of_choices = {"enumtype": "upperalpha", "prefix": "", "suffix": "."}
        feedback = nodes.enumerated_list("", *items, **of_choices) if check.choices else nodes.bullet_list("", *items)
        feedback["classes"] = ["self-check-feedback"]
        answer += feedback
        if check.source:
            answer += self._part("source", f"Source: {check.source}")
        return answer


class Progress(SphinxDirective):
    """Insert the reader's progress through the book."""

    def run(self) -> list[nodes.Node]:
        """Make the place; it is filled when all pages have been read."""
        self.env.metadata[self.env.docname]["self_check_progress"] = "yes"
        return [check_overview()]


def prepare(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Compute the keys of all pages that will be read at once; what is wrong with a check its directive tells."""
    env.self_checks = getattr(env, "self_checks", {})
    checks = []
    for name in docnames:
        try:
            checks += checks_in(markdown_of(Path(env.doc2path(name))), name)
        except (CheckError, OSError):
            continue
    if checks:
        keys_of(env).of(checks)


def name_places(app: Sphinx, doctree: nodes.document) -> None:
    """Give each check of a page the name of its section, and the page a line that counts them."""
    found = list(doctree.findall(self_check))
    if not found:
        return
    places, counts = app.env.self_checks[app.env.docname], Counter()
    for entry, node in zip(places, found, strict=True):
        section = next(parent for parent in ancestors(node) if isinstance(parent, nodes.section))
        title = section.next_node(nodes.title).astext()
        counts[title] += 1
        entry["section"] = title if counts[title] == 1 else f"{title}, question {counts[title]}"
    top = next(doctree.findall(nodes.title))
    top.parent.insert(top.parent.index(top) + 1, check_count(entries=places))


def ancestors(node: nodes.Node) -> list[nodes.Node]:
    """Return what a node stands in, from inside to outside."""
    return [] if node.parent is None else [node.parent, *ancestors(node.parent)]


def forget_page(_app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Drop what is known of a page that is read again or gone."""
    getattr(env, "self_checks", {}).pop(page, None)


def merge_pages(_app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what another process has read."""
    env.self_checks |= {page: other.self_checks[page] for page in docnames if page in other.self_checks}


def write_progress_again(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that list the checks of all others: they change with any of them."""
    return [page for page, about in env.metadata.items() if "self_check_progress" in about]


def load_modules(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Load style and modules on the pages that use them, and on no others."""
    tags = ["self-check", "self-check-count"] if page in getattr(app.env, "self_checks", {}) else []
    tags += ["self-check-count"] if not tags and "self_check_counts" in app.env.metadata.get(page, {}) else []
    tags += ["self-check-progress"] if "self_check_progress" in app.env.metadata.get(page, {}) else []
    for tag in tags:
        app.add_js_file(f"live/{tag}.mjs", type="module")
    if tags:
        app.add_css_file("self_check.css")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, what writes their elements, and what keeps the lists."""
    for node, writers in VISITORS.items():
        app.add_node(node, **writers)
    app.add_directive("self-check", SelfCheck)
    app.add_directive("self-check-progress", Progress)
    app.connect("env-before-read-docs", prepare)
    app.connect("doctree-read", name_places)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("env-updated", write_progress_again)
    app.connect("html-page-context", load_modules)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
