"""A class split among graders: evenly, the same each time, and what is marked stays with whoever marked it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collecting.tables import BadTable
from autograder.errors import CourseError
from autograder.marking.split import read_graders, split, write_graders

CLASS = [f"s{number}" for number in range(31)]
NOBODY: frozenset[str] = frozenset()


def counts(dealt):
    return Counter(dealt.values())


def test_everybody_has_a_grader_and_all_have_as_many():
    assert counts(split("convnets", CLASS, ["anna", "ben"], {}, NOBODY, NOBODY)) == {"anna": 16, "ben": 15}


def test_the_order_of_the_class_makes_no_difference_and_the_assignment_does():
    first = split("convnets", CLASS, ["anna", "ben"], {}, NOBODY, NOBODY)
    assert split("convnets", CLASS[::-1], ["anna", "ben"], {}, NOBODY, NOBODY) == first
    assert split("optimizers", CLASS, ["anna", "ben"], {}, NOBODY, NOBODY) != first


def test_what_is_given_again_changes_nothing():
    first = split("convnets", CLASS, ["anna", "ben", "cleo"], {}, NOBODY, NOBODY)
    assert split("convnets", CLASS, ["anna", "ben", "cleo"], first, CLASS[:9], CLASS[:12]) == first


def test_of_one_who_is_ill_the_others_get_what_is_not_marked_and_keep_all_of_theirs():
    first = split("convnets", CLASS, ["anna", "ben", "cleo"], {}, NOBODY, NOBODY)
    bens = sorted(student for student, grader in first.items() if grader == "ben")
    second = split("convnets", CLASS, ["anna", "cleo"], first, bens[:4], bens[:6])
    assert {student for student in CLASS if second[student] == "ben"} == set(bens[:4])
    assert all(second[student] == first[student] for student in CLASS if student not in bens)
    assert sorted(counts({student: second[student] for student in CLASS if student not in bens[:4]}).values()) == [13, 14]


def test_one_who_comes_later_gets_some_of_what_nobody_has_begun():
    first = split("convnets", CLASS, ["anna", "ben"], {}, NOBODY, NOBODY)
    begun = CLASS[:10]
    second = split("convnets", CLASS, ["anna", "ben", "cleo"], first, CLASS[:5], begun)
    assert all(second[student] == first[student] for student in begun)
    left = counts({student: second[student] for student in CLASS[5:]})
    assert max(left.values()) - min(left.values()) <= 1


def test_late_work_goes_to_whoever_has_least_to_do():
    first = split("convnets", CLASS[:30], ["anna", "ben"], {}, NOBODY, NOBODY)
    annas = [student for student in CLASS[:30] if first[student] == "anna"]
    assert split("convnets", CLASS, ["anna", "ben"], first, annas[:3], annas)["s30"] == "anna"


@given(
    st.sets(st.sampled_from(CLASS), min_size=1), st.lists(st.sampled_from("abcd"), min_size=1, unique=True),
    st.dictionaries(st.sampled_from(CLASS), st.sampled_from("abcd")), st.sets(st.sampled_from(CLASS)), st.sets(st.sampled_from(CLASS)),
)  # fmt: skip
def test_nobody_is_left_out_and_nothing_marked_moves(students, among, before, done, begun):
    dealt = split("convnets", students, among, before, done, begun)
    assert set(dealt) == students
    for student, grader in dealt.items():
        assert grader in among or (student in done & begun and before[student] == grader)
        if student in before and student in begun and (student in done or before[student] in among):
            assert grader == before[student]
    left = Counter(grader for student, grader in dealt.items() if student not in done)
    if not begun:
        assert max(left[grader] for grader in among) - min(left[grader] for grader in among) <= 1


def test_the_file_reads_as_it_was_written_and_by_excel(tmp_path):
    graders = {"convnets": {"ada": "anna", "ben": "Zoë, Müller"}}
    write_graders(tmp_path, graders)
    assert read_graders(tmp_path) == graders
    (tmp_path / "graders.csv").write_bytes("\ufeffAssignment;Student;Grader\r\nconvnets;ada;anna\r\n".encode())
    assert read_graders(tmp_path) == {"convnets": {"ada": "anna"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student,grader\nada,anna\n", "expected a value under each of assignment, student, grader"),
        ("assignment,student,grader\nconvnets,ada,\n", "line 2: expected a value"),
        ("assignment,student,grader\nconvnets,ada,anna\nconvnets,ada,ben\n", "line 3: ada in convnets is anna's already"),
    ],
)
def test_another_table_is_refused_with_what_to_change(tmp_path, text, message):
    (tmp_path / "graders.csv").write_text(text)
    with pytest.raises(BadTable, match=message):
        read_graders(tmp_path)


def test_the_command_says_who_has_how_many_and_what_moved(tiny_course, level):
    from autograder.classroom.splitting import split_as_it_is, split_class

    folder = tiny_course.folder
    for student in ("ada", "ben", "cleo", "dan"):
        tiny_course.submit(student, tiny_course.released())
    assert split_as_it_is(folder, "tiny") == "'tiny' isn't split among graders"
    told = split_class(folder, "tiny", "anna, ben")
    assert told == "anna: 2 students, 2 still to be marked\nben: 2 students, 2 still to be marked"
    assert split_class(folder, "tiny", "anna").splitlines()[-1] == "2 of ben's went to anna"
    assert split_as_it_is(folder, "tiny") == "anna: 4 students, 4 still to be marked"
    tiny_course.submit("eve", tiny_course.released())
    assert split_as_it_is(folder, "tiny").splitlines()[-1] == "nobody: 1 student, 1 still to be marked"
    for wrong in ("anna,", "anna,anna", " "):
        with pytest.raises(CourseError, match="expected names with commas between them"):
            split_class(folder, "tiny", wrong)
    with pytest.raises(CourseError, match="no assignment 'tinny'"):
        split_class(folder, "tinny", "anna")


def test_who_answered_nothing_doesnt_stay_with_a_grader_who_left():
    dealt = split("convnets", ["ada", "ben"], ["anna", "cleo"], {"ada": "anna", "ben": "ben"}, {"ben"}, NOBODY)
    assert dealt == {"ada": "anna", "ben": "cleo"}
