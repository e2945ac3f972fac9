"""One `nbgrader autograde`: what was handed in, its cells found again, and what is left behind when something stops it."""
