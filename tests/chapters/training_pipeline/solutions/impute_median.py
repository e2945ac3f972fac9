"""Right and wrong solutions of the task `impute_median`."""

# %% right: column by column
def impute_median(train, test):
    train, test = train.copy(), test.copy()
    for c in range(train.shape[1]):
        column = train[:, c]
        m = np.median(column[~np.isnan(column)])
        column[np.isnan(column)] = m
        test[np.isnan(test[:, c]), c] = m
    return train, test

# %% right: plain Python, nested lists
def impute_median(train, test):
    def median(values):
        values = sorted(values)
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2

    medians = [median([v for v in column if v == v]) for column in train.T.tolist()]
    return [[[m if v != v else v for v, m in zip(row, medians)] for row in table.tolist()] for table in (train, test)]

# %% right: with the statistics module, chatty
import statistics
import warnings


def impute_median(train, test):
    warnings.warn("filling")
    out = []
    medians = np.array([statistics.median(c[np.isfinite(c)].tolist()) for c in train.T])
    print("medians", medians)
    for table in [train, test]:
        new = np.array(table, dtype=np.float64)
        rows, columns = np.nonzero(np.isnan(new))
        new[rows, columns] = medians[columns]
        out.append(new)
    return tuple(out)

# %% right: torch, float32
def impute_median(train, test):
    a, b = torch.tensor(train, dtype=torch.float32), torch.tensor(test, dtype=torch.float32)
    medians = torch.nanquantile(a, 0.5, dim=0)
    return torch.where(a.isnan(), medians, a), torch.where(b.isnan(), medians, b)

# %% right: masked arrays
def impute_median(train, test):
    medians = np.ma.median(np.ma.masked_invalid(train), axis=0).filled(np.nan)
    return tuple(np.where(np.isnan(a), np.broadcast_to(medians, a.shape), a) for a in (train, test))

# %% wrong: test by its own medians => "Test's gaps were filled with test's own medians; take train's."
def impute_median(train, test):
    return tuple(np.where(np.isnan(a), np.nanmedian(a, axis=0), a) for a in (train, test))

# %% wrong: medians of both together => "The medians were taken from train and test together; take those of train."
def impute_median(train, test):
    m = np.nanmedian(np.concatenate([train, test]), axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: means => "Gaps were filled with means; medians were asked for."
def impute_median(train, test):
    m = np.nanmean(train, axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: one median for all columns => "Gaps were filled with one median of all columns; each column has its own."
def impute_median(train, test):
    m = np.nanmedian(train)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: median of rows => "Gaps were filled with medians of rows; features are columns."
def impute_median(train, test):
    return tuple(np.where(np.isnan(a), np.nanmedian(a, axis=1, keepdims=True), a) for a in (train, test))

# %% wrong: np.median, which doesn't skip gaps => "entries are NaN" and "Nothing was filled, or with NaN: `np.median` of a column with gaps is NaN"
def impute_median(train, test):
    m = np.median(train, axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: only train => "Only train was filled; test still has its gaps."
def impute_median(train, test):
    return np.where(np.isnan(train), np.nanmedian(train, axis=0), train), test.copy()

# %% wrong: only test => "Only test was filled; train still has its gaps."
def impute_median(train, test):
    return train.copy(), np.where(np.isnan(test), np.nanmedian(train, axis=0), test)

# %% wrong: returns test alone => "but the tuple (train, test) was expected"
def impute_median(train, test):
    return np.where(np.isnan(test), np.nanmedian(train, axis=0), test)

# %% wrong: no return => "None (is a `return` missing?)"
def impute_median(train, test):
    m = np.nanmedian(train, axis=0)
    train, test = np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: in place => "changes its argument number 1, number 2 in place; work on a copy instead."
def impute_median(train, test):
    m = np.nanmedian(train, axis=0)
    for a in (train, test):
        gaps = np.isnan(a)
        a[gaps] = np.broadcast_to(m, a.shape)[gaps]
    return train, test

# %% wrong: gives back the array where nothing is missing => "shares memory with an argument"
def impute_median(train, test):
    m = np.nanmedian(train, axis=0)
    return tuple(np.where(np.isnan(a), m, a) if np.isnan(a).any() else a for a in (train, test))

# %% wrong: zeros => "Gaps were filled with 0."
def impute_median(train, test):
    return np.nan_to_num(train), np.nan_to_num(test)

# %% wrong: gaps counted as zeros => "The gaps were counted as zeros when the median was taken."
def impute_median(train, test):
    m = np.median(np.nan_to_num(train), axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: gaps sorted to the end and counted => "The gaps were counted as values when the median was taken."
def impute_median(train, test):
    m = np.sort(train, axis=0)[len(train) // 2]
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: the lower of the two in the middle => "the mean of the two in the middle, not the lower one"
def impute_median(train, test):
    m = torch.from_numpy(train).nanmedian(dim=0).values.numpy()
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: the upper of the two in the middle => "the mean of the two in the middle, not the upper one"
def impute_median(train, test):
    m = np.array([sorted(c[~np.isnan(c)])[(~np.isnan(c)).sum() // 2] for c in train.T])
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: not sorted => "The values weren't sorted before the one in the middle was taken."
def impute_median(train, test):
    m = np.array([c[~np.isnan(c)][(~np.isnan(c)).sum() // 2] for c in train.T])
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: drops rows with gaps => "Rows with gaps were left out; fill the gaps."
def impute_median(train, test):
    return train[~np.isnan(train).any(axis=1)], test[~np.isnan(test).any(axis=1)]

# %% wrong: medians of complete rows only => "The medians were taken from the rows without gaps only"
def impute_median(train, test):
    complete = train[~np.isnan(train).any(axis=1)]
    m = np.median(complete, axis=0) if len(complete) else np.nanmedian(train, axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: the wrong way round => "train and test came back in the wrong order."
def impute_median(train, test):
    m = np.nanmedian(train, axis=0)
    return np.where(np.isnan(test), m, test), np.where(np.isnan(train), m, train)

# %% wrong: train medians for train, means for test => "The gaps of test were filled with the means of train"
def impute_median(train, test):
    return (
        np.where(np.isnan(train), np.nanmedian(train, axis=0), train),
        np.where(np.isnan(test), np.nanmean(train, axis=0), test),
    )

# %% wrong: refuses a test that is missing altogether => "`impute_median` raised ValueError"
def impute_median(train, test):
    if np.isnan(test).all(axis=0).any():
        raise ValueError("a column has no known value")
    m = np.nanmedian(train, axis=0)
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)

# %% wrong: answers of the example => "has shape (5, 2), but shape" and "This is the answer of the visible example: use the function's arguments."
def impute_median(train, test):
    return np.array([[1, 1], [2, 7], [3, 7], [4, 7], [5, 7.0]]), np.array([[3, 2], [10, 7.0]])

# %% wrong: the medians of the example => "Gaps were filled with 3 and 7, the medians of the visible example"
def impute_median(train, test):
    m = np.resize([3.0, 7.0], train.shape[1])
    return np.where(np.isnan(train), m, train), np.where(np.isnan(test), m, test)
