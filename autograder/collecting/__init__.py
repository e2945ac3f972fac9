"""Sorts what students handed in elsewhere: whose is each file, and which of several is meant.

`unpack` opens archives and messages, `tables` reads the instructor's lists, `people` knows the class, `forms` the names that
platforms give, `sorting` says whose each file is, `versions` picks one of several, `plan` puts it together.
"""
