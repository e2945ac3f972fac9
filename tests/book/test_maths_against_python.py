"""The modules that compute for the book's visualisers give the numbers of the course's own Python, NumPy and PyTorch."""

from __future__ import annotations

import importlib
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from book_pages import cells_of
from torch import nn

from autograder.reference import deep_networks, optimizers, parameter_efficiency

ROOT = Path(__file__).resolve().parents[2]
MATHS = ROOT / "book" / "_static" / "live" / "maths"
node_binary = importlib.import_module("local_katex").node_binary  # conftest.py has made it importable

SURFACES = ("ravine", "turned", "saddle", "banana")
STEPS = 50


def javascript(modules: str, program: str, given: Any = None) -> Any:
    """Return what a program computes with the functions of some modules; `given` is its input."""
    imports = "".join(f"import * as {name} from {json.dumps((MATHS / f'{name}.mjs').as_uri())};" for name in modules.split())
    code = f"{imports} const given = {json.dumps(given)}; console.log(JSON.stringify((() => {{ {program} }})()));"
    done = subprocess.run([node_binary(), "--input-type=module", "--eval", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# Optimizers


@pytest.fixture(scope="module")
def surfaces() -> dict[str, tuple]:
    """Return loss and gradient of each surface, as the chapter's own cell defines them."""
    names = {"np": np, "ravine": np.array([1.0, 50.0])}
    exec(cells_of("optimizers")["surfaces"].source, names)
    return dict(zip(SURFACES, names["surfaces"].values(), strict=True))


def test_surfaces_are_those_of_the_chapter(surfaces):
    points = np.random.default_rng(0).uniform(-2, 2, size=(20, 2))
    program = "return given[1].map((w) => [surfaces.SURFACES[given[0]].loss(w), ...surfaces.SURFACES[given[0]].gradient(w)])"
    for name, (loss, gradient) in surfaces.items():
        computed = np.array(javascript("surfaces", program, [name, points.tolist()]))
        np.testing.assert_allclose(computed[:, 0], loss(points), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(computed[:, 1:], gradient(points), rtol=1e-12, atol=1e-12)


RATES = {"sgd": 0.0007, "momentum": 0.0005, "nesterov": 0.0005, "adagrad": 0.3, "rmsprop": 0.02, "adam": 0.1, "adamw": 0.1}
NUMBERS = {"gamma": 0.85, "rho": 0.9, "rho1": 0.9, "rho2": 0.999, "decay": 0.1, "eps": 1e-3}  # a large ε, to see where it stands


def descended(rule: str, gradient: Any, w: np.ndarray) -> np.ndarray:
    """Return the points of 50 steps by the reference answers' rules, (51, 2)."""
    way, memory = [w], {"v": 0.0, "s": 0.0, "r": 0.0}
    lr, p = RATES[rule], NUMBERS
    for t in range(1, STEPS + 1):
        g = gradient(w + p["gamma"] * memory["v"] if rule == "nesterov" else w)
        if rule == "sgd":
            w = optimizers.sgd_step(w, g, lr)
        elif rule in ("momentum", "nesterov"):
            w, memory["v"] = optimizers.momentum_step(w, g, memory["v"], lr, p["gamma"])
        elif rule == "adagrad":
            w, memory["r"] = optimizers.adagrad_step(w, g, memory["r"], lr, p["eps"])
        elif rule == "rmsprop":
            w, memory["r"] = optimizers.rmsprop_step(w, g, memory["r"], lr, p["rho"], p["eps"])
        else:
            w, memory["s"], memory["r"] = optimizers.adam_step(w, g, memory["s"], memory["r"], t, lr, p["rho1"], p["rho2"], p["eps"])
        way.append(w)
    return np.array(way)


def way_in_the_page(rule: str, surface: str, start: np.ndarray) -> np.ndarray:
    """Return the points of 50 steps as the page's module computes them, (51, 2)."""
    program = "const [rule, numbers, name, w, n] = given; return descent.descend(rule, numbers, surfaces.SURFACES[name], w, n).points"
    return np.array(javascript("descent surfaces", program, [rule, {**NUMBERS, "lr": RATES[rule]}, surface, start.tolist(), STEPS]))


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("rule", [rule for rule in RATES if rule != "adamw"])
def test_rule_takes_the_steps_of_the_reference_answers(rule, surface, surfaces):
    start = np.array([-1.3, 0.9])
    expected = descended(rule, surfaces[surface][1], start)
    np.testing.assert_allclose(way_in_the_page(rule, surface, start), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("surface", SURFACES)
def test_adamw_takes_the_steps_of_pytorch(surface, surfaces):
    w = torch.tensor([-1.3, 0.9], dtype=torch.float64, requires_grad=True)
    rule = torch.optim.AdamW([w], lr=RATES["adamw"], betas=(0.9, 0.999), eps=NUMBERS["eps"], weight_decay=NUMBERS["decay"])
    expected = [w.detach().numpy().copy()]
    for _ in range(STEPS):
        w.grad = torch.from_numpy(surfaces[surface][1](w.detach().numpy()))
        rule.step()
        expected.append(w.detach().numpy().copy())
    np.testing.assert_allclose(way_in_the_page("adamw", surface, expected[0]), expected, rtol=1e-9, atol=1e-9)


# The matrix of a convolution


def matrix_in_the_page(kernel: np.ndarray, *sizes: list[int]) -> np.ndarray:
    program = "return sharing.filled(sharing.sharedPlaces(...given[0]).places, given[1])"
    return np.array(javascript("sharing", program, [sizes, kernel.ravel().tolist()]))


@pytest.mark.parametrize(("shape", "kernel_shape"), [((4, 4), (3, 3)), ((1, 8), (1, 3)), ((5, 6), (2, 3)), ((3, 3), (3, 3))])
def test_matrix_is_that_of_the_reference_answer(shape, kernel_shape):
    kernel = np.random.default_rng(1).integers(-9, 10, kernel_shape).astype(float)
    expected = parameter_efficiency.conv_matrix(kernel, shape)
    np.testing.assert_array_equal(matrix_in_the_page(kernel, shape, kernel_shape), expected)


@pytest.mark.parametrize(("stride", "padding"), [((2, 2), (0, 0)), ((1, 1), (1, 1)), ((2, 2), (1, 1)), ((3, 3), (2, 2)), ((1, 2), (0, 1))])
def test_matrix_with_stride_and_padding_is_what_pytorch_does_to_single_pixels(stride, padding):
    kernel = np.arange(1.0, 10).reshape(3, 3)
    pixels = torch.eye(25, dtype=torch.float64).reshape(25, 1, 5, 5)
    expected = F.conv2d(pixels, torch.tensor(kernel)[None, None], stride=stride, padding=padding).reshape(25, -1).T
    np.testing.assert_array_equal(matrix_in_the_page(kernel, (5, 5), (3, 3), stride, padding), expected.numpy())


# Equivariance


@pytest.mark.parametrize("padding", ["circular", "zeros"])
@pytest.mark.parametrize("depth", [1, 2])
def test_largest_difference_is_the_equivariance_error_of_the_reference_answer(padding, depth):
    kernel = [[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]
    layer = nn.Conv2d(1, 1, 3, padding=1, padding_mode=padding, bias=False, dtype=torch.float64)
    layer.weight.data = torch.tensor(kernel, dtype=torch.float64)[None, None]
    network = nn.Sequential(*[layer, nn.ReLU()] * depth)
    x = np.random.default_rng(2).integers(0, 10, (8, 8)).astype(float)
    program = "const [options, x, d, r] = given; return shifts.compare(shifts.network(options), x, d, r).worst"
    for shift in ((0, 1), (3, 5), (7, 0)):
        expected = parameter_efficiency.equivariance_error(network, torch.tensor(x)[None, None], shift)
        options = {"kernel": kernel, "padding": padding, "depth": depth, "end": "none"}
        assert javascript("shifts", program, [options, x.tolist(), *shift]) == expected
        assert (expected == 0) == (padding == "circular")


# Recurrent networks

CELL = {"Wxh": [[1, 0], [0, 2]], "Whh": [[0, 1], [-1, 0]], "b": [0, -1], "Why": [[1, 1], [1, -1]]}
DECODER = {"Wxh": [[0.5, -1], [1, 0.25]], "Whh": [[0.8, 0.3], [-0.2, 1.1]], "b": [0.1, 0], "Why": [[1, 0.5], [-0.5, 1]]}
XS = [[1, 0], [0, 1], [0.5, 0.5]]


def tensors(cell: dict) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(values, dtype=torch.float64) for name, values in cell.items()}


def stepped(x: torch.Tensor, h: torch.Tensor, cell: dict) -> torch.Tensor:
    return torch.tanh(cell["Wxh"] @ x + cell["Whh"] @ h + cell["b"])


def test_states_are_those_of_pytorchs_rnn():
    rnn = nn.RNN(2, 2, batch_first=True, dtype=torch.float64)
    cell = tensors(CELL)
    with torch.no_grad():
        for name, value in zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0"), cell.values(), strict=False):
            getattr(rnn, name).copy_(value)
        rnn.bias_hh_l0.zero_()
        expected = rnn(torch.tensor([XS], dtype=torch.float64))[0][0].numpy()
    program = "const { forward, PATTERNS } = recurrence; return forward(PATTERNS.aligned.plan(3, 3), ...given).map(({ h }) => h)"
    np.testing.assert_allclose(javascript("recurrence", program, [XS, CELL]), expected, rtol=1e-12)


def test_gradient_through_encoder_and_decoder_is_autograds():
    first, second = tensors(CELL), tensors(DECODER)
    xs = torch.tensor(XS, dtype=torch.float64)

    def last_state(h: torch.Tensor) -> torch.Tensor:
        """The last of three encoder and three decoder steps, from the first state."""
        for x in xs[1:]:
            h = stepped(x, h, first)
        h = stepped(torch.zeros(2, dtype=torch.float64), h, second)
        for _ in range(2):
            h = stepped(second["Why"] @ h, h, second)
        return h

    h1 = stepped(xs[0], torch.zeros(2, dtype=torch.float64), first)
    expected = torch.autograd.functional.jacobian(last_state, h1).numpy()
    program = """const { backward, forward, PATTERNS } = recurrence;
        const history = forward(PATTERNS.encoder_decoder.plan(3, 3), ...given);
        return [history.at(-1).h, backward(history).at(-1)]"""
    state, way = javascript("recurrence", program, [XS, CELL, DECODER])
    np.testing.assert_allclose(state, last_state(h1).numpy(), rtol=1e-12)
    np.testing.assert_allclose(way["gradient"], expected, rtol=1e-10)
    assert way["size"] == pytest.approx(np.linalg.norm(expected, 2), rel=1e-10)


# Softmax and cross-entropy

LOGITS = [[1.8871, 0.8755, 0.0], [1000.0, 1002.0, 1001.0], [0.0, -800.0, 3.0], [-3.0, 2.0, 0.5, 7.25, 0.0]]


@pytest.mark.parametrize("z", LOGITS, ids=str)
@pytest.mark.parametrize("bits", [64, 32])
def test_softmax_loss_and_gradient_are_pytorchs(z, bits):
    logits = torch.tensor([z], dtype=torch.float64 if bits == 64 else torch.float32, requires_grad=True)
    loss = F.cross_entropy(logits, torch.tensor([1]))
    loss.backward()
    program = """const [z, how] = given; const { p } = softmax.softmax(z, how);
        return [p, softmax.crossEntropy(z, 1, how), softmax.gradient(p, 1)]"""
    p, computed, gradient = javascript("softmax", program, [z, {"bits": bits}])
    tolerance = {"rtol": 1e-12, "atol": 1e-15} if bits == 64 else {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(p, logits.softmax(1)[0].detach(), **tolerance)
    np.testing.assert_allclose(computed, loss.item(), **tolerance)
    np.testing.assert_allclose(gradient, logits.grad[0], **tolerance)


@pytest.mark.parametrize(("bits", "dtype"), [(64, np.float64), (32, np.float32)])
def test_by_the_book_overflows_where_numpy_does(bits, dtype):
    program = "return given[0].map((z) => softmax.softmax([z, 0], { stable: false, bits: given[1] }).p.every(Number.isFinite))"
    largest = np.log(np.finfo(dtype).max)
    around = [float(np.floor(largest)), float(np.ceil(largest))]
    with np.errstate(over="ignore"):
        finite = [bool(np.isfinite(np.exp(dtype(z)))) for z in around]
    assert finite == [True, False]
    assert javascript("softmax", program, [around, bits]) == finite


# Deep networks


@pytest.mark.parametrize("training", [True, False])
def test_normalisation_of_a_channel_is_the_assignments(training):
    x = np.random.default_rng(0).normal(3, 2, size=(6, 1, 1, 2))
    gamma, beta, mean, var, eps = 1.5, -0.5, 1.0, 4.0, 0.1
    program = """
        const [values, gamma, beta, running, eps, training] = given;
        const by = training ? normalisation.statistics(values) : running;
        return [normalisation.normalised(values, by, { gamma, beta, eps }), normalisation.step(running, values)]"""
    running = {"mean": mean, "variance": var}
    y, after = javascript("normalisation", program, [x.ravel().tolist(), gamma, beta, running, eps, training])
    arrays = [np.array([value]) for value in (gamma, beta, mean, var)]
    right, new_mean, new_var = deep_networks.batch_norm(x, *arrays, training=training, eps=eps)
    np.testing.assert_allclose(y, right.ravel())
    if training:
        np.testing.assert_allclose([after["mean"], after["variance"]], [new_mean[0], new_var[0]])


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_what_all_places_send_back_is_the_gradient(stride):
    x, kernel = np.random.default_rng(1).normal(size=(1, 7, 8)), np.random.default_rng(2).normal(size=(1, 1, 3, 2))
    grad = np.random.default_rng(3).normal(size=(1, (7 - 3) // stride + 1, (8 - 2) // stride + 1))
    program = "const [x, kernel, grad, stride] = given; return backwards.gathered(x, kernel, grad, stride)"
    gathered = javascript("backwards", program, [x[0].tolist(), kernel[0, 0].tolist(), grad[0].tolist(), stride])
    grad_x, grad_weight, grad_bias = deep_networks.conv2d_backward(x, kernel, grad, stride)
    np.testing.assert_allclose(gathered["input"], grad_x[0])
    np.testing.assert_allclose(gathered["kernel"], grad_weight[0, 0])
    np.testing.assert_allclose(gathered["bias"], grad_bias[0])


def test_with_holes_a_full_correlation_gives_the_gradient_of_the_input():
    kernel, grad = np.random.default_rng(4).normal(size=(3, 3)), np.random.default_rng(5).normal(size=(3, 2))
    program = """
        const [kernel, grad] = given;
        return convolution.correlate(backwards.withHoles(grad, 2), convolution.turned(kernel), { padding: 2 })"""
    full = javascript("backwards convolution", program, [kernel.tolist(), grad.tolist()])
    grad_x, _, _ = deep_networks.conv2d_backward(np.zeros((1, 7, 5)), kernel[None, None], grad[None], stride=2)
    np.testing.assert_allclose(full, grad_x[0])
