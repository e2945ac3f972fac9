"""Grading one submission where others decide when: in Gradescope's container, in a workflow of GitHub's."""
