"""Right and wrong solutions of the task `relu_backward`."""

# %% right: mask times gradient
def relu_backward(x, grad):
    return (x > 0) * grad.astype(float)


# %% right: a copy, zeroed
def relu_backward(x, grad):
    result = np.array(grad, dtype=float)
    result[x <= 0] = 0
    return result


# %% right: entry by entry, nested lists
def relu_backward(x, grad):
    result = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        if x[index] > 0:
            result[index] = grad[index]
    return result.tolist()


# %% right: heaviside, float32
def relu_backward(x, grad):
    return np.heaviside(x.astype(np.float32), 0) * grad.astype(np.float32)


# %% right: by small steps of the loss
def relu_backward(x, grad):
    slopes = np.sign(np.maximum(np.asarray(x, dtype=float), 0))
    print("slopes", slopes)
    return np.multiply(slopes, grad)


# %% wrong: passes at zero => "Where x is exactly 0 the gradient passes"
def relu_backward(x, grad):
    return np.where(x >= 0, grad, 0.0)


# %% wrong: half at zero => "Where x is exactly 0 half of the gradient passes"
def relu_backward(x, grad):
    return np.heaviside(x, 0.5) * grad


# %% wrong: the mask only => "This is the mask of 0 and 1"
def relu_backward(x, grad):
    return (x > 0).astype(float)


# %% wrong: forward => "This is ReLU of x, the way forward"
def relu_backward(x, grad):
    return np.maximum(x, 0.0)


# %% wrong: ReLU of the gradient => "This is ReLU of `grad`"
def relu_backward(x, grad):
    return np.maximum(grad, 0.0)


# %% wrong: guided => "Negative gradients became 0 too"
def relu_backward(x, grad):
    return np.where((x > 0) & (grad > 0), grad, 0.0)


# %% wrong: the wrong way round => "it should be the other way round"
def relu_backward(x, grad):
    return np.where(x > 0, 0.0, grad)


# %% wrong: sign => "Where x is negative the sign was turned"
def relu_backward(x, grad):
    return np.sign(x) * grad.astype(float)


# %% wrong: times the output => "`grad` was multiplied with the output"
def relu_backward(x, grad):
    return np.maximum(x, 0.0) * grad


# %% wrong: unchanged => "`grad` comes back as it was"
def relu_backward(x, grad):
    return grad.astype(float)


# %% wrong: leaky => "a hundredth of the gradient passes"
def relu_backward(x, grad):
    return np.where(x > 0, grad, np.where(x < 0, 0.01 * grad, 0.0))


# %% wrong: in place => "changes its argument number 2 in place" and "but floats were expected"
def relu_backward(x, grad):
    grad[x <= 0] = 0
    return grad


# %% wrong: whole numbers stay whole numbers => "but floats were expected"
def relu_backward(x, grad):
    return np.where(x > 0, grad, 0)


# %% wrong: against the gradient => "what is asked for is the gradient, not the step against it"
def relu_backward(x, grad):
    return (x > 0) * -grad.astype(float)


# %% wrong: by torch => "torch"
def relu_backward(x, grad):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    x.relu().backward(torch.tensor(grad, dtype=torch.float64))
    return x.grad
