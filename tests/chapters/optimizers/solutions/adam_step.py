"""Right and wrong solutions of the task `adam_step`."""

# %% right: as the task writes it
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat = s / (1 - rho1**t)
    r_hat = r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% right: entry by entry, plain Python
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    new_w, new_s, new_r = np.zeros(w.shape), np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        new_s[i] = rho1 * s[i] + (1 - rho1) * grad[i]
        new_r[i] = rho2 * r[i] + (1 - rho2) * grad[i] * grad[i]
        mean, square = new_s[i] / (1 - rho1**t), new_r[i] / (1 - rho2**t)
        new_w[i] = w[i] - lr * mean / (square**0.5 + eps)
    return new_w, new_s, new_r


# %% right: as PyTorch computes it, step size and denominator corrected
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    w, grad, s, r = (torch.tensor(a) for a in (w, grad, s, r))
    s = s.lerp(grad, 1 - rho1)
    r = (r * rho2).addcmul(grad, grad, value=1 - rho2)
    denominator = r.sqrt() / (1 - rho2**t) ** 0.5 + eps
    return w.addcdiv(s, denominator, value=-lr / (1 - rho1**t)), s, r


# %% right: by torch.optim.Adam with the given state
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    weights = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=lr, betas=(rho1, rho2), eps=eps)
    weights.grad = torch.tensor(grad)
    optimizer.state[weights] = {
        "step": torch.tensor(float(t - 1)),
        "exp_avg": torch.tensor(s),
        "exp_avg_sq": torch.tensor(r),
    }
    optimizer.step()
    state = optimizer.state[weights]
    return weights.detach(), state["exp_avg"], state["exp_avg_sq"]


# %% right: float32 throughout, one stacked array, noisy
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    print("update", t)
    w, grad, s, r = (a.astype("float32") for a in (w, grad, s, r))
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    step = np.float32(lr) * (s / np.float32(1 - rho1**t)) / (np.sqrt(r / np.float32(1 - rho2**t)) + np.float32(eps))
    return np.array([w - step, s, r])


# %% right: with ε before the correction, rescaled
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    c1, c2 = 1 - rho1**t, 1 - rho2**t
    rate = lr * c2**0.5 / c1
    return w - rate * s / (r**0.5 + eps * c2**0.5), s, r


# %% right: the power by a loop, helper functions, lists
def power_of(rho, t):
    result = 1.0
    for _ in range(int(t)):
        result *= rho
    return result


def mean_of(old, new, rho):
    return [rho * a + (1 - rho) * b for a, b in zip(old, new)]


def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    shape, (w, grad, s, r) = w.shape, (a.ravel().tolist() for a in (w, grad, s, r))
    s, r = mean_of(s, grad, rho1), mean_of(r, [g * g for g in grad], rho2)
    c1, c2 = 1 - power_of(rho1, t), 1 - power_of(rho2, t)
    w = [a - lr * (b / c1) / ((c / c2) ** 0.5 + eps) for a, b, c in zip(w, s, r)]
    return [np.reshape(a, shape).tolist() for a in (w, s, r)]


# %% wrong: no bias correction => "The bias correction is missing."
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    return w - lr * s / (np.sqrt(r) + eps), s, r


# %% wrong: the slides, read literally: no power => "The correction divides by 1 - ρ; it is 1 - ρᵗ"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1), r / (1 - rho2)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: counts from zero => "The correction uses the power t + 1"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**(t + 1)), r / (1 - rho2**(t + 1))
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: one power too few => "The correction uses the power t - 1"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**(t - 1)), r / (1 - rho2**(t - 1))
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: t as a factor => "entries are NaN"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1 * t), r / (1 - rho2 * t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: the power of the whole => "The correction divides by (1 - ρ)ᵗ"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / ((1 - rho1) ** t), r / ((1 - rho2) ** t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: corrects s only => "Only s was corrected"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: corrects r only => "Only r was corrected"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: one ρ in both corrections => "Both means were corrected with ρ₁"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho1**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: corrections exchanged => "The corrections of s and r are exchanged"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho2**t), r / (1 - rho1**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: multiplies by the correction => "The means were multiplied by 1 - ρᵗ"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s * (1 - rho1**t), r * (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: returns the corrected means => "The corrected s and r were returned"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s_hat, r_hat


# %% wrong: overwrites the means with the corrected ones => "The corrected s and r were returned"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s = s / (1 - rho1**t)
    r = r / (1 - rho2**t)
    return w - lr * s / (np.sqrt(r) + eps), s, r


# %% wrong: returns the old means => "The old s and r came back"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    m = rho1 * s + (1 - rho1) * grad
    q = rho2 * r + (1 - rho2) * grad**2
    return w - lr * m / (1 - rho1**t) / (np.sqrt(q / (1 - rho2**t)) + eps), s.copy(), r.copy()


# %% wrong: means in the other order => "s and r are returned in the other order"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), r, s


# %% wrong: weights last => "has wrong values" and "The results come in another order than the task asks for."
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    w = w - lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps)
    return s, r, w


# %% wrong: ε inside the root => "ε stands inside the root"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / np.sqrt(r_hat + eps), s, r


# %% wrong: ε before the correction => "ε was added before the correction of r"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    rate = lr * np.sqrt(1 - rho2**t) / (1 - rho1**t)
    return w - rate * s / (np.sqrt(r) + eps), s, r


# %% wrong: no ε => "The given ε has no effect"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / np.sqrt(r_hat), s, r


# %% wrong: the usual ε, whatever is given => "The given ε has no effect"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + 1e-8), s, r


# %% wrong: no root => "The root is missing"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (r_hat + eps), s, r


# %% wrong: steps by the gradient => "The step takes the gradient"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * grad / (np.sqrt(r_hat) + eps), s, r


# %% wrong: uphill => "The weights move uphill"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w + lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: no learning rate => "The learning rate is missing."
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: ρ exchanged => "ρ₁ and ρ₂ are exchanged"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho2 * s + (1 - rho2) * grad
    r = rho1 * r + (1 - rho1) * grad**2
    return w - lr * s / (1 - rho2**t) / (np.sqrt(r / (1 - rho1**t)) + eps), s, r


# %% wrong: ρ and 1 - ρ exchanged => "ρ and 1 - ρ are exchanged"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = (1 - rho1) * s + rho1 * grad
    r = (1 - rho2) * r + rho2 * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: the gradient not squared => "without being squared"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: s of the squares => "The gradient went into s squared"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad**2
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: r of the mean => "r takes the square of s"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * s**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: no 1 - ρ => "The factors 1 - ρ of the new gradient and its square are missing"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + grad
    r = rho2 * r + grad**2
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: one mean for all weights => "The squares of all weights were averaged"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * (grad**2).mean()
    s_hat, r_hat = s / (1 - rho1**t), r / (1 - rho2**t)
    return w - lr * s_hat / (np.sqrt(r_hat) + eps), s, r


# %% wrong: means in place => "changes its argument number 3, number 4 in place"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s *= rho1
    s += (1 - rho1) * grad
    r *= rho2
    r += (1 - rho2) * grad**2
    return w - lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps), s, r


# %% wrong: weights in place => "changes its argument number 1 in place"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    w -= lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps)
    return w, s, r


# %% wrong: the gradient in place => "changes its argument number 2 in place"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    grad *= 0
    return w - lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps), s, r


# %% wrong: only the weights => "but the tuple (w, s, r) was expected"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    return w - lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps)


# %% wrong: t returned as well => "holds 4 things, but the tuple (w, s, r) was expected"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    return w - lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps), s, r, t + 1


# %% wrong: always the usual ρ => "has wrong values" and "The given ρ₁ and ρ₂ were not used: they are 0.9 and 0.999 here."
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = 0.9 * s + 0.1 * grad
    r = 0.999 * r + 0.001 * grad**2
    return w - lr * s / (1 - 0.9**t) / (np.sqrt(r / (1 - 0.999**t)) + eps), s, r


# %% wrong: right at the first two steps only => "has wrong values"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    c1, c2 = (1 - rho1, 1 - rho2) if t == 1 else (1 - rho1 * rho1, 1 - rho2 * rho2)
    return w - lr * s / c1 / (np.sqrt(r / c2) + eps), s, r


# %% wrong: counts the updates by itself => "has wrong values"
adam_updates = 0


def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    global adam_updates
    adam_updates += 1
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    c1, c2 = 1 - rho1**adam_updates, 1 - rho2**adam_updates
    return w - lr * s / c1 / (np.sqrt(r / c2) + eps), s, r


# %% wrong: the largest gradient, as in AdaMax => "has wrong values" and "This divides by the largest gradient so far (AdaMax); Adam divides by the root of the mean square."
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = np.maximum(rho2 * r, abs(grad))
    return w - lr * s / (1 - rho1**t) / (r + eps), s, r


# %% wrong: not written => "raised NotImplementedError"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    raise NotImplementedError("later")


# %% wrong: weight decay => "The weights shrink on their own"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    grad = grad + 0.01 * w
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    return w - lr * s / (1 - rho1**t) / (np.sqrt(r / (1 - rho2**t)) + eps), s, r


# %% wrong: looks ahead => "This looks one step ahead (Nadam)"
def adam_step(w, grad, s, r, t, lr, rho1, rho2, eps):
    s = rho1 * s + (1 - rho1) * grad
    r = rho2 * r + (1 - rho2) * grad**2
    s_hat = (rho1 * s + (1 - rho1) * grad) / (1 - rho1**t)
    return w - lr * s_hat / (np.sqrt(r / (1 - rho2**t)) + eps), s, r
