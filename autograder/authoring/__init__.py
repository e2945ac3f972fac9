"""For whoever writes the course or sets it up: releases, new chapters and course folders, the sample class, measuring."""
