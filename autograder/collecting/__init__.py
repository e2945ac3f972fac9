"""Sorts what students handed in elsewhere: whose is each file, and which of several is meant.

`unpack` opens archives and messages, `formats` and `mail` know theirs, `tables` and `lists` read what the instructor has, `people`
knows the class, `forms` the names that platforms give and `platforms` whom they tell, `sorting` says whose each file is, `versions`
picks one of several, `plan` puts it together. `back` makes the names that platforms want for what they get back.
"""
