"""What an instructor looks at across a class: the report, similar answers, the table of students, a course folder's state."""
