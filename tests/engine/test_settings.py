"""The engine's settings: validated, and told in one table."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.plugin import Grade
from autograder.settings import Settings, settings_table


def test_defaults_are_valid_and_sealed():
    assert Settings().sandbox == "bubblewrap"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sandbox", "chroot", "sandbox: expected one of bubblewrap, podman, docker, process, got 'chroot'"),
        ("sandbox", None, "sandbox: expected str, got None"),
        ("workers", -1, "workers: expected a value from 0 to 64, got -1"),
        ("workers", 1.5, "workers: expected int, got 1.5"),
        ("workers", True, "workers: expected int, got True"),
        ("cell_seconds", 0, "cell_seconds: expected a value from 0.1 to 86400, got 0.0"),
        ("cell_seconds", float("nan"), "cell_seconds: expected a value from .* got nan"),
        ("cell_seconds", float("inf"), "cell_seconds: expected a value from .* got inf"),
        ("cell_seconds", "10", "cell_seconds: expected float, got '10'"),
        ("memory_mb", 10**9, "memory_mb: expected a value from 64 to 1e\\+06, got 1000000000"),
        ("book", "uni.example/course", "book: expected an address that begins with https:// or http://, got 'uni.example/course'"),
        ("book", "javascript:alert(1)", "book: expected an address that begins with .*"),
        ("book", 'https://uni.example/">', "book: expected an address that begins with .*"),
        ("reuse_results", 1, "reuse_results: expected bool, got 1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(name, value, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Settings(**{name: value})


def test_whole_seconds_are_seconds():
    assert Settings(cell_seconds=30).cell_seconds == 30.0


@given(st.integers(0, 64))
def test_the_number_of_workers_is_at_least_one(workers):
    count = Settings(workers=workers).worker_count
    assert count == workers if workers else 1 <= count <= 8


def test_the_book_has_an_address_or_none():
    assert Settings().book == ""
    assert Settings(book="https://uni.example/course/").book == "https://uni.example/course/"


def test_settings_cant_be_changed_afterwards():
    with pytest.raises(dataclasses.FrozenInstanceError, match="sandbox"):
        Settings().sandbox = "process"


def test_the_table_tells_every_setting_with_its_default():
    lines = settings_table().splitlines()
    assert len(lines) == 2 + len(dataclasses.fields(Settings))
    for field, line in zip(dataclasses.fields(Settings), lines[2:], strict=True):
        assert line.startswith(f"| `{field.name}` | `{field.default!r}` | {Settings.help(field.name)}")
        assert line.endswith(" |") and line.count("|") == 4


def test_nbgrader_knows_every_setting_with_the_same_default_and_help():
    traits = Grade.class_traits(config=True)
    for field in dataclasses.fields(Settings):
        assert traits[field.name].default_value == field.default
        assert traits[field.name].help == Settings.help(field.name)
    assert Grade().settings() == Settings()
