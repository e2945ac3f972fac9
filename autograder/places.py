"""Where this package and the checkout around it lie."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
INSIDE = PACKAGE / "inside"  # all of it that student code's process sees
ROOT = PACKAGE.parent  # of the checkout
