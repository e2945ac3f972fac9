"""What authors of hidden checks work with: a student's answers from outside, comparing, and telling without giving away."""
