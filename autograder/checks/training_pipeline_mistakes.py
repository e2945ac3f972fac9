"""What typical mistakes in the assignment `training_pipeline` lead to: a sentence for the student, and the wrong answer.

Every function here gives pairs (sentence, wrong answer), the most telling first; those of trained networks stand in
`training_pipeline_lessons`.
"""

import numpy as np
from numpy.typing import ArrayLike

from autograder.checks.training_pipeline_telling import Pairs, quietly
from autograder.reference import training_pipeline as reference


def filled_with(values: ArrayLike, *tables: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(np.where(np.isnan(table), values, table) for table in tables)


@quietly
def imputing_mistakes(train: np.ndarray, test: np.ndarray) -> Pairs:
    """Typical mistakes in `impute_median`; train has gaps in every column, test knows a value in every column."""
    median, both = np.nanmedian(train, axis=0), np.nanmedian(np.vstack([train, test]), axis=0)
    right_train, right_test = reference.impute_median(train, test)
    with_gaps = np.sort(train, axis=0)  # gaps come last, as the largest
    known = (~np.isnan(train)).sum(axis=0)
    columns = np.arange(train.shape[1])
    kept = train[~np.isnan(train).any(axis=1)]
    mistakes = {
        "Test's gaps were filled with test's own medians; take train's.": (
            right_train,
            filled_with(np.nanmedian(test, axis=0), test)[0],
        ),
        "The medians were taken from train and test together; take those of train.": filled_with(both, train, test),
        "The gaps of train were filled with test's medians; take train's for both.": filled_with(np.nanmedian(test, axis=0), train, test),
        "Gaps were filled with means; medians were asked for.": filled_with(np.nanmean(train, axis=0), train, test),
        "Gaps were filled with one median of all columns; each column has its own.": filled_with(np.nanmedian(train), train, test),
        "Gaps were filled with 0.": filled_with(0.0, train, test),
        "Gaps were filled with the smallest value of the column.": filled_with(np.nanmin(train, axis=0), train, test),
        "Gaps were filled with the largest value of the column.": filled_with(np.nanmax(train, axis=0), train, test),
        "Only train was filled; test still has its gaps.": (right_train, test),
        "Only test was filled; train still has its gaps.": (train, right_test),
        "Nothing was filled, or with NaN: `np.median` of a column with gaps is NaN, `np.nanmedian` skips them.": (train, test),
        "train and test came back in the wrong order.": (right_test, right_train),
        "The gaps were counted as values when the median was taken.": filled_with(with_gaps[len(train) // 2], train, test),
        "The gaps were counted as zeros when the median was taken.": filled_with(np.median(np.nan_to_num(train), axis=0), train, test),
        "The median of an even number of values is the mean of the two in the middle, not the lower one.": filled_with(
            with_gaps[(known - 1) // 2, columns], train, test
        ),
        "The median of an even number of values is the mean of the two in the middle, not the upper one.": filled_with(
            with_gaps[known // 2, columns], train, test
        ),
        "The values weren't sorted before the one in the middle was taken.": filled_with(
            [train[~np.isnan(train[:, c]), c][known[c] // 2] for c in columns], train, test
        ),
        "Known values were replaced too.": tuple(np.broadcast_to(median, table.shape) for table in (train, test)),
        "Rows with gaps were left out; fill the gaps.": (kept, test[~np.isnan(test).any(axis=1)]),
        "Gaps were filled with the value above them.": tuple(map(carried, (train, test))),
        "Median and values were cut to whole numbers.": tuple(map(np.trunc, (right_train, right_test))),
        "Gaps were filled with 3 and 7, the medians of the visible example: compute those of train.": filled_with(
            np.resize([3.0, 7.0], train.shape[1]), train, test
        ),
        "This is the answer of the visible example: use the function's arguments.": (
            np.array([[1, 1], [2, 7], [3, 7], [4, 7], [5, 7.0]]),
            np.array([[3, 2], [10, 7.0]]),
        ),
        "The gaps of test were filled with the means of train; take the medians for both.": (
            right_train,
            filled_with(np.nanmean(train, axis=0), test)[0],
        ),
    }
    if len(kept):
        mistakes["The medians were taken from the rows without gaps only; take all known values of a column."] = filled_with(
            np.median(kept, axis=0), train, test
        )
    rows = tuple(filled_with(np.nanmedian(table, axis=1, keepdims=True), table)[0] for table in (train, test))
    return [*mistakes.items(), ("Gaps were filled with medians of rows; features are columns.", rows)]


def carried(table: np.ndarray) -> np.ndarray:
    """Gaps filled with the last known value above."""
    table = table.copy()
    for row in range(1, len(table)):
        gaps = np.isnan(table[row])
        table[row, gaps] = table[row - 1, gaps]
    return table


def scaled(mean, std, *tables: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple((table - mean) / std for table in tables)


@quietly
def scaling_mistakes(train: np.ndarray, test: np.ndarray) -> Pairs:
    """Typical mistakes in `standardise`."""
    train, test = train.astype(float), test.astype(float)
    mean, std, both = train.mean(axis=0), train.std(axis=0), np.vstack([train, test])
    safe, low, high = np.where(std == 0, 1, std), train.min(axis=0), train.max(axis=0)
    right_train, right_test = scaled(mean, safe, train, test)

    def safely(values):
        return np.where(values == 0, 1, values)

    def sample(table):
        return safely(table.std(axis=0, ddof=1)) if len(table) > 1 else 1

    mistakes = {
        "This is the sample standard deviation (ddof=1); divide by N, not by N - 1.": scaled(mean, sample(train), train, test),
        "Test was scaled with its own mean and standard deviation; take train's.": (
            right_train,
            *scaled(test.mean(axis=0), safely(test.std(axis=0)), test),
        ),
        "Test was centred with its own mean; take train's.": (right_train, *scaled(test.mean(axis=0), safe, test)),
        "Test was divided by its own standard deviation; take train's.": (right_train, *scaled(mean, safely(test.std(axis=0)), test)),
        "Mean and standard deviation were taken from train and test together; take train's.": scaled(
            both.mean(axis=0), safely(both.std(axis=0)), train, test
        ),
        "Columns were centred, but not divided by the standard deviation.": scaled(mean, 1, train, test),
        "Columns were divided by the standard deviation, but not centred.": scaled(0, safe, train, test),
        "Columns were divided by the variance; take its root.": scaled(mean, safe**2, train, test),
        "Values were scaled to 0…1; mean 0 and standard deviation 1 were asked for.": scaled(low, safely(high - low), train, test),
        "Columns were divided by their largest value.": scaled(0, safely(np.abs(train).max(axis=0)), train, test),
        "Columns were divided by their range.": scaled(mean, safely(high - low), train, test),
        "One mean and one standard deviation were taken for all columns; each has its own.": scaled(
            train.mean(), safely(train.std()), train, test
        ),
        "Columns were centred with their median.": scaled(np.median(train, axis=0), safe, train, test),
        "Only train was scaled; test came back as it was. If you did scale it: take train's statistics before train changes.": (
            right_train,
            test,
        ),
        "Only test was scaled; train came back as it was.": (train, right_test),
        "train and test came back in the wrong order.": (right_test, right_train),
        "The sign is wrong: value less mean.": (-right_train, -right_test),
        "Columns were multiplied by the standard deviation; divide by it.": ((train - mean) * safe, (test - mean) * safe),
        "A column that is constant in train was divided by 0.": scaled(mean, std, train, test),
        "A column that is constant in train became 0 in test; it is only centred.": (right_train, np.where(std == 0, 0, right_test)),
        "A column that is constant in train became 0; it is only centred.": (
            np.where(std == 0, 0, right_train),
            np.where(std == 0, 0, right_test),
        ),
        "A column that is constant in train came back as it was; it is centred.": (
            np.where(std == 0, train, right_train),
            np.where(std == 0, test, right_test),
        ),
        "A column that is constant in train was dropped.": (right_train[:, std != 0], right_test[:, std != 0]),
        "All columns were divided by std + 1.": scaled(mean, std + 1, train, test),
        "This is the answer of the visible example: use the function's arguments.": (
            np.array([[-1.0, 0.0], [1.0, 0.0]]),
            np.array([[2.0, 1.0]]),
        ),
        "Rows were scaled; features are columns (axis 0).": tuple(
            (table - table.mean(axis=1, keepdims=True)) / safely(table.std(axis=1, keepdims=True)) for table in (train, test)
        ),
        "Values were cut off at three deviations: keep them as they are.": tuple(
            np.clip(part, -3, 3) for part in (right_train, right_test)
        ),
    }
    text = "A column that is constant in train was divided by a tiny number: its test values become huge. It is only centred."
    tiny = [(text, scaled(mean, std + eps, train, test)) for eps in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3)]
    return [*mistakes.items(), *tiny]


@quietly
def one_hot_mistakes(labels: np.ndarray, num_classes: int) -> Pairs:
    """Typical mistakes in `one_hot`."""
    expected = reference.one_hot(labels, num_classes)
    largest = int(labels.max())
    mistakes = {
        "The result is transposed: one row a sample.": expected.T,
        "The number of columns was taken from the largest label; it is num_classes.": expected[:, : largest + 1],
        "The number of columns was taken from the labels that occur; it is num_classes.": expected[:, np.unique(labels)],
        "Columns are shifted by one: class 0 belongs to column 0.": np.roll(expected, 1, axis=1),
        "Columns are shifted by one: class 0 has column 0, not the last.": np.roll(expected, -1, axis=1),
        "There is one column too many: class 0 belongs to column 0.": np.pad(expected, ((0, 0), (1, 0))),
        "There is one column too many at the end.": np.pad(expected, ((0, 0), (0, 1))),
        "Zeros and ones are exchanged.": 1 - expected,
        "The label's number stands where a 1 belongs.": expected * labels[:, None],
        "All entries are 0.": np.zeros_like(expected),
        "This is the unit matrix; row n belongs to the class of sample n.": np.eye(len(labels), num_classes),
        "Ones stand in all columns up to the label; only its own column holds a 1.": (
            np.arange(num_classes) <= labels[:, None].astype(int)
        ).astype(float),
        "The columns come in reverse order.": expected[:, ::-1],
        "The rows come in reverse order.": expected[::-1],
        "The labels came back as they were.": labels.astype(float),
        "The labels stand in one column.": labels[:, None].astype(float),
        "Whole rows of the result were set: entry [n, c] belongs to sample n.": np.isin(np.arange(len(labels)), labels)[:, None]
        * np.ones(num_classes),
        "Labels were numbered by which of them occur; class c has column c.": np.eye(num_classes)[
            np.unique(labels, return_inverse=True)[1]
        ],
        "All samples share one row; each has its own.": expected.max(axis=0),
        "Every row holds the ones of all samples: entry [n, c] belongs to sample n alone.": np.tile(expected.max(axis=0), (len(labels), 1)),
        "The rows stand one after the other in a single axis.": expected.ravel(),
        "This is the answer of the visible example: use the function's arguments.": np.eye(4)[[2, 0, 2]],
    }
    return [*mistakes.items()]


LOST_AXIS = "Sums or largest scores of the rows have lost their axis: `keepdims=True`."
COMPUTED_FIRST = "The probability was computed before its logarithm: in floating point it is 0 here, or no number. Simplify ln p first."


@quietly
def softmax_mistakes(z: np.ndarray) -> Pairs:
    """Typical mistakes in `softmax`."""
    z = z.astype(float)
    right, unstable = reference.softmax(z), np.exp(z)
    bare = np.exp(z - z.max())
    mistakes = {
        "Scores are not stable: exp overflows or all of a row become 0. Take each row's largest score away first.": unstable
        / unstable.sum(axis=-1, keepdims=True),
        "The largest score of all rows was taken away: in other rows all exponentials become 0. Take each row's own.": bare
        / bare.sum(axis=-1, keepdims=True),
        "The sum ran over all entries; it runs over the last axis only.": bare / bare.sum(),
        "The exponentials were not divided by their sum.": unstable,
        "The exponentials were not divided by their sum. (The largest score was taken away.)": np.exp(z - z.max(axis=-1, keepdims=True)),
        "These are logarithms of the probabilities.": reference.log_softmax(z),
        "Scores were divided by their sum; take exponentials first.": z / z.sum(axis=-1, keepdims=True),
        "The sign of the scores is wrong: the largest score gets the largest probability.": reference.softmax(-z),
        "This is a softmax with base 2; take e.": reference.softmax(z * np.log(2)),
        "This is a softmax with base 10; take e.": reference.softmax(z * np.log(10)),
        "This is a sigmoid of each score; softmax divides by the sum over the classes.": 0.5 + np.tanh(z / 2) / 2,
        "Softmax was applied twice.": reference.softmax(right),
        "The squares of the scores were divided by their sum; take exponentials.": z**2 / (z**2).sum(axis=-1, keepdims=True),
        "The sizes of the scores were divided by their sum; take exponentials.": np.abs(z) / np.abs(z).sum(axis=-1, keepdims=True),
        "Scores less the smallest were divided by their sum; take exponentials.": (z - z.min(axis=-1, keepdims=True))
        / (z - z.min(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True),
        "The scores were halved before the exponential.": reference.softmax(z / 2),
        "The scores were doubled before the exponential.": reference.softmax(2 * z),
        "These are zeros and a 1 at the largest score; that is argmax.": (z == z.max(axis=-1, keepdims=True)).astype(float),
        "Scores were divided by the largest one; take it away (minus).": reference.softmax(z / z.max(axis=-1, keepdims=True)),
        "Unstable scores became 0 (nan_to_num); take each row's largest score away first.": np.nan_to_num(
            unstable / unstable.sum(axis=-1, keepdims=True)
        ),
    }
    top = np.exp(z - z.max(axis=-1, keepdims=True))
    if z.ndim == 2:
        if z.shape[1] in (1, z.shape[0]):
            mistakes[LOST_AXIS] = top / top.sum(axis=-1)
        columns = reference.softmax(z.T).T
        mistakes["The sum ran down the columns (axis 0); it runs over the last axis."] = columns
        mistakes["The sums belong to the columns, the largest scores to the rows."] = top / top.sum(axis=0)
        mistakes["Only the first row was used."] = right[0]
        mistakes["The result is transposed."] = right.T
    else:
        mistakes["The result has an axis too many: a 1-D argument gives a 1-D result."] = right[None]
        mistakes["Each score was taken for a sample of its own."] = np.ones_like(right)
    text = "Scores were clipped to keep the exponentials finite; take each row's largest score away instead."
    clipped = [(text, reference.softmax(np.clip(z, -limit, limit))) for limit in (20, 50, 100, 300, 500, 700)]
    text = "A number was added to the sum of the exponentials: the probabilities no longer sum to 1."
    finite = [e for e in (top, unstable) if np.isfinite(e).all()]
    clipped += [(text, e / (e.sum(axis=-1, keepdims=True) + eps)) for eps in (1.0, 0.1, 1e-2, 1e-3) for e in finite]
    text = "This is the answer of the visible example: use the function's argument."
    clipped += [(text, np.array(answer)) for answer in ([0.25, 0.75], [[0.5, 0.5], [0.25, 0.75]], [0.5, 0.5])]
    rounded = [("Values were rounded.", np.round(right, decimals)) for decimals in (3, 2, 1, 0)]
    return [*mistakes.items(), *clipped, *rounded]


@quietly
def loss_mistakes(logits: np.ndarray, labels: np.ndarray) -> Pairs:
    """Typical mistakes in `cross_entropy`."""
    z = logits.astype(float)
    logs, probabilities = reference.log_softmax(z), reference.softmax(z)
    rows, classes = np.arange(len(labels)), z.shape[1]
    losses = -logs[rows, labels]
    right = float(losses.mean())
    mistakes = {
        "The logarithm has base 2; take the natural one.": right / np.log(2),
        "The logarithm has base 10; take the natural one.": right / np.log(10),
        "This is the sum over the samples; take their mean.": losses.sum(),
        "The mean was taken over all entries of the matrix; divide by the number of samples.": right / classes,
        "The sign is wrong: probabilities are below 1, their logarithms below 0.": -right,
        "The logits were taken for probabilities: softmax is missing.": -np.log(z[rows, labels]).mean(),
        "The logarithm is missing: this is the mean probability of the right classes.": probabilities[rows, labels].mean(),
        "The logarithm is missing: this is minus the mean probability of the right classes.": -probabilities[rows, labels].mean(),
        "The logarithm was taken of the mean probability; take the mean of the logarithms.": -np.log(probabilities[rows, labels].mean()),
        "Softmax was applied twice.": -np.log(reference.softmax(probabilities)[rows, labels]).mean(),
        "Softmax ran down the columns; it runs over each sample's scores.": -np.log(reference.softmax(z.T).T[rows, labels]).mean(),
        "This is minus the mean score of the right classes: the logarithm of the sum is missing.": -z[rows, labels].mean(),
        "This is the mean entropy of the probabilities; the labels weren't used.": -(probabilities * logs).sum(axis=1).mean(),
        "The largest probability was taken; take that of the right class.": -logs.max(axis=1).mean(),
        "Only the first sample was used.": losses[0],
        "Only the last sample was used.": losses[-1],
        "Classes are shifted by one: label 0 is column 0.": -logs[rows, labels - 1].mean(),
        "These are the probabilities of the other classes too: the sum ran over all classes.": -logs.sum(axis=1).mean(),
        "The mean was taken over all classes; take the right class only.": -logs.mean(),
        "This is the median of the losses; take the mean.": np.median(losses),
        "This is the perplexity, exp of the loss.": float(np.exp(min(right, 500))),
        "This is the mean squared error of the probabilities.": ((probabilities - reference.one_hot(labels, classes)) ** 2).mean(),
    }
    if len(labels) == classes:
        mistakes["Rows and columns are mixed up: row n is sample n, column c class c."] = -logs[labels, rows].mean()
    text = "A tiny number keeps the probability from 0, but a very wrong answer then costs far too little: simplify ln p first."
    tiny = [10.0**-power for power in (6, 7, 8, 9, 10, 12, 15, 16, 20, 30, 45, 100, 300)]
    kept = [p for eps in tiny for p in (probabilities + eps, np.clip(probabilities, eps, 1), np.clip(probabilities, eps, 1 - eps))]
    bare = np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))[rows, labels]
    pairs = [pair for pair in mistakes.items() if np.isfinite(pair[1])]
    pairs += [(text, -np.log(p[rows, labels]).mean()) for p in kept]
    pairs += [("This is an answer of the visible example: use the function's arguments.", wrong) for wrong in (0.5 * np.log(8 / 3), 1000.0)]
    negative = [("The logarithm of a negative number was taken: scores are no probabilities, softmax comes first.", np.nan)]
    if np.isfinite(bare.mean()):
        return [*pairs, *negative]
    pairs += negative if (z[rows, labels] < 0).any() else []
    pairs += [(COMPUTED_FIRST, wrong) for wrong in (np.inf, -np.inf, np.nan)]
    return [*pairs, ("Infinite losses were turned into finite numbers (nan_to_num); simplify ln p instead.", -np.nan_to_num(bare).mean())]
