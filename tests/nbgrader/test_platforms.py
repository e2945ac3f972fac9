"""What twelve students handed in lands where it belongs, from each platform, or is named: nobody's goes to another."""

import json
import re

import pytest
from platforms import ARCHIVES, CLASS, message, moodle_teams, notebook, planned, zipped

from autograder.authoring.course import ROOT
from autograder.collecting.plan import NothingCollected


def marks(plan) -> dict[str, str]:
    versions = {student: entry.chosen.notebooks["tiny"] for student, entry in plan.entries.items()}
    return {student: json.loads(version.item.path.read_bytes())["metadata"]["mark"] for student, version in versions.items()}


@pytest.mark.parametrize("platform", ARCHIVES)
def test_twelve_students_are_found_or_named(tmp_path, platform):
    make, named = ARCHIVES[platform]
    plan = planned(tmp_path, make())
    assert marks(plan) == {one.id: one.id for one in CLASS if one.id not in named}
    assert bool(plan.lost) == bool(named)
    assert all("may be kim1 or kim2" in why for why in plan.lost.values())


def test_the_file_of_a_team_goes_to_each_of_its_members(tmp_path):
    plan = planned(tmp_path, moodle_teams())
    assert marks(plan) == {one.id: CLASS[i - i % 3].id for i, one in enumerate(CLASS)} and not plan.lost


def test_every_platform_of_the_guide_is_tried():
    guide = (ROOT / "book" / "instructor.md").read_text("utf-8")
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \|[^|]*\|$", guide.partition("| from | form of the names")[2].partition("\n\n")[0], re.MULTILINE
    )
    named = {row.partition(",")[0] for row in rows}
    assert len(named) > 10 and named <= {platform.partition(",")[0] for platform in ARCHIVES}


def test_each_platforms_time_is_read_where_it_gives_one(tmp_path):
    times = {}
    for platform in ("Blackboard", "Brightspace", "Gradescope", "Moodle, anonymous", "e-mail", "Canvas"):
        folder = tmp_path / platform
        folder.mkdir()
        times[platform] = str(planned(folder, ARCHIVES[platform][0]()).entries["ben"].time)
    assert times == {
        "Blackboard": "2027-01-31 22:59:00",
        "Brightspace": "2027-01-30 20:30:00",
        "Gradescope": "2027-01-30 20:30:00",
        "Moodle, anonymous": "2027-01-29 14:15:00",
        "e-mail": "2027-01-31 19:00:00",
        "Canvas": "None",
    }


PUT = notebook("mallory's")
IMPERSONATIONS = {
    "her file is called like Canvas's": {"s.zip": zipped({"eve_9_1_lovelaceada_1101_2_tiny.ipynb": PUT})},
    "her name is called like Canvas's": {"s.zip": zipped({"lovelaceada_1101_99_9_10_tiny.ipynb": PUT, "lovelaceada_1101_30_01_tiny.ipynb": notebook("ada")})},
    "a namesake with another number": {"s.zip": zipped({"lovelaceada_9_1_tiny.ipynb": PUT})},
    "two namesakes of one": {"m.zip": zipped({f"Ada Lovelace_{n}_assignsubmission_file_/tiny.ipynb": PUT for n in (1, 2)})},
    "a display name like a group's": {
        "m.zip": zipped({f"{who}_assignsubmission_file_/tiny.ipynb": PUT for who in ("Lab 1-Ada Lovelace_1", "Lab 1-Lab 1-Ada Lovelace_2")})
    },
    "her file is called like Moodle's": {"Eve X_1_assignsubmission_file_Ada Lovelace_2_assignsubmission_file_tiny.ipynb": PUT},
    "a longer name": {"Mary Ada Lovelace/tiny.ipynb": PUT, "Ada Byron/tiny.ipynb": PUT, "ada_b_tiny.ipynb": PUT, "Anna-Ada Lovelace_1_assignsubmission_file_/t.ipynb": PUT},
    "a folder inside hers": {"eve/ada/tiny.ipynb": PUT, "eve/ben/tiny.ipynb": PUT, "zoe/tiny.ipynb": notebook("zoe")},
    "an archive inside hers": {"zoe/tiny.ipynb": notebook("zoe"), "eve/hw.zip": zipped({"lovelaceada_1101_1_tiny.ipynb": PUT})},
    "an attachment called like Canvas's": {"1.eml": message("eve@x.example", None, {"lovelaceada_1101_1_tiny.ipynb": PUT})},
    "a display name like an address": {"1.eml": message('"ada@uni.example" <eve@x.example>', None, {"tiny.ipynb": PUT})},
    "a login that ends like another": {"g.zip": zipped({f"hw_{who}_attempt_2027-01-31-22-59-00_t.ipynb": PUT if "ada" in who else notebook(who) for who in ("x_ada", "ben")})},
    "a name of two": {"ada and ben.ipynb": PUT, "ada_ben_tiny.ipynb": PUT},
    "another's number behind a name": {"Ben Ada 1101 tiny.ipynb": PUT, "Ada Lovelace 1102.ipynb": PUT},
    "a file called like the assignment": {"tiny.ipynb": PUT, "x/tiny-2.ipynb": PUT},
}  # fmt: skip


@pytest.mark.parametrize("trick", IMPERSONATIONS)
def test_what_somebody_chose_to_call_herself_puts_her_work_in_nobodys_place(tmp_path, trick):
    try:
        plan = planned(
            tmp_path,
            IMPERSONATIONS[trick] | {"zoe/x.ipynb": notebook("zoe")} if "zoe" not in str(IMPERSONATIONS[trick]) else IMPERSONATIONS[trick],
        )
    except NothingCollected as refused:
        assert "nothing is collected" in str(refused)
        return
    assert "mallory's" not in marks(plan).values()
    assert plan.lost


@pytest.mark.parametrize("name", ["stranger/tiny.ipynb", "README.txt"])
def test_a_collection_of_nobodys_files_alone_is_no_success(tmp_path, name):
    """A notebook as it was given out, in a folder of nobody in the table, and a file that is no notebook."""
    with pytest.raises(NothingCollected, match=rf"(?s)nothing is collected.*{name}.*who\.csv"):
        planned(tmp_path, {name: json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()})
