"""Right and wrong solutions of the task `annealed_rate`."""

# %% right: one line
def annealed_rate(alpha, epsilon, t):
    return alpha / (epsilon + t)


# %% right: numpy's float
def annealed_rate(alpha, epsilon, t):
    return np.divide(alpha, np.add(epsilon, t))


# %% right: a 0-d tensor
def annealed_rate(alpha, epsilon, t):
    return torch.tensor(float(alpha), dtype=torch.float64) / torch.tensor(float(epsilon + t), dtype=torch.float64)


# %% right: float32
def annealed_rate(alpha, epsilon, t):
    return np.float32(alpha) / np.float32(epsilon + t)


# %% right: fractions, printing
from fractions import Fraction


def annealed_rate(alpha, epsilon, t):
    print("t =", t)
    return float(Fraction(alpha) / (Fraction(epsilon) + Fraction(t)))


# %% right: a lambda
annealed_rate = lambda alpha, epsilon, t: (t + epsilon) ** -1.0 * alpha


# %% wrong: no bracket => "A bracket is missing"
def annealed_rate(alpha, epsilon, t):
    return alpha / epsilon + t


# %% wrong: starts at alpha => "This begins at α"
def annealed_rate(alpha, epsilon, t):
    return alpha * epsilon / (epsilon + t)


# %% wrong: one over one plus t => "This is α / (1 + t)."
def annealed_rate(alpha, epsilon, t):
    return alpha / (1 + t)


# %% wrong: one plus epsilon t => "This is α / (1 + ε·t)"
def annealed_rate(alpha, epsilon, t):
    return alpha / (1 + epsilon * t)


# %% wrong: multiplied => "ε and t were multiplied"
def annealed_rate(alpha, epsilon, t):
    return alpha / (epsilon * t) if t else alpha / epsilon


# %% wrong: whole division => "The result was cut to a whole number"
def annealed_rate(alpha, epsilon, t):
    return alpha // (epsilon + t)


# %% wrong: counts from one => "Time begins at 0, not at 1."
def annealed_rate(alpha, epsilon, t):
    return alpha / (epsilon + t + 1)


# %% wrong: upside down => "The fraction is upside down."
def annealed_rate(alpha, epsilon, t):
    return (epsilon + t) / alpha


# %% wrong: constant => "t is missing."
def annealed_rate(alpha, epsilon, t):
    return alpha / epsilon


# %% wrong: exponential => "The rate falls exponentially here"
def annealed_rate(alpha, epsilon, t):
    return alpha * math.exp(-epsilon * t)


import math


# %% wrong: root => "The root of ε + t was taken."
def annealed_rate(alpha, epsilon, t):
    return alpha / np.sqrt(epsilon + t)


# %% wrong: only prints => "is None"
def annealed_rate(alpha, epsilon, t):
    print(alpha / (epsilon + t))


# %% wrong: the two examples => "raised KeyError"
def annealed_rate(alpha, epsilon, t):
    return {0: 0.5, 6: 0.2}[t]


# %% wrong: rounded => "but" and "The rate was rounded: keep all digits."
def annealed_rate(alpha, epsilon, t):
    return round(alpha / (epsilon + t), 2)


# %% wrong: an array of one number, as text => "is a str"
def annealed_rate(alpha, epsilon, t):
    return f"{alpha / (epsilon + t):.10f}"


# %% wrong: forgets epsilon, refuses t = 0 => "ε is missing."
def annealed_rate(alpha, epsilon, t):
    return alpha / t


# %% wrong: whole t only => "but"
def annealed_rate(alpha, epsilon, t):
    return alpha / (epsilon + int(t))
