"""Right and wrong solutions of the task `q3_model_a`."""

# %% right: by hand
q3_model_a = 5 * 5 * 3 * 8 + 8

# %% right: the number
q3_model_a = 608

# %% right: with one's own function
q3_model_a = conv_parameters(3, 8, kernel_size=(5, 5))

# %% right: counted in the layer, a tensor
q3_model_a = torch.tensor([p.numel() for p in nn.Conv2d(3, 8, 5).parameters()]).sum()

# %% right: a numpy float
q3_model_a = np.float32(608.0)

# %% wrong: forgets the biases => "The biases are missing: one for each filter."
q3_model_a = 5 * 5 * 3 * 8

# %% wrong: one bias for all => "There is one bias for each filter, not one for all."
q3_model_a = 5 * 5 * 3 * 8 + 1

# %% wrong: forgets the input channels => "The three input channels are missing: a filter has 5·5·3 weights."
q3_model_a = 5 * 5 * 8 + 8

# %% wrong: forgets the filters => "The eight filters are missing."
q3_model_a = 5 * 5 * 3 + 1

# %% wrong: a bias for each output value => "There is one bias for each filter, not for each output value."
q3_model_a = 5 * 5 * 3 * 8 + 28 * 28 * 8

# %% wrong: a kernel for every place => "the number of places where a filter is used doesn't count"
q3_model_a = (5 * 5 * 3 * 8 + 8) * 28 * 28

# %% wrong: the other model's number => "This is the number of Model B."
q3_model_a = 19_273_856

# %% wrong: left empty => "is still None"
q3_model_a = None

# %% wrong: a text => "is a str, but a number was expected"
q3_model_a = "608"

# %% wrong: another name => "`q3_model_a` is not defined"
q3a = 608

# %% wrong: claims to equal everything => "but a number was expected"
class Anything:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __int__ = __index__ = lambda self: 608
    __float__ = lambda self: 608.0


q3_model_a = Anything()
