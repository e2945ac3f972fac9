# The release as it is, nothing done.
