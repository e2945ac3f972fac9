"""The reference answers of `optimizers`: by hand, by properties, against torch and scipy."""

from pathlib import Path

import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.reference import optimizers as reference

ROOT = Path(__file__).resolve().parents[3]
SHAPES = array_shapes(min_dims=1, max_dims=3, max_side=4)
RATES, SHARES = st.sampled_from([1e-3, 0.1, 0.5]), st.sampled_from([0.0, 0.5, 0.9, 0.999])


@st.composite
def updates(draw, states=1, count=None):
    """Weights, states that may hold squares, and gradients of one shape; quarters, so that sums are exact."""
    shape = draw(SHAPES)
    quarters = arrays(np.int64, shape, elements=st.integers(-20, 20)).map(lambda a: a / 4)
    given_states = [abs(draw(quarters)) for _ in range(states)]
    return draw(quarters), given_states, [draw(quarters) for _ in range(count or 1)]


# ---- by hand


def test_descent_goes_against_the_gradient():
    np.testing.assert_allclose(reference.sgd_step(np.array([1.0, -2.0]), np.array([0.5, 1.0]), 0.1), [1 - 0.1 * 0.5, -2 - 0.1 * 1.0])


def test_momentum_keeps_a_share_of_the_velocity_and_moves_by_the_new_one():
    w, v = reference.momentum_step(np.array([1.0]), np.array([2.0]), np.array([0.5]), 0.1, 0.9)
    np.testing.assert_allclose(v, [0.9 * 0.5 - 0.1 * 2])
    np.testing.assert_allclose(w, [1 + 0.25])


def test_annealed_rate_falls_with_time():
    assert [reference.annealed_rate(2, 4, t) for t in (0, 1, 6)] == [2 / 4, 2 / 5, 2 / 10]


def test_adagrad_divides_by_the_root_of_the_sum_plus_epsilon():
    w, r = reference.adagrad_step(np.array([1.0]), np.array([3.0]), np.array([16.0]), 0.5, 1.0)
    np.testing.assert_allclose(r, [16 + 3 * 3])
    np.testing.assert_allclose(w, [1 - 0.5 * 3 / (5 + 1)])


def test_rmsprop_divides_by_the_root_of_the_mean_plus_epsilon():
    w, r = reference.rmsprop_step(np.array([1.0]), np.array([4.0]), np.array([2.0]), 0.5, 0.5, 1.0)
    np.testing.assert_allclose(r, [0.5 * 2 + 0.5 * 16])
    np.testing.assert_allclose(w, [1 - 0.5 * 4 / (3 + 1)])


def test_adam_corrects_both_means_for_the_step_only():
    w, s, r = reference.adam_step(*(np.array([a]) for a in (1.0, 2.0, 1.0, 20.0)), 2, 0.1, 0.5, 0.5, 1.0)
    np.testing.assert_allclose(s, [0.5 * 1 + 0.5 * 2])
    np.testing.assert_allclose(r, [0.5 * 20 + 0.5 * 4])
    np.testing.assert_allclose(w, [1 - 0.1 * (1.5 / 0.75) / (4 + 1)])


def test_central_differences_by_hand():
    def f(w):
        return w[0] ** 2 * w[1]

    expected = [(4**2 * 2 - 2**2 * 2) / 2, (3**2 * 3 - 3**2 * 1) / 2]
    np.testing.assert_allclose(reference.numerical_gradient(f, np.array([3.0, 2.0]), 1), expected)


def test_minimise_halves_three_times():
    w = np.array([8.0, -4.0])
    np.testing.assert_array_equal(reference.minimise(lambda w, g: w - 0.25 * g, lambda w: 2 * w, w, 3), [1, -0.5])
    np.testing.assert_array_equal(reference.minimise(lambda w, g: w - 0.25 * g, lambda w: 2 * w, w, 0), w)


def test_numbers_of_the_mark_schemes():
    """With one gradient throughout, a step is this multiple of the learning rate (model answer of task 3.4)."""

    def multiples(share_s, share_r, steps):
        t = np.arange(1, steps + 1)
        return (1 - 0.9**t) / share_s(t) / np.sqrt((1 - 0.999**t) / share_r(t))

    uncorrected = multiples(lambda t: 1, lambda t: 1, 5000)
    assert uncorrected[0] == pytest.approx(3.16, abs=0.005)
    assert (uncorrected.argmax() + 1, uncorrected.max()) == (12, pytest.approx(6.57, abs=0.005))
    assert uncorrected[999] > 1.2
    assert multiples(lambda t: 0.1, lambda t: 0.001, 20000)[-1] == pytest.approx(0.316, abs=0.0005)
    np.testing.assert_allclose(multiples(lambda t: 1 - 0.9**t, lambda t: 1 - 0.999**t, 50), 1)


# ---- properties


@given(updates(states=1, count=6), RATES, SHARES)
def test_velocity_is_the_sum_of_all_faded_pushes(drawn, lr, gamma):
    w, _, gradients = drawn
    at, v = w, np.zeros(w.shape)
    for g in gradients:
        at, v = reference.momentum_step(at, g, v, lr, gamma)
    faded = sum(-lr * gamma ** (len(gradients) - 1 - k) * g for k, g in enumerate(gradients))
    np.testing.assert_allclose(v, faded, atol=1e-12)


@given(updates(states=1, count=6))
def test_adagrad_remembers_all_squares(drawn):
    w, (r,), gradients = drawn
    at, total = w, r
    for g in gradients:
        at, total = reference.adagrad_step(at, g, total, 0.1, 1e-8)
    np.testing.assert_array_equal(total, r + sum(g**2 for g in gradients))


@given(updates(), RATES)
def test_momentum_without_memory_and_rmsprop_with_none_are_simple(drawn, lr):
    w, (state,), (g,) = drawn
    np.testing.assert_array_equal(reference.momentum_step(w, g, state, lr, 0.0)[0], reference.sgd_step(w, g, lr))
    np.testing.assert_allclose(reference.rmsprop_step(w, g, state, lr, 0.0, 1.0)[0], w - lr * g / (abs(g) + 1))


@given(updates(), RATES, SHARES, SHARES)
def test_first_step_of_adam_is_as_long_as_the_learning_rate(drawn, lr, rho1, rho2):
    w, _, (g,) = drawn
    zero = np.zeros(w.shape)
    new, _, _ = reference.adam_step(w, g, zero, zero, 1, lr, rho1, rho2, 1e-12)
    np.testing.assert_allclose(new, w - lr * np.sign(g), atol=1e-9)


@given(updates(), st.floats(0.1, 2.0))
def test_differences_of_a_quadratic_are_exact_for_any_h(drawn, h):
    w, _, (b,) = drawn
    gradient = reference.numerical_gradient(lambda x: float((x**2).sum() / 2 + (b * x).sum()), w, h)
    np.testing.assert_allclose(gradient, w + b, atol=1e-10)


@given(updates(states=3))
def test_nothing_is_changed_or_shared(drawn):
    w, (r, s, v), (g,) = drawn
    before = [a.copy() for a in (w, r, s, v, g)]
    results = [
        reference.sgd_step(w, g, 0.1),
        *reference.momentum_step(w, g, v, 0.1, 0.9),
        *reference.adagrad_step(w, g, r, 0.1, 1e-8),
        *reference.rmsprop_step(w, g, r, 0.1, 0.9, 1e-8),
        *reference.adam_step(w, g, s, r, 3, 0.1, 0.9, 0.999, 1e-8),
        reference.numerical_gradient(lambda x: float(x.sum()), w),
        reference.minimise(lambda w, g: w - g, lambda w: w, w, 2),
        reference.minimise(lambda w, g: w - g, lambda w: w, w, 0),
    ]
    for was, now in zip(before, (w, r, s, v, g), strict=True):
        np.testing.assert_array_equal(was, now)
    assert not any(np.may_share_memory(result, a) for result in results for a in (w, r, s, v, g))
    assert all(result.shape == w.shape for result in results)


# ---- against torch and scipy


def torch_path(optimizer, gradients, rates, **settings):
    """PyTorch's weights after each gradient, from ones; `rates` are the learning rates of the updates."""
    w = torch.ones(gradients.shape[1:], dtype=torch.float64, requires_grad=True)
    updates, path = optimizer([w], lr=rates[0], **settings), []
    for g, lr in zip(gradients, rates, strict=True):
        updates.param_groups[0]["lr"] = lr
        w.grad = torch.tensor(g)
        updates.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def my_path(rule, states, gradients, rates):
    """The same with rule(w, g, *states, t, lr) → (w, *states)."""
    w, path = np.ones(gradients.shape[1:]), []
    states = [np.zeros(w.shape) for _ in range(states)]
    for t, (g, lr) in enumerate(zip(gradients, rates, strict=True), start=1):
        w, *states = rule(w, g, *states, t, lr)
        path.append(w)
    return np.array(path)


RULES = {
    "sgd": (torch.optim.SGD, {}, 0, lambda w, g, t, lr: (reference.sgd_step(w, g, lr),)),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, 1, lambda w, g, v, t, lr: reference.momentum_step(w, g, v, lr, 0.9)),
    "adagrad": (torch.optim.Adagrad, {"eps": 0.5}, 1, lambda w, g, r, t, lr: reference.adagrad_step(w, g, r, lr, 0.5)),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.8, "eps": 0.5}, 1, lambda w, g, r, t, lr: reference.rmsprop_step(w, g, r, lr, 0.8, 0.5)),
    "adam": (
        torch.optim.Adam,
        {"betas": (0.8, 0.95), "eps": 0.5},
        2,
        lambda w, g, s, r, t, lr: reference.adam_step(w, g, s, r, t, lr, 0.8, 0.95, 0.5),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_rules_agree_with_torch_over_many_steps_with_a_large_epsilon(name):
    optimizer, settings, states, rule = RULES[name]
    gradients, rates = np.random.default_rng(0).normal(size=(200, 3, 4)), [0.05] * 200
    expected = torch_path(optimizer, gradients, rates, **settings)
    np.testing.assert_allclose(my_path(rule, states, gradients, rates), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in RULES if name != "momentum"])
def test_rules_agree_with_torch_while_the_learning_rate_changes(name):
    optimizer, settings, states, rule = RULES[name]
    gradients, rates = np.random.default_rng(1).normal(size=(50, 5)), [reference.annealed_rate(2, 10, t) for t in range(50)]
    expected = torch_path(optimizer, gradients, rates, **settings)
    np.testing.assert_allclose(my_path(rule, states, gradients, rates), expected, rtol=1e-9, atol=1e-9)


def test_a_changing_learning_rate_tells_the_two_momentum_forms_apart():
    optimizer, settings, states, rule = RULES["momentum"]
    gradients = np.random.default_rng(2).normal(size=(3, 4))
    for rates, same in (([0.1] * 3, True), ([0.1, 0.01, 0.1], False)):
        agrees = np.allclose(my_path(rule, states, gradients, rates), torch_path(optimizer, gradients, rates, **settings))
        assert agrees == same


def test_central_differences_are_closer_to_autograd_than_scipys_forward_ones():
    def f(w):
        return float(np.sin(w).prod() + np.exp(w).sum())

    w = np.array([0.3, -1.2, 2.0])
    exact = torch.tensor(w, requires_grad=True)
    (torch.sin(exact).prod() + torch.exp(exact).sum()).backward()
    error = np.abs(reference.numerical_gradient(f, w) - exact.grad.numpy()).max()
    assert error < 1e-8 < np.abs(scipy.optimize.approx_fprime(w, f, 1e-5) - exact.grad.numpy()).max()


# ---- the race


def test_digits_are_training_pictures_of_the_first_assignment():
    with np.load(ROOT / "source" / "convnets" / "digits.npz") as file, np.load(reference.DIGITS) as digits:
        np.testing.assert_array_equal(digits["images"], file["train_images"][:2048])
        np.testing.assert_array_equal(digits["labels"], file["train_labels"][:2048])


def test_gradient_of_the_network_is_that_of_its_loss():
    digits = reference.Digits()
    assert digits.start.shape == (5994,)
    batch = np.arange(64)
    _, g = digits.loss_and_gradient(digits.start, batch)
    direction = 0.01 * g / np.linalg.norm(g)
    ends = [digits.loss_and_gradient(digits.start + side * direction, batch)[0] for side in (1, -1)]
    assert (ends[0] - ends[1]) / 2 == pytest.approx(g @ direction, rel=0.02)


def test_race_stays_clear_of_the_bounds():
    """The task promises full points from 0.45 on; each rule ends well below, and begins between 0.3 and 10."""
    for name, losses in reference.race(seed=12).items():
        assert len(losses) == reference.EPOCHS, name
        assert 0.6 < losses[0] < 3, name
        assert losses[-1] < losses[0], name
        assert losses[-1] < 0.35, name


def test_losses_after_the_updates_are_lower_than_those_before_them():
    digits = reference.Digits()
    before, after = (digits.losses(reference.optimizer("sgd", 0.2), np.random.default_rng(0), after) for after in (False, True))
    assert all(a < b for a, b in zip(after, before, strict=True))
