"""What the outputs of a student's network must show, whatever its process says of it.

Parameters, operations and modes that a network names are claims. So the checks load weights of their own and look at what
follows: outputs depend on the inputs and on the weights, the same weights give the same outputs, in a second network of the
class too, and where all weights are zero nothing is left. A network of which all this is true computes with the weights
that it shows. What remains: one that hides weights between two layers that it shows, the same in every network of its
class, from the count of the tensors that enter a pass (`RemoteModel.entering`), which is a claim again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.compare import fail
from autograder.student import RemoteModel

DRAWS = 5  # of weights: with one of them a sound network may be dead or overflow, not with all
HIDDEN = 10_000  # numbers that a network may compute with beside its parameters and buffers: means, filters, grids

Ask = Callable[[], np.ndarray]


def weights(model: RemoteModel, rng: np.random.Generator, gentle: bool = False) -> dict[str, np.ndarray]:
    """A state with other parameters, which keep signals from growing; ``gentle`` ones have the signs of the present ones.

    Rows of zeros in a matrix stay: they stand for padding.
    """
    state = model.state()
    for name, shape in model.parameters().items():
        values = rng.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape)
        if name in state and state[name].shape == shape:
            present = state[name]
            values = present * rng.uniform(0.5, 1.5, shape) + 0.02 * np.abs(values) if gentle else values
            if len(shape) == 2 and present.any():
                values[~present.any(axis=1)] = 0
        state[name] = values.astype(np.float32)
    return state


def expect_obedient(model: RemoteModel, ask: Ask, rng: np.random.Generator, things: str = "pictures", outputs: str = "logits") -> None:
    """Fails unless outputs depend on the inputs and on the weights loaded, and come again with the same weights.

    The model's state is what it was afterwards.

    Args:
        ask: gives the outputs (N, …) for some different inputs; it is called often.
        things, outputs: how a message calls inputs and outputs.
    """
    ask()  # lazy layers get their size here
    before = model.state()
    if not model.parameters():
        fail(f"The network has no parameters that belong to it; its {outputs} can't be trained.")
    problem = ""
    for number in range(DRAWS):
        first, second = (weights(model, rng, gentle=number > 2) for _ in range(2))
        one, two, again = (_with(model, state, ask) for state in (first, second, first))
        if not np.isfinite(one).all() or not np.isfinite(two).all():
            problem = problem or f"With other weights the {outputs} are infinite or undefined."
        elif (one == one[:1]).all() and (two == two[:1]).all():
            problem = f"All {things} get the same {outputs}: does `forward` use its argument?"
        elif np.array_equal(one, two):
            problem = f"The {outputs} stay the same when all parameters get other values: they come from elsewhere."
        elif not np.allclose(one, again, rtol=1e-3, atol=1e-4 * max(1.0, float(np.abs(one).max()))):
            problem = f"Two passes over the same {things} in eval mode differ: something random is left on."
        else:
            problem = ""
            break
    model.load(before)
    if problem:
        fail(problem)


def _with(model: RemoteModel, state: dict[str, np.ndarray], ask: Ask) -> np.ndarray:
    model.load(state)
    return np.asarray(ask(), dtype=float)


def expect_nothing_hidden(model: RemoteModel, twin: RemoteModel, x: np.ndarray, what: str) -> None:
    """Fails if a network computes with more than its parameters and buffers.

    Args:
        model, twin: two networks of one class, made alike.
        x: a batch of different inputs.
        what: how a message calls the network.
    """
    hidden = sum(model.entering(x))
    if not model.parameters() and hidden:
        fail(f"{what} computes with {hidden:,} numbers, but has no parameters: do its layers belong to self, also those in a list?")
    if hidden > HIDDEN:
        fail(f"{what} computes with {hidden:,} numbers that are neither its parameters nor its buffers: register its layers.")
    twin.forward(x)
    twin.load(model.state())
    one, two = (np.asarray(network.forward(x), dtype=float) for network in (model, twin))
    if not np.allclose(one, two, rtol=1e-3, atol=1e-4 * max(1.0, float(np.abs(one).max(initial=0))), equal_nan=True):
        fail(f"Two networks {what} with the same parameters and buffers give different scores: layers are not registered, or chance is left on.")
    before, names = model.state(), model.parameters()
    model.load({name: np.zeros_like(value) if name in names else value for name, value in before.items()})
    empty = np.asarray(model.forward(x), dtype=float)
    model.load(before)
    if np.isfinite(empty).all() and not np.allclose(empty, empty[:1]):  # divided by their own length, zeros are undefined
        fail(f"With all its parameters set to 0 the scores of {what} still depend on the input: it computes with more than it shows.")


def is_affine(model: RemoteModel, one: np.ndarray, two: np.ndarray) -> bool:
    """Whether outputs halfway between two batches of inputs lie halfway between their outputs: no activation has an effect."""
    first, second, between = (np.asarray(model.forward(x), dtype=float) for x in (one, two, (one + two) / 2))
    return np.allclose(between, (first + second) / 2, rtol=0, atol=1e-5 * max(1.0, float(np.abs(between).max())))
