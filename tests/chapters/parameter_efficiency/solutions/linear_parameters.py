"""Right and wrong solutions of the task `linear_parameters`."""

# %% right: weights and biases
def linear_parameters(in_features, out_features, bias=True):
    weights = in_features * out_features
    if bias:
        return weights + out_features
    return weights

# %% right: counted in the layer itself
def linear_parameters(in_features, out_features, bias=True):
    return sum(p.numel() for p in nn.Linear(in_features, out_features, bias).parameters())

# %% right: a convolution of one pixel
def linear_parameters(in_features, out_features, bias=True):
    return conv_parameters(in_features, out_features, 1, bias)

# %% right: a lambda with numpy
linear_parameters = lambda in_features, out_features, bias=True: np.multiply(in_features + bias, out_features)

# %% right: output by output, noisy
def linear_parameters(in_features, out_features, bias=True):
    total = 0
    for unit in range(out_features):
        total += in_features
        total += 1 if bias else 0
    print("total", total)
    return float(total)

# %% wrong: forgets the biases => "The biases are missing."
def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features

# %% wrong: always counts biases => "Biases were counted, although there are none."
def linear_parameters(in_features, out_features, bias=True):
    return (in_features + 1) * out_features

# %% wrong: a bias for each input => "There is one bias for each output, not for each input."
def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features + (in_features if bias else 0)

# %% wrong: one bias for all => "There is one bias for each output, not one for all."
def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features + bias

# %% wrong: adds inputs and outputs => "Inputs and outputs were added"
def linear_parameters(in_features, out_features, bias=True):
    return in_features + out_features + (out_features if bias else 0)

# %% wrong: one more on both sides => "only the inputs get a further one"
def linear_parameters(in_features, out_features, bias=True):
    return (in_features + 1) * (out_features + 1) if bias else in_features * out_features

# %% wrong: bias the wrong way round => "The biases are missing." and "Biases were counted, although there are none."
def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features + (0 if bias else out_features)

# %% wrong: prints the number => "None (is a `return` missing?)"
def linear_parameters(in_features, out_features, bias=True):
    print(in_features * out_features + bias * out_features)

# %% wrong: knows the visible examples => "This is the answer of a visible example"
def linear_parameters(in_features, out_features, bias=True):
    return 78500 if in_features == 784 else 21

# %% wrong: returns a text => "a str, but a number was expected"
def linear_parameters(in_features, out_features, bias=True):
    return f"{in_features * out_features + bias * out_features:,}"

# %% wrong: returns the layer => "but a number was expected"
def linear_parameters(in_features, out_features, bias=True):
    return nn.Linear(in_features, out_features, bias)

# %% wrong: no default for the bias => "`linear_parameters` raised TypeError"
def linear_parameters(in_features, out_features, bias):
    return in_features * out_features + (out_features if bias else 0)

# %% wrong: single precision => "The number was rounded to float32"
def linear_parameters(in_features, out_features, bias=True):
    return (torch.tensor(float(in_features)) * torch.tensor(float(out_features)) + float(out_features * bias)).item()
