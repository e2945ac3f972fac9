"""What typical mistakes in the assignment `rnn_design` lead to: a sentence for the student, and the wrong answer.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed; and it is named only if it explains all answers of a check. What is a matter of convention stands apart, too.
"""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.reference import rnn_design as reference

Rule = Callable[..., np.ndarray]

VISIBLE_STATES = reference.rnn_forward([[1], [0], [0]], [0], [[1]], [[1]], [0])
VISIBLE_WINDOWS = {stride: reference.image_to_sequence(np.arange(1, 13).reshape(3, 4), 2, stride) for stride in (1, 2)}
RAGGED = "Windows that reach over the border were kept, as far as they lie inside; drop them."
PRODUCT = "Matrix and vector were multiplied entry by entry (*); use the matrix product (@)."


def _turned(matrix: np.ndarray) -> np.ndarray:
    """A matrix transposed where its shape allows that."""
    return matrix.T if matrix.shape[0] == matrix.shape[1] else matrix


STEP: dict[str, Rule] = {
    "The bias is missing.": lambda x, h, U, V, b: np.tanh(U @ x + V @ h),
    "The bias was added after tanh; it belongs into the sum that tanh is taken of.": lambda x, h, U, V, b: np.tanh(U @ x + V @ h) + b,
    "The bias was subtracted.": lambda x, h, U, V, b: np.tanh(U @ x + V @ h - b),
    "The bias was added twice.": lambda x, h, U, V, b: np.tanh(U @ x + V @ h + 2 * b),
    "This is the logistic sigmoid; the task asks for tanh.": lambda x, h, U, V, b: 1 / (1 + np.exp(-(U @ x + V @ h + b))),
    "tanh is missing: this is the sum itself.": lambda x, h, U, V, b: U @ x + V @ h + b,
    "This is ReLU; the task asks for tanh.": lambda x, h, U, V, b: np.maximum(U @ x + V @ h + b, 0),
    "The old state is ignored: W_hh h is missing.": lambda x, h, U, V, b: np.tanh(U @ x + b),
    "The old state was added without its weights W_hh.": lambda x, h, U, V, b: np.tanh(U @ x + h + b),
    "The input is ignored: W_xh x is missing.": lambda x, h, U, V, b: np.tanh(V @ h + b),
    "W_hh is transposed: entry i of the new state uses row i of W_hh.": lambda x, h, U, V, b: np.tanh(U @ x + V.T @ h + b),
    "W_xh is transposed: entry i of the new state uses row i of W_xh.": lambda x, h, U, V, b: np.tanh(_turned(U) @ x + V @ h + b),
    "W_xh and W_hh are transposed: entry i of the new state uses their rows i.": lambda x, h, U, V, b: np.tanh(
        _turned(U) @ x + V.T @ h + b
    ),
    "W_xh and W_hh are exchanged: W_xh belongs to the input, W_hh to the old state.": lambda x, h, U, V, b: reference.rnn_step(
        x, h, *((V, U) if U.shape == V.shape else (U, V)), b
    ),
    "tanh was taken of each term; take it of the whole sum.": lambda x, h, U, V, b: np.tanh(U @ x) + np.tanh(V @ h) + np.tanh(b),
    "tanh was taken of each product; take it of the whole sum.": lambda x, h, U, V, b: np.tanh(U @ x) + np.tanh(V @ h) + b,
    "tanh was taken of two parts; take it of the whole sum.": lambda x, h, U, V, b: np.tanh(U @ x) + np.tanh(V @ h + b),
    "tanh was taken of two parts; it belongs around the whole sum.": lambda x, h, U, V, b: np.tanh(U @ x + b) + np.tanh(V @ h),
    "tanh covers the input's part only; take it of the whole sum.": lambda x, h, U, V, b: np.tanh(U @ x) + V @ h + b,
    "W_hh h was added after tanh; it belongs into the sum.": lambda x, h, U, V, b: np.tanh(U @ x + b) + V @ h,
    "W_xh x was added after tanh; it belongs into the sum.": lambda x, h, U, V, b: U @ x + np.tanh(V @ h + b),
    "The old state was added to the new one.": lambda x, h, U, V, b: h + np.tanh(U @ x + V @ h + b),
    "The two products were multiplied; add them.": lambda x, h, U, V, b: np.tanh((U @ x) * (V @ h) + b),
    "The sums run over the inputs and the units together: each entry of the new state has its own.": lambda x, h, U, V, b: np.tanh(
        (U @ x).sum() + (V @ h).sum() + b
    ),
    "tanh was taken twice.": lambda x, h, U, V, b: np.tanh(np.tanh(U @ x + V @ h + b)),
    "The old state came back: return the new one.": lambda x, h, U, V, b: np.array(h),
    "The sign is wrong.": lambda x, h, U, V, b: -np.tanh(U @ x + V @ h + b),
    "Sums were rounded to whole numbers before tanh was taken.": lambda x, h, U, V, b: np.tanh(np.rint(U @ x + V @ h + b)),
    "Sums were cut to whole numbers before tanh was taken.": lambda x, h, U, V, b: np.tanh(np.trunc(U @ x + V @ h + b)),
    "Values were cut to whole numbers: the result needs a floating type.": lambda x, h, U, V, b: np.trunc(np.tanh(U @ x + V @ h + b)),
    "Values were rounded: keep all digits.": lambda x, h, U, V, b: np.round(np.tanh(U @ x + V @ h + b), 2),
}
# Slips that leave the sum itself right, or its matrices read the other way round: what is computed from it can still be judged.
STEP_CONVENTIONS = {
    text: rule
    for text, rule in STEP.items()
    if "tanh" in text.lower() or "sigmoid" in text or "ReLU" in text or "transposed" in text or "The bias was added after" in text
}
STEP_ONLY: dict[str, Rule] = {
    "The result has two axes; the new state is a vector of shape (H,).": lambda *a: reference.rnn_step(*a)[:, None],
    "The result has two axes; the new state is a vector of shape (H,), without an axis of length 1.": lambda *a: reference.rnn_step(*a)[
        None
    ],
    PRODUCT: lambda x, h, U, V, b: np.tanh(U * x + V * h + b),
    "This is the answer of the visible example: use the function's arguments.": lambda *a: np.tanh([0.5, 1.0]),
    "The two parts stand one behind the other; add them.": lambda x, h, U, V, b: np.tanh(np.concatenate([U @ x, V @ h]) + np.tile(b, 2)),
}


def along(step: Rule) -> Rule:
    """The states of a sequence with another rule for the step."""

    def states(xs, h0, *weights):
        found, h = [], h0
        for x in xs:
            h = step(x, h, *weights)
            found.append(h)
        return np.stack(found)

    return states


def _forward(xs, h0, *weights):
    return reference.rnn_forward(xs, h0, *weights)


def _linear(xs, h0, U, V, b):
    return np.tanh(along(lambda x, h, *w: U @ x + V @ h + b)(xs, h0, U, V, b))


FORWARD: dict[str, Rule] = {
    "h_0 isn't one of the states: return h_1 to h_T.": lambda xs, h0, *w: np.vstack([h0, _forward(xs, h0, *w)]),
    "The states are one off: h_0 stands first and h_T is missing.": lambda xs, h0, *w: np.vstack([h0, _forward(xs, h0, *w)])[:-1],
    "Only the last state was returned; all T of them are asked for.": lambda xs, h0, *w: _forward(xs, h0, *w)[-1],
    "Only the last state was returned, as one row; all T of them are asked for.": lambda xs, h0, *w: _forward(xs, h0, *w)[-1:],
    "h0 is ignored: the first step starts from zeros.": lambda xs, h0, *w: _forward(xs, 0 * h0, *w),
    "Each step starts from h0 again: hand the new state on to the next step.": lambda xs, h0, *w: np.vstack(
        [_forward(xs[t : t + 1], h0, *w) for t in range(len(xs))]
    ),
    "All rows show the last state: the same array was stored each time and then overwritten.": lambda xs, h0, *w: np.tile(
        _forward(xs, h0, *w)[-1], (len(xs), 1)
    ),
    "The sequence was read from its end.": lambda xs, h0, *w: _forward(xs[::-1], h0, *w),
    "The sequence was read from its end and the states turned round.": lambda xs, h0, *w: _forward(xs[::-1], h0, *w)[::-1],
    "The states come in reverse order: h_1 first.": lambda xs, h0, *w: _forward(xs, h0, *w)[::-1],
    "The result is transposed: one state a row, shape (T, H).": lambda xs, h0, *w: _forward(xs, h0, *w).T,
    "Only the first state was returned; all T of them are asked for: does `return` stand inside the loop?": lambda xs, h0, *w: _forward(
        xs[:1], h0, *w
    )[0],
    "There are three states, however long the sequence: take as many steps as there are inputs.": lambda xs, h0, *w: _forward(
        xs[:3], h0, *w
    ),
    "There is an axis too many: the shape is (T, H).": lambda xs, h0, *w: _forward(xs, h0, *w)[None],
    "There is an axis too many in the middle: the shape is (T, H).": lambda xs, h0, *w: _forward(xs, h0, *w)[:, None],
    "There is an axis too many at the end: the shape is (T, H).": lambda xs, h0, *w: _forward(xs, h0, *w)[..., None],
    "The numbers stand in one row; one state a row is asked for.": lambda xs, h0, *w: _forward(xs, h0, *w).ravel(),
    "The first input was left out.": lambda xs, h0, *w: _forward(xs[1:], h0, *w),
    "The last input was left out.": lambda xs, h0, *w: _forward(xs[:-1], h0, *w),
    "The first row is 0: h_1 comes from x_1 and h_0.": lambda xs, h0, *w: np.vstack([0 * h0, _forward(xs[1:], 0 * h0, *w)]),
    "The first row is h_0: h_1 comes from x_1 and h_0.": lambda xs, h0, *w: np.vstack([h0, _forward(xs[1:], h0, *w)]),
    "Each step reads the first input: take x_t.": lambda xs, h0, *w: _forward(np.tile(xs[0], (len(xs), 1)), h0, *w),
    "tanh was taken at the end only; each step takes it.": _linear,
    "This is the mean of the states; all T of them are asked for.": lambda xs, h0, *w: _forward(xs, h0, *w).mean(axis=0),
    "The states were added up; each has a row of its own.": lambda xs, h0, *w: np.cumsum(_forward(xs, h0, *w), axis=0),
    "This is the answer of the visible example: use the function's arguments.": lambda *a: VISIBLE_STATES,
}
ALL_FORWARD = FORWARD | {text: along(step) for text, step in STEP.items()}
# Where the states stand, and slips of a single step that `rnn_step` may have, too: the state is handed on all the same.
_PLACES = {
    text: rule
    for text, rule in FORWARD.items()
    if text.startswith(("h_0 isn't", "The states are one off", "The states come", "The result is t"))
}
FORWARD_CONVENTIONS = _PLACES | {text: along(step) for text, step in STEP_CONVENTIONS.items()}


def _cut(image, window, step_down, step_right):
    return sliding_window_view(image, (window, window))[::step_down, ::step_right]


def _flat(windows):
    return windows.reshape(windows.shape[0] * windows.shape[1], -1)


def _filled_up(image, window, stride):
    starts = [-(-max(n - window, 0) // stride) * stride + window for n in image.shape]
    return np.pad(image, [(0, max(0, end - n)) for n, end in zip(image.shape, starts, strict=True)])


def _all_starts(image, window, stride):
    return np.pad(image, [(0, (n - 1) // stride * stride + window - n) for n in image.shape])


def _as_many_columns(image, window, stride):
    """Windows of a picture that is taken for a square one; those of the right size only, as `np.stack` wants them."""
    starts = range(0, len(image) - window + 1, stride)
    return np.stack([image[i : i + window, j : j + window].ravel() for i in starts for j in starts])


def _ragged(image, window, stride):
    """As lists: those at the border are shorter."""
    starts = [range(0, n, stride) for n in image.shape]
    return [image[i : i + window, j : j + window].ravel() for i in starts[0] for j in starts[1]]


def kept_ragged(received, image, window, stride):
    """Whether the windows that reach over the border were kept as far as they lie inside."""
    rows = _ragged(image, window, stride)
    try:
        return len(received) == len(rows) and all(np.array_equal(one, other) for one, other in zip(received, rows, strict=True))
    except (TypeError, ValueError):
        return False


def _by_window(image, window, stride):
    return reference.image_to_sequence(image, stride, window)


WINDOWS: dict[str, Rule] = {
    "The windows come column by column; they should go to the right first, then down.": lambda i, w, s: _flat(
        _cut(i, w, s, s).transpose(1, 0, 2, 3)
    ),
    "Each window was unrolled column by column; take its rows one after another.": lambda i, w, s: _flat(
        _cut(i, w, s, s).transpose(0, 1, 3, 2)
    ),
    "Rows and columns are exchanged, for the windows and inside them.": lambda i, w, s: _flat(_cut(i.T, w, s, s)),
    "Window and stride are exchanged.": _by_window,
    "The stride is ignored: the window moves by one pixel.": lambda i, w, s: _flat(_cut(i, w, 1, 1)),
    "The stride is ignored: the windows stand side by side.": lambda i, w, s: _flat(_cut(i, w, w, w)),
    "The stride was used to the right only.": lambda i, w, s: _flat(_cut(i, w, 1, s)),
    "The stride was used downwards only.": lambda i, w, s: _flat(_cut(i, w, s, 1)),
    "Windows that reach over the border were filled up with zeros; drop them.": lambda i, w, s: _flat(_cut(_filled_up(i, w, s), w, s, s)),
    "Windows were started at every stride up to the border and filled up with zeros; drop those that reach over.": lambda i, w, s: _flat(
        _cut(_all_starts(i, w, s), w, s, s)
    ),
    "The last row and column of windows are missing: one more fits.": lambda i, w, s: _flat(_cut(i, w, s, s)[:-1, :-1]),
    "The last row of windows is missing: one more fits.": lambda i, w, s: _flat(_cut(i, w, s, s)[:-1]),
    "The last column of windows is missing: one more fits.": lambda i, w, s: _flat(_cut(i, w, s, s)[:, :-1]),
    "There are as many columns of windows as rows here; a picture may be wider or higher.": _as_many_columns,
    "Each window is still a square; unroll it into a vector.": lambda i, w, s: _cut(i, w, s, s).reshape(-1, w, w),
    "The rows and columns of windows are still two axes; the sequence has one.": lambda i, w, s: _cut(i, w, s, s).reshape(
        *_cut(i, w, s, s).shape[:2], -1
    ),
    "The result has four axes; a sequence of vectors has two.": lambda i, w, s: _cut(i, w, s, s),
    "The result is transposed: one window a row.": lambda i, w, s: _flat(_cut(i, w, s, s)).T,
    "The numbers stand in one row; each window has a row of its own.": lambda i, w, s: _flat(_cut(i, w, s, s)).ravel(),
    "The picture was only reshaped: a row of the result is a square of the picture, not a piece of its rows.": lambda i, w, s: i.reshape(
        -1, w * w
    ),
    "This is the mean of each window; all its pixels are asked for.": lambda i, w, s: _cut(i, w, s, s).mean(axis=(2, 3)).reshape(-1, 1),
    "Values were cut to whole numbers: a picture may hold fractions.": lambda i, w, s: np.trunc(_flat(_cut(i, w, s, s))),
    "Values were rounded to whole numbers: a picture may hold fractions.": lambda i, w, s: np.rint(_flat(_cut(i, w, s, s))),
    "Values were kept in eight bits: a picture may hold larger numbers, and fractions.": lambda i, w, s: (
        np.trunc(_flat(_cut(i, w, s, s))).astype(np.int64).astype(np.uint8)
    ),
    "The windows come from the last to the first.": lambda i, w, s: _flat(_cut(i, w, s, s))[::-1],
    "Values were divided by 255; the picture's own values are asked for.": lambda i, w, s: _flat(_cut(i, w, s, s)) / 255,
    "Windows in every other row are read from right to left; start from the left each time.": lambda i, w, s: _snake(i, w, s),
    "The first windows start at `stride`; the first stands in the upper left corner.": lambda i, w, s: _flat(_cut(i[s:, s:], w, s, s)),
    "This is the answer of the visible example: use the function's arguments.": lambda i, w, s: VISIBLE_WINDOWS[2 if s == 2 else 1],
    "This is always the answer of the visible example: use the function's arguments.": lambda *a: VISIBLE_WINDOWS[1],
}


WINDOWS_CUT = {text: rule for text, rule in WINDOWS.items() if text.startswith("Values were")}
# Orders of windows and of the pixels inside them that are not the one asked for.
WINDOW_CONVENTIONS = {
    text: rule
    for text, rule in WINDOWS.items()
    if text.startswith(("The windows come", "Each window was unrolled", "Rows and columns are exchanged", "The result is transposed"))
}


def _snake(image, window, stride):
    windows = _cut(image, window, stride, stride).copy()
    windows[1::2] = windows[1::2, ::-1]
    return _flat(windows)
