"""Hidden checks, one module an assignment, one class a grade cell, one test method a check."""
