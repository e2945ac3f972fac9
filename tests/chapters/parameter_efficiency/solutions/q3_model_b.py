"""Right and wrong solutions of the task `q3_model_b`."""

# %% right: by hand
q3_model_b = (32 * 32 * 3) * (28 * 28 * 8) + 28 * 28 * 8

# %% right: the number
q3_model_b = 19_273_856

# %% right: with one's own function
q3_model_b = linear_parameters(3072, 6272)

# %% right: a float
q3_model_b = 1.9273856e7

# %% right: a numpy integer from the layer's shapes
with torch.device("meta"):
    q3_model_b = np.sum([p.numel() for p in nn.Linear(32 * 32 * 3, 28 * 28 * 8).parameters()])

# %% wrong: forgets the biases => "The biases are missing: one for each output."
q3_model_b = (32 * 32 * 3) * (28 * 28 * 8)

# %% wrong: a bias for each channel => "There is one bias for each of the 6,272 outputs, not for each channel."
q3_model_b = (32 * 32 * 3) * (28 * 28 * 8) + 8

# %% wrong: one bias for all => "There is one bias for each output, not one for all."
q3_model_b = (32 * 32 * 3) * (28 * 28 * 8) + 1

# %% wrong: a bias for each input => "There is one bias for each output, not for each input."
q3_model_b = (32 * 32 * 3) * (28 * 28 * 8) + 32 * 32 * 3

# %% wrong: forgets the input channels => "The three input channels are missing"
q3_model_b = (32 * 32) * (28 * 28 * 8) + 28 * 28 * 8

# %% wrong: forgets the output channels => "The eight output channels are missing"
q3_model_b = (32 * 32 * 3) * (28 * 28) + 28 * 28

# %% wrong: adds inputs and outputs => "Inputs and outputs were added"
q3_model_b = 32 * 32 * 3 + 28 * 28 * 8

# %% wrong: the other model's number => "This is the number of Model A."
q3_model_b = 608

# %% wrong: left empty => "is still None"
q3_model_b = None

# %% wrong: rounded => "The number was rounded"
q3_model_b = 19_270_000

# %% wrong: in millions => "This is the number in millions"
q3_model_b = 19.273856
