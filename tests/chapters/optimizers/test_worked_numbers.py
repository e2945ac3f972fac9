"""Every number of the slides that the chapter on optimizers works out, and every number its prose relies on.

Expected values come from hand arithmetic, closed forms or torch. What the cells print is compared with what they
compute by test_chapters; here `printed` reads it, where a sentence of the chapter rests on it.
"""

import ast
import importlib
import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from book_pages import cells_of
from torch import nn

from autograder.reference import optimizers as reference

ROOT = Path(__file__).parents[3]
RAVINE = np.array([1.0, 50.0])


@pytest.fixture(scope="module")
def cells():
    return cells_of("optimizers")


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def numbers(text):
    return [float(n.replace(",", "").replace("−", "-")) for n in re.findall(r"[-−+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?", text)]


@pytest.fixture(scope="module")
def ink():
    with np.load(ROOT / "data" / "mnist.npz") as file:
        pick = file["labels"] <= 1
        return (file["images"][pick] / 255).mean(axis=(1, 2)), (file["labels"][pick] == 0).astype(float)


def newton(x, y):
    """Minimum and Hessian of the logistic loss of two weights."""
    w = np.zeros(2)
    inputs = np.stack([x, np.ones_like(x)])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(w @ inputs)))
        hessian = inputs * p * (1 - p) @ inputs.T / len(x)
        w = w - np.linalg.solve(hessian, inputs @ (p - y) / len(x))
    return w, hessian


# ---- the loss surface and its slope


def test_ink_valley_is_the_minimum_and_its_condition_number_is_the_printed_one(ink, cells):
    x, y = ink
    w, hessian = newton(x, y)
    np.testing.assert_allclose(w, [85.618, -10.083], atol=5e-4)
    raw = np.linalg.cond(hessian)
    centred = np.linalg.cond(newton((x - x.mean()) / x.std(), y)[1])
    assert (round(raw), round(centred, 1)) == (2037, 7.7)
    assert f"{raw:.1f}" in printed(cells["hessian-code"])
    assert f"{centred:.1f}" in printed(cells["hessian-code"])


def test_ridge_between_two_equal_minima(cells):
    loss = {line.split()[0]: float(line.split()[-1]) for line in printed(cells["permute-twin"]).splitlines()}
    assert loss["trained"] == loss["twin"] < 0.1
    assert loss["half-way"] > 5 * loss["trained"], "on a convex surface it would be at most their mean"
    assert printed(cells["sol-twins"]).strip() == f"{math.prod(range(1, 17)):,}"
    assert 784 * 16 + 16 + 16 * 10 + 10 == 12_730


def test_random_search_hardly_beats_knowing_nothing(cells):
    points, small_steps, downhill = (float(line.split()[-1]) for line in printed(cells["random-search-code"]).splitlines())
    assert math.log(10) == pytest.approx(2.303, abs=5e-4)
    assert math.log(10) - points < 0.1 < small_steps - downhill


def test_central_difference_by_hand():
    def f(w):
        return w[0] ** 2 + 3 * w[0] * w[1]

    assert (7.81 - 6.21) / 0.2 == pytest.approx(2 * 1 + 3 * 2)
    assert (f([1.1, 2]) - f([1, 2])) / 0.1 == pytest.approx(8.1), "the forward difference is off by h"
    np.testing.assert_allclose(reference.numerical_gradient(f, np.array([1.0, 2.0]), h=0.1), [8, 3])


def test_best_step_of_a_central_difference():
    """Truncation h²·e/6 against rounding ε·e/h: both are smallest together near the cube root of ε."""
    errors = {h: abs((math.exp(1 + h) - math.exp(1 - h)) / (2 * h) - math.e) for h in (1e-1, 1e-3, 1e-5, 1e-9, 1e-13)}
    assert errors[1e-1] == pytest.approx(math.e / 6 * 1e-2, rel=1e-2)
    assert errors[1e-3] == pytest.approx(math.e / 6 * 1e-6, rel=1e-2)
    assert min(errors, key=errors.get) == 1e-5
    assert np.finfo(np.float64).eps ** (1 / 3) == pytest.approx(6e-6, rel=0.02)
    assert np.finfo(np.float32).eps ** (1 / 3) == pytest.approx(0.005, rel=0.02)


# ---- gradient descent


def test_three_steps_of_gradient_descent_by_hand():
    def way(lr):
        return reference.minimise(lambda w, g: reference.sgd_step(w, g, lr), lambda w: w * [1, 10], np.array([10.0, 1.0]), 3)

    np.testing.assert_allclose(way(0.1), [10 * 0.9**3, 0], atol=1e-12)
    np.testing.assert_allclose(way(0.19), [10 * 0.81**3, (-0.9) ** 3])
    np.testing.assert_allclose(way(0.21), [10 * 0.79**3, (-1.1) ** 3])


def test_limit_and_best_rate_of_a_bowl():
    curvatures = np.array([0.5, 4, 20])
    assert 2 / 20 == 0.1
    best = 2 / 20.5
    assert best == pytest.approx(0.0976, abs=5e-5)
    np.testing.assert_allclose(np.abs(1 - best * curvatures)[[0, 2]], 39 / 41)
    np.testing.assert_array_equal(0.09 * curvatures > 1, [False, False, True])


def test_steps_for_a_thousandth_in_the_ink_valley(cells):
    for kappa, line in zip((2036.722, 7.7298), printed(cells["gd-steps"]).splitlines(), strict=True):
        expected = math.ceil(math.log(1000) / -math.log((kappa - 1) / (kappa + 1)))
        assert numbers(line.replace("1/1000", ""))[1] == expected


def test_threshold_on_digits_is_two_over_the_largest_eigenvalue(cells):
    with np.load(ROOT / "data" / "mnist.npz") as file:
        x = (file["images"][:6000] / 255).reshape(6000, -1)
    limits = [2 / np.linalg.norm(z, ord=2) ** 2 * len(z) for z in (x, x - x.mean(axis=0))]  # by the singular values
    for limit, line in zip(limits, printed(cells["threshold-code"]).splitlines(), strict=True):
        assert f"limit {limit:.4f}" in line
        below, above = numbers(line)[-3], numbers(line)[-1]
        assert below < 0.1 < 100 < above
    assert limits[1] / limits[0] == pytest.approx(7, abs=0.5)


def test_updates_of_an_epoch():
    assert 12_000 / 128 == 93.75
    assert 94 * 128 - 12_000 == 128 - 96


# ---- momentum


def test_momentum_by_hand():
    w, v, way = 1.0, 0.0, []
    for _ in range(3):
        w, v = reference.momentum_step(w, w, v, lr=0.5, gamma=0.9)
        way.append(w)
    np.testing.assert_allclose(way, [1 - 0.5, 0.5 - 0.7, -0.2 - 0.53])


@pytest.mark.parametrize(("sign", "expected"), [(1, 1 / (1 - 0.9)), (-1, 1 / (1 + 0.9))])
def test_equal_gradients_build_up_and_alternating_ones_cancel(sign, expected):
    assert sum(sign**k * 0.9**k for k in range(300)) == pytest.approx(expected)


def test_momentum_from_a_tenth_to_nine_tenths():
    assert 1 / (1 - 0.1) == pytest.approx(1.11, abs=0.002)
    assert (1 / (1 - 0.9)) / (1 / (1 - 0.1)) == pytest.approx(9)


@pytest.mark.parametrize("x", [0.02, 0.5, 3.0])
def test_floor_is_the_root_of_gamma_whatever_the_curvature(x):
    roots = np.roots([1, -(1 + 0.9 - x), 0.9])
    np.testing.assert_allclose(np.abs(roots), math.sqrt(0.9))
    assert math.sqrt(0.9) == pytest.approx(0.949, abs=5e-4)


def test_ends_of_the_floor_and_the_limit():
    root = math.sqrt(0.9)
    assert ((1 - root) ** 2, (1 + root) ** 2) == (pytest.approx(0.0026, abs=5e-5), pytest.approx(3.797, abs=5e-4))
    assert max(abs(np.roots([1, -(1.9 - 3.79), 0.9]))) < 1 < max(abs(np.roots([1, -(1.9 - 3.81), 0.9])))


def test_momentum_pays_the_root_of_the_condition_number(cells):
    for line in printed(cells["kappa-table"]).splitlines():
        kappa, plain, plain_expected, heavy, heavy_expected = numbers(line)
        assert plain == plain_expected == math.ceil(math.log(1e-6) / math.log((kappa - 1) / (kappa + 1)))
        root = math.sqrt(kappa)
        assert heavy_expected == math.ceil(math.log(1e-6) / math.log((root - 1) / (root + 1)))
        assert heavy_expected < heavy < 2 * heavy_expected
    assert 60 < plain / heavy < 70, "sixty times fewer steps at the last condition number"


def test_forms_of_momentum_part_when_the_rate_changes(cells):
    w, v, lr = 1.0, 0.0, 0.1
    tensor = torch.ones(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.SGD([tensor], lr=lr, momentum=0.9)
    for t in range(1, 12):
        if t == 11:
            lr = theirs.param_groups[0]["lr"] = 0.01
        w, v = reference.momentum_step(w, w, v, lr, 0.9)
        tensor.grad = tensor.detach().clone()
        theirs.step()
        assert (abs(w - tensor.item()) < 1e-12) == (t < 11)
    assert f"form A {w:8.5f}   PyTorch {tensor.item():8.5f}" in printed(cells["forms-code"])


def test_momentum_correction_turns_form_a_into_form_b():
    w = np.zeros(3)
    v = np.zeros(3)
    tensor = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.SGD([tensor], lr=0.1, momentum=0.9)
    rng, lr = np.random.default_rng(0), 0.1
    for t in range(40):
        if t == 20:
            v, lr = v * 0.01 / lr, 0.01
            theirs.param_groups[0]["lr"] = lr
        g = rng.normal(size=3)
        w, v = reference.momentum_step(w, g, v, lr, 0.9)
        tensor.grad = torch.from_numpy(g)
        theirs.step()
    np.testing.assert_allclose(w, tensor.detach().numpy(), rtol=1e-12)


def test_raised_rate_by_hand():
    v = -0.01 / (1 - 0.9)
    steps = []
    for _ in range(2):
        _, v = reference.momentum_step(0.0, 1.0, v, 0.1, 0.9)
        steps.append(-v)
    np.testing.assert_allclose(steps, [0.19, 0.271])


# ---- learning rates


def test_annealing_exercise():
    alpha, epsilon = 1, 10
    rates = [reference.annealed_rate(alpha, epsilon, t) for t in (0, 10, 90, 900, 9990)]
    np.testing.assert_allclose(rates, [0.1, 0.05, 0.01, 1 / 910, 0.0001])


def test_noise_floor_is_the_stationary_deviation(ink, cells):
    """v = (1-α)²v + α²σ² has the solution v = σ²α/(2-α)."""
    sigma = ink[0].std()
    for line in printed(cells["noise-floor"]).splitlines():
        alpha, strays, predicted = numbers(line)
        variance = predicted**2
        assert (1 - alpha) ** 2 * variance + alpha**2 * sigma**2 == pytest.approx(variance, rel=0.03)
        assert strays == pytest.approx(predicted, rel=0.15)


def test_annealed_descent_is_the_running_mean():
    values = np.array([3.0, 5.0, 10.0])
    w = 0.0
    for t, x in enumerate(values):
        w = w - reference.annealed_rate(1, 1, t) * (w - x)
    assert w == pytest.approx((3 + 5 + 10) / 3)


def test_too_cold_too_soon():
    product = math.exp(math.lgamma(10_000.9) - math.lgamma(0.9) - math.lgamma(10_001))
    assert product == pytest.approx(0.373, abs=5e-4)
    assert 10_000**-0.1 == pytest.approx(0.398, abs=5e-4)


# ---- AdaGrad, RMSprop, Adam


def test_adagrad_by_hand():
    w, r, way = 0.0, 0.0, []
    for g in (3.0, 4.0, 0.0):
        w, r = reference.adagrad_step(w, g, r, 0.5, 0.0)
        way.append(w)
    np.testing.assert_allclose(way, [-0.5 * 3 / 3, -0.5 - 0.5 * 4 / 5, -0.9])
    assert np.sum(1 / np.sqrt(np.arange(1, 10_001))) == pytest.approx(2 * 100 - 1.46, abs=0.01)


def test_rmsprop_first_step_and_rattling():
    w, r = reference.rmsprop_step(0.0, 7.0, 0.0, 1.0, 0.9, 0.0)
    assert -w == pytest.approx(1 / math.sqrt(1 - 0.9))
    assert 1 / math.sqrt(1 - 0.99) == pytest.approx(10)
    w, r = 1.0, 0.0
    for _ in range(400):
        w, r = reference.rmsprop_step(w, w, r, 0.1, 0.9, 1e-8)
    assert abs(w) == pytest.approx(0.1 / 2, rel=0.01)


@pytest.mark.parametrize(("g", "outside", "inside"), [(1, 0.001, 0.001), (1e-4, 0.001, 0.001 / math.sqrt(2)), (1e-6, 0.00099, 0.00001)])
def test_epsilon_inside_and_outside_the_root(g, outside, inside):
    assert 0.001 * g / (1e-8 + g) == pytest.approx(outside, rel=1e-3)
    assert 0.001 * g / math.sqrt(1e-8 + g**2) == pytest.approx(inside, rel=1e-3)


def test_weights_of_an_average_that_started_at_zero():
    for t in (1, 2, 10, 100):
        assert sum(0.1 * 0.9**k for k in range(t)) == pytest.approx(1 - 0.9**t)


def test_steps_without_correction():
    def factor(t):
        return (1 - 0.9**t) / math.sqrt(1 - 0.999**t)

    assert factor(1) == pytest.approx(math.sqrt(10))
    assert max(range(1, 1000), key=factor) == 12
    assert factor(12) == pytest.approx(6.5, abs=0.1)
    assert factor(500) == pytest.approx(1.6, abs=0.05)


def test_adam_by_hand():
    w, s, r = reference.adam_step(0.0, 1.0, 0.0, 0.0, 1, 0.1, 0.9, 0.999, 0.0)
    assert (w, s, r) == (pytest.approx(-0.1), pytest.approx(0.1), pytest.approx(0.001))
    w, s, r = reference.adam_step(w, -1.0, s, r, 2, 0.1, 0.9, 0.999, 0.0)
    assert (s, r) == (pytest.approx(0.09 - 0.1), pytest.approx(0.000999 + 0.001))
    assert w == pytest.approx(-0.1 + 0.1 * 0.01 / 0.19) == pytest.approx(-0.0947, abs=5e-5)


def test_slides_adam_read_literally_stalls_and_ends_in_nan(cells):
    total = s = r = 0.0
    for t in range(1, 60):
        s, r = (0.9 * s + 0.1) / 0.1, (0.999 * r + 0.001) / 0.001
        assert s == pytest.approx((9**t - 1) / 8), "s ← 9s + 1"
        total += s / math.sqrt(r)
    assert total == pytest.approx(1.444, abs=5e-4)
    assert 9 / math.sqrt(999) == pytest.approx(0.285, abs=5e-4)
    largest = float(np.finfo(np.float32).max)
    assert math.ceil(math.log(largest) / math.log(999)) == 13, "the power that overflows; r holds powers up to t - 1"
    assert "t = 14: s = 2.9e+12, r = inf" in printed(cells["sol-literal"])
    assert "t = 42: s = inf, r = inf, step nan" in printed(cells["sol-literal"])


def test_slides_adam_read_leniently_has_another_rate():
    def factor(t):
        return (1 - 0.9**t) / 0.1 / math.sqrt((1 - 0.999**t) / 0.001)

    assert factor(1) == pytest.approx(1)
    assert max(factor(t) for t in range(1, 1000)) == pytest.approx(2.1, abs=0.05)
    assert factor(20_000) == pytest.approx(0.316, abs=5e-4)


# ---- against torch, with settings that show mistakes


RULES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.01, eps=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, eps=0.1),
}


@pytest.mark.parametrize("name", RULES)
def test_rules_as_written_in_the_chapter_are_those_of_torch(name, cells):
    namespace = {"np": np}
    for cell in ("rule-sgd", "rule-adagrad", "rule-rmsprop", "rule-adam"):
        exec(re.split(r"\n\n\n(?=\w+ = )", cells[cell].source)[0], namespace)
    made = {
        "sgd": lambda: namespace["GradientDescent"](0.01),
        "adagrad": lambda: namespace["AdaGrad"](0.01, eps=0.1),
        "rmsprop": lambda: namespace["RMSprop"](0.01, 0.9, 0.1),
        "adam": lambda: namespace["Adam"](0.01, eps=0.1),
    }
    rule, rng = made[name](), np.random.default_rng(5)
    w, tensor = np.zeros(4), torch.zeros(4, dtype=torch.float64, requires_grad=True)
    theirs = RULES[name]([tensor])
    for t in range(600):
        if t == 300:
            rule.lr = theirs.param_groups[0]["lr"] = 0.002
        g = rng.normal(size=4) * [1e-3, 0.1, 1, 100]
        w = rule.step(w, g)
        tensor.grad = torch.from_numpy(g)
        theirs.step()
        np.testing.assert_allclose(w, tensor.detach().numpy(), rtol=0, atol=1e-6)


def test_table_of_mistakes(cells):
    rows = {line[:29].strip(): line[29:].split() for line in printed(cells["mistakes-table"]).splitlines()[1:]}
    assert len(rows) == 7
    assert all(row[-1] == "found" for row in rows.values()), "the last test finds all seven"
    assert rows["momentum A, not B"] == ["hidden", "hidden", "hidden", "found"]
    assert rows["Adam, ε inside the root"] == rows["RMSprop, ε inside the root"] == ["hidden", "hidden", "found", "found"]
    assert rows["Adam without the power t"][0] == rows["Adam, averages overwritten"][0] == "hidden"


def test_adam_that_counts_from_two():
    assert math.sqrt(1.999) / 1.9 == pytest.approx(0.744, abs=5e-4)
    assert 0.1 / 0.19 / math.sqrt(0.001 / 0.001999) == pytest.approx(math.sqrt(1.999) / 1.9)


# ---- races


def test_race_on_surfaces_says_what_the_text_says(cells):
    header, *lines = printed(cells["race-table"]).splitlines()
    steps = {}
    for line in lines:
        place, entries = line[:14].strip(), re.findall(r"never|\d+ \(\d+\)", line)
        steps[place] = dict(zip(header.split(), (math.inf if e == "never" else int(e.split()[0]) for e in entries), strict=True))
    assert steps["ravine"]["sgd"] == steps["turned ravine"]["sgd"], "turning changes nothing for gradient descent"
    assert steps["turned ravine"]["adagrad"] > 10 * steps["ravine"]["adagrad"]
    assert steps["turned ravine"]["rmsprop"] > 1.5 * steps["ravine"]["rmsprop"]
    assert steps["saddle"]["sgd"] < steps["saddle"]["momentum"] / 4
    assert steps["banana"]["adagrad"] == math.inf
    assert all(5 * steps["banana"]["momentum"] < other for name, other in steps["banana"].items() if name != "momentum")


def test_race_on_digits_says_what_the_text_says(cells):
    rows = {line.split()[0]: numbers(line) for line in printed(cells["digits-race"]).splitlines()[1:]}
    best = {name: row[0] for name, row in rows.items()}
    default = {name: row[-1] for name, row in rows.items()}
    width = {name: row[3] / row[2] for name, row in rows.items()}
    assert sorted(best, key=best.get)[0] == "adam"
    assert sorted(best, key=best.get)[-1] == "sgd"
    assert max(best[n] for n in ("momentum", "adagrad", "rmsprop")) - min(best[n] for n in ("momentum", "adagrad", "rmsprop")) < 0.05
    assert min(width, key=width.get) == "sgd"
    assert default["sgd"] > 2.2 > 1 > max(default["adam"], default["rmsprop"])
    assert rows["sgd"][1] > 200 * 0.001


def test_network_of_example_3():
    network = nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 10),
    )  # fmt: skip
    assert sum(p.numel() for p in network.parameters()) == 832 + 51_264 + 31_370 == 83_466
    x, shapes = torch.zeros(2, 1, 28, 28), []
    for layer in network:
        x = layer(x)
        shapes.append(tuple(x.shape[1:]))
    assert [shapes[i] for i in (0, 2, 3, 5, 7)] == [(32, 28, 28), (32, 14, 14), (64, 14, 14), (64, 7, 7), (10,)]
    assert 2 * 83_466 * 0.030 / 60 == pytest.approx(83, abs=0.5)


def test_examples_3_and_4_say_what_the_text_says(cells):
    losses = [numbers(line)[1] for line in printed(cells["example-3"]).splitlines()]
    assert losses == pytest.approx([math.log(10)] * 4, abs=0.02)
    rows = [re.split(r"training loss|, validation accuracy", line) for line in printed(cells["example-4"]).splitlines()]
    loss = {name.strip(): float(value) for name, value, _ in rows}
    right = {name.strip(): int(value.strip(" %")) for name, _, value in rows}
    assert max(loss["rmsprop"], loss["adam"]) < loss["adagrad"] < loss["momentum"] <= loss["sgd"]
    assert abs(loss["momentum, 0.1"] - loss["adam"]) < 0.15
    assert abs(right["momentum, 0.1"] - right["adam"]) <= 5
    assert right["momentum"] < 30


def test_change_of_the_filters(cells):
    largest, mean, most, before, change = (float(n) for n in re.findall(r"-?\d\.\d+", printed(cells["filter-change"])))
    assert largest == pytest.approx(1 / math.sqrt(25), abs=0.01), "PyTorch starts uniformly between ±1/√(fan in)"
    assert mean < most <= 0.02 + 1e-3, "20 steps of at most about 0.001"
    assert abs(before) < 0.1 < 0.4 < change, "in the change neighbours are alike"


# ---- after Adam


def test_decay_alone():
    assert (1 - 0.001 * 0.1) ** 2000 == pytest.approx(0.82, abs=0.002)


def test_reddis_three_steps():
    """ρ₂ = 1/17, once the pattern 4, −1, −1 has settled: the squares are 16, 1, 1."""
    r = 1.0
    for _ in range(20):
        sizes = []
        for g in (4, -1, -1):
            r = r / 17 + 16 / 17 * g * g
            sizes.append(g / math.sqrt(r))
    assert sizes == [pytest.approx(1.03, abs=0.01), pytest.approx(-0.74, abs=0.01), pytest.approx(-0.98, abs=0.01)]
    assert sum(sizes) < 0, "the steps lead to the right although the mean gradient is +2/3"


def test_memory_of_vgg_16():
    with torch.device("meta"):
        weights = sum(p.numel() for p in torchvision.models.vgg16().parameters())
    assert weights == 138_357_544
    assert [round(k * 4 * weights / 1e9, 1) for k in (2, 3, 4)] == [1.1, 1.7, 2.2]


def test_defaults_named_in_the_summary():
    parameter = torch.zeros(1, requires_grad=True)
    made = [rule([parameter]).defaults["lr"] for rule in (torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop, torch.optim.Adam)]
    assert made == [0.001, 0.01, 0.01, 0.001]
    assert torch.optim.RMSprop([parameter]).defaults["alpha"] == 0.99
    assert torch.optim.Adagrad([parameter]).defaults["eps"] == 1e-10


# ---- what the chapter's pages share


@pytest.fixture
def shared(monkeypatch):
    """The modules beside the pages."""
    monkeypatch.syspath_prepend(ROOT / "book" / "optimizers")
    return {name: importlib.import_module(name) for name in ("update_rules", "losses", "example_cnn")}


class Bare(ast.NodeTransformer):
    """Code without docstrings and types, which modules have and pages don't."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.returns = None
        node.body = node.body[isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant) :]
        return node

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        node.body = [part for part in node.body if isinstance(part, ast.FunctionDef)]
        return node

    def visit_arg(self, node):
        node.annotation = None
        return node


def definitions(source):
    """Functions and classes of a module or a cell: what they are called and what they do."""
    parts = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {node.name: ast.dump(Bare().visit(node)) for node in parts}


WRITTEN = {
    "update_rules": ("GradientDescent", "Momentum", "AdaGrad", "RMSprop", "Adam", "descend", "steps_needed"),
    "losses": ("ink_loss", "softmax_loss", "banana", "banana_gradient"),
    "example_cnn": ("run_example", "example_network"),
}


@pytest.mark.parametrize("module", WRITTEN)
def test_what_pages_import_is_what_pages_write(module, cells):
    in_module = definitions((ROOT / "book" / "optimizers" / f"{module}.py").read_text("utf-8"))
    on_pages = {}
    for cell in cells.values():
        if cell.cell_type == "code":
            on_pages |= definitions(cell.source)
    assert {name: on_pages[name] for name in WRITTEN[module]} == {name: in_module[name] for name in WRITTEN[module]}


def test_four_curves_have_the_shapes_that_the_text_gives_them(shared):
    losses, rules = shared["losses"], shared["update_rules"]
    course = {lr: np.array(losses.train(rules.GradientDescent(lr), [np.arange(1000)] * 100)) for lr in (0.02, 0.4, 1.2, 3.0)}
    small, right, large, huge = course.values()
    assert np.abs(small - np.linspace(small[0], small[-1], 100)).max() < 0.1 and 1.4 < small[-1] < 1.6
    assert right[20] < right[0] / 2 and right[-1] < 0.2
    assert large[:6].max() > 3.5 and 1.5 < large[25:].min() < large[25:].max() < 2.5
    assert huge.max() > 4 and np.abs(huge[-50:] - math.log(10)).max() < 0.02


def test_far_too_large_a_rate_leaves_no_hidden_unit_that_answers(shared):
    losses, rules = shared["losses"], shared["update_rules"]

    class Watched(rules.GradientDescent):
        def step(self, w, g):
            self.w = super().step(w, g)
            return self.w

    alive = {}
    for lr in (0.4, 3.0):
        rule = Watched(lr)
        losses.train(rule, [np.arange(1000)] * 100)
        w1, b1, _, _ = losses.matrices(torch.tensor(rule.w), losses.shapes)
        hidden = losses.x_digits[:1000] @ w1.T + b1
        alive[lr] = int((hidden.max(dim=0).values > 0).sum())
    assert alive == {0.4: 32, 3.0: 0}


def test_schedules_end_in_the_order_that_the_text_says(cells):
    last, low, high = zip(*(numbers(line[16:]) for line in printed(cells["schedules-table"]).splitlines()), strict=True)
    constant, steps, hyperbola, cosine, warm = last
    assert constant > steps > cosine and constant > hyperbola > cosine >= warm
    assert low[0] > max(high[3:]), "the cosines are better than a constant rate in every order of the digits"


def test_two_of_the_wrong_adams_train_faster_than_the_right_one(cells, shared):
    rules, train = shared["update_rules"], shared["losses"].train
    namespace = {"np": np, "Adam": rules.Adam, "RMSprop": rules.RMSprop}
    exec(cells["mistakes"].source + "\n\n" + cells["literal-adam-class"].source, namespace)
    with np.errstate(invalid="ignore"):
        right, inside, lenient, without = (
            np.array(train(rule(0.003)))
            for rule in (rules.Adam, namespace["AdamInside"], namespace["LenientAdam"], namespace["NoCorrection"])
        )
    shown = np.reshape(right - inside, (15, 4)).mean(axis=1)  # as the figure does; how sums are split changes the last digits
    assert np.abs(shown).max() < 0.03, "less than a line of the picture is thick"
    assert without[-20:].mean() < lenient[-20:].mean() < right[-20:].mean() < 0.5


def test_two_of_three_runs_on_the_opening_page_arrive(shared):
    losses, rules = shared["losses"], shared["update_rules"]
    ends = [
        rules.descend(rule, losses.banana_gradient, [-1.2, 1.0], 600)[-1]
        for rule in (rules.GradientDescent(10**-2.5), rules.Momentum(10**-2.75), rules.Adam(10**-0.5))
    ]
    short, *arrived = (np.linalg.norm(end - 1) for end in ends)
    assert short > 0.4 and max(arrived) < 0.01
