"""What travels between the parts of grading, and what is read of a submission: cells, files, results. Knows nothing of the rooms above."""
