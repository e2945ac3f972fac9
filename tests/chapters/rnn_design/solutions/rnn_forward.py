"""Right and wrong solutions of the task `rnn_forward`."""

# %% right: an array filled row by row, without rnn_step
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states = np.empty((len(xs), len(h0)))
    h = h0
    for t, x in enumerate(xs):
        h = states[t] = np.tanh(W_xh @ x + W_hh @ h + b)
    return states

# %% right: accumulate, a list of arrays
from itertools import accumulate


def rnn_forward(xs, h0, W_xh, W_hh, b):
    return list(accumulate(xs, lambda h, x: rnn_step(x, h, W_xh, W_hh, b), initial=h0))[1:]

# %% right: PyTorch's layer with these weights, noisy
def rnn_forward(xs, h0, W_xh, W_hh, b):
    xs, h0, *values = (torch.tensor(a, dtype=torch.float64) for a in (xs, h0, W_xh, W_hh, b))
    layer = nn.RNN(xs.shape[1], len(h0)).double()
    print(layer)
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), [*values, torch.zeros(len(h0))]):
            parameter.copy_(value)
        return layer(xs, h0[None])[0]

# %% right: recursion
def rnn_forward(xs, h0, W_xh, W_hh, b):
    h = rnn_step(xs[0], h0, W_xh, W_hh, b)
    if len(xs) == 1:
        return h[None]
    return np.vstack([h, rnn_forward(xs[1:], h, W_xh, W_hh, b)])

# %% right: all inputs at once first, in float32, named arguments
def rnn_forward(xs, h0, W_xh, W_hh, b):
    driven = xs.astype("float32") @ W_xh.T.astype("float32") + b
    states = [h0.astype("float32")]
    for drive in driven:
        states += [np.tanh(drive + states[-1] @ W_hh.T).astype("float32")]
    return np.array(states[1:])

# %% right: lists of numbers
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], [float(v) for v in h0]
    for x in xs.tolist():
        h = [
            float(np.tanh(sum(w * v for w, v in zip(W_xh[i], x)) + sum(w * v for w, v in zip(W_hh[i], h)) + b[i]))
            for i in range(len(h0))
        ]
        states.append(h)
    return states

# %% wrong: h0 among the states => "h_0 isn't one of the states: return h_1 to h_T."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states = [h0]
    for x in xs:
        states.append(rnn_step(x, states[-1], W_xh, W_hh, b))
    return np.stack(states)

# %% wrong: one off => "The states are one off: h_0 stands first and h_T is missing."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        states.append(h)
        h = rnn_step(x, h, W_xh, W_hh, b)
    return np.stack(states)

# %% wrong: only the last state => "Only the last state was returned; all T of them are asked for."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    h = h0
    for x in xs:
        h = rnn_step(x, h, W_xh, W_hh, b)
    return h

# %% wrong: returns inside the loop => "Only the first state was returned; all T of them are asked for: does `return` stand inside the loop?"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    for x in xs:
        h0 = rnn_step(x, h0, W_xh, W_hh, b)
        return h0

# %% wrong: ignores h0 => "h0 is ignored: the first step starts from zeros."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], np.zeros(len(h0))
    for x in xs:
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.stack(states)

# %% wrong: the state isn't handed on => "Each step starts from h0 again: hand the new state on to the next step."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    return np.stack([rnn_step(x, h0, W_xh, W_hh, b) for x in xs])

# %% wrong: the same array each time => "All rows show the last state"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0.copy()
    for x in xs:
        h[:] = np.tanh(W_xh @ x + W_hh @ h + b)
        states.append(h)
    return np.stack(states)

# %% wrong: changes h0 => "`rnn_forward` changes its argument number 2 in place"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h[:] = np.tanh(W_xh @ x + W_hh @ h + b)
        states.append(h.copy())
    return np.stack(states)

# %% wrong: transposed => "The result is transposed: one state a row, shape (T, H)."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.stack(states, axis=1)

# %% wrong: reads from the end => "The sequence was read from its end."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs[::-1]:
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.stack(states)

# %% wrong: newest state first => "The states come in reverse order"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.insert(0, h)
    return np.stack(states)

# %% wrong: index -1 at the first step => "h0 is ignored: the first step starts from zeros."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states = np.zeros((len(xs), len(h0)))
    for t in range(len(xs)):
        states[t] = rnn_step(xs[t], states[t - 1], W_xh, W_hh, b)
    return states

# %% wrong: begins with the second input => "The first row is h_0"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states = np.zeros((len(xs), len(h0)))
    states[0] = h0
    for t in range(1, len(xs)):
        states[t] = rnn_step(xs[t], states[t - 1], W_xh, W_hh, b)
    return states

# %% wrong: the last input left out => "The last input was left out."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for t in range(len(xs) - 1):
        h = rnn_step(xs[t], h, W_xh, W_hh, b)
        states.append(h)
    return np.array(states)

# %% wrong: an axis for the batch => "There is an axis too many"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    xs, h0, W_xh, W_hh, b = (torch.as_tensor(a).double() for a in (xs, h0, W_xh, W_hh, b))
    states, h = [], h0[None]
    for x in xs:
        h = torch.tanh(x[None] @ W_xh.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, dim=1)

# %% wrong: no bias => "The bias is missing."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = np.tanh(W_xh @ x + W_hh @ h)
        states.append(h)
    return np.stack(states)

# %% wrong: sigmoid => "This is the logistic sigmoid; the task asks for tanh."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = 1 / (1 + np.exp(-(W_xh @ x + W_hh @ h + b)))
        states.append(h)
    return np.stack(states)

# %% wrong: three steps only => "There are three states, however long the sequence: take as many steps as there are inputs."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    h1 = rnn_step(xs[0], h0, W_xh, W_hh, b)
    h2 = rnn_step(xs[1], h1, W_xh, W_hh, b)
    h3 = rnn_step(xs[2], h2, W_xh, W_hh, b)
    return np.stack([h1, h2, h3])

# %% wrong: squeezes a single step away => "The result still has two axes."
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.squeeze(np.stack(states))

# %% wrong: the visible example => "This is the answer of the visible example"
def rnn_forward(xs, h0, W_xh, W_hh, b):
    return np.array([[0.76159416], [0.64201499], [0.56626998]])

# %% wrong: goes on from the state of the last call => "The same call gives another result the second time: nothing may be kept from call to call."
last_state = None


def rnn_forward(xs, h0, W_xh, W_hh, b):
    global last_state
    h = last_state if last_state is not None and last_state.shape == h0.shape else h0
    states = []
    for x in xs:
        h = np.tanh(W_xh @ x + W_hh @ h + b)
        states.append(h)
    last_state = h
    return np.stack(states)

# %% wrong: the step of task 1.1 with tanh in the wrong place => "The bias was added after tanh"
def own_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + W_hh @ h) + b


def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = own_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.stack(states)
