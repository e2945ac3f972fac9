"""Right and wrong solutions of the task `q1_correlation`."""

# %% right: the function of the task above
q1_correlation = correlate2d(x_q1, W_q1)

# %% right: pencil and paper, a list
q1_correlation = [
    [-2.6, -2.6, -2.8],
    [-0.2, 0.1, 0.1],
    [2.8, 2.6, 2.7],
]

# %% right: only sums of three numbers, float32
sums = (x_q1[:, :-2] + x_q1[:, 1:-1] + x_q1[:, 2:]).astype(np.float32)
q1_correlation = sums[:-2] - sums[2:]

# %% right: a tensor of torch
image, filters = torch.from_numpy(x_q1)[None, None], torch.from_numpy(W_q1.copy())[None, None]
q1_correlation = nn.functional.conv2d(image, filters).squeeze()

# %% right: rounded to one decimal, a tuple of tuples
q1_correlation = tuple(
    tuple(round(float(np.sum(x_q1[i : i + 3, j : j + 3] * W_q1)), 1) for j in range(3)) for i in range(3)
)

# %% right: every step printed, filled in place
q1_correlation = np.empty((3, 3))
for i in range(3):
    for j in range(3):
        window = x_q1[i : i + 3, j : j + 3]
        q1_correlation[i, j] = window[0].sum() - window[2].sum()
        print(i, j, window.tolist(), q1_correlation[i, j])

# %% wrong: the other operation => "This is the convolution: the kernel was flipped."
q1_correlation = convolve2d(x_q1, W_q1)

# %% wrong: the kernel turned on its side => "The kernel was transposed; flipping is something else."
q1_correlation = correlate2d(x_q1, W_q1.T)

# %% wrong: rows and columns of the result swapped => "The result is transposed: rows and columns are mixed up."
q1_correlation = correlate2d(x_q1, W_q1).T

# %% wrong: the full result => "The picture was padded (mode “full”)"
q1_correlation = scipy.signal.correlate2d(x_q1, W_q1)

# %% wrong: as large as the picture => "(mode “same”)"
q1_correlation = scipy.signal.correlate2d(x_q1, W_q1, mode="same")

# %% wrong: the mean instead of the sum => "This is the mean of the products; the sum was asked for."
q1_correlation = correlate2d(x_q1, W_q1 / 9)

# %% wrong: whole numbers => "Values were cut to whole numbers"
q1_correlation = correlate2d(x_q1, W_q1).astype(int)

# %% wrong: rounded to whole numbers => "Values were rounded to whole numbers"
q1_correlation = correlate2d(x_q1, W_q1).round()

# %% wrong: one number mistyped => "1 of 9 differ"
q1_correlation = np.array([[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, -2.7]])

# %% wrong: nine numbers in one row => "The numbers stand in one row; the result needs two axes."
q1_correlation = correlate2d(x_q1, W_q1).ravel()

# %% wrong: the name is left empty => "`q1_correlation` is still None: its cell was not filled in"
q1_correlation = None
answer = correlate2d(x_q1, W_q1)

# %% wrong: the function instead of its result => "is a function, but an array of shape (3, 3) was expected"
q1_correlation = correlate2d

# %% wrong: the printed text => "is a str, but an array of shape (3, 3) was expected"
q1_correlation = str(correlate2d(x_q1, W_q1))

# %% wrong: upside down => "The result is turned by 180°"
q1_correlation = np.rot90(correlate2d(x_q1, W_q1), 2)

# %% wrong: another name => "`q1_correlation` is not defined after this cell"
Q1_correlation = correlate2d(x_q1, W_q1)

# %% wrong: only the positive part => "has wrong values"
q1_correlation = np.maximum(correlate2d(x_q1, W_q1), 0)

# %% wrong: the large picture instead of the small => "has shape (4, 4), but shape (3, 3) was expected"
q1_correlation = correlate2d(np.pad(x_q1, ((0, 1), (0, 1))), W_q1)

# %% wrong: one window only => "q1_correlation` has shape (), but shape (3, 3) was expected"
q1_correlation = np.sum(x_q1[:3, :3] * W_q1)
