"""Right and wrong solutions of the task `image_to_sequence`."""

# %% right: sliding_window_view
def image_to_sequence(image, window, stride):
    view = np.lib.stride_tricks.sliding_window_view(image, (window, window))
    return view[::stride, ::stride].reshape(-1, window**2).copy()

# %% right: torch's unfold, float32, noisy
def image_to_sequence(image, window, stride):
    picture = torch.tensor(np.array(image), dtype=torch.float32)
    print(picture.shape, window, stride)
    return nn.functional.unfold(picture[None, None], window, stride=stride)[0].T

# %% right: four loops, a list of lists
def image_to_sequence(image, window, stride):
    sequence = []
    i = 0
    while i + window <= len(image):
        j = 0
        while j + window <= len(image[0]):
            sequence.append([float(image[i + k][j + l]) for k in range(window) for l in range(window)])
            j += stride
        i += stride
    return sequence

# %% right: places computed first
def image_to_sequence(image, window, stride):
    height, width = image.shape
    rows, columns = (height - window) // stride + 1, (width - window) // stride + 1
    result = np.zeros((rows * columns, window * window), dtype=image.dtype)
    for t in range(rows * columns):
        top, left = t // columns * stride, t % columns * stride
        result[t] = image[top : top + window, left : left + window].flatten()
    return result

# %% right: fancy indices
def image_to_sequence(image, window, stride):
    tops = np.arange(0, image.shape[0] - window + 1, stride)
    lefts = np.arange(0, image.shape[1] - window + 1, stride)
    k = np.arange(window)
    rows = tops[:, None, None, None] + k[:, None]
    columns = lefts[:, None, None] + k
    return image[rows, columns].reshape(len(tops) * len(lefts), -1)

# %% right: torch's Tensor.unfold twice
def image_to_sequence(image, window, stride):
    return torch.tensor(image.astype(float)).unfold(0, window, stride).unfold(1, window, stride).flatten(0, 1).flatten(1)

# %% wrong: column by column => "The windows come column by column"
def image_to_sequence(image, window, stride):
    return np.stack([
        image[i : i + window, j : j + window].ravel()
        for j in range(0, image.shape[1] - window + 1, stride)
        for i in range(0, image.shape[0] - window + 1, stride)
    ])

# %% wrong: unrolls columns => "Each window was unrolled column by column"
def image_to_sequence(image, window, stride):
    return np.stack([
        image[i : i + window, j : j + window].T.ravel()
        for i in range(0, image.shape[0] - window + 1, stride)
        for j in range(0, image.shape[1] - window + 1, stride)
    ])

# %% wrong: transposes the picture => "Rows and columns are exchanged, for the windows and inside them."
def image_to_sequence(image, window, stride):
    image = image.T
    return np.stack([
        image[i : i + window, j : j + window].ravel()
        for i in range(0, image.shape[0] - window + 1, stride)
        for j in range(0, image.shape[1] - window + 1, stride)
    ])

# %% wrong: window and stride exchanged => "Window and stride are exchanged."
def image_to_sequence(image, window, stride):
    window, stride = stride, window
    return np.stack([
        image[i : i + window, j : j + window].ravel()
        for i in range(0, image.shape[0] - window + 1, stride)
        for j in range(0, image.shape[1] - window + 1, stride)
    ])

# %% wrong: stride ignored => "The stride is ignored: the window moves by one pixel."
def image_to_sequence(image, window, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (window, window)).reshape(-1, window**2).copy()

# %% wrong: always side by side => "The stride is ignored: the windows stand side by side."
def image_to_sequence(image, window, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::window, ::window].reshape(-1, window**2).copy()

# %% wrong: stride for the rows only => "The stride was used downwards only."
def image_to_sequence(image, window, stride):
    return np.stack([
        image[i : i + window, j : j + window].ravel()
        for i in range(0, image.shape[0] - window + 1, stride)
        for j in range(image.shape[1] - window + 1)
    ])

# %% wrong: fills up incomplete windows => "filled up with zeros; drop them"
def image_to_sequence(image, window, stride):
    short = [-(n - window) % stride if n > window else 0 for n in image.shape]
    image = np.pad(image, ((0, short[0]), (0, short[1])))
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride].reshape(-1, window**2).copy()

# %% wrong: ragged windows at the border => "Windows that reach over the border were kept, as far as they lie inside; drop them."
def image_to_sequence(image, window, stride):
    return [
        image[i : i + window, j : j + window].ravel()
        for i in range(0, image.shape[0], stride)
        for j in range(0, image.shape[1], stride)
    ]

# %% wrong: the last windows missing => "The last row and column of windows are missing" and "The result has as many axes as it should have, but of other lengths."
def image_to_sequence(image, window, stride):
    return np.array([
        image[i : i + window, j : j + window].ravel()
        for i in range(0, image.shape[0] - window, stride)
        for j in range(0, image.shape[1] - window, stride)
    ])

# %% wrong: works for square pictures only => "There are as many columns of windows as rows here"
def image_to_sequence(image, window, stride):
    starts = range(0, len(image) - window + 1, stride)
    return np.stack([image[i : i + window, j : j + window].ravel() for i in starts for j in starts])

# %% wrong: keeps squares => "Each window is still a square; unroll it into a vector."
def image_to_sequence(image, window, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride].reshape(-1, window, window).copy()

# %% wrong: two axes of windows => "The rows and columns of windows are still two axes"
def image_to_sequence(image, window, stride):
    view = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride]
    return view.reshape(*view.shape[:2], -1).copy()

# %% wrong: windows as columns => "The result is transposed: one window a row."
def image_to_sequence(image, window, stride):
    return nn.functional.unfold(torch.tensor(image.astype(float))[None, None], window, stride=stride)[0]

# %% wrong: means => "This is the mean of each window"
def image_to_sequence(image, window, stride):
    view = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride]
    return view.mean(axis=(2, 3)).reshape(-1, 1)

# %% wrong: a view of the picture => "shares memory with an argument"
def image_to_sequence(image, window, stride):
    if window in (1, len(image)) and image.shape[0] == image.shape[1] and stride == 1:
        return image.reshape(-1, window * window)
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride].reshape(-1, window**2).copy()

# %% wrong: the rows of the picture as they are => "The picture was only reshaped"
def image_to_sequence(image, window, stride):
    return image.reshape(-1, window * window).copy()

# %% wrong: squeezes a single window away => "The result has two axes, also when there is one window"
def image_to_sequence(image, window, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride].reshape(-1, window**2).squeeze().copy()

# %% wrong: the visible example => "This is the answer of the visible example"
def image_to_sequence(image, window, stride):
    if stride == 2:
        return np.array([[1, 2, 5, 6], [3, 4, 7, 8]])
    return np.array([[1, 2, 5, 6], [2, 3, 6, 7], [3, 4, 7, 8], [5, 6, 9, 10], [6, 7, 10, 11], [7, 8, 11, 12]])

# %% wrong: an array of whole numbers => "Values were cut to whole numbers: a picture may hold fractions."
def image_to_sequence(image, window, stride):
    rows, columns = ((size - window) // stride + 1 for size in image.shape)
    sequence = np.zeros((rows * columns, window * window), dtype=int)
    for i in range(rows):
        for j in range(columns):
            patch = image[i * stride : i * stride + window, j * stride : j * stride + window]
            sequence[i * columns + j] = patch.ravel()
    return sequence

# %% wrong: as a picture file stores them => "Values were kept in eight bits"
def image_to_sequence(image, window, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride]
    return windows.reshape(-1, window * window).astype(np.int64).astype(np.uint8)

# %% wrong: scaled => "Values were divided by 255; the picture's own values are asked for."
def image_to_sequence(image, window, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride]
    return windows.reshape(-1, window * window) / 255
