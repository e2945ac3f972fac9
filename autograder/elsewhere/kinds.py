"""Names that several commands use."""

from typing import Literal

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]  # when students see results on Gradescope
