"""Where nbgrader is changed: everything of its own that this package replaces is named here, and nowhere else.

Most of what a course needs has a plug-in point, and ``nbgrader_config.py`` names what stands there. The rest is replaced,
in two ways:

- `take_over`, once in a process: replacements without a state of their own, for commands that no plug-in sees begin, such
  as ``nbgrader db assignment add``. They stay; `STANDING` says why each is needed.
- `changed` and `grading`, for one command: all of it is put back when the command ends, however it ends. The formgrader
  grades in its own process, with one course directory, for days.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nbgrader.api
import nbgrader.apps.api
import nbgrader.apps.zipcollectapp
import nbgrader.converters.base
import nbgrader.coursedir
import nbgrader.exchange.default.collect
import nbgrader.exchange.default.exchange
import nbgrader.exchange.default.list
import nbgrader.exchange.default.release_feedback
import nbgrader.utils
from nbgrader.apps.dbapp import DbAssignmentAddApp
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.abc import Exchange
from sqlalchemy.exc import SAWarning

from autograder.any_folder import KnownFolders
from autograder.errors import CourseError
from autograder.run import misnamed, trouble, ungraded
from autograder.run.decisions import expect_extended
from autograder.run.groups import shared_marks
from autograder.run.handed_in import copy_what_passed, time_stamp, times_at_home
from autograder.run.lifetime import COMMANDS, AtWork, Stopped, hold_signals, run_command
from autograder.run.programs import find_own_programs
from autograder.run.quiet import quiet
from autograder.run.run import Run
from autograder.times import add_with_readable_date, home_zone, parse_utc, stamp_without_plus

# ---- for as long as the process lives

READING_TIMES: tuple[ModuleType, ...] = (
    nbgrader.utils, nbgrader.coursedir, nbgrader.apps.api, nbgrader.apps.zipcollectapp, nbgrader.exchange.default.collect,
)  # fmt: skip
LOOKING_FOR_FILES: tuple[ModuleType, ...] = (
    nbgrader.apps.api, nbgrader.converters.base, nbgrader.exchange.default.collect, nbgrader.exchange.default.exchange,
    nbgrader.exchange.default.list, nbgrader.exchange.default.release_feedback, nbgrader.utils,
)  # fmt: skip

FORMGRADER = "nbgrader.server_extensions.formgrader.formgrader"

_nbgrader_start = BaseConverter.start
_nbgrader_init_assignment = BaseConverter.init_assignment


def _start(self: BaseConverter) -> None:
    """In place of ``BaseConverter.start``."""
    command = next((name for kind, name in COMMANDS.items() if isinstance(self, kind)), None)
    if command is None:
        _nbgrader_start(self)
    else:
        run_command(self, command, functools.partial(_start_watched, self))


def _init_assignment(self: BaseConverter, assignment_id: str, student_id: str) -> None:
    """In place of ``BaseConverter.init_assignment``, which copies what lies beside the notebooks of one submission.

    Grading asks next how late the submission is.
    """
    if isinstance(self, Autograde):
        expect_extended(self.coursedir, assignment_id, student_id)
    theirs = isinstance(self, (Autograde, GenerateFeedback))  # else an instructor's own files
    (copy_what_passed if theirs else _nbgrader_init_assignment)(self, assignment_id, student_id)


def _get_existing_timestamp(self: CourseDirectory, folder: str) -> Any:
    """In place of ``CourseDirectory.get_existing_timestamp``."""
    return time_stamp(folder, self.log)


STANDING: tuple[tuple[Any, str, Any], ...] = (
    # A lock, signals and taking back need the whole command; nbgrader's hooks begin with the first student.
    (BaseConverter, "start", _start),
    # It copies whatever was handed in, links and all, and no plug-in chooses.
    (BaseConverter, "init_assignment", _init_assignment),
    # It ends the run at a time that it can't read, and takes an offset for seconds.
    (CourseDirectory, "get_existing_timestamp", _get_existing_timestamp),
    *((module, "parse_utc", parse_utc) for module in READING_TIMES),
    # Of a due date that can't be read it prints a trace.
    (DbAssignmentAddApp, "start", add_with_readable_date),
    # It parts names of folders at each ``+``, also at that of a zone called ``+04``, which becomes UTC.
    (Exchange, "set_timestamp", stamp_without_plus),
    # It ends before any hook where nothing is named as handed out.
    (Autograde, "init_notebooks", misnamed.look),
    # It takes a course folder's own name for a pattern.
    *((module, "glob", KnownFolders) for module in LOOKING_FOR_FILES),
)


def in_formgrader() -> tuple[tuple[Any, str, Any], ...]:
    """What is replaced of the formgrader, in a server that has it loaded; other commands need nothing of a server."""
    if FORMGRADER not in sys.modules:
        return ()
    from nbgrader.server_extensions.formgrader import apihandlers
    from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
    from nbgrader.server_extensions.formgrader.handlers import SubmissionNavigationHandler

    from autograder.marking import handlers, pages

    return (
        # They save whatever comes last, and no plug-in sees it.
        (apihandlers.GradeHandler, "put", handlers.put_grade),
        (apihandlers.CommentHandler, "put", handlers.put_comment),
        # What a page saw has to be known when it saves.
        (apihandlers.GradeCollectionHandler, "get", handlers.get_grades),
        (apihandlers.CommentCollectionHandler, "get", handlers.get_comments),
        # Its list doesn't know who marks whom, and "Next" leads to everybody's answers.
        (apihandlers.SubmittedNotebookCollectionHandler, "get", pages.get_submitted),
        (SubmissionNavigationHandler, "_get_submission_ids", pages.get_submission_ids),
        (SubmissionNavigationHandler, "_get_incorrect_submission_ids", pages.get_incorrect_submission_ids),
        # It asks for its settings before anything can be added: templates and addresses of this project's own.
        (FormgradeExtension, "init_tornado_settings", pages.init_tornado_settings),
        (FormgradeExtension, "init_handlers", pages.init_handlers),
    )


def take_over() -> None:
    """Makes the replacements that stay; a course's settings import `autograder.plugin`, which calls this, in every command."""
    for owner, name, ours in (*STANDING, *in_formgrader()):
        setattr(owner, name, ours)
    find_own_programs()  # nbgrader starts alembic by its name


# ---- for one command

_ABSENT = object()


@contextlib.contextmanager
def changed(owner: Any, **ours: Any) -> Iterator[None]:
    """While active, attributes of ``owner`` are ``ours``; then they are what they were, or again the class's."""
    before = {name: vars(owner).get(name, _ABSENT) for name in ours}
    try:
        for name, value in ours.items():
            setattr(owner, name, value)
        yield
    finally:
        for name, value in before.items():
            if value is not _ABSENT:
                setattr(owner, name, value)
            elif name in vars(owner):
                delattr(owner, name)


def watched(converter: Any, work: AtWork) -> contextlib.AbstractContextManager[None]:
    """While active, ``work`` knows which submission a converter is at."""
    return changed(
        converter,
        init_destination=work.beginning(converter.init_destination),
        set_permissions=work.ending(converter.set_permissions),
    )


def _start_watched(converter: BaseConverter, work: AtWork) -> None:
    """nbgrader's own start; an exporter with a method `grade` has its loop over the submissions in hand."""
    convert = converter.convert_notebooks

    def convert_notebooks() -> None:
        grade = getattr(converter.exporter, "grade", None)
        convert() if grade is None else grade(convert)

    share_points(converter)
    with watched(converter, work), changed(converter, convert_notebooks=convert_notebooks):
        _nbgrader_start(converter)


def share_points(converter: BaseConverter) -> None:
    """Before grading and before feedback: points by hand of one member of a group are those of all who have the same work."""
    if isinstance(converter, (Autograde, GenerateFeedback)):
        try:
            lines = shared_marks(converter.coursedir, converter.log, home_zone(converter))
        except CourseError as error:
            converter.log.error("%s", error)
            raise NbGraderException(str(error)) from None
        for line in lines:
            converter.log.warning("%s", line)


@contextlib.contextmanager
def grading(converter: Any, run: Run) -> Iterator[None]:
    """While active, nbgrader's ``Autograde`` is as a run needs it; at the end nothing that the run started is alive.

    Raises:
        ValueError: the exchange's time zone is none.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_silent("distributed.client"))  # what goes wrong with a cluster is said by our errors
        stack.enter_context(_closed(run))
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)  # nbgrader's own, harmless
        stack.enter_context(changed(logging, raiseExceptions=False))  # a log file on a full disk would print a trace for every line
        stack.enter_context(_unheard("tornado.application", "Rolling back session"))
        # opened nine times a student: SQL is compiled once
        stack.enter_context(changed(nbgrader.api, create_engine=functools.cache(nbgrader.api.create_engine)))
        stack.enter_context(changed(converter.coursedir, get_existing_timestamp=times_at_home(converter)))
        stack.enter_context(changed(converter, **trouble.stopping(converter)))
        stack.enter_context(changed(converter, **ungraded.passing_over(converter, run)))
        yield


@contextlib.contextmanager
def _closed(run: Run) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if isinstance(error, Stopped):
            hold_signals()
        run.close(at_once=True)
        raise
    run.close()


@contextlib.contextmanager
def _silent(logger: str) -> Iterator[None]:
    """While active, a logger says nothing but that all is lost."""
    quiet = logging.getLogger(logger)
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        quiet.setLevel(level)


@contextlib.contextmanager
def _unheard(logger: str, beginning: str) -> Iterator[None]:
    """While active, lines of a logger that begin so are left out."""

    def wanted(record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(beginning)

    logging.getLogger(logger).addFilter(wanted)
    try:
        yield
    finally:
        logging.getLogger(logger).removeFilter(wanted)


def after_collecting(app: Any, names: list[str], told: Callable[[], None]) -> None:
    """Has nbgrader's ``ZipCollectApp``, which lives for one command, do something when all is copied.

    Args:
        app: nbgrader's command.
        names: the files that hold notebooks; it would doubt all that isn't released yet.
        told: what comes at the end.
    """
    copy = app.process_extracted_files

    def process_extracted_files() -> None:
        course = Path(app.coursedir.root).resolve()
        with quiet(app.log, course, "zip_collect"), changed(nbgrader.apps.zipcollectapp, find_all_notebooks=lambda _: names):
            copy()
        told()

    app.process_extracted_files = process_extracted_files
