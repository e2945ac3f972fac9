"""Right and wrong solutions of the task `conv_matrix`."""

# %% right: four loops
def conv_matrix(W, input_shape):
    H, width = input_shape
    kH, kW = W.shape
    H_out, W_out = H - kH + 1, width - kW + 1
    M = np.zeros((H_out * W_out, H * width))
    for i in range(H_out):
        for j in range(W_out):
            for a in range(kH):
                for b in range(kW):
                    M[i * W_out + j, (i + a) * width + j + b] = W[a, b]
    return M

# %% right: a window in an empty picture, torch
def conv_matrix(W, input_shape):
    kernel = torch.as_tensor(np.asarray(W, dtype=np.float64))
    rows = []
    for i in range(input_shape[0] - kernel.shape[0] + 1):
        for j in range(input_shape[1] - kernel.shape[1] + 1):
            picture = torch.zeros(*input_shape, dtype=torch.float64)
            picture[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
            rows.append(picture.flatten())
    return torch.stack(rows)

# %% right: scipy on every picture of one pixel, column by column
def conv_matrix(W, input_shape):
    columns = []
    for pixel in range(input_shape[0] * input_shape[1]):
        picture = np.zeros(pixel_count := input_shape[0] * input_shape[1])
        picture[pixel] = 1
        columns.append(scipy.signal.correlate2d(picture.reshape(input_shape), W, mode="valid").ravel())
    return np.stack(columns, axis=1)

# %% right: sliding windows of the pixel numbers
def conv_matrix(W, input_shape):
    numbers = np.arange(np.prod(input_shape)).reshape(input_shape)
    windows = np.lib.stride_tricks.sliding_window_view(numbers, W.shape).reshape(-1, W.size)
    matrix = np.zeros((len(windows), numbers.size), dtype=W.dtype)
    np.put_along_axis(matrix, windows, np.broadcast_to(W.ravel(), windows.shape), axis=1)
    return matrix

# %% right: blocks of Toeplitz matrices
import scipy.linalg


def conv_matrix(W, input_shape):
    (kH, kW), (H, width) = np.shape(W), input_shape
    W_out, H_out = width - kW + 1, H - kH + 1
    blocks = [scipy.linalg.toeplitz([row[0]] + [0] * (W_out - 1), list(row) + [0] * (width - kW)) for row in W]
    empty = np.zeros((W_out, width))
    return np.block([[blocks[r - i] if 0 <= r - i < kH else empty for r in range(H)] for i in range(H_out)])

# %% right: nested lists in Python, noisy
def conv_matrix(W, input_shape):
    kernel = W.tolist()
    print("making a matrix of", input_shape)
    matrix = []
    for i in range(input_shape[0] - len(kernel) + 1):
        for j in range(input_shape[1] - len(kernel[0]) + 1):
            row = [0] * (input_shape[0] * input_shape[1])
            for a, weights in enumerate(kernel):
                start = (i + a) * input_shape[1] + j
                row[start : start + len(weights)] = weights
            matrix.append(row)
    return matrix

# %% right: float32 and torch's unfold
def conv_matrix(W, input_shape):
    H, width = input_shape
    pixels = torch.eye(H * width).reshape(H * width, 1, H, width)
    patches = nn.functional.unfold(pixels, kernel_size=W.shape)
    return torch.einsum("pkl,k->lp", patches, torch.tensor(W.astype(np.float32).ravel()))

# %% right: the gradient of a convolution
def conv_matrix(W, input_shape):
    weight = torch.tensor(np.asarray(W, dtype=np.float64))[None, None]

    def correlate(x):
        return nn.functional.conv2d(x.reshape(1, 1, *input_shape), weight).flatten()

    return torch.autograd.functional.jacobian(correlate, torch.zeros(input_shape[0] * input_shape[1], dtype=torch.float64))

# %% wrong: flips the kernel => "The kernel was flipped; the matrix of the cross-correlation was asked for."
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W[::-1, ::-1]
            rows.append(picture.ravel())
    return np.array(rows)

# %% wrong: one row for each pixel => "The matrix is transposed: one row for each output, one column for each pixel."
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    columns = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            columns.append(picture.ravel())
    return np.array(columns).T

# %% wrong: rolls the first row on => "Windows reach over the end of a row of pixels"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    first = np.zeros(input_shape)
    first[:kH, :kW] = W
    count = (input_shape[0] - kH + 1) * (input_shape[1] - kW + 1)
    return np.array([np.roll(first.ravel(), shift) for shift in range(count)])

# %% wrong: no gap between the kernel's rows => "The kernel's rows follow each other without the gap"
def conv_matrix(W, input_shape):
    H_out, W_out = input_shape[0] - W.shape[0] + 1, input_shape[1] - W.shape[1] + 1
    M = np.zeros((H_out * W_out, input_shape[0] * input_shape[1]))
    for i in range(H_out):
        for j in range(W_out):
            start = i * input_shape[1] + j
            M[i * W_out + j, start : start + W.size] = W.ravel()
    return M

# %% wrong: outputs column by column => "The outputs stand column by column"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for j in range(input_shape[1] - kW + 1):
        for i in range(input_shape[0] - kH + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.ravel())
    return np.array(rows)

# %% wrong: pixels column by column => "The pixels stand column by column"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.ravel(order="F"))
    return np.array(rows)

# %% wrong: both column by column => "Outputs and pixels stand column by column"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for j in range(input_shape[1] - kW + 1):
        for i in range(input_shape[0] - kH + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.T.ravel())
    return np.array(rows)

# %% wrong: four axes => "The matrix has four axes; unroll outputs and pixels."
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    H_out, W_out = input_shape[0] - kH + 1, input_shape[1] - kW + 1
    M = np.zeros((H_out, W_out, *input_shape))
    for i in range(H_out):
        for j in range(W_out):
            M[i, j, i : i + kH, j : j + kW] = W
    return M

# %% wrong: cuts to whole numbers => "Values were cut to whole numbers"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape, dtype=int)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.ravel())
    return np.array(rows)

# %% wrong: with zero padding => "This is the matrix with zero padding"
def conv_matrix(W, input_shape):
    H, width = input_shape
    columns = []
    for pixel in range(H * width):
        picture = np.zeros(H * width)
        picture[pixel] = 1
        columns.append(scipy.signal.correlate2d(picture.reshape(H, width), W, mode="same").ravel())
    return np.stack(columns, axis=1)

# %% wrong: a sparse matrix => "but an array of shape"
import scipy.sparse


def conv_matrix(W, input_shape):
    kH, kW = W.shape
    H_out, W_out = input_shape[0] - kH + 1, input_shape[1] - kW + 1
    M = scipy.sparse.lil_matrix((H_out * W_out, input_shape[0] * input_shape[1]))
    for i, j in np.ndindex(H_out, W_out):
        for a, b in np.ndindex(kH, kW):
            M[i * W_out + j, (i + a) * input_shape[1] + j + b] = W[a, b]
    return M.tocsr()

# %% wrong: square pictures only => "The heights of the picture and of the kernel were used for their widths, too."
def conv_matrix(W, input_shape):
    n, k = input_shape[0], W.shape[0]
    m = n - k + 1
    M = np.zeros((m * m, n * n))
    for i in range(m):
        for j in range(m):
            for a in range(k):
                for b in range(min(k, W.shape[1])):
                    M[i * m + j, (i + a) * n + j + b] = W[a, b]
    return M

# %% wrong: ones instead of the weights => "All weights are ones"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = 1
            rows.append(picture.ravel())
    return np.array(rows)

# %% wrong: the last windows are missing => "The last row and column of windows are missing"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH):
        for j in range(input_shape[1] - kW):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.ravel())
    return np.array(rows)

# %% wrong: only the first row => "Only the first output's row is right"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    first = np.zeros(input_shape)
    first[:kH, :kW] = W
    M = np.zeros(((input_shape[0] - kH + 1) * (input_shape[1] - kW + 1), first.size))
    M[0] = first.ravel()
    return M

# %% wrong: a view of the kernel => "shares memory with an argument"
def conv_matrix(W, input_shape):
    if W.shape == tuple(input_shape):
        return W.reshape(1, -1)
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.ravel())
    return np.array(rows)

# %% wrong: changes the kernel => "changes its argument number 1 in place"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    rows = []
    for i in range(input_shape[0] - kH + 1):
        for j in range(input_shape[1] - kW + 1):
            picture = np.zeros(input_shape)
            picture[i : i + kH, j : j + kW] = W
            rows.append(picture.ravel())
    W[:] = 0
    return np.array(rows)

# %% wrong: the output instead of the matrix => "This is the output for a picture of ones"
def conv_matrix(W, input_shape):
    return scipy.signal.correlate2d(np.ones(input_shape), W, mode="valid").ravel()

# %% wrong: skips weights that are zero, but counts on => "Zeros of the kernel were left out"
def conv_matrix(W, input_shape):
    kH, kW = W.shape
    H_out, W_out = input_shape[0] - kH + 1, input_shape[1] - kW + 1
    M = np.zeros((H_out * W_out, input_shape[0] * input_shape[1]))
    values = W[W != 0]
    for i, j in np.ndindex(H_out, W_out):
        places = [(i + a) * input_shape[1] + j + b for a in range(kH) for b in range(kW)]
        M[i * W_out + j, places[: len(values)]] = values
    return M

# %% wrong: knows the visible example => "has shape"
def conv_matrix(W, input_shape):
    return np.array([[1, 10, 0, 0, 0, 0], [0, 1, 10, 0, 0, 0], [0, 0, 0, 1, 10, 0], [0, 0, 0, 0, 1, 10]])

# %% wrong: half precision => "The entries were rounded to half precision"
def conv_matrix(W, input_shape):
    rows, columns = (n - k + 1 for n, k in zip(input_shape, W.shape))
    M = np.zeros((rows * columns, *input_shape), dtype=np.float16)
    for i, j in np.ndindex(rows, columns):
        M[i * columns + j, i : i + W.shape[0], j : j + W.shape[1]] = W
    return M.reshape(rows * columns, -1)
