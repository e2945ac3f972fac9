"""Every number of the slides and of the chapter on receptive fields, by hand or in an independent way."""

import ast
import importlib
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from book_pages import cells_of
from torch import nn

ROOT = Path(__file__).resolve().parents[3]


def after(layers):
    """Field and jump behind layers (kernel, stride, dilation), by the recursion of the slides."""
    r, j = 1, 1
    for kernel, stride, dilation in layers:
        r, j = r + dilation * (kernel - 1) * j, j * stride
    return r, j


def seen_through(model, height, width, column):
    """Columns of the input that reach output unit (0, column), found by poisoning with NaN, without a gradient."""
    model = model.eval()

    def spoiled(columns):
        picture = torch.zeros(1, 3, height, width)
        picture[..., columns] = torch.nan
        with torch.no_grad():
            return bool(model(picture)[0, :, 0, column].isnan().any())

    first = bisect(lambda end: spoiled(slice(0, end + 1)), width)
    last = width - 1 - bisect(lambda end: spoiled(slice(width - 1 - end, width)), width)
    return first, last


def bisect(true_from, size):
    """Return the first number below `size` from which on `true_from` is true."""
    low, high = 0, size - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if true_from(middle) else (middle + 1, high)
    return low


# ---- 000 question 2, 001 section 2


def test_000_q2a_two_layers_by_hand():
    r1, j1 = 1 + (5 - 1) * 1, 1 * 2
    r2, j2 = r1 + (2 - 1) * j1, j1 * 1
    assert (r1, j1, r2, j2) == (5, 2, 7, 2)
    assert after([(5, 2, 1), (2, 1, 1)]) == (7, 2)


def test_000_q2a_two_layers_by_changing_pixels():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 1, 5, stride=2), nn.Conv2d(1, 1, 2)).double()
    picture = torch.randn(1, 1, 9, 9, dtype=torch.float64)
    for depth, size in ((1, 5), (2, 7)):
        network = model[:depth]
        with torch.no_grad():
            before = network(picture)[0, 0, 0, 0]
            noticed = []
            for column in range(9):
                changed = picture.clone()
                changed[..., column] += 1
                if not torch.isclose(network(changed)[0, 0, 0, 0], before, rtol=0, atol=1e-12):
                    noticed.append(column)
        assert noticed == list(range(size))


def test_000_q2a_paths_of_the_two_layers():
    line = np.zeros(9, dtype=int)
    line[0:5] += 1  # unit 0 of layer 1
    line[2:7] += 1  # unit 1 of layer 1
    assert line.tolist() == [1, 1, 2, 2, 2, 1, 1, 0, 0]


# ---- formula and closed form


def test_three_small_kernels_see_as_much_as_one_of_seven():
    assert after([(3, 1, 1)] * 3)[0] == 1 + 2 + 2 + 2 == after([(7, 1, 1)])[0] == 7
    assert (3 * 9, 7 * 7) == (27, 49)


def test_112_layers_see_224_pixels():
    assert 1 + 2 * 111 < 224 <= 1 + 2 * 112


def test_order_of_strides_matters():
    assert after([(5, 2, 1), (2, 1, 1)])[0] == 7
    assert after([(2, 1, 1), (5, 2, 1)])[0] == 2 + 4 == 6


def test_lenet_5():
    layers = [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1), (5, 1, 1)]
    assert [after(layers[:n])[0] for n in range(1, 6)] == [5, 5 + 1, 6 + 8, 14 + 2, 16 + 16]


def test_words_eleven_places_apart_need_six_layers_or_three_dilated_ones():
    sentence = "I do not , whatever my friends may tell you about it , like durian".split()
    assert sentence.index("like") - sentence.index("not") == 11
    assert 2 * 5 + 1 < 12 <= 2 * 6 + 1
    assert 1 + 2 * (1 + 2) < 12 <= 1 + 2 * (1 + 2 + 4) == 15


def test_units_of_vgg16_along_one_axis():
    start = -(2 * 1 + 2 * 2 + 3 * 4 + 3 * 8 + 3 * 16)
    assert start == -90
    inside = [min(32 * n + start + 212, 224) - max(32 * n + start, 0) for n in range(7)]
    assert inside == [122, 154, 186, 212, 186, 154, 122]
    assert round(100 * (122 / 212) ** 2) == 33


def test_even_kernels_look_at_the_middle_of_their_cell_odd_ones_at_its_corner():
    jumps = 1 + 2 + 4 + 8 + 16
    assert (1 + 3 * jumps, 1 + 2 * jumps) == (94, 63)
    assert (-jumps + (94 - 1) / 2, -jumps + (63 - 1) / 2) == (15.5, 0)


# ---- AlexNet, VGG-16, ResNet-50


def test_alexnet_195_by_hand():
    r = 1 + 10 * 1  # 11×11, stride 4
    r += 2 * 4  # pool 3, stride 2
    r += 4 * 8  # 5×5
    r += 2 * 8  # pool 3, stride 2
    r += 3 * 2 * 16  # three times 3×3
    r += 2 * 16  # pool 3
    assert r == 195


def test_vgg16_212_by_hand():
    convolutions = 2 * (2 * 1 + 2 * 2 + 3 * 4 + 3 * 8 + 3 * 16)
    poolings = 1 + 2 + 4 + 8 + 16
    assert 1 + convolutions + poolings == 212


def test_resnet50_427_and_483_by_hand():
    behind_the_first_pooling = 1 + 6 * 1 + 2 * 2
    assert behind_the_first_pooling + 2 * (4 * 4 + 4 * 8 + 6 * 16 + 2 * 32) == 427
    assert behind_the_first_pooling + 2 * (3 * 4 + 4 * 8 + 6 * 16 + 3 * 32) == 483


@pytest.mark.parametrize(("name", "field", "start"), [("alexnet", 195, -66), ("vgg16", 212, -90), ("resnet50", 427, -213)])
def test_torchvision_models_see_as_many_pixels_when_poisoned(name, field, start):
    torch.manual_seed(0)
    model = getattr(torchvision.models, name)(weights=None)
    trunk = nn.Sequential(*model.children())[:-2] if name == "resnet50" else model.features
    for convolution in (m for m in trunk.modules() if isinstance(m, nn.Conv2d)):
        nn.init.constant_(convolution.weight, 0.01)  # weights do not matter to NaN
    first, last = seen_through(trunk, 64, 576, 8)
    assert (first, last - first + 1) == (8 * 32 + start, field)


# ---- effective field


def test_ten_layers_of_ones():
    # ways to reach a pixel k to the side of the middle in ten steps of −1, 0 or 1
    ways = {0: 1}
    for _ in range(10):
        ways = {k: sum(ways.get(k + step, 0) for step in (-1, 0, 1)) for k in range(min(ways) - 1, max(ways) + 2)}
    assert len(ways) == 21 == after([(3, 1, 1)] * 10)[0]
    assert ways[0] == 8953
    assert sum(ways.values()) == 3**10
    variance = sum(k * k * n for k, n in ways.items()) / 3**10
    assert sqrt(variance) == pytest.approx(sqrt(10 * 2 / 3)) == pytest.approx(2.58, abs=0.005)
    inside = sum(n for k, n in ways.items() if abs(k) <= 5) / 3**10
    assert round(100 * inside) == 97
    assert round(100 * inside**2) == 94


def test_shortcuts_halve_the_variance():
    share = np.array([1, 4, 1]) / 6
    assert np.sum(share * [1, 0, 1]) == pytest.approx(1 / 3)
    assert sqrt(10 / 3) == pytest.approx(1.83, abs=0.005)


# ---- what enlarges it


def test_four_ways_to_31_pixels():
    designs = {
        "kernel": [(31, 1, 1)],
        "depth": [(3, 1, 1)] * 15,
        "stride": [(3, 2, 1)] * 3 + [(3, 1, 1)],
        "dilation": [(3, 1, d) for d in (1, 2, 4, 8)],
    }
    assert {after(layers)[0] for layers in designs.values()} == {31}
    assert (31 * 31, 15 * 9, 4 * 9) == (961, 135, 36)
    assert 9 / 4 + 9 / 16 + 9 / 64 + 9 / 64 == pytest.approx(3.1, abs=0.05)
    sigmas = [sqrt((31**2 - 1) / 12), sqrt(15 * 2 / 3), sqrt(2 / 3 * (1 + 4 + 16 + 64))]
    assert np.round(sigmas, 2).tolist() == [8.94, 3.16, 7.53]


@pytest.mark.parametrize(
    ("dilations", "seen"),
    [((2, 2, 2), 7), ((1, 2, 4), 15), ((1, 3, 9), 27), ((1, 2, 3), 13), ((1, 4, 4), 15), ((2, 3, 5), 19), ((1, 3, 10), 27)],
)
def test_holes_of_dilation(dilations, seen):
    reached = {0}
    for dilation in dilations:
        reached = {place + step * dilation for place in reached for step in (-1, 0, 1)}
    assert len(reached) == seen


def test_dilations_1_3_9_give_every_pixel_exactly_one_path():
    places = [a + b + c for a in (-1, 0, 1) for b in (-3, 0, 3) for c in (-9, 0, 9)]
    assert sorted(places) == list(range(-13, 14))


def test_budget_of_six_layers():
    fields = [1, *(after([(3, 1, d) for d in (1, 2, 4, 8, 16, 20)[:n]])[0] for n in range(1, 7))]
    assert fields == [1, 3, 7, 15, 31, 63, 103]
    assert all(b - a == 2 * d and d <= a for (a, b), d in zip(pairwise(fields), (1, 2, 4, 8, 16, 20), strict=True))
    assert after([(3, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 3), (3, 1, 8)]) == (103, 4)
    assert 6 * 9 / (9 / 4 + 4 * 9 / 16) == 12


# ---- what the chapter's later pages import


def test_functions_that_pages_import_are_those_that_pages_write():
    module = ast.parse((ROOT / "book" / "receptive_fields" / "receptive_field.py").read_text("utf-8"))
    shared = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    written = {
        node.name: node
        for cell in cells_of("receptive_fields").values()
        if cell.cell_type == "code"
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.FunctionDef) and node.name in shared
    }
    assert written.keys() == shared.keys() - {"random_layers"}
    for name, node in written.items():
        assert [ast.dump(line) for line in node.body[1:]] == [ast.dump(line) for line in shared[name].body[1:]], name


def test_branches_that_look_elsewhere_stop_the_walk(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "receptive_fields")
    union = importlib.import_module("model_walk").union
    assert union([(2, 0, 5), (2, 1, 4)]) == (2, 0, 5)
    for branches in ([(2, 0, 5), (2, 0, 6)], [(2, 0, 5), (4, 0, 5)]):
        with pytest.raises(ValueError, match="expected branches that look at the same place, got windows"):
            union(branches)
