# Right answers with plain Python loops, no numpy tricks.

# %% correlate2d
def correlate2d(x, W):
    if len(np.shape(x)) != 2 or len(np.shape(W)) != 2:
        raise ValueError("x and W must be 2-D")
    height, width = len(x), len(x[0])
    k_height, k_width = len(W), len(W[0])
    if k_height > height or k_width > width:
        raise ValueError("the kernel is too large")
    result = []
    for i in range(height - k_height + 1):
        row = []
        for j in range(width - k_width + 1):
            total = 0.0
            for k in range(k_height):
                for m in range(k_width):
                    total += float(x[i + k][j + m]) * float(W[k][m])
            row.append(total)
        result.append(row)
    return np.array(result)

# %% convolve2d
def convolve2d(x, W):
    if len(np.shape(W)) != 2:
        raise ValueError("W must be 2-D")
    flipped = [list(reversed(row)) for row in reversed(list(W))]
    return correlate2d(x, np.array(flipped))

# %% q1_correlation
q1_correlation = correlate2d(x_q1, W_q1)

# %% q1_convolution
q1_convolution = convolve2d(x_q1, W_q1)

# %% max_pool2d
def max_pool2d(x, size, stride=None):
    if stride is None:
        stride = size
    if len(np.shape(x)) != 2:
        raise ValueError("x must be 2-D")
    height, width = np.shape(x)
    if size > height or size > width:
        raise ValueError("no window fits")
    result = []
    i = 0
    while i + size <= height:
        row = []
        j = 0
        while j + size <= width:
            best = x[i][j]
            for k in range(size):
                for m in range(size):
                    if x[i + k][j + m] > best:
                        best = x[i + k][j + m]
            row.append(best)
            j += stride
        result.append(row)
        i += stride
    return np.array(result)

# %% avg_pool2d
def avg_pool2d(x, size, stride=None):
    if stride is None:
        stride = size
    if len(np.shape(x)) != 2:
        raise ValueError("x must be 2-D")
    height, width = np.shape(x)
    if size > height or size > width:
        raise ValueError("no window fits")
    result = []
    for i in range(0, height - size + 1, stride):
        row = []
        for j in range(0, width - size + 1, stride):
            total = 0
            for k in range(size):
                for m in range(size):
                    total = total + float(x[i + k][j + m])
            row.append(total / size**2)
        result.append(row)
    return np.array(result)

# %% conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    count = 0
    start = -padding
    while start + dilation * (kernel - 1) <= n + padding - 1:
        count += 1
        start += stride
    if count == 0:
        raise ValueError("no window fits")
    return count

# %% q1c_output_shape
side = conv_output_size(224, 11, 4)
q1c_output_shape = (96, side, side)

# %% q1d_output_shape
q1d_output_shape = (32,) + q1c_output_shape

# %% conv2d
def conv2d(x, weight, bias, stride=1, padding=0):
    c_in, height, width = x.shape
    c_out, c_weight, k_height, k_width = weight.shape
    if c_in != c_weight:
        raise ValueError("the channels differ")
    rows = conv_output_size(height, k_height, stride, padding)
    columns = conv_output_size(width, k_width, stride, padding)
    result = np.zeros((c_out, rows, columns))
    for o in range(c_out):
        for i in range(rows):
            for j in range(columns):
                total = float(bias[o])
                for c in range(c_in):
                    for k in range(k_height):
                        for m in range(k_width):
                            row, column = i * stride + k - padding, j * stride + m - padding
                            if 0 <= row < height and 0 <= column < width:
                                total += float(x[c, row, column]) * float(weight[o, c, k, m])
                result[o, i, j] = total
    return result

# %% CNN
class CNN(nn.Sequential):
    def __init__(self, num_classes=10):
        super().__init__(
            nn.Conv2d(1, 8, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(8, 24, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(24 * 4 * 4, num_classes),
        )

# %% fit
def fit(model, images, labels, epochs):
    data = torch.utils.data.TensorDataset(images, labels)
    loader = torch.utils.data.DataLoader(data, batch_size=32, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3)
    history = []
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        history.append(loss.item())
    return history

# %% digit_predictions
model = digit_model = CNN()
fit(model, images, labels, 9)
digit_predictions = []
for image in test_images:
    scores = model(torch.tensor(image, dtype=torch.float32).reshape(1, 1, 28, 28) / 255)
    digit_predictions.append(int(scores.argmax()))
