"""Several graders at one answer, by what the formgrader's pages send: what was changed meanwhile is told, and nothing overwritten unasked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_servers import Formgrader, jupyterlab, unmark
from nbgrader.api import Gradebook

CELL = "why_kernel"
ANSWER = "The last entry has no right neighbour."


@pytest.fixture(scope="module")
def served(generated, tmp_path_factory, level) -> Iterator[tuple[Any, str]]:
    """A course with three graded students, and the address of a server in it."""
    made = generated.copy(tmp_path_factory.mktemp("marking") / "course")
    with open(made.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f"\nc.Grade.sandbox = {level!r}\n")
    for student in ("ada", "ben", "cleo"):
        made.submit(student, made.answer({"area": "def area(height, width): return height * width", CELL: f"{ANSWER} {student}"}))
    made.nbgrader("autograde", "tiny")
    with jupyterlab(made.folder, made.folder.parent / "home", "server") as address:
        yield made, address


@pytest.fixture
def course(served):
    """The course with nothing done by hand."""
    made, _ = served
    unmark(made.folder)
    return made


class Page(Formgrader):
    """The page of one submission, opened by a grader: it keeps what it saw, as the formgrader's script does."""

    def __init__(self, course: Any, address: str, name: str, student: str = "ada") -> None:
        super().__init__(address, name)
        with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
            self.submission = gradebook.find_submission_notebook("tiny", "tiny", student).id
        self.grade, self.comment = (
            next(one for one in self.get(f"api/{kind}?submission_id={self.submission}") if one["name"] == CELL)
            for kind in ("grades", "comments")
        )

    def points(self, points: float | str | None, extra: float | None = None) -> tuple[int, Any]:
        return self.ask(f"api/grade/{self.grade['id']}", "PUT", **self.grade | {"manual_score": points, "extra_credit": extra})

    def say(self, comment: str) -> tuple[int, Any]:
        return self.ask(f"api/comment/{self.comment['id']}", "PUT", **self.comment | {"manual_comment": comment})

    def items(self, method: str = "GET", path: str = "", **body: Any) -> tuple[int, Any]:
        return self.ask(f"api/marking/{path or 'items'}/{self.submission}", method, **body)

    def item(self, text: str) -> dict[str, Any]:
        """An item of the question, added if there is none of this text."""
        told = self.items()[1][CELL]["items"]
        found = [one for one in told if one["text"] == text]
        if not found:
            _, added = self.ask(f"api/marking/items/{self.submission}/{CELL}", "POST", text=text, points=1)
            found = [one for one in added["items"] if one["text"] == text]
        return found[0]

    def give(self, item: dict[str, Any], given: bool = True) -> tuple[int, Any]:
        return self.items("PUT", f"given/{item['id']}", given=given, seen=self.grade["seen"])

    def see(self, refused: dict[str, Any]) -> None:
        """Goes on from what a refusal told."""
        self.grade["seen"] = self.comment["seen"] = refused["seen"]


@pytest.fixture
def pages(served, course):
    """Opens the page of Ada's submission."""
    return lambda name, student="ada": Page(course, served[1], name, student)


def kept(course: Any, student: str = "ada") -> tuple[float | None, str | None]:
    """Points and comment in the gradebook."""
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        grade, comment = gradebook.find_grade(CELL, "tiny", "tiny", student), gradebook.find_comment(CELL, "tiny", "tiny", student)
        return grade.manual_score, comment.manual_comment


def test_second_points_are_refused_with_who_gave_which_and_when(course, pages):
    anna, zoe = pages("Anna"), pages("Zoe")
    assert anna.points("2")[0] == 200
    status, told = zoe.points(1)
    assert status == 409 and kept(course) == (2.0, None)
    (change,) = told["changes"]
    assert change["who"] == "Anna" and change["at"].endswith("Z")
    assert change["before"]["manual_score"] is None and change["after"]["manual_score"] == 2.0
    assert not told["regraded"]


def test_after_a_refusal_hers_can_be_saved_knowingly(course, pages):
    anna, zoe = pages("Anna"), pages("Zoe")
    anna.points(2)
    zoe.see(zoe.points(1)[1])
    assert zoe.points(1)[0] == 200 and kept(course)[0] == 1.0


def test_a_third_change_after_the_refusal_is_refused_again(course, pages):
    anna, zoe = pages("Anna"), pages("Zoe")
    anna.points(2)
    zoe.see(zoe.points(1)[1])
    anna.points(1.5)
    status, told = zoe.points(1)
    assert status == 409 and [change["after"]["manual_score"] for change in told["changes"]] == [1.5]


def test_points_of_one_and_a_comment_of_another_belong_together(course, pages):
    anna, zoe = pages("Anna"), pages("Zoe")
    assert anna.points(2)[0] == 200 and anna.say("Both named.")[0] == 200
    status, told = zoe.say("Only one named.")
    assert status == 409 and kept(course) == (2.0, "Both named.")
    assert [change["after"]["comment"] for change in told["changes"]] == ["", "Both named."]
    assert zoe.points(1)[0] == 409


def test_two_windows_of_one_person_are_told_apart(course, pages):
    first, second = pages("Anna"), pages("Anna")
    first.say("A long comment.")
    status, told = second.say("Short.")
    assert status == 409 and told["changes"][0]["who"] == "Anna" and kept(course)[1] == "A long comment."


def test_ones_own_page_saves_as_often_as_it_likes(course, pages):
    anna = pages("Anna")
    for points in (1, 1.5, 2):
        assert anna.points(points)[0] == 200
        assert anna.say(f"{points} points")[0] == 200
    assert kept(course) == (2.0, "2 points")


def test_the_same_points_and_other_answers_are_no_conflict(course, pages):
    anna, zoe, other = pages("Anna"), pages("Zoe"), pages("Zoe", "ben")
    anna.points(2)
    assert zoe.points(2)[0] == 200, "nothing is overwritten"
    assert other.points(1)[0] == 200


def test_a_repeated_save_whose_answer_was_lost_is_no_conflict(course, pages):
    anna = pages("Anna")
    assert [anna.points(1)[0], anna.points(1)[0], anna.points(2)[0]] == [200] * 3


def test_what_another_program_changed_is_told_without_a_name(course, pages):
    anna = pages("Anna")
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        gradebook.find_grade(CELL, "tiny", "tiny", "ada").manual_score = 0.5
        gradebook.db.commit()
    status, told = anna.points(2)
    assert status == 409 and [change["who"] for change in told["changes"]] == [""] and kept(course)[0] == 0.5


def test_an_answer_that_was_handed_in_anew_and_graded_meanwhile_is_told(course, pages):
    anna, ben = pages("Anna", "cleo"), pages("Anna", "ben")
    course.submit("cleo", course.answer({CELL: "Another answer."}))
    course.nbgrader("autograde", "tiny", "--student=cleo", "--force")
    status, told = anna.points(2)
    assert status == 409 and told["regraded"] and told["changes"] == []
    anna.see(told)
    assert anna.points(2)[0] == 200
    course.nbgrader("autograde", "tiny", "--student=ben", "--force")
    assert ben.points(1)[0] == 200, "graded again, and the same answer"


def test_points_that_are_no_number_are_refused(course, pages):
    assert [pages("Anna").points(wrong)[0] for wrong in ("two", "nan", [2])] == [400] * 3
    assert kept(course)[0] is None


def test_nothing_of_it_stands_in_the_way_of_a_page_without_it(course, pages):
    """Such as nbgrader's own, of a server that began in another course."""
    anna, other = pages("Anna"), pages("Zoe")
    anna.points(2)
    del other.grade["seen"]
    assert other.points(1)[0] == 200
    status, told = anna.points(2)
    assert status == 409 and told["changes"][-1]["who"] == "Zoe"


def test_every_change_stays_known(course, pages):
    """What was overwritten knowingly can be found again in the gradebook's database."""
    from autograder.marking.answers import Place, marks_of

    anna = pages("Anna")
    anna.say("What a pity it would be.")
    anna.say("")
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        marks = marks_of(gradebook, Place("tiny", "tiny", CELL, "ada"))
        assert [mark.comment for mark in marks[-2:]] == ["What a pity it would be.", ""]
        assert [mark.number for mark in marks] == list(range(1, len(marks) + 1))


def test_of_two_servers_that_save_at_the_same_moment_one_is_refused(course, pages, served):
    """Each has read the answer before the other writes: the number of a change can be had once."""
    from sqlalchemy.exc import IntegrityError

    from autograder.marking.tables import Mark

    pages("Anna").points(2)
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gradebook:
        about = {
            "assignment": "tiny",
            "notebook": "tiny",
            "cell": "once",
            "student": "ada",
            "number": 1,
            "who": "",
            "page": "",
            "comment": "",
        }
        gradebook.db.add(Mark(**about))
        gradebook.db.commit()
        gradebook.db.expunge_all()
        gradebook.db.add(Mark(**about))
        with pytest.raises(IntegrityError, match="UNIQUE"):
            gradebook.db.commit()
        gradebook.db.rollback()


# ---- items


def test_an_item_gives_points_and_comment_at_once_and_takes_both_away(course, pages):
    anna = pages("Anna")
    item = anna.item("names the borders")
    status, told = anna.give(item)
    assert status == 200 and kept(course) == (1.0, "- names the borders (+1)")
    assert told["grade"]["manual_score"] == 1.0 and told["comment"]["manual_comment"] == "- names the borders (+1)"
    assert anna.points(1.5)[0] == 200, "one's own page goes on"
    assert anna.give(item, given=False)[0] == 200 and kept(course) == (0.5, "")


def test_an_item_given_to_an_answer_that_somebody_changed_is_refused(course, pages):
    anna, zoe = pages("Anna"), pages("Zoe")
    item = anna.item("names the borders")
    anna.points(0.5)
    status, told = zoe.give(item)
    assert status == 409 and told["changes"][0]["who"] == "Anna" and kept(course) == (0.5, None)
    anna.give(item)
    assert zoe.say("Hm.")[0] == 409


def test_changed_points_of_an_item_change_all_its_answers_after_a_question(course, pages):
    anna, zoe = pages("Anna"), pages("Zoe", "ben")
    item = anna.item("counts the pairs")
    anna.give(item)
    zoe.give(item)
    was, wanted = {"text": item["text"], "points": item["points"]}, {"text": "counts pairs", "points": 0.5}
    status, told = anna.items("PUT", f"item/{item['id']}", was=was, **wanted)
    assert (status, told) == (200, {"changes": 2}) and kept(course, "ben")[0] == 1.0
    assert anna.items("PUT", f"item/{item['id']}", was=was, sure=True, **wanted)[0] == 200
    assert kept(course) == kept(course, "ben") == (0.5, "- counts pairs (+0.5)")
    status, told = zoe.points(2)
    assert status == 409 and told["changes"][-1]["who"] == "Anna", "whose page is open hears of it"
    status, told = zoe.items("PUT", f"item/{item['id']}", was=was, **wanted)
    assert status == 400 and "somebody changed this item meanwhile" in told["said"]
    status, told = anna.items("DELETE", f"item/{item['id']}")
    assert status == 400 and "2 answers have this item" in told["said"]


def test_items_come_from_the_mark_scheme(course, pages):
    import nbformat

    source = course.folder / "source" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(source, 4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("=== END MARK", "- [0.5] says it in one sentence\n=== END MARK")
    nbformat.write(notebook, source)
    told = pages("Anna").items()[1][CELL]["items"]
    assert [(one["points"], one["given"], one["count"]) for one in told if one["text"] == "says it in one sentence"] == [(0.5, False, 0)]


# ---- who marks whom


def test_next_leads_to_the_answers_of_the_grader_who_is_shown(course, served):
    from autograder.classroom.splitting import split_class

    split_class(course.folder, "tiny", "anna,zoe")
    anna = Formgrader(served[1], "anna")
    rows = anna.get("api/submitted_notebooks/tiny/tiny")
    assert {row["grader"] for row in rows} == {"anna", "zoe"}
    assert anna.get("api/marking/list/tiny") == {"me": "anna", "signed_in": False, "shown": "", "trouble": "", "graders": ["anna", "zoe"]}
    for grader in ("anna", "zoe"):
        hers = [row["id"] for row in rows if row["grader"] == grader]
        anna.cookies["autograder-shown"] = grader
        assert anna.walk(hers[0]) == hers
    del anna.cookies["autograder-shown"]
    assert anna.walk(rows[0]["id"]) == [row["id"] for row in rows]
    (course.folder / "graders.csv").write_text("no,table\n1,2\n")
    assert "expected a value under each of" in anna.get("api/marking/list/tiny")["trouble"]
    assert len(anna.walk(rows[0]["id"])) == 3, "the answers can be marked all the same"
    (course.folder / "graders.csv").unlink()


# ---- requests to look again


def test_a_request_stands_beside_the_answer_is_answered_once_and_told_in_the_feedback(course, pages):
    from autograder.classroom.requests import listed, request

    anna, zoe = pages("Anna"), pages("Zoe")
    anna.points(1)
    assert "stands beside her answer" in request(course.folder, "ada", "tiny", CELL, " I name the border in <b>my</b> last words. ")
    assert "asked that of why_kernel already" in request(course.folder, "ada", "tiny", CELL, "I name the border in <b>my</b> last words.")
    assert listed(course.folder)[0].endswith("I name the border in <b>my</b> last words. \u2013 waits")
    rows = anna.get("api/submitted_notebooks/tiny/tiny")
    assert {row["student"]: row["asked"] for row in rows} == {"ada": 1, "ben": 0, "cleo": 0}
    course.nbgrader("generate_feedback", "tiny", "--student=ada", "--force")
    assert "Nobody has answered yet." in course.feedback("ada") and "&lt;b&gt;my&lt;/b&gt;" in course.feedback("ada")
    (told,) = anna.items("GET", "requests")[1]
    assert (told["cell"], told["before"], told["answer"]) == (CELL, 1.0, None)
    anna.points(2)
    assert anna.items("PUT", f"answer/{told['id']}", answer="So you do.", was=None)[0] == 200
    status, late = zoe.items("PUT", f"answer/{told['id']}", answer="No.", was=None)
    assert status == 409 and late["said"] == "Anna answered meanwhile"
    assert anna.items("PUT", f"answer/{told['id']}", answer=" ", was="So you do.")[0] == 400
    course.nbgrader("generate_feedback", "tiny", "--student=ada", "--force")
    assert "So you do." in course.feedback("ada") and "points: 1 \u2192 2" in course.feedback("ada")
    assert listed(course.folder)[0].endswith("Anna: So you do. (points: 1 \u2192 2)")


def test_a_forms_table_is_read_and_what_nobody_can_place_is_named(course):
    from autograder.classroom.requests import read_requests, request
    from autograder.collecting.tables import BadTable
    from autograder.errors import CourseError

    file = course.folder / "requests.csv"
    file.write_text(
        "Timestamp;E-mail address;Assignment;Question;Request\n1;ben;tiny;area;Negative sides\nare refused\n".replace(
            "sides\nare", "sides are"
        )
        + "2;nobody@uni.example;tiny;area;Please\n3;ben;tiny;volume;Please\n4;ben;tiny;area;\n"
    )
    said, whole = read_requests(course.folder, file)
    assert not whole and said.splitlines()[-1] == "1 new, 0 known already, 3 left out"
    assert "line 3 left out: 'nobody@uni.example' is nobody in the student table" in said
    assert "line 4 left out: no task 'volume' in tiny" in said and "line 5 left out: the sentence is empty" in said
    assert read_requests(course.folder, file)[0].splitlines()[-1] == "0 new, 1 known already, 3 left out"
    file.write_text("who,what\nben,all\n")
    with pytest.raises(BadTable, match="expected a first line with the headings student,assignment,task,sentence; found who, what"):
        read_requests(course.folder, file)
    with pytest.raises(CourseError, match="no assignment 'tinny'"):
        request(course.folder, "ben", "tinny", "area", "Please")
