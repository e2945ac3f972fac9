"""Everything that runs beside a student's code.

This folder is all a sandbox gets to see of the course: it holds no hidden check, no reference answer and no
label. It imports nothing from the rest of the package.
"""
