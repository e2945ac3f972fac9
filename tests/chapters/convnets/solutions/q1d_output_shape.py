"""Right and wrong solutions of the task `q1d_output_shape`."""

# %% right: the pictures before the shape of one
q1d_output_shape = (32, *q1c_output_shape)

# %% right: a list, by hand
q1d_output_shape = [32, 96, 54, 54]

# %% right: torch without numbers
with torch.device("meta"):
    q1d_output_shape = nn.Conv2d(3, 96, kernel_size=11, stride=4)(torch.empty(32, 3, 224, 224)).shape

# %% right: an array, put together
side = conv_output_size(n=224, kernel=11, stride=4)
q1d_output_shape = np.r_[32, 96, np.repeat(side, 2)]

# %% right: the shape of an empty array
q1d_output_shape = np.broadcast_to(np.nan, (32, 96) + (len(range(0, 224 - 10, 4)),) * 2).shape

# %% wrong: one picture only => "The number of pictures is missing."
q1d_output_shape = (96, 54, 54)

# %% wrong: channels last => "PyTorch's order is N, C, H, W: channels before height and width."
q1d_output_shape = (32, 54, 54, 96)

# %% wrong: the pictures last => "the pictures come first, not last."
q1d_output_shape = (96, 54, 54, 32)

# %% wrong: kernels before pictures => "PyTorch's order is N, C, H, W: the pictures come first."
q1d_output_shape = (96, 32, 54, 54)

# %% wrong: pictures times kernels => "Pictures and channels keep an axis each; they aren't multiplied."
q1d_output_shape = (32 * 96, 54, 54)

# %% wrong: rounded up => "Round down: (224 - 11) / 4 = 53.25 steps."
q1d_output_shape = (32, 96, 55, 55)

# %% wrong: without the first window => "The + 1 for the first window is missing."
q1d_output_shape = (32, 96, 53, 53)

# %% wrong: the input's channels => "The output has one channel for each kernel, not for each input channel."
q1d_output_shape = (32, 3, 54, 54)

# %% wrong: a map for each channel of each kernel => "A kernel spans all input channels: it gives one map, not three."
q1d_output_shape = (32, 288, 54, 54)

# %% wrong: stride 1 => "The stride is 4: the window starts at every fourth row and column."
q1d_output_shape = (32, 96, 214, 214)

# %% wrong: an axis for the input's channels too => "The input's channels have no axis in the output: each kernel sums over them."
q1d_output_shape = (32, 96, 3, 54, 54)

# %% wrong: the input's shape => "This is the shape of the input."
q1d_output_shape = torch.zeros(32, 3, 224, 224).shape

# %% wrong: a nested tuple => "holds something other than integers"
q1d_output_shape = (32, (96, 54, 54))

# %% wrong: a text => "is a str, but a tuple of 4 integers was expected"
q1d_output_shape = "(32, 96, 54, 54)"

# %% wrong: a dictionary => "is a dict, but a tuple of 4 integers was expected"
q1d_output_shape = {"N": 32, "C": 96, "H": 54, "W": 54}

# %% wrong: left empty => "`q1d_output_shape` is still None"
q1d_output_shape = None

# %% wrong: the number of entries => "is an int, but a tuple of 4 integers was expected"
q1d_output_shape = 32 * 96 * 54 * 54

# %% wrong: a tensor of that shape => "is an array of shape (32, 96, 54, 54)"
q1d_output_shape = torch.zeros(32, 96, 54, 54, dtype=torch.uint8)
