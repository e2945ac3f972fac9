"""Right and wrong solutions of the task `q1c_output_shape`."""

# %% right: with the function of the task above
side = conv_output_size(224, 11, stride=4)
q1c_output_shape = (96, side, side)

# %% right: a list, computed by hand
q1c_output_shape = [96, (224 - 11) // 4 + 1, (224 - 11) // 4 + 1]

# %% right: what torch says
q1c_output_shape = torch.nn.functional.conv2d(torch.zeros(1, 3, 224, 224), torch.zeros(96, 3, 11, 11), stride=4)[0].shape

# %% right: an array of numpy
q1c_output_shape = np.array([96, *np.zeros((224, 224))[5:-5, 5:-5][::4, ::4].shape], dtype=np.int16)

# %% right: numpy's numbers in a tuple, with a printed explanation
windows = np.lib.stride_tricks.sliding_window_view(np.empty((3, 224, 224), dtype=np.uint8), (3, 11, 11))[0, ::4, ::4]
q1c_output_shape = (np.int64(96), *(np.int64(n) for n in windows.shape[:2]))
print("the output has the shape", q1c_output_shape)

# %% wrong: rounded up => "Round down: (224 - 11) / 4 = 53.25 steps."
q1c_output_shape = (96, 55, 55)

# %% wrong: without the first window => "The + 1 for the first window is missing."
q1c_output_shape = (96, (224 - 11) // 4, (224 - 11) // 4)

# %% wrong: channels last => "PyTorch puts the channels first."
q1c_output_shape = (54, 54, 96)

# %% wrong: the input's channels => "The output has one channel for each kernel, not for each input channel."
q1c_output_shape = (3, 54, 54)

# %% wrong: a map for each channel of each kernel => "A kernel spans all input channels: it gives one map, not three."
q1c_output_shape = (96 * 3, 54, 54)

# %% wrong: stride 1 => "The stride is 4: the window starts at every fourth row and column."
q1c_output_shape = (96, 214, 214)

# %% wrong: the picture's size divided by the stride => "The first window takes 11 rows; only the other 213 are divided by 4."
q1c_output_shape = (96, 224 // 4, 224 // 4)

# %% wrong: fractions => "holds something other than integers"
q1c_output_shape = (96, 54.25, 54.25)

# %% wrong: with a batch of one => "This is one picture: no axis counts pictures."
q1c_output_shape = (1, 96, 54, 54)

# %% wrong: the kernel's shape => "This is the shape of the weights; the question is the output's."
q1c_output_shape = (96, 3, 11, 11)

# %% wrong: without the channels => "The number of kernels is missing: each gives one map."
q1c_output_shape = (54, 54)

# %% wrong: the product => "is an int, but a tuple of 3 integers was expected"
q1c_output_shape = 96 * 54 * 54

# %% wrong: a text => "is a str, but a tuple of 3 integers was expected"
q1c_output_shape = "96 × 54 × 54"

# %% wrong: texts in a tuple => "holds something other than integers"
q1c_output_shape = ("96", "54", "54")

# %% wrong: a set => "is a set, but a tuple of 3 integers was expected"
q1c_output_shape = {96, 54}

# %% wrong: an array of that shape => "is an array of shape (96, 54, 54) and dtype float64, but a tuple of 3 integers was expected"
q1c_output_shape = np.zeros((96, 54, 54))

# %% wrong: left empty => "`q1c_output_shape` is still None"
q1c_output_shape = None
shape = (96, 54, 54)

# %% wrong: the input's shape => "This is the shape of the input."
q1c_output_shape = (3, 224, 224)
