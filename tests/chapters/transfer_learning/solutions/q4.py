"""Right and wrong solutions of the task `q4`."""

# %% right: as printed
q4 = {
    "dog breeds": "feature extraction",
    "chest x-rays": "fine-tuning",
    "fruit scale": "feature extraction",
    "radar maps": "fine-tuning",
    "holiday albums": "feature extraction",
    "cell cultures": "fine-tuning",
    "garden birds": "feature extraction",
    "spectrograms": "fine-tuning",
}

# %% right: capital letters and spaces
names = ["Dog breeds", "Chest X-rays", "Fruit scale", "Radar maps", "Holiday albums", "Cell cultures", "Garden birds", "Spectrograms"]
q4 = {name.lower(): word for name, word in zip(names, ["Feature extraction ", " Fine-Tuning"] * 4)}

# %% right: from a list, other entries as well
tuned = {"chest x-rays", "radar maps", "cell cultures", "spectrograms"}
frozen = {"dog breeds", "fruit scale", "holiday albums", "garden birds"}
q4 = dict.fromkeys(tuned, "fine-tuning") | dict.fromkeys(frozen, "feature extraction") | {"emoji": "either"}

# %% right: numpy's words, another kind of dict
import collections

q4 = collections.defaultdict(lambda: "feature extraction")
for name in ("dog breeds", "fruit scale", "holiday albums", "garden birds"):
    print(name, q4[name])
q4.update({name: np.str_("fine-tuning") for name in ("chest x-rays", "radar maps", "cell cultures", "spectrograms")})

# %% wrong: all feature extraction => "q4['chest x-rays'] is 'feature extraction': not the right answer."
q4 = dict.fromkeys(
    ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"],
    "feature extraction",
)

# %% wrong: all fine-tuning => "q4['garden birds'] is 'fine-tuning': not the right answer."
q4 = dict.fromkeys(
    ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"],
    "fine-tuning",
)

# %% wrong: the other way round => "q4['dog breeds'] is 'fine-tuning': not the right answer."
names = ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"]
q4 = dict(zip(names, ["fine-tuning", "feature extraction"] * 4))

# %% wrong: many users taken for many pictures => "q4['holiday albums'] is 'fine-tuning': not the right answer."
names = ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"]
q4 = dict(zip(names, ["feature extraction", "fine-tuning"] * 4)) | {"holiday albums": "fine-tuning"}

# %% wrong: a stuck head kept => "q4['cell cultures'] is 'feature extraction': not the right answer."
names = ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"]
q4 = dict(zip(names, ["feature extraction", "fine-tuning"] * 4)) | {"cell cultures": "feature extraction"}

# %% wrong: left empty => "`q4` is not filled in"
q4 = {}

# %% wrong: a list => "`q4` is a list, but a dict from the eight names to words was expected"
q4 = ["feature extraction", "fine-tuning"] * 4

# %% wrong: other words => "which is none of the allowed answers"
names = ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"]
q4 = dict(zip(names, ["frozen", "fine tuning"] * 4))

# %% wrong: one is missing => "`q4` has no entry for “spectrograms”."
names = ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds"]
q4 = dict(zip(names, ["feature extraction", "fine-tuning"] * 4))

# %% wrong: shifted by one => "not the right answer."
names = ["dog breeds", "chest x-rays", "fruit scale", "radar maps", "holiday albums", "cell cultures", "garden birds", "spectrograms"]
q4 = dict(zip(names[1:] + names[:1], ["feature extraction", "fine-tuning"] * 4))
