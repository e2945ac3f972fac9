"""What an instructor looks at and decides across a class.

The report, similar answers, tables of students and of points, decisions beside the rules, returning feedback, a course folder's state.
"""
