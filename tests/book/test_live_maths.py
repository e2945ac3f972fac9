"""The maths behind the book's visualisers computes what the course's own Python and PyTorch compute."""

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
import torchvision
from book_pages import cells_of
from PIL import Image
from scipy import signal
from torch import nn

from autograder.reference.receptive_fields import input_window, receptive_fields

ROOT = Path(__file__).resolve().parents[2]
LIVE = ROOT / "book" / "_static" / "live"
node_binary = importlib.import_module("local_katex").node_binary  # conftest.py has made its folder known
SCRIPT = """
const maths = await import(process.argv[1]);
const input = await new Response((await import("node:stream")).Readable.toWeb(process.stdin)).json();
process.stdout.write(JSON.stringify(new Function("maths", "input", `return ${process.argv[2]}`)(maths, input)));
"""


def live(subject: str, expression: str, given: Any) -> Any:
    """The value of a JavaScript expression of `maths`, a module of the book, and `input`, which is `given`."""
    module = (LIVE / "maths" / f"{subject}.mjs").as_uri()
    command = [node_binary(), "--input-type=module", "-e", SCRIPT, module, expression]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def draw_convolution(rng: np.random.Generator) -> dict[str, Any]:
    kernel, dilation = rng.integers(1, 5, size=2), int(rng.integers(1, 4))
    padding = int(rng.integers(0, 4))
    least = np.maximum(1, dilation * (kernel - 1) + 1 - 2 * padding)
    options = {"stride": int(rng.integers(1, 5)), "padding": padding, "dilation": dilation, "bias": float(rng.normal())}
    shape = least + rng.integers(0, 6, size=2)
    return {"input": rng.normal(size=shape).tolist(), "kernel": rng.normal(size=kernel).tolist(), "options": options}


def test_convolution_is_that_of_pytorch_and_scipy():
    rng = np.random.default_rng(0)
    cases = [draw_convolution(rng) for _ in range(60)]
    found = live("convolution", "input.map((c) => maths.correlate(c.input, c.kernel, c.options))", cases)
    for case, result in zip(cases, found, strict=True):
        x, w = (torch.tensor(case[name], dtype=torch.float64)[None, None] for name in ("input", "kernel"))
        bias = torch.tensor([case["options"].pop("bias")], dtype=torch.float64)
        np.testing.assert_allclose(result, F.conv2d(x, w, bias, **case["options"])[0, 0], atol=1e-12)
    plain = [case for case in cases if np.all(np.array(np.shape(case["kernel"])) <= np.shape(case["input"]))]
    for case, result in zip(plain, live("convolution", "input.map((c) => maths.convolve(c.input, c.kernel))", plain), strict=True):
        np.testing.assert_allclose(result, signal.convolve2d(case["input"], case["kernel"], "valid"), atol=1e-12)


@pytest.mark.parametrize(("kind", "layer"), [("max", F.max_pool2d), ("average", F.avg_pool2d)])
def test_pooling_is_that_of_pytorch(kind, layer):
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(60):
        window = int(rng.integers(1, 6))
        options = {"window": window, "stride": int(rng.integers(1, 6)), "padding": int(rng.integers(0, window // 2 + 1))}
        cases.append({"input": rng.normal(size=window + rng.integers(0, 5, size=2)).tolist(), "options": options})
    found = live("pooling", f"input.map((c) => maths.pool('{kind}', c.input, c.options))", cases)
    for case, result in zip(cases, found, strict=True):
        x, o = torch.tensor(case["input"], dtype=torch.float64)[None, None], case["options"]
        np.testing.assert_allclose(result, layer(x, o["window"], o["stride"], o["padding"])[0, 0], atol=1e-12)


def build(layers: list[dict[str, Any]], channels: int) -> list[nn.Module]:
    """PyTorch's modules for layers as the calculator has them, without memory."""
    modules: list[nn.Module] = []
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv":
            numbers = (layer[name] for name in ("kernel", "stride", "padding", "dilation", "groups", "bias"))
            modules.append(nn.Conv2d(channels, layer["filters"], *numbers))
            channels = layer["filters"]
        elif kind in ("max", "avg"):
            pool = nn.MaxPool2d if kind == "max" else nn.AvgPool2d
            modules.append(pool(layer["kernel"], layer["stride"], layer["padding"]))
        else:
            modules.append(nn.Flatten() if kind == "flatten" else nn.LazyLinear(layer["units"], bias=layer["bias"]))
    return modules


def multiplications(module: nn.Module, output: torch.Tensor) -> int:
    """Each output number of a layer with weights is a sum of as many products as one of its units has weights."""
    return output.numel() * module.weight[0].numel() if isinstance(module, nn.Conv2d | nn.Linear) else 0


def compare_with_pytorch(layers: list[dict[str, Any]], steps: list[dict[str, Any]], shape: list[int]) -> None:
    with torch.device("meta"):
        x = torch.zeros(1, *shape)
        for module, step in zip(build(layers, shape[0]), steps, strict=True):
            x = module(x)
            assert list(x.shape[1:]) == step["shape"], module
            assert sum(p.numel() for p in module.parameters()) == step["parameters"], module
            assert multiplications(module, x) == step["operations"], module


RUN = "input.map(({ layers, shape }) => { const l = maths.parseLayers(layers); return { l, steps: [...maths.through(l, shape)] }; })"


def test_sizes_parameters_and_multiplications_of_the_presets_are_those_of_pytorch():
    presets = live("layers", "maths.PRESETS", None)
    presets["tutorial"]["shape"] = [1, 32, 32]  # with 28 pixels it doesn't fit, which the module's own test shows
    for preset, found in zip(presets.values(), live("layers", RUN, list(presets.values())), strict=True):
        compare_with_pytorch(found["l"], found["steps"], preset["shape"])


def draw_stack(rng: np.random.Generator) -> dict[str, Any]:
    groups = int(rng.choice([1, 2, 4]))
    kernel, stride, padding, dilation = rng.integers([1, 1, 0, 1], [4, 4, 3, 3])
    window = rng.integers(2, 4)
    bias = rng.choice(["", " nobias"])
    layers = f"conv {8 * groups} {kernel} s{stride} p{padding} d{dilation} g{groups}{bias}; {rng.choice(['max', 'avg'])} {window} s{rng.integers(1, 4)} p1"
    return {"layers": f"{layers}; conv 4 2 g2; flatten; linear 7{bias}; linear 3", "shape": [4, *rng.integers(16, 30, size=2).tolist()]}


def test_any_stack_is_that_of_pytorch():
    rng = np.random.default_rng(2)
    cases = [draw_stack(rng) for _ in range(60)]
    for case, found in zip(cases, live("layers", RUN, cases), strict=True):
        compare_with_pytorch(found["l"], found["steps"], case["shape"])


@pytest.mark.parametrize(("preset", "name"), [("alexnet", "alexnet"), ("vgg", "vgg16")])
def test_presets_that_torchvision_has_count_as_its_models(preset, name):
    case = live("layers", f"maths.PRESETS['{preset}']", None)
    steps = live("layers", RUN, [case])[0]["steps"]
    with torch.device("meta"):
        model = getattr(torchvision.models, name)()
    assert sum(step["parameters"] for step in steps) == sum(p.numel() for p in model.parameters())


def test_receptive_fields_are_those_of_the_reference_answers():
    rng = np.random.default_rng(3)
    names = ("kernel", "stride", "padding", "dilation")
    stacks = [[tuple(row) for row in rng.integers([1, 1, 0, 1], [8, 4, 5, 5], size=(rng.integers(1, 7), 4)).tolist()] for _ in range(60)]
    layers = [[dict(zip(names, layer, strict=True)) for layer in stack] for stack in stacks]
    expression = "input.map((layers) => { const f = maths.fields(layers); return { f, windows: [0, 5].map((u) => maths.inputWindow(f.at(-1), u)) }; })"
    for stack, found in zip(stacks, live("fields", expression, layers), strict=True):
        assert [(one["size"], one["jump"]) for one in found["f"][1:]] == receptive_fields(stack)
        for unit, window in zip((0, 5), found["windows"], strict=True):
            assert (window["start"], window["stop"]) == input_window(stack, unit)


def test_the_picture_is_made_of_the_data():
    from live_picture import MODULE, module

    assert MODULE.read_text(encoding="utf-8") == module()


def test_the_picture_is_the_grey_cat_of_the_chapter_at_half_its_size():
    cat = np.asarray(Image.open(ROOT / "data" / "chelsea.png")) / 255
    grey = cat @ [0.299, 0.587, 0.114]
    shown = np.array(live("chelsea", "[...maths.chelsea.values]", None)).reshape(120, 120)
    np.testing.assert_allclose(shown, grey.reshape(120, 2, 120, 2).mean(axis=(1, 3)), atol=0.5 / 255 + 1e-9)


def test_kernels_on_the_picture_are_correlated_as_by_scipy():
    rng = np.random.default_rng(4)
    picture = rng.random((9, 11))
    given = {"width": 11, "height": 9, "values": picture.ravel().tolist()}
    for kernel in (rng.normal(size=(3, 3)), rng.normal(size=(5, 1)), rng.normal(size=(7, 7))):
        found = live(
            "pictures", "[...maths.filtered(input.picture, input.kernel, 'zeros').values]", {"picture": given, "kernel": kernel.tolist()}
        )
        np.testing.assert_allclose(np.reshape(found, (9, 11)), signal.correlate2d(picture, kernel, "same"), atol=1e-12)


def test_kernels_are_those_of_the_chapter():
    source = cells_of("convnets")["kernels-code"].source
    scope: dict[str, Any] = {"np": np}
    exec(source.split("maps = {}")[0], scope)
    here = live("pictures", "maths.KERNELS", None)
    names = {"vertical edges": "sobel-x", "horizontal edges": "sobel-y"}
    for name, kernel in scope["kernels"].items():
        np.testing.assert_allclose(here[names.get(name, name)], kernel)
