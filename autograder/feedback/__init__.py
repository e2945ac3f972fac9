"""The page that a student gets and the one a grader sees: harmless, bounded, with the book's sections."""
