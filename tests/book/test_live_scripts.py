"""When the scripts of the pages' live parts are written anew (book/_ext/live_scripts.py)."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))
live_scripts = importlib.import_module("live_scripts")


@pytest.fixture
def scripts(monkeypatch, tmp_path):
    """The scripts of a build whose only module is in `tmp_path/live`, and a page's script of an earlier one in `old`."""
    monkeypatch.setattr(live_scripts, "LIVE", tmp_path / "live")
    monkeypatch.setattr(live_scripts, "find_bundler", lambda: None)
    old = tmp_path / "html/_static/live/bundle-0123456789ab.js"
    for file in (tmp_path / "live/one.mjs", old):
        file.parent.mkdir(parents=True)
        file.write_text("export const one = 1;")
    app = SimpleNamespace(builder=SimpleNamespace(name="html"), outdir=tmp_path / "html")
    env = SimpleNamespace(found_docs={"live", "plain"}, metadata={"live": {"visuals": 1}})
    return SimpleNamespace(again=lambda: live_scripts.LiveScripts().write_again(app, env), old=old, module=tmp_path / "live/one.mjs")


def test_pages_with_live_parts_are_written_again_when_a_module_changes(scripts):
    assert scripts.again() == ["live"]
    assert scripts.again() == []
    scripts.module.write_text("export const one = 2;")
    assert scripts.again() == ["live"]


def test_script_that_no_page_names_any_more_is_removed(scripts):
    scripts.again()
    assert not scripts.old.exists()


def test_script_stays_while_nothing_changes(scripts):
    scripts.again()
    scripts.old.write_text("again")
    scripts.again()
    assert scripts.old.exists()
