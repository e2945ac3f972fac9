"""What typical mistakes in the assignment `optimizers` lead to: a sentence for the student, and the wrong rule.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed. A wrong rule takes the arguments of the right one and returns as many arrays.
"""

from collections.abc import Callable

import numpy as np

from autograder.reference import optimizers as reference

Rule = Callable[..., tuple[np.ndarray, ...]]
Mistakes = dict[str, Rule]
Pairs = list[tuple[str, Rule]]

UPHILL = "The weights move uphill: the gradient points up, so subtract it."
NO_RATE = "The learning rate is missing."
NO_EPS = "The given ε has no effect: it is missing, or always another, tiny one."
ORDER = "The results come in another order than the task asks for."


SGD: Mistakes = {
    UPHILL: lambda w, g, lr: (w + lr * g,),
    NO_RATE: lambda w, g, lr: (w - g,),
    "Only the change was returned: the old weights are missing.": lambda w, g, lr: (-lr * g,),
    "Only lr·grad was returned: subtract it from the weights.": lambda w, g, lr: (lr * g,),
    "The old weights came back: the update is missing.": lambda w, g, lr: (w,),
    "Only the sign of the gradient was used; its size matters too.": lambda w, g, lr: (w - lr * np.sign(g),),
    "The gradient was normalised to length 1; its length matters.": lambda w, g, lr: (w - lr * g / np.linalg.norm(g),),
    "The weights shrink by the learning rate too: it multiplies the gradient alone.": lambda w, g, lr: (lr * (w - g),),
    "Weights and gradient are exchanged.": lambda w, g, lr: (g - lr * w,),
    "The gradient was averaged over all weights; each weight moves by its own.": lambda w, g, lr: (w - lr * g.mean(),),
    "The gradient was divided by the number of weights.": lambda w, g, lr: (w - lr * g / g.size,),
    "The step was divided by the learning rate.": lambda w, g, lr: (w - g / lr,),
    "The result is rounded: keep all digits.": lambda w, g, lr: (np.round(w - lr * g),),
    "The gradient was cut off at -1 and 1: each entry counts in full.": lambda w, g, lr: (w - lr * np.clip(g, -1, 1),),
    "The gradient was shortened to length 1 where it is longer: it counts in full.": lambda w, g, lr: (
        w - lr * g / max(1.0, float(np.linalg.norm(g))),
    ),
}


def _momentum(w, v_for_w, v):
    return w + v_for_w, v


OUTSIDE = (
    "The learning rate stands outside the velocity, as in PyTorch's form (v ← γv + g, w ← w - lr·v); "
    "the task has it inside: v ← γv - lr·g, w ← w + v."
)
MOMENTUM: Mistakes = {
    ORDER: lambda w, g, v, lr, gamma: reference.momentum_step(w, g, v, lr, gamma)[::-1],
    OUTSIDE: lambda w, g, v, lr, gamma: (w - lr * (gamma * v + g), gamma * v + g),
    "The gradient was added to the velocity: the push goes downhill, -lr·g.": lambda w, g, v, lr, gamma: _momentum(
        w, gamma * v + lr * g, gamma * v + lr * g
    ),
    "The velocity points uphill (γv + lr·g) and was subtracted; here v ← γv - lr·g is added.": lambda w, g, v, lr, gamma: (
        w - (gamma * v + lr * g),
        gamma * v + lr * g,
    ),
    "The velocity was subtracted: the weights move by + v.": lambda w, g, v, lr, gamma: (
        w - (gamma * v - lr * g),
        gamma * v - lr * g,
    ),
    "The weights moved by the old velocity; use the new one.": lambda w, g, v, lr, gamma: _momentum(w, v, gamma * v - lr * g),
    "The gradient counts only 1 - γ of its size: this is a running mean, momentum adds it in full.": lambda w, g, v, lr, gamma: _momentum(
        w, gamma * v - lr * (1 - gamma) * g, gamma * v - lr * (1 - gamma) * g
    ),
    "This is Nesterov's momentum, which looks one step ahead.": lambda w, g, v, lr, gamma: _momentum(
        w, gamma * (gamma * v - lr * g) - lr * g, gamma * v - lr * g
    ),
    "γ is missing: the whole velocity was kept.": lambda w, g, v, lr, gamma: _momentum(w, v - lr * g, v - lr * g),
    "The given velocity was not used: without it this step is one of plain gradient descent.": lambda w, g, v, lr, gamma: _momentum(
        w, -lr * g, -lr * g
    ),
    "The old velocity came back: return the new one.": lambda w, g, v, lr, gamma: _momentum(w, gamma * v - lr * g, v),
    "γ and the learning rate are exchanged.": lambda w, g, v, lr, gamma: _momentum(w, lr * v - gamma * g, lr * v - gamma * g),
    "1 - γ was used in place of γ.": lambda w, g, v, lr, gamma: _momentum(w, (1 - gamma) * v - lr * g, (1 - gamma) * v - lr * g),
    "γ multiplies the gradient too; it belongs to the old velocity alone.": lambda w, g, v, lr, gamma: _momentum(
        w, gamma * (v - lr * g), gamma * (v - lr * g)
    ),
    "The learning rate multiplies the old velocity too; it belongs to the gradient alone.": lambda w, g, v, lr, gamma: _momentum(
        w, lr * (gamma * v - g), lr * (gamma * v - g)
    ),
    "The learning rate was used twice: it is in the velocity already.": lambda w, g, v, lr, gamma: (
        w + lr * (gamma * v - lr * g),
        gamma * v - lr * g,
    ),
    NO_RATE: lambda w, g, v, lr, gamma: _momentum(w, gamma * v - g, gamma * v - g),
    "The old weights came back: add the new velocity to them.": lambda w, g, v, lr, gamma: (w, gamma * v - lr * g),
}


NORM = "The length of the whole gradient went into r; each weight has a sum or mean of its own squares."


def _scaled(root: Callable) -> Callable:
    """A step of length lr·g / root(r, ε)."""
    return lambda w, g, r, lr, eps: w - lr * g / root(r, eps)


_step = _scaled(lambda r, eps: np.sqrt(r) + eps)
_ROOTS = {
    "ε stands inside the root; it belongs outside, √r + ε.": lambda r, eps: np.sqrt(r + eps),
    "ε² was added inside the root; add ε outside, √r + ε.": lambda r, eps: np.sqrt(r + eps**2),
    NO_EPS: lambda r, eps: np.sqrt(r),
    "The root is missing: divide by √r + ε.": lambda r, eps: r + eps,
    "The step was divided by the larger of √r and ε; add the two.": lambda r, eps: np.maximum(np.sqrt(r), eps),
    "ε was multiplied; add it to the root.": lambda r, eps: np.sqrt(r) * eps,
    "ε was subtracted; add it to the root.": lambda r, eps: np.sqrt(r) - eps,
    "The step was multiplied by √r + ε; divide by it.": lambda r, eps: 1 / (np.sqrt(r) + eps),
}


def _adaptive(update: Callable, wrong_updates: dict[str, Callable]) -> Mistakes:
    """Mistakes of a rule with r ← update(r, g, *settings) and w ← w - lr·g / (√r + ε)."""

    def rule(new_r: Callable = update, step: Callable = _step, kept: Callable | None = None) -> Rule:
        def wrong(w, g, r, lr, *settings):
            *settings, eps = settings
            new = new_r(r, g, *settings)
            return step(w, g, new, lr, eps), (new if kept is None else kept(r, g, new, *settings))

        return wrong

    def old_root(w, g, r, lr, *settings):
        *settings, eps = settings
        return _step(w, g, r, lr, eps), update(r, g, *settings)

    def outside(w, g, r, lr, *settings):
        *settings, eps = settings
        new = update(r, g, *settings)
        return w - lr * (g / np.sqrt(new) + eps), new

    mistakes: Mistakes = {
        ORDER: lambda *arguments: rule()(*arguments)[::-1],
        **{text: rule(step=_scaled(root)) for text, root in _ROOTS.items()},
        "ε was added to the quotient: it belongs into the denominator.": outside,
        "The step was divided by the root of the old r; use the new one.": old_root,
        UPHILL: rule(step=lambda w, g, r, lr, eps: w + lr * g / (np.sqrt(r) + eps)),
        NO_RATE: rule(step=lambda w, g, r, lr, eps: w - g / (np.sqrt(r) + eps)),
        "The gradient is missing from the step: it stands above the root.": rule(step=lambda w, g, r, lr, eps: w - lr / (np.sqrt(r) + eps)),
        "The squared gradient stands above the root; the step takes the gradient itself.": rule(
            step=lambda w, g, r, lr, eps: w - lr * g**2 / (np.sqrt(r) + eps)
        ),
        "The step is plain gradient descent: the division by √r + ε is missing.": rule(step=lambda w, g, r, lr, eps: w - lr * g),
        "The old r came back: return the new one.": rule(kept=lambda r, g, new, *settings: r),
        "The root of r was returned; return r itself.": rule(kept=lambda r, g, new, *settings: np.sqrt(new)),
        "The old weights came back: subtract the step.": rule(step=lambda w, g, r, lr, eps: w),
        "Only the change was returned: the old weights are missing.": rule(step=lambda w, g, r, lr, eps: _step(0 * w, g, r, lr, eps)),
    }
    return mistakes | {text: rule(new_r=wrong) for text, wrong in wrong_updates.items()}


ADAGRAD: Mistakes = _adaptive(
    lambda r, g: r + g**2,
    {
        "The gradient was added to r without being squared.": lambda r, g: r + g,
        "The size of the gradient was added to r; add its square.": lambda r, g: r + np.abs(g),
        "The old r was lost: add to it.": lambda r, g: g**2,
        "The squares of all weights were added up; each weight has a sum of its own.": lambda r, g: r + (g**2).sum(),
        "The squares were averaged over all weights; each weight has a sum of its own.": lambda r, g: r + (g**2).mean(),
        "This is a mean of the old r and the square (as in RMSprop); AdaGrad adds.": lambda r, g: (r + g**2) / 2,
        "The sum was squared; square the gradient alone.": lambda r, g: (r + g) ** 2,
        "The gradient was doubled; square it.": lambda r, g: r + 2 * g,
        "The old r was squared too.": lambda r, g: r**2 + g**2,
        NORM: lambda r, g: r + np.linalg.norm(g),
    },
)
RMSPROP: Mistakes = _adaptive(
    lambda r, g, rho: rho * r + (1 - rho) * g**2,
    {
        "ρ and 1 - ρ are exchanged: ρ is the share of the past.": lambda r, g, rho: (1 - rho) * r + rho * g**2,
        "The sum of all squares was kept (as in AdaGrad); RMSprop forgets.": lambda r, g, rho: r + g**2,
        "The factor 1 - ρ of the new square is missing.": lambda r, g, rho: rho * r + g**2,
        "The factor ρ of the old r is missing.": lambda r, g, rho: r + (1 - rho) * g**2,
        "The gradient went into r without being squared.": lambda r, g, rho: rho * r + (1 - rho) * g,
        "The size of the gradient went into r; its square belongs there.": lambda r, g, rho: rho * r + (1 - rho) * np.abs(g),
        "1 - ρ was squared together with the gradient.": lambda r, g, rho: rho * r + ((1 - rho) * g) ** 2,
        "The squares were averaged over all weights; each weight has a mean of its own.": lambda r, g, rho: (
            rho * r + (1 - rho) * (g**2).mean()
        ),
        "The old r was lost.": lambda r, g, rho: (1 - rho) * g**2,
        NORM: lambda r, g, rho: rho * r + (1 - rho) * np.linalg.norm(g),
        "The new square was multiplied by ρ; it counts 1 - ρ.": lambda r, g, rho: rho * r + rho * g**2,
    },
)


def _adam(
    means: Callable | None = None,
    shares: Callable | None = None,
    step: Callable | None = None,
    kept: Callable | None = None,
) -> Rule:
    """Adam with one of its parts replaced: the running means, what they are divided by, the step, what is returned."""

    def rule(w, g, s, r, t, lr, rho1, rho2, eps):
        new_s, new_r = (means or right_means)(g, s, r, rho1, rho2)
        a, b = (shares or right_shares)(rho1, rho2, t)
        s_hat, r_hat = new_s / a, new_r / b
        new_w = (step or right_step)(w, g, s_hat, r_hat, lr, eps, b)
        return new_w, *(kept(s, r, new_s, new_r, s_hat, r_hat) if kept else (new_s, new_r))

    def right_means(g, s, r, rho1, rho2):
        return rho1 * s + (1 - rho1) * g, rho2 * r + (1 - rho2) * g**2

    def right_shares(rho1, rho2, t):
        return 1 - rho1**t, 1 - rho2**t

    def right_step(w, g, s, r, lr, eps, b):
        return w - lr * s / (np.sqrt(r) + eps)

    return rule


ADAM: Mistakes = {
    "The bias correction is missing.": _adam(shares=lambda a, b, t: (1, 1)),
    "The correction divides by 1 - ρ; it is 1 - ρᵗ, with the power t.": _adam(shares=lambda a, b, t: (1 - a, 1 - b)),
    "The correction uses the power t + 1: t is 1 at the first update.": _adam(shares=lambda a, b, t: (1 - a ** (t + 1), 1 - b ** (t + 1))),
    "The correction uses the power t - 1: t is 1 at the first update.": _adam(shares=lambda a, b, t: (1 - a ** (t - 1), 1 - b ** (t - 1))),
    "The correction divides by 1 - ρ·t; it is 1 - ρᵗ, a power.": _adam(shares=lambda a, b, t: (1 - a * t, 1 - b * t)),
    "The correction divides by (1 - ρ)ᵗ; it is 1 - ρᵗ.": _adam(shares=lambda a, b, t: ((1 - a) ** t, (1 - b) ** t)),
    "Only s was corrected; r needs it too.": _adam(shares=lambda a, b, t: (1 - a**t, 1)),
    "Only r was corrected; s needs it too.": _adam(shares=lambda a, b, t: (1, 1 - b**t)),
    "Both means were corrected with ρ₁; r has ρ₂.": _adam(shares=lambda a, b, t: (1 - a**t, 1 - a**t)),
    "The corrections of s and r are exchanged.": _adam(shares=lambda a, b, t: (1 - b**t, 1 - a**t)),
    "The means were multiplied by 1 - ρᵗ; divide by it.": _adam(shares=lambda a, b, t: (1 / (1 - a**t), 1 / (1 - b**t))),
    "The corrected s and r were returned; return them as they are before the correction.": _adam(
        kept=lambda s, r, new_s, new_r, s_hat, r_hat: (s_hat, r_hat)
    ),
    "The old s and r came back: return the new ones.": _adam(kept=lambda s, r, new_s, new_r, s_hat, r_hat: (s, r)),
    "s and r are returned in the other order: (w, s, r).": _adam(kept=lambda s, r, new_s, new_r, s_hat, r_hat: (new_r, new_s)),
    "The root of r was returned; return r itself.": _adam(kept=lambda s, r, new_s, new_r, s_hat, r_hat: (new_s, np.sqrt(new_r))),
    "ε stands inside the root; it belongs outside, √r̂ + ε.": _adam(step=lambda w, g, s, r, lr, eps, b: w - lr * s / np.sqrt(r + eps)),
    "ε was added before the correction of r; add it to the root of the corrected r̂.": _adam(
        step=lambda w, g, s, r, lr, eps, b: w - lr * s / (np.sqrt(r) + eps / np.sqrt(b))
    ),
    NO_EPS: _adam(step=lambda w, g, s, r, lr, eps, b: w - lr * s / np.sqrt(r)),
    "The root is missing: divide by √r̂ + ε.": _adam(step=lambda w, g, s, r, lr, eps, b: w - lr * s / (r + eps)),
    "The step takes the gradient; it should take the corrected mean ŝ.": _adam(
        step=lambda w, g, s, r, lr, eps, b: w - lr * g / (np.sqrt(r) + eps)
    ),
    UPHILL: _adam(step=lambda w, g, s, r, lr, eps, b: w + lr * s / (np.sqrt(r) + eps)),
    NO_RATE: _adam(step=lambda w, g, s, r, lr, eps, b: w - s / (np.sqrt(r) + eps)),
    "The division by √r̂ + ε is missing.": _adam(step=lambda w, g, s, r, lr, eps, b: w - lr * s),
    "The old weights came back: subtract the step.": _adam(step=lambda w, g, s, r, lr, eps, b: w),
    "Only the change was returned: the old weights are missing.": _adam(step=lambda w, g, s, r, lr, eps, b: -lr * s / (np.sqrt(r) + eps)),
    "ρ₁ and ρ₂ are exchanged: ρ₁ belongs to s.": lambda w, g, s, r, t, lr, a, b, eps: reference.adam_step(w, g, s, r, t, lr, b, a, eps),
    "ρ and 1 - ρ are exchanged: ρ is the share of the past.": _adam(
        means=lambda g, s, r, a, b: ((1 - a) * s + a * g, (1 - b) * r + b * g**2)
    ),
    "The gradient went into r without being squared.": _adam(means=lambda g, s, r, a, b: (a * s + (1 - a) * g, b * r + (1 - b) * g)),
    "The gradient went into s squared; the square belongs to r.": _adam(
        means=lambda g, s, r, a, b: (a * s + (1 - a) * g**2, b * r + (1 - b) * g**2)
    ),
    "The factors 1 - ρ of the new gradient and its square are missing.": _adam(means=lambda g, s, r, a, b: (a * s + g, b * r + g**2)),
    "The factor 1 - ρ₁ of the new gradient is missing.": _adam(means=lambda g, s, r, a, b: (a * s + g, b * r + (1 - b) * g**2)),
    "The squares of all weights were averaged; each weight has a mean of its own.": _adam(
        means=lambda g, s, r, a, b: (a * s + (1 - a) * g, b * r + (1 - b) * (g**2).mean())
    ),
    "r takes the square of s; it takes the square of the gradient.": _adam(
        means=lambda g, s, r, a, b: (a * s + (1 - a) * g, b * r + (1 - b) * (a * s + (1 - a) * g) ** 2)
    ),
}


LR = {"sgd_step": 2, "momentum_step": 3, "adagrad_step": 3, "rmsprop_step": 3, "adam_step": 5}  # where the learning rate stands


def in_place_of(name: str, text: str, values: dict[int, float]) -> Pairs:
    """The rule with values of its own in place of the arguments at these places."""

    def rule(*arguments) -> tuple[np.ndarray, ...]:
        result = getattr(reference, name)(*[values.get(place, value) for place, value in enumerate(arguments)])
        return result if isinstance(result, tuple) else (result,)

    return [(text, rule)]


def decayed(name: str) -> Pairs:
    """Rules that shrink the weights beside, by the gradient or directly, as `weight_decay` in PyTorch does."""

    def coupled(decay: float) -> Rule:
        return lambda w, g, *others: in_place_of(name, "", {1: g + decay * w})[0][1](w, g, *others)

    def direct(decay: float) -> Rule:
        def rule(*arguments) -> tuple[np.ndarray, ...]:
            new, *others = in_place_of(name, "", {})[0][1](*arguments)
            return new - arguments[LR[name]] * decay * arguments[0], *others

        return rule

    text = "The weights shrink on their own beside the update (weight decay): leave that out."
    return [(text, kind(decay)) for kind in (coupled, direct) for decay in (0.5, 0.1, 0.05, 0.01, 1e-3)]


def fixed(name: str) -> Pairs:
    """Rules with the usual settings in place of the given ones."""
    pairs: Pairs = []
    for lr in (0.1, 0.01, 1e-3):
        pairs += in_place_of(name, f"The given learning rate was not used: it is {lr} here.", {LR[name]: lr})
    if name == "momentum_step":
        pairs += in_place_of(name, "The given γ was not used: it is 0.9 here.", {4: 0.9})
    if name == "rmsprop_step":
        for rho in (0.9, 0.99):
            pairs += in_place_of(name, f"The given ρ was not used: it is {rho} here.", {4: rho})
    if name == "adam_step":
        pairs += in_place_of(name, "The given ρ₁ and ρ₂ were not used: they are 0.9 and 0.999 here.", {6: 0.9, 7: 0.999})
    return pairs


def _centred(w, g, r, lr, rho, eps):
    """RMSprop that takes the square of the mean gradient off, where the gradients before this one had the mean 0."""
    r = rho * r + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(np.abs(r - ((1 - rho) * g) ** 2)) + eps), r


def _bias_corrected(w, g, r, lr, rho, eps):
    """RMSprop with r divided by 1 - ρ, as Adam's at its first step."""
    r = rho * r + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(r / (1 - rho)) + eps), r


def _largest(w, g, s, r, t, lr, rho1, rho2, eps):
    """Adam with the largest gradient in place of the mean square, as AdaMax."""
    s, r = rho1 * s + (1 - rho1) * g, np.maximum(rho2 * r, np.abs(g))
    return w - lr * s / (1 - rho1**t) / (r + eps), s, r


def _weights_last(*arguments):
    """Adam with the new weights behind the means."""
    w, s, r = reference.adam_step(*arguments)
    return s, r, w


def _nesterov(w, g, s, r, t, lr, rho1, rho2, eps):
    """Adam that looks ahead, as Nadam."""
    _, s, r = reference.adam_step(w, g, s, r, t, lr, rho1, rho2, eps)
    ahead = (rho1 * s + (1 - rho1) * g) / (1 - rho1**t)
    return w - lr * ahead / (np.sqrt(r / (1 - rho2**t)) + eps), s, r


def mistakes_of(name: str) -> Pairs:
    """All mistakes of a rule; several may share a sentence."""
    named = {"sgd_step": SGD, "momentum_step": MOMENTUM, "adagrad_step": ADAGRAD, "rmsprop_step": RMSPROP, "adam_step": ADAM}[name]
    pairs = [*named.items(), *decayed(name), *fixed(name)]
    if name == "momentum_step":
        pairs.append((OUTSIDE, lambda w, g, v, lr, gamma: (w + lr * (gamma * v - g), gamma * v - g)))
    if name == "rmsprop_step":
        pairs.append(("The mean gradient was taken off (centred RMSprop): r is the mean of the squares as they are.", _centred))
        pairs.append(("r was divided by 1 - ρ (a bias correction, as Adam has one); RMSprop takes r as it is.", _bias_corrected))
    if name == "adam_step":
        pairs.append(("This looks one step ahead (Nadam); Adam takes the corrected mean ŝ.", _nesterov))
        pairs.append(("This divides by the largest gradient so far (AdaMax); Adam divides by the root of the mean square.", _largest))
        pairs.append((ORDER, _weights_last))
    return pairs


def rate_mistakes(alpha: float, epsilon: float, t: float) -> dict[str, float]:
    """Typical mistakes in `annealed_rate`."""
    return {
        "A bracket is missing: ε + t stands below the line as a whole.": alpha / epsilon + t,
        "ε and t were multiplied; add them.": alpha / (epsilon * t) if t else np.inf,
        "ε is missing.": alpha / t if t else np.inf,
        "t is missing.": alpha / epsilon,
        "Time begins at 0, not at 1.": alpha / (epsilon + t + 1),
        "This is α / (1 + t).": alpha / (1 + t),
        "This is α / (1 + ε·t); the task asks for α / (ε + t).": alpha / (1 + epsilon * t),
        "This begins at α (as α·ε / (ε + t) does); the task asks for α / (ε + t).": alpha * epsilon / (epsilon + t),
        "The fraction is upside down.": (epsilon + t) / alpha,
        "α and ε are exchanged.": epsilon / (alpha + t),
        "The result was cut to a whole number: divide with /, not //.": alpha // (epsilon + t),
        "The root of ε + t was taken.": alpha / np.sqrt(epsilon + t),
        "The rate falls exponentially here; the task asks for α / (ε + t).": alpha * np.exp(-epsilon * t),
        "t was subtracted; add it.": alpha / (epsilon - t) if epsilon != t else np.inf,
        "ε + t was squared.": alpha / (epsilon + t) ** 2,
        "The rate was rounded: keep all digits.": round(alpha / (epsilon + t), 2),
    }
