"""What a course does from day to day: grading what arrives, one task of all again."""
