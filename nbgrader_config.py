"""Settings of this course for nbgrader. Copy this file into any course folder; it holds settings, no logic.

The grading engine's own settings are ``c.Grade.<name>``; the instructor's guide lists them.
"""

from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as nb

from autograder.any_folder import work_in
from autograder.mark_scheme import MarkSchemes, templates
from autograder.pages import FeedbackPage, Neutralise, safe_code, safe_markdown
from autograder.plugin import CourseExporter, Decided, Grade, GraderVersions, ReleaseFeedback, Repair, SaveGrades, StatedPoints

c = get_config()  # noqa: F821  (nbgrader defines it)

work_in(Path(__file__).resolve().parent, c)  # whatever its name
c.CourseDirectory.course_id = "convnets-course"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".nbgrader.log", "feedback"]

# The trusted engine runs a student's work, in place of nbgrader's Execute, and says what no check could decide; all else is nbgrader's own.
c.Autograde.exporter_class = CourseExporter
c.Autograde.sanitize_preprocessors = [
    Repair,
    nb.ClearOutput,
    nb.DeduplicateIds,
    nb.OverwriteKernelspec,
    nb.OverwriteCells,
    nb.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    Grade,
    nb.IgnorePattern,
    ClearMetadataPreprocessor,
    nb.LimitOutput,
    SaveGrades,
    Decided,
    nb.AssignLatePenalties,
    nb.CheckCellMetadata,
]
c.GenerateAssignment.preprocessors.prepend([GraderVersions, StatedPoints])
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}

# What a student wrote can't act in the reader's browser, neither in feedback pages nor in the formgrader.
c.HTMLExporter.preprocessors = [Neutralise, MarkSchemes]
c.HTMLExporter.filters = {"markdown2html": safe_markdown, "highlight_code": safe_code}
c.HTMLExporter.extra_template_basedirs = templates()
c.GenerateFeedback.exporter_class = FeedbackPage
c.GenerateFeedback.preprocessors = []  # the page reads the gradebook itself, once
c.FeedbackPage.preprocessors = [Neutralise]  # mark schemes are shown in the formgrader only

# `nbgrader zip_collect` reads what learning platforms and mailboxes give, and writes it sorted by student.
c.ZipCollectApp.extractor_plugin = "autograder.archives.ArchiveExtractor"
c.ZipCollectApp.collector_plugin = "autograder.collect.Collector"

# `nbgrader export` alone writes nbgrader's own table, quoted and without formulas.
c.ExportApp.plugin_class = "autograder.exports.CsvExporter"

# `nbgrader collect` and `nbgrader list` read the times of any zone that c.Exchange.timezone may name; where the best attempt counts,
# collecting keeps them all.
c.ExchangeFactory.collect = "autograder.plugin.CollectAttempts"
c.ExchangeFactory.list = "autograder.times.List"

# `nbgrader release_feedback` passes over those who didn't hand in by the exchange.
c.ExchangeFactory.release_feedback = ReleaseFeedback

# Handing in late costs nothing unless a percentage is given here.
c.AssignLatePenalties.plugin_class = "autograder.late.PercentPerDay"
# c.PercentPerDay.percent = 10         # for each day begun
# c.PercentPerDay.grace_minutes = 15

# c.Grade.sandbox = "process"   # only for code you trust: see the instructor's guide
# c.Grade.workers = 2
