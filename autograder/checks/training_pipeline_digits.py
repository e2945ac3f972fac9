"""Recognising what is wrong with a `DigitNet` and with answers to the digits, for the assignment `training_pipeline`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checking.student import RemoteModel
from autograder.checks.networks import is_affine
from autograder.reference import training_pipeline as reference

GUESSED = 0.15  # an untrained network's share of right answers among ten classes stays below
LEARNED = 0.9  # share of right answers on its own pictures below which a network has learned too little
NEARLY = 0.99  # share of equal answers from which on they are the same: two scores may be equal but for rounding

SOME = 200  # of the pictures are enough to recognise whose answers these are

Shape = tuple[int, ...]


def shape_mistake(shapes: Sequence[Shape]) -> str:
    """A sentence on parameters that aren't those of a `DigitNet`, by their shapes; empty if it isn't known what they come of."""
    weights = [shape for shape in shapes if len(shape) > 1]
    sides = {shape[2:] for shape in weights if len(shape) == 4} - {(5, 5)}
    if sides:
        return f"The filters of a convolution are {'×'.join(map(str, min(sides)))}; 5×5 were asked for."
    if len(weights) != 3:
        return f"There are {len(weights)} layers with weights; three were asked for: two convolutions and a linear layer."
    wanted = [tuple(value.shape) for value in reference.DigitNet().parameters()]
    if len(shapes) < 6 and set(weights) <= set(wanted):
        return "A layer has no bias; all three have one."
    if set(wanted) - set(shapes) == {(10, 320)} and (10, 980) in shapes:
        return "The linear layer takes 20·7·7 numbers of each picture, as if the convolutions were padded; without padding 20·4·4 are left."
    return ""


def agree(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether answers are the same but for those that rounding decides."""
    return bool((one == other).mean() > NEARLY)


def answers_mistake(model: RemoteModel, answers: np.ndarray) -> str:
    """A sentence on answers that the network doesn't give for the test pictures as they are; empty if nothing is recognised."""
    if agree(reference.training_pictures()[1][: len(answers)], answers):
        return "These are the labels of the first training pictures; the test pictures are others."
    x = reference.prepared_pictures()[0]
    if (np.diff(answers.astype(int)) >= 0).all():
        own = np.asarray(model.forward(x)).argmax(axis=1)
        return "These are the network's answers, but sorted: keep the order of the pictures." if agree(np.sort(own), answers) else ""
    x, answers = x[:SOME], answers[:SOME]
    turned = {"upside down": x[:, :, ::-1], "from right to left": x[..., ::-1], "with rows and columns exchanged": x.swapaxes(2, 3)}
    for how, pictures in turned.items():
        if agree(np.asarray(model.forward(np.ascontiguousarray(pictures))).argmax(axis=1), answers):
            return f"These are the network's answers to the pictures read {how}."
    return ""


def learning_mistake(model: RemoteModel, answers: np.ndarray, share: float) -> str:
    """A sentence on a network whose own answers are right too seldom; empty if nothing is recognised.

    Args:
        share: of right answers among them.
    """
    if share < GUESSED:
        return "That is about as many as by guessing: was `digit_model` trained?"
    x = reference.prepared_pictures()[0]
    if is_affine(model, x[:50], x[50:100]):
        return "The scores of `digit_model` are linear in the pixels: a `DigitNet` has convolutions, with ReLU between its layers."
    if not agree(np.asarray(model.forward(x[:SOME])).argmax(axis=1), answers[:SOME]):
        return ""  # its pictures are prepared in another way
    pictures, labels = (part[::8] for part in reference.training_pictures())  # every eighth is enough
    known = float((np.asarray(model.forward(pictures)).argmax(axis=1) == labels).mean())
    if known > LEARNED:
        return ""
    return f"It learned too little: of the training pictures, too, it answers only {known:.0%} rightly. Train longer, with more of them."
