"""Right and wrong solutions of the task `q2a`."""

# %% right: typed in
q2a = (5, 7)

# %% right: a list
q2a = [5, 7]

# %% right: with one's own function
fields = receptive_fields([(5, 2, 0, 1), (2, 1, 0, 1)])
q2a = fields[0][0], fields[1][0]

# %% right: step by step with the formula
r1 = 1 + (5 - 1) * 1
j1 = 1 * 2
r2 = r1 + (2 - 1) * j1
q2a = (r1, r2)

# %% right: a numpy array
q2a = np.array([5, 7], dtype=np.uint8)

# %% right: a tensor
q2a = torch.tensor([5, 7])

# %% right: numpy integers from windows
windows = [set(range(2 * u, 2 * u + 5)) for u in range(3)]
q2a = (np.int64(len(windows[0])), np.int64(len(windows[0] | windows[1])))

# %% wrong: without the stride of layer 1 => "The stride of layer 1 is missing"
q2a = (5, 5 + (2 - 1))

# %% wrong: the kernels' sizes => "These are the kernels' sizes"
q2a = (5, 2)

# %% wrong: the sizes of the outputs => "These are the sizes of the outputs"
q2a = ((9 - 5) // 2 + 1, (3 - 2) // 1 + 1)

# %% wrong: the jumps => "These are the jumps"
q2a = (2, 2)

# %% wrong: the wrong order => "The order is layer 1, layer 2"
q2a = (7, 5)

# %% wrong: adds K instead of K-1 => "A layer adds K-1 steps, not K"
q2a = (5, 5 + 2 * 2)

# %% wrong: fields side by side => "two fields that overlap"
q2a = (5, 5 * 2)

# %% wrong: starts from 0 => "the field starts from 1, not from 0"
q2a = (4, 6)

# %% wrong: areas => "These are areas"
q2a = (25, 49)

# %% wrong: pairs (r, j) => "`q2a` holds pairs"
q2a = receptive_fields([(5, 2, 0, 1), (2, 1, 0, 1)])

# %% wrong: 5 by 5 and 7 by 7 => "`q2a` holds pairs"
q2a = ((5, 5), (7, 7))

# %% wrong: left empty => "`q2a` is still None"
q2a = None

# %% wrong: a text => "not a pair"
q2a = "5 and 7"

# %% wrong: only the second layer => "not a pair"
q2a = 7

# %% wrong: three numbers, the input first => "not a pair"
q2a = (1, 5, 7)

# %% wrong: the own stride included => "The layer's own stride comes in too early"
q2a = (1 + 4 * 2, 1 + 4 * 2 + 1 * 2)
