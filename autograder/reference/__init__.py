"""Reference answers, one module an assignment. Hidden: nothing in here ever reaches a student's process."""
