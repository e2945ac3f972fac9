"""What several people need who grade written answers in nbgrader's formgrader: nobody overwrites another unasked.

The formgrader stays nbgrader's, and so does its gradebook: `autograder.run.adapter` puts the handlers of `handlers` before its own,
and `tables` adds a few tables to the gradebook's database.
"""
