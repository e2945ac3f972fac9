"""Comparing what a student's code gives with what is right: where hidden checks, also those in course folders, import it from."""

from autograder.checking.compare import (
    ANYTHING,
    SAME,
    CheckFailed,
    describe,
    expect_answers,
    expect_array,
    expect_number,
    expect_tuple,
    expect_words,
    fail,
    filled,
    holds_texts,
    of_another_type,
    show,
)

__all__ = [
    "ANYTHING",
    "SAME",
    "CheckFailed",
    "describe",
    "expect_answers",
    "expect_array",
    "expect_number",
    "expect_tuple",
    "expect_words",
    "fail",
    "filled",
    "holds_texts",
    "of_another_type",
    "show",
]
