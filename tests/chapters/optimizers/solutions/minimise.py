"""Right and wrong solutions of the task `minimise`."""

# %% right: a loop
def minimise(step, grad, w, steps):
    w = w.copy()
    for _ in range(steps):
        w = step(w, grad(w))
    return w


# %% right: recursion
def minimise(step, grad, w, steps):
    return np.array(w) if steps == 0 else minimise(step, grad, step(w, grad(w)), steps - 1)


# %% right: reduce
from functools import reduce


def minimise(step, grad, w, steps):
    return reduce(lambda at, _: step(at, grad(at)), range(steps), w + 0)


# %% right: keeps the whole path, prints
def minimise(step, grad, w, steps):
    path = [w.copy()]
    while len(path) <= steps:
        g = grad(path[-1])
        print("gradient", np.abs(g).max())
        path.append(np.asarray(step(path[-1], g)))
    return path[-1]


# %% right: looks at the gradient once more than needed, returns a list
def minimise(step, grad, w, steps):
    current, remaining = np.array(w, dtype=float), steps
    g = grad(current)
    while remaining > 0:
        current = step(current, g)
        g = grad(current)
        remaining -= 1
    return current.tolist()


# %% right: with 0 steps the same array
def minimise(step, grad, w, steps):
    for number in range(0, steps):
        w = step(w, grad(w))
    return w


# %% wrong: one step too few => "there is one update too few"
def minimise(step, grad, w, steps):
    for _ in range(1, steps):
        w = step(w, grad(w))
    return w


# %% wrong: one step too many => "there is one update too many"
def minimise(step, grad, w, steps):
    for _ in range(steps + 1):
        w = step(w, grad(w))
    return w


# %% wrong: the gradient once => "The gradient was taken once, at the start"
def minimise(step, grad, w, steps):
    g = grad(w)
    for _ in range(steps):
        w = step(w, g)
    return w


# %% wrong: arguments exchanged => "`step` got the gradient first"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w = step(grad(w), w)
    return w


# %% wrong: always from the start => "Each update began from the first weights"
def minimise(step, grad, w, steps):
    new = w.copy()
    for _ in range(steps):
        new = step(w, grad(w))
    return new


# %% wrong: the new weights are lost => "The weights came back as they were" and "After 2 updates, too, the weights are as they were given."
def minimise(step, grad, w, steps):
    w = w.copy()
    for _ in range(steps):
        step(w, grad(w))
    return w


# %% wrong: w overwritten => "changes its argument w in place"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w[...] = step(w, grad(w))
    return w


# %% wrong: w overwritten, a copy returned => "changes its argument w in place"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w[:] = step(w, grad(w))
    return w.copy()


# %% wrong: nothing returned => "is None"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w = step(w, grad(w))


# %% wrong: returns inside the loop => "`step` was called 2 times for 3 updates"
def minimise(step, grad, w, steps):
    for number in range(steps):
        w = step(w, grad(w))
        if number == steps - 2 or steps == 1:
            return w
    return w


# %% wrong: the whole path => "has shape"
def minimise(step, grad, w, steps):
    path = [w]
    for _ in range(steps):
        path.append(step(path[-1], grad(path[-1])))
    return path


# %% wrong: its own step => "this is gradient descent with the learning rate 0.25" and "`step` was never called for 3 updates."
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w = w - 0.25 * grad(w)
    return w


# %% wrong: the gradient instead of the weights => "This is the gradient at the end"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w = step(w, grad(w))
    return grad(w)


# %% wrong: stops when the steps are small => "does the loop end early" and "The weights came back as they were: keep what `step` returns." and "After 2 updates, too, the weights are as they were given."
def minimise(step, grad, w, steps):
    for _ in range(steps):
        new = step(w, grad(w))
        if np.abs(new - w).max() < 2:
            break
        w = new
    return w


# %% wrong: calls the step twice an update => "has wrong values"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        print(step(w, grad(w)))
        w = step(w, grad(w))
    return w


# %% wrong: one call too many at the end => "was called"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w = step(w, grad(w))
    step(w, grad(w))
    return w


# %% wrong: at least one step => "`step` was called although `steps` is 0"
def minimise(step, grad, w, steps):
    while True:
        w = step(w, grad(w))
        steps -= 1
        if steps <= 0:
            return w


# %% wrong: flattens => "calls grad with"
def minimise(step, grad, w, steps):
    w = w.ravel()
    for _ in range(steps):
        w = step(w, grad(w))
    return w


# %% wrong: the gradient of the new weights, one behind => "The gradient is one update behind"
def minimise(step, grad, w, steps):
    g = grad(w)
    for _ in range(steps):
        old, w = w, step(w, g)
        g = grad(old)
    return w


# %% wrong: hands the function over, not the gradient => "calls step with a function"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        w = step(w, grad)
    return w


# %% wrong: the example only => "has wrong values"
def minimise(step, grad, w, steps):
    return w * 0.5**steps


# %% wrong: keeps only steps that make the weights smaller => "Updates that make the weights larger were dropped"
def minimise(step, grad, w, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        new = step(w, grad(w))
        if np.linalg.norm(new) <= np.linalg.norm(w):
            w = new
    return w


# %% wrong: ends where the weights hardly change => "does the loop end early"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        new = step(w, grad(w))
        if np.allclose(new, w):
            return new
        w = new
    return w


# %% wrong: ends where the gradient is small => "does the loop end early"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        g = grad(w)
        if np.linalg.norm(g) < 1e-6:
            break
        w = step(w, g)
    return w


# %% wrong: keeps the flattest point => "Updates that make the gradient larger were dropped"
def minimise(step, grad, w, steps):
    for _ in range(steps):
        new = step(w, grad(w))
        if np.linalg.norm(grad(new)) <= np.linalg.norm(grad(w)):
            w = new
    return w


# %% wrong: four updates at most => "`step` was called 4 times for 6 updates"
def minimise(step, grad, w, steps):
    for _ in range(min(steps, 4)):
        w = step(w, grad(w))
    return w
