"""Texts that a student's process printed, as a page shows them."""

import pytest

from autograder.jobs.outputs import MAX_ALL_OUTPUTS, MAX_CHARACTERS, MAX_OUTPUTS, MAX_PICTURE, MAX_TEXT, OutputCleaner


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


def cleaned(*claims: dict) -> list[dict]:
    return OutputCleaner().clean(list(claims))


def display(**data: str) -> dict:
    return {"output_type": "display_data", "data": {name.replace("_", "/"): text for name, text in data.items()}}


def test_a_long_text_keeps_its_beginning_and_its_end_and_tells_what_is_gone():
    text = "begin" + "x" * 10 * MAX_TEXT + "end"
    for output in cleaned({"output_type": "stream", "text": text}, display(text_plain=text)):
        kept = output.get("text") or output["data"]["text/plain"]
        assert kept.startswith("begin") and kept.endswith("end") and len(kept) < MAX_TEXT + 100
        assert "[… 1,800,008 characters are left out here …]" in kept


def test_a_display_that_is_too_large_is_told_in_its_text():
    output = display(image_png="A" * (MAX_PICTURE + 4), text_html="<b>" * MAX_TEXT, text_plain="<Figure>")
    (kept,) = cleaned(output)
    assert set(kept["data"]) == {"text/plain"} and kept["data"]["text/plain"].endswith("<Figure>")
    assert "[image/png of 1,500,004 characters was too large to be kept]" in kept["data"]["text/plain"]
    assert "[text/html of 600,000 characters was too large to be kept]" in kept["data"]["text/plain"]


def test_a_traceback_is_limited_line_by_line():
    (kept,) = cleaned({"output_type": "error", "ename": "E" * 10**6, "evalue": "v" * 10**6, "traceback": ["x" * 10**6] * 1000})
    assert len(kept["traceback"]) == 100 and sum(map(len, kept["traceback"])) < 500_000 and len(kept["evalue"]) < 5000


def test_a_notebook_keeps_so_many_outputs_and_characters_and_no_more():
    cleaner = OutputCleaner()
    kept = [cleaner.clean([display(text_plain="x")] * 10_000) for _ in range(50)]
    assert [len(outputs) for outputs in kept[:2]] == [MAX_OUTPUTS + 1] * 2 and "was cut here" in kept[0][-1]["text"]
    assert sum(len(outputs) for outputs in kept) <= MAX_ALL_OUTPUTS + 50
    cleaner = OutputCleaner()
    kept = [cleaner.clean([{"output_type": "stream", "text": "x" * MAX_TEXT}] * 5) for _ in range(30)]
    assert sum(len(output["text"]) for outputs in kept for output in outputs) < MAX_CHARACTERS + 30 * 100
    assert cleaner.clean([{"output_type": "stream", "text": "short"}])[0]["text"] == "short", "what is short still has room"


def test_metadata_is_never_the_students():
    claims = [
        display(text_html="<b>") | {"metadata": {"autograder": {"checks": []}}},
        {"output_type": "execute_result", "data": {}, "metadata": {"isolated": 1}},
    ]
    assert [output["metadata"] for output in cleaned(*claims)] == [{}, {}]
