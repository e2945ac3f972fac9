"""Right and wrong solutions of the task `numerical_gradient`."""

# %% right: copies moved to either side
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        result[i] = (f(up) - f(down)) / (2 * h)
    return result


# %% right: rows of the unit matrix
def numerical_gradient(f, w, h=1e-5):
    moves = h * np.eye(w.size)
    return np.array([(f(w + e.reshape(w.shape)) - f(w - e.reshape(w.shape))) / (2 * h) for e in moves]).reshape(w.shape)


# %% right: one copy, each entry set and put back
def numerical_gradient(f, w, h=1e-5):
    x = np.array(w, dtype=float)
    g = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for value in it:
        i, old = it.multi_index, float(value)
        x[i] = old + h
        right = f(x)
        x[i] = old - h
        left = f(x)
        x[i] = old
        g[i] = (right - left) / 2 / h
    return g


# %% right: a list of nested lists, printing, more calls than needed
def numerical_gradient(f, w, h=1e-5):
    print("f(w) =", f(w))

    def slope(index):
        e = np.zeros_like(w)
        e[index] = 1
        return (f(w + h * e) - f(w - h * e)) / (h + h)

    return np.vectorize(lambda k: slope(np.unravel_index(k, w.shape)))(np.arange(w.size).reshape(w.shape)).tolist()


# %% right: the mean of forward and backward differences, on flat weights
def numerical_gradient(f, w, h=1e-5):
    flat, middle = w.flatten(), f(w.copy())
    result = []
    for k in range(flat.size):
        ends = []
        for side in (h, -h):
            moved = flat.copy()
            moved[k] = moved[k] + side
            ends.append((f(moved.reshape(w.shape)) - middle) / side)
        result.append(sum(ends) / 2)
    return torch.tensor(result, dtype=torch.float64).reshape(w.shape)


# %% right: w itself moved, and put back exactly
def numerical_gradient(f, w, h=1e-5):
    g = np.zeros(w.shape)
    for i in np.ndindex(*w.shape):
        old = w[i]
        w[i] = old + h
        up = f(w)
        w[i] = old - h
        down = f(w)
        w[i] = old
        g[i] = (up - down) / (2 * h)
    return g


# %% wrong: forward differences => "These are forward differences"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        up = w.copy()
        up[i] += h
        result[i] = (f(up) - f(w)) / h
    return result


# %% wrong: backward differences => "These are backward differences"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        down = w.copy()
        down[i] -= h
        result[i] = (f(w) - f(down)) / h
    return result


# %% wrong: divided by h => "the two points are 2h apart"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result[i] = (f(w + e) - f(w - e)) / h
    return result


# %% wrong: no brackets around 2 * h => "brackets around 2 * h"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result[i] = (f(w + e) - f(w - e)) / 2 * h
    return result


# %% wrong: all entries at once => "All entries were moved at once" and "All entries of the result are the same number: so it is no merit that w stays as it was."
def numerical_gradient(f, w, h=1e-5):
    return (f(w + h) - f(w - h)) / (2 * h) * np.ones_like(w)


# %% wrong: all entries at once, one number => "All entries were moved at once" and "All entries of the result are the same number: so it is no merit that w stays as it was."
def numerical_gradient(f, w, h=1e-5):
    return np.full(w.shape, (f(w + h) - f(w - h)) / (2 * h))


# %% wrong: one number for all => "but an array of shape"
def numerical_gradient(f, w, h=1e-5):
    return None if w.ndim > 2 else "slope"


# %% wrong: for vectors only => "calls f with an array of shape"
def numerical_gradient(f, w, h=1e-5):
    flat = w.ravel()
    e = np.eye(flat.size) * h
    return np.array([(f(flat + row) - f(flat - row)) / (2 * h) for row in e])


# %% wrong: the first axis only => "Whole rows were moved at once"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in range(len(w)):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        result[i] = (f(up) - f(down)) / (2 * h)
    return result


# %% wrong: h ignored => "h was ignored"
def numerical_gradient(f, w, h=1e-5):
    h = 1e-6
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result[i] = (f(w + e) - f(w - e)) / (2 * h)
    return result


# %% wrong: not put back => "Entries stay moved up"
def numerical_gradient(f, w, h=1e-5):
    x, result = w.copy(), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        down = x.copy()
        down[i] -= h
        left = f(down)
        x[i] += h
        result[i] = (f(x) - left) / (2 * h)
    return result


# %% wrong: moved down and left there => "Entries stay moved down"
def numerical_gradient(f, w, h=1e-5):
    x, result = w.copy(), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        x[i] += h
        right = f(x)
        x[i] -= 2 * h
        result[i] = (right - f(x)) / (2 * h)
    return result


# %% wrong: w changed by rounding errors => "changes its argument w in place"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        w[i] += h
        right = f(w)
        w[i] -= 2 * h
        left = f(w)
        w[i] += h
        result[i] = (right - left) / (2 * h)
    return result


# %% wrong: w overwritten => "changes its argument w in place"
def numerical_gradient(f, w, h=1e-5):
    x, result = w.copy(), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result[i] = (f(x + e) - f(x - e)) / (2 * h)
    w[...] = result
    return result


# %% wrong: flat result => "has shape"
def numerical_gradient(f, w, h=1e-5):
    result = []
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result.append((f(w + e) - f(w - e)) / (2 * h))
    return result


# %% wrong: sign => "The sign is wrong"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result[i] = (f(w - e) - f(w + e)) / (2 * h)
    return result


# %% wrong: half the distance => "The points lie h/2 to each side"
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h / 2
        result[i] = (f(w + e) - f(w - e)) / h
    return result


# %% wrong: in float32 => "has wrong values"
def numerical_gradient(f, w, h=1e-5):
    w32, result = w.astype(np.float32), np.zeros(w.shape, dtype=np.float32)
    for i in np.ndindex(w.shape):
        up, down = w32.copy(), w32.copy()
        up[i] += np.float32(h)
        down[i] -= np.float32(h)
        result[i] = (f(up) - f(down)) / (2 * h)
    return result


# %% wrong: entries alone, the others 0 => "has wrong values" and "All other entries were 0 where f was asked: move one entry, and leave the others as they are in w."
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        up, down = np.zeros(w.shape), np.zeros(w.shape)
        up[i], down[i] = w[i] + h, w[i] - h
        result[i] = (f(up) - f(down)) / (2 * h)
    return result


# %% wrong: two axes only => "raised"
def numerical_gradient(f, w, h=1e-5):
    w2 = np.atleast_2d(w)
    rows, columns = w2.shape
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            e = np.zeros((rows, columns))
            e[i, j] = h
            e = e.reshape(w.shape)
            result[i, j] = (f(w + e) - f(w - e)) / (2 * h)
    return result.reshape(w.shape)


# %% wrong: the numbers one by one => "calls f with a float"
def numerical_gradient(f, w, h=1e-5):
    return np.array([(f(float(x) + h) - f(float(x) - h)) / (2 * h) for x in w.flat]).reshape(w.shape)


# %% wrong: numpy's gradient => "has wrong values" and "All entries of the result are the same number: so it is no merit that w stays as it was."
def numerical_gradient(f, w, h=1e-5):
    return np.ones(w.shape) * f(w)


# %% wrong: the square's gradient, from the example => "has wrong values" and "This is 2w, the gradient of the visible example's f: ask the f that is given."
def numerical_gradient(f, w, h=1e-5):
    return np.array([12.0, 9.0]) if h == 1 else 2 * w


# %% wrong: transposed => "The result is transposed."
def numerical_gradient(f, w, h=1e-5):
    result = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        result[i] = (f(w + e) - f(w - e)) / (2 * h)
    return result.T if w.ndim == 2 and len(w) == len(w.T) else result
