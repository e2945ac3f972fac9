"""Right and wrong solutions of the task `design`."""

# %% right: filled one by one, other order, capitals and spaces
design = {}
design["Price of a house"] = "One-to-one"
design["digit in a picture"] = " one-to-one "
design["melody from a genre"] = "ONE-TO-MANY"
design["image captioning"] = "one-to-many"
design["sentiment of a post"] = "many-to-one"
design["stock prediction"] = "many-to-one"
design["car in every video frame"] = "aligned many-to-many"
design["word class of every word"] = "Aligned Many-to-Many"
design["summary of an article"] = "encoder-decoder"
design["translation"] = "Encoder-Decoder"

# %% right: from patterns to tasks, turned round
by_pattern = {
    "one-to-one": ["digit in a picture", "price of a house"],
    "one-to-many": ["image captioning", "melody from a genre"],
    "many-to-one": ["stock prediction", "sentiment of a post"],
    "aligned many-to-many": ["word class of every word", "car in every video frame"],
    "encoder-decoder": ["translation", "summary of an article"],
}
design = {task: pattern for pattern, tasks in by_pattern.items() for task in tasks}

# %% right: zip, chatty
tasks = ["image captioning", "stock prediction", "translation", "sentiment of a post", "digit in a picture"]
tasks += ["melody from a genre", "word class of every word", "summary of an article", "car in every video frame", "price of a house"]
oo, om, mo, mm, ed = "one-to-one", "one-to-many", "many-to-one", "aligned many-to-many", "encoder-decoder"
design = dict(zip(tasks, [om, mo, ed, mo, oo, om, mm, ed, mm, oo]))
print(design)

# %% right: an ordered dict of numpy texts
from collections import OrderedDict

words = np.array(["one-to-one", "one-to-many", "many-to-one", "aligned many-to-many", "encoder-decoder"])
design = OrderedDict()
for task, number in [
    ("image captioning", 1), ("stock prediction", 2), ("translation", 4), ("sentiment of a post", 2), ("digit in a picture", 0),
    ("melody from a genre", 1), ("word class of every word", 3), ("summary of an article", 4), ("car in every video frame", 3), ("price of a house", 0),
]:
    design[task] = words[number]

# %% wrong: left empty => "`design` lacks"
design = {}

# %% wrong: None => "`design` is still None: its cell was not filled in, or stopped before the last line."
design = None

# %% wrong: a list => "`design` is a list, but a dict was expected."
design = ["one-to-many", "many-to-one", "encoder-decoder"]

# %% wrong: one pattern for all => "What goes in is one thing of fixed size, no sequence."
design = dict.fromkeys(
    ["image captioning", "stock prediction", "translation", "sentiment of a post", "digit in a picture",
     "melody from a genre", "word class of every word", "summary of an article", "car in every video frame", "price of a house"],
    "many-to-one",
)

# %% wrong: aligned and encoder-decoder exchanged => "Does one output belong to each input"
design = {
    "image captioning": "one-to-many", "stock prediction": "many-to-one", "translation": "aligned many-to-many",
    "sentiment of a post": "many-to-one", "digit in a picture": "one-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "encoder-decoder", "summary of an article": "aligned many-to-many",
    "car in every video frame": "encoder-decoder", "price of a house": "one-to-one",
}

# %% wrong: a picture as a sequence of pixels => "The answer for 'digit in a picture' isn't the fitting pattern. What goes in is one thing of fixed size, no sequence."
design = {
    "image captioning": "encoder-decoder", "stock prediction": "many-to-one", "translation": "encoder-decoder",
    "sentiment of a post": "many-to-one", "digit in a picture": "many-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "aligned many-to-many", "summary of an article": "encoder-decoder",
    "car in every video frame": "aligned many-to-many", "price of a house": "one-to-one",
}

# %% wrong: from patterns to tasks => "`design` leads from patterns to tasks; it is to lead from each task to its pattern."
design = {"one-to-one": "price of a house", "one-to-many": "image captioning", "many-to-one": "stock prediction",
          "aligned many-to-many": "car in every video frame", "encoder-decoder": "translation"}

# %% wrong: patterns of one's own => "which is none of the allowed answers"
design = {
    "image captioning": "one-to-many", "stock prediction": "many-to-one", "translation": "many-to-many",
    "sentiment of a post": "many-to-one", "digit in a picture": "one-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "many-to-many", "summary of an article": "many-to-many",
    "car in every video frame": "many-to-many", "price of a house": "one-to-one",
}

# %% wrong: in and out exchanged => "What goes in is one thing of fixed size, no sequence. What is wanted is a sequence."
design = {
    "image captioning": "many-to-one", "stock prediction": "one-to-many", "translation": "encoder-decoder",
    "sentiment of a post": "one-to-many", "digit in a picture": "one-to-one", "melody from a genre": "many-to-one",
    "word class of every word": "aligned many-to-many", "summary of an article": "encoder-decoder",
    "car in every video frame": "aligned many-to-many", "price of a house": "one-to-one",
}

# %% wrong: one task forgotten => "`design` lacks ['price of a house']"
design = {
    "image captioning": "one-to-many", "stock prediction": "many-to-one", "translation": "encoder-decoder",
    "sentiment of a post": "many-to-one", "digit in a picture": "one-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "aligned many-to-many", "summary of an article": "encoder-decoder",
    "car in every video frame": "aligned many-to-many",
}

# %% wrong: several patterns a task => "was expected"
design = {
    "image captioning": ["one-to-many"], "stock prediction": ["many-to-one", "one-to-one"], "translation": ["encoder-decoder"],
    "sentiment of a post": ["many-to-one"], "digit in a picture": ["one-to-one"], "melody from a genre": ["one-to-many"],
    "word class of every word": ["aligned many-to-many"], "summary of an article": ["encoder-decoder"],
    "car in every video frame": ["aligned many-to-many"], "price of a house": ["one-to-one"],
}
