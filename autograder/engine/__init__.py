"""Grading as a service to a run: judges here or on a cluster, and the store of what was graded before."""
