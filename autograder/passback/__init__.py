"""Points, comments and feedback pages on their way into a learning platform, through its own interface for programs."""
