"""Texts that a student's process printed, as a page shows them."""

import pytest

from autograder.outputs import OutputCleaner


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("plain\ntext\n", "plain\ntext\n"),
        ("\r1 of 2\r2 of 2\nready", "2 of 2\nready"),
        ("a\n10 %\r100 %", "a\n100 %"),
        ("10 %\r", "10 %\r"),
        ("windows\r\nlines\r\n", "windows\r\nlines\r\n"),
        ("1\r2\r\n3\r4\r\n", "2\r\n4\r\n"),
    ],
)
def test_of_a_progress_bar_the_last_state_stays(printed, shown):
    cleaned = OutputCleaner().clean([{"output_type": "stream", "name": "stdout", "text": printed}])
    assert [output["text"] for output in cleaned] == [shown]
