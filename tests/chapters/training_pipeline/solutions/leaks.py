"""Right and wrong answers of the task `leaks`."""

# %% right: a set in another order
leaks = {"test each epoch", "split by picture", "shuffled hours", "pick genes then split", "copy then split", "scale first"}

# %% right: a list
leaks = ["scale first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch"]

# %% right: blanks and capitals
leaks = {" Scale first", "COPY THEN SPLIT", "Pick genes then split ", "shuffled hours", "Split by picture", "test each epoch"}

# %% right: built up, a frozen set
answers = {
    "scale first": True, "log first": False, "split then copy": False, "copy then split": True,
    "pick genes then split": True, "split then pick genes": False, "two years then one": False, "shuffled hours": True,
    "split by picture": True, "split by patient": False, "validate each epoch": False, "test each epoch": True,
}
leaks = frozenset(name for name, leak in answers.items() if leak)

# %% wrong: left empty => "`leaks` is empty: fill it in."
leaks = set()

# %% wrong: all of them => "at least one is sorted wrongly: your `leaks` holds both."
leaks = {name for group in [
    ("scale first", "log first"), ("split then copy", "copy then split"), ("pick genes then split", "split then pick genes"),
    ("two years then one", "shuffled hours"), ("split by picture", "split by patient"), ("validate each epoch", "test each epoch"),
] for name in group}

# %% wrong: the ones that don't leak => "Of “scale first” and “log first” at least one is sorted wrongly: your `leaks` holds one of them."
leaks = {"log first", "split then copy", "split then pick genes", "two years then one", "split by patient", "validate each epoch"}

# %% wrong: everything before the split => "Of “scale first” and “log first” at least one is sorted wrongly: your `leaks` holds both."
leaks = {"scale first", "log first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch"}

# %% wrong: thinks genes may be picked first => "Of “pick genes then split” and “split then pick genes” at least one is sorted wrongly: your `leaks` holds neither."
leaks = {"scale first", "copy then split", "shuffled hours", "split by picture", "test each epoch"}

# %% wrong: preprocessing only => "Of “two years then one” and “shuffled hours” at least one is sorted wrongly"
leaks = {"scale first", "copy then split", "pick genes then split"}

# %% wrong: one name misspelt => "`leaks` holds something that is none of the twelve names."
leaks = {"scale-first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch"}

# %% wrong: a text => "`leaks` is a str, but a set of names was expected."
leaks = "scale first, copy then split"

# %% wrong: numbers => "`leaks` holds something other than texts."
leaks = {1, 4, 5, 8, 9, 12}

# %% wrong: a dict => "`leaks` is a dict, but a set of names was expected."
leaks = {"scale first": True, "log first": False}

# %% wrong: validation taken for a leak => "Of “validate each epoch” and “test each epoch” at least one is sorted wrongly"
leaks = {
    "scale first", "copy then split", "pick genes then split", "shuffled hours", "split by picture", "test each epoch", "validate each epoch",
}

# %% wrong: the patients => "Of “split by picture” and “split by patient” at least one is sorted wrongly: your `leaks` holds one of them."
leaks = {"scale first", "copy then split", "pick genes then split", "shuffled hours", "split by patient", "test each epoch"}
