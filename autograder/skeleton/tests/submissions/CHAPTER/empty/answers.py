# Nothing was filled in.
