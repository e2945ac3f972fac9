"""The network of the opening page: stored as it was trained, the same in the page as in PyTorch, right about what a hand draws."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import drawn_digits
import nbformat
import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
MATHS = ROOT / "book" / "_static" / "live" / "maths"
sys.path.insert(0, str(ROOT / "book" / "_ext"))
live_network = importlib.import_module("live_network")
live_still = importlib.import_module("live_still")
node_binary = importlib.import_module("local_katex").node_binary  # conftest.py has made it importable

MODULES = "drawing lenet lenet_trained"
TOLERANCE = 1e-4  # of logits that are around 10: PyTorch computes with 32 bits here, the page with 64


def javascript(program: str, given: Any) -> Any:
    """What a program of the page's modules computes; `given` is its input."""
    imports = "".join(f"import * as {name} from {json.dumps((MATHS / f'{name}.mjs').as_uri())};" for name in MODULES.split())
    code = f"""{imports} const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
        const given = JSON.parse(Buffer.concat(chunks)); console.log(JSON.stringify((() => {{ {program} }})()));"""
    command = [node_binary(), "--input-type=module", "--eval", code]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@cache
def stored() -> Any:
    return live_network.Stored.read(live_network.MODULE.read_text(encoding="utf-8"))


@cache
def held_out() -> tuple[torch.Tensor, torch.Tensor]:
    pictures, labels = live_network.digits()
    return pictures[live_network.TRAINING :], labels[live_network.TRAINING :]


def test_network_is_the_chapters():
    book = [nbformat.read(file, 4) for file in sorted((ROOT / "book").rglob("*.ipynb"))]
    (cell,) = (cell for notebook in book for cell in notebook.cells if cell.id == "lenet-code")
    names = {"nn": torch.nn}
    exec(cell.source, names)
    assert repr(live_network.lenet5()) == repr(names["lenet5"]())


def test_page_computes_what_pytorch_computes():
    pictures = held_out()[0][:60]
    network = stored().network()
    program = """const layers = lenet.stored();
        return given.map((picture) => { const { first, second, logits, p } = lenet.read(Float64Array.from(picture), layers);
          return [first.values, second.values, logits, p].map((values) => [...values]); })"""
    found = javascript(program, pictures.reshape(60, -1).tolist())
    with torch.no_grad():
        logits = network(pictures)
        expected = [network[:2](pictures), network[:5](pictures), logits, logits.softmax(dim=1)]
    for index, values in enumerate(expected):
        np.testing.assert_allclose([one[index] for one in found], values.reshape(60, -1), atol=TOLERANCE)


def test_what_the_page_says_of_the_network_is_measured():
    pictures, labels = held_out()
    measured = javascript("return lenet_trained.measured", None)
    right = int((live_network.answers(stored().network(), pictures) == labels).sum())
    assert measured["heldOut"] == len(labels) == 2000
    assert measured["parameters"] == sum(p.numel() for p in live_network.lenet5().parameters())
    # On another processor a digit that lies between two answers may get the other one.
    assert abs(measured["right"] - right) <= 1
    assert right > 1960


def test_digits_of_the_page_are_held_out():
    pictures, labels = held_out()
    known = {picture.numpy().tobytes(): int(label) for picture, label in zip((pictures * 255).round().byte(), labels, strict=True)}
    for digit in javascript("return lenet_trained.digits.map(({ label, ink }) => ({ label, ink: [...ink] }))", None):
        assert known[bytes(digit["ink"])] == digit["label"]


def test_module_is_read_as_it_is_written():
    pictures, labels = held_out()
    assert live_network.module(stored(), pictures, labels) == live_network.MODULE.read_text(encoding="utf-8")


def test_rounded_weights_answer_as_the_trained_ones():
    torch.manual_seed(0)
    network = live_network.lenet5()
    rounded = live_network.Stored.of(network).network()
    for layer, other in zip(live_network.layers(network), live_network.layers(rounded), strict=True):
        largest = layer.weight.reshape(len(layer.weight), -1).abs().amax(dim=1)
        apart = (layer.weight - other.weight).reshape(len(layer.weight), -1).abs().amax(dim=1)
        assert (apart <= largest / 127 / 2 * 1.001).all()  # half a step
        assert torch.equal(layer.bias, other.bias)


def test_training_learns_and_repeats_itself():
    pictures, labels = live_network.digits()
    runs = [live_network.train(pictures[:600], labels[:600], epochs=6) for _ in range(2)]
    said = [live_network.answers(network, pictures[7000:7500]) for network in runs]
    assert torch.equal(*said)
    assert (said[0] == labels[7000:7500]).float().mean() > 0.5  # a guess gets a tenth


def test_variations_keep_what_a_digit_is_and_stay_between_paper_and_ink():
    torch.manual_seed(0)
    pictures = held_out()[0]
    varied = live_network.varied(pictures)
    assert varied.shape == pictures.shape
    assert 0 <= varied.min() <= varied.max() <= 1 + 1e-6
    right = live_network.answers(stored().network(), varied) == held_out()[1]
    assert right.float().mean() > 0.93


def test_still_is_up_to_date():
    assert live_still.still() == live_still.STILL.read_text(encoding="utf-8")


# What a hand draws


def on_board(strokes: list[drawn_digits.Stroke]) -> list[list[list[int]]]:
    return [[[min(max(round(256 * value), 0), 255) for value in point] for point in stroke] for stroke in strokes]


def read(drawings: list[list[drawn_digits.Stroke]]) -> list[list[float]]:
    """The ten probabilities of each drawing."""
    program = "const layers = lenet.stored(); return given.map((strokes) => lenet.read(drawing.prepared(strokes), layers).p)"
    return javascript(program, [on_board(strokes) for strokes in drawings])


@pytest.mark.parametrize("turn", [-10, 0, 10])
@pytest.mark.parametrize(("corner", "size"), [((0, 0), 1.0), ((0.05, 0.5), 0.45), ((0.3, 0.1), 0.7)], ids=["whole", "small", "middling"])
def test_drawn_digits_are_answered_right(corner, size, turn):
    names = list(drawn_digits.DIGITS)
    answers = read([drawn_digits.placed(name, corner, size, turn) for name in names])
    wrong = {name: int(np.argmax(p)) for name, p in zip(names, answers, strict=True) if int(np.argmax(p)) != int(name[0])}
    assert wrong == {}


def test_network_is_sure_of_most_drawn_digits():
    answers = read([drawn_digits.placed(name) for name in drawn_digits.DIGITS])
    assert np.median([max(p) for p in answers]) > 0.9


def test_a_one_with_a_long_upstroke_is_taken_for_a_seven_as_the_page_says():
    (p,) = read([[[(x / 100, y / 100) for x, y in stroke] for stroke in drawn_digits.ONE_WITH_A_LONG_UPSTROKE]])
    assert np.argmax(p) == 7


def pen_widths(pictures: np.ndarray) -> np.ndarray:
    """How wide the lines of pictures (N, H, W) are: twice their ink by the length of its edge."""
    wide = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    across, down = (wide[:, 1:-1, 2:] - wide[:, 1:-1, :-2]) / 2, (wide[:, 2:, 1:-1] - wide[:, :-2, 1:-1]) / 2
    return 2 * pictures.sum(axis=(1, 2)) / np.hypot(across, down).sum(axis=(1, 2))


def test_prepared_drawings_are_like_the_digits_that_the_network_knows():
    drawings = [on_board(drawn_digits.placed(name, (0.2, 0.3), 0.6)) for name in drawn_digits.DIGITS]
    drawn = np.array(javascript("return given.map((strokes) => [...drawing.prepared(strokes)])", drawings)).reshape(-1, 28, 28)
    known = live_network.digits()[0][: live_network.TRAINING, 0].numpy()
    assert np.median(pen_widths(drawn)) == pytest.approx(np.median(pen_widths(known)), rel=0.1)
    for pictures in (drawn, known):
        inked = pictures > 0.5
        sides = np.maximum(*(np.ptp(np.where(inked.any(axis=axis), np.arange(28), 13.5), axis=1) + 1 for axis in (1, 2)))
        assert 19 <= np.median(sides) <= 20
        middles = np.einsum("nrc,c->n", pictures, np.arange(28) + 0.5) / pictures.sum(axis=(1, 2))
        assert np.abs(middles - 14).max() < 1
