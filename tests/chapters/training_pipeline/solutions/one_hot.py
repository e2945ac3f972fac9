"""Right and wrong solutions of the task `one_hot`."""

# %% right: comparison
def one_hot(labels, num_classes):
    return labels[:, None] == np.arange(num_classes)

# %% right: nested lists
def one_hot(labels, num_classes):
    return [[int(label == c) for c in range(num_classes)] for label in labels]

# %% right: torch
def one_hot(labels, num_classes):
    return nn.functional.one_hot(torch.tensor(labels, dtype=torch.long), num_classes)

# %% right: zeros and ones by index, chatty, float32
def one_hot(labels, num_classes):
    rows = np.zeros((labels.size, num_classes), dtype=np.float32)
    for n, label in enumerate(labels):
        print(n, label)
        rows[n, int(label)] += 1
    return rows

# %% right: put along the axis, small integers
def one_hot(labels, num_classes):
    result = np.zeros(shape=(len(labels), num_classes), dtype=np.int8)
    np.put_along_axis(result, labels.astype(np.intp)[:, np.newaxis], 1, axis=-1)
    return result

# %% wrong: transposed => "The result is transposed: one row a sample."
def one_hot(labels, num_classes):
    return np.eye(num_classes)[:, labels]

# %% wrong: number of classes from the labels => "The number of columns was taken from the largest label; it is num_classes."
def one_hot(labels, num_classes):
    return np.eye(labels.max() + 1)[labels]

# %% wrong: classes that occur => "The number of columns was taken from the labels that occur; it is num_classes."
def one_hot(labels, num_classes):
    return (labels[:, None] == np.unique(labels)).astype(float)

# %% wrong: counts classes from 1 => "Columns are shifted by one: class 0 has column 0, not the last."
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels.astype(int) - 1]

# %% wrong: one place too far => "Columns are shifted by one: class 0 belongs to column 0."
def one_hot(labels, num_classes):
    return np.eye(num_classes)[(labels.astype(int) + 1) % num_classes]

# %% wrong: a column too many => "There is one column too many: class 0 belongs to column 0."
def one_hot(labels, num_classes):
    return np.eye(num_classes + 1)[labels.astype(int) + 1]

# %% wrong: a column too many at the end => "There is one column too many at the end."
def one_hot(labels, num_classes):
    return np.eye(num_classes + 1)[labels]

# %% wrong: unit matrix => "This is the unit matrix; row n belongs to the class of sample n."
def one_hot(labels, num_classes):
    return np.eye(len(labels), num_classes)

# %% wrong: the label in place of 1 => "The label's number stands where a 1 belongs."
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[np.arange(len(labels)), labels] = labels
    return result

# %% wrong: all samples share a row => "has wrong values" and "Every row holds the ones of all samples: entry [n, c] belongs to sample n alone."
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[:, labels] = 1
    return result

# %% wrong: exchanged => "Zeros and ones are exchanged."
def one_hot(labels, num_classes):
    return (labels[:, None] != np.arange(num_classes)).astype(int)

# %% wrong: thermometer => "Ones stand in all columns up to the label; only its own column holds a 1."
def one_hot(labels, num_classes):
    return (np.arange(num_classes) <= labels[:, None]).astype(int)

# %% wrong: zeros only => "All entries are 0."
def one_hot(labels, num_classes):
    return np.zeros((len(labels), num_classes))

# %% wrong: no return => "None (is a `return` missing?)"
def one_hot(labels, num_classes):
    np.eye(num_classes)[labels]

# %% wrong: the example => "This is the answer of the visible example: use the function's arguments."
def one_hot(labels, num_classes):
    if num_classes == 1:
        return np.ones((1, 1))
    return np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]])

# %% wrong: index in the labels' own small type => "Labels of other integer types"
def one_hot(labels, num_classes):
    flat = np.zeros(len(labels) * num_classes)
    starts = np.arange(len(labels), dtype=labels.dtype) * labels.dtype.type(num_classes % 256)
    flat[(starts + labels) % flat.size] = 1
    return flat.reshape(len(labels), num_classes)

# %% wrong: changes the labels => "changes its argument number 1 in place; work on a copy instead."
def one_hot(labels, num_classes):
    result = np.eye(num_classes)[labels]
    labels += 1
    return result

# %% wrong: flat => "The rows stand one after the other in a single axis."
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels].ravel()


# %% wrong: sets whole rows => "Whole rows of the result were set"
def one_hot(labels, num_classes):
    result = np.zeros((max(len(labels), num_classes), num_classes))
    result[labels] = 1
    return result[: len(labels)]
