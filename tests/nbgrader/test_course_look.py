"""What the look at a course folder says, folders of any name, class lists as spreadsheets save them, exports into new folders."""

import shutil
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from platforms import notebook

from autograder import __main__ as commands
from autograder.any_folder import KnownFolders, database_file, gradebook_address
from autograder.classroom.course_look import look, wrongly_sorted
from autograder.classroom.students import named_columns, read_students
from autograder.collecting.tables import BadTable, read_table


@pytest.fixture
def course(tmp_path):
    """A course folder with three students and nothing else."""
    (tmp_path / "source" / "tiny").mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with Gradebook(gradebook_address(tmp_path)) as gradebook:
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace")
        gradebook.add_student("ben")
        gradebook.add_assignment("tiny", duedate="2027-01-31 22:59:00")
    return tmp_path


def put(path, data=b"") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data or notebook("x"))


def test_a_look_names_who_is_missing_whom_nobody_knows_what_is_late_and_what_was_stripped(course):
    put(course / "submitted" / "ada" / "tiny" / "tiny.ipynb")
    put(course / "submitted" / "Ada Lovelace" / "tiny" / "tiny.ipynb", b"no notebook")
    lines = "\n".join(look(course, datetime(2027, 2, 1))).replace(str(course) + "/", "")
    assert "'Ada Lovelace' isn't in the student table; nearly: ada" in lines
    assert "tiny: nothing of ben" in lines
    assert "tiny: its due date, 2027-01-31 22:59:00 UTC, is in the past" in lines
    assert "submitted/ada/tiny/tiny.ipynb: none of its cells has the metadata" in lines
    assert "submitted/Ada Lovelace/tiny/tiny.ipynb: can't be read as a notebook" in lines
    assert not any("due date" in line for line in look(course, datetime(2027, 1, 1)))


def test_a_look_at_any_other_folder_says_nothing(tmp_path):
    assert look(tmp_path) == []


def test_folders_in_the_wrong_order_and_loose_notebooks_are_named(tmp_path):
    for name in (
        "tiny/ada/tiny.ipynb",
        "ben/tiny.ipynb",
        "zoe/Tiny/tiny.ipynb",
        "x.ipynb",
        "kim/tiny/tiny.ipynb",
        "kim/feedback/page.html",
    ):
        put(tmp_path / name)
    lines = [line.replace(f"{tmp_path}/", "") for line in wrongly_sorted(tmp_path, ["tiny"])]
    assert [line.partition(":")[0] for line in lines] == ["ben/tiny.ipynb", "tiny", "x.ipynb", "zoe/Tiny"]


@pytest.mark.parametrize("name", ["CNN [WS 2027]", "it's CNN?", "Übung #1 – CNN", "100% CNN", "a*b"])
def test_folders_of_any_name_hold_a_gradebook_and_are_no_patterns(tmp_path, name):
    folder = tmp_path / name
    put(folder / "source" / "tiny" / "tiny.ipynb")
    assert KnownFolders.glob(f"{folder}/source/./tiny/*.ipynb") == [f"{folder}/source/./tiny/tiny.ipynb"]
    assert KnownFolders.glob(f"{folder}/submitted/*/tiny") == []
    with Gradebook(gradebook_address(folder)) as gradebook:
        gradebook.add_student("ada")
    assert database_file(gradebook_address(folder)) == folder / "gradebook.db"
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["gradebook.db"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_release_and_export_work_in_a_folder_whose_name_is_a_pattern(generated, tmp_path):
    course = generated.copy(tmp_path / "100% CNN? [WS #1]")
    shutil.rmtree(course.folder / "release")
    (course.folder / "gradebook.db").unlink()
    course.nbgrader("generate_assignment", "tiny")
    assert (course.folder / "release" / "tiny" / "tiny.ipynb").is_file()
    course.nbgrader("export", "--to=out/of/grades.csv")
    assert (course.folder / "out" / "of" / "grades.csv").read_text().startswith("assignment,")
    assert [path.name for path in tmp_path.iterdir()] == [course.folder.name]


LISTS = {
    "byte order mark": "\ufeffid,first_name,last_name,email,lms_user_id\r\neve,Eve,Öl,eve@uni.example,7\r\n".encode(),
    "semicolons, Windows-1252": "id;first_name;last_name;email;lms_user_id\r\neve;Eve;Öl;eve@uni.example;7\r\n".encode("cp1252"),
    "UTF-16 with tabs": "id\tfirst_name\tlast_name\temail\tlms_user_id\r\neve\tEve\tÖl\teve@uni.example\t7\r\n".encode("utf-16"),
    "other headings": "E-Mail,Last Name,ID number,First Name,Username,Group\neve@uni.example,Öl,7,Eve,eve,A\n".encode(),
    "German": "Kennung;Vorname;Nachname;E-Mail-Adresse;Matrikelnummer\neve;Eve;Öl;eve@uni.example;7\n".encode("cp1252"),
    "empty rows": "id,first_name,last_name,email,lms_user_id\n,,,,\neve,Eve,Öl,eve@uni.example,7\n\n,,,,\n".encode(),
    "Excel's first line": "sep=;\r\nid;first_name;last_name;email;lms_user_id\r\neve;Eve;Öl;eve@uni.example;7\r\n".encode(),
    "Canvas": "SIS Login ID,ID,First Name,Last Name,Email\neve,7,Eve,Öl,eve@uni.example\n".encode(),
}


@pytest.mark.parametrize("form", LISTS)
def test_a_class_list_is_read_as_spreadsheets_save_it(course, form):
    file = course / "list.csv"
    file.write_bytes(LISTS[form])
    assert read_students(course, file).startswith("1 students read")
    with Gradebook(gradebook_address(course)) as gradebook:
        eve = gradebook.find_student("eve")
        assert (eve.first_name, eve.last_name, eve.email, eve.lms_user_id) == ("Eve", "Öl", "eve@uni.example", "7")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"name,mail\nEve,e@x\n", "expected a first line with the headings id,.* found name, mail"),
        (b"PK\x03\x04 a workbook", "no CSV file: in Excel use"),
        (b"id,email\neve,e@x\nkim,E@x\n", "line 3: email 'E@x' is that of line 2 too"),
        (b"id\neve\neve\n", "line 3: id 'eve' is that of line 2 too"),
        (b"id,last_name\neve,Ol, Jr.\n", "line 2: 3 cells under 2 headings"),
        (b"id,id\na,b\n", "two columns have the same heading"),
        (b"id,email\n,e@x\n", "line 2: no id"),
        (b"id\n../x\n", "can't be the name of a folder"),
    ],
)
def test_a_class_list_that_cant_be_read_is_refused_in_a_line_and_changes_nothing(course, data, says):
    file = course / "list.csv"
    file.write_bytes(data)
    with pytest.raises(BadTable, match=says):
        read_students(course, file)
    with Gradebook(gradebook_address(course)) as gradebook:
        assert len(gradebook.students) == 2


def test_the_command_ends_with_an_error_of_one_line(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert commands.main(["students", "missing.csv"]) == 1
    assert capsys.readouterr().err == "error: missing.csv can't be read: No such file or directory\n"


def test_columns_that_arent_used_are_named_and_rows_keep_their_number(tmp_path):
    assert named_columns(["id", "group"], "x.csv") == {"id": "id"}
    (tmp_path / "x.csv").write_text("id,a\n\n1,2\n")
    assert [row.line for row in read_table(tmp_path / "x.csv")] == [3]
