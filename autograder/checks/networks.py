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

from autograder.checking.student import Remote, RemoteModel, Student
from autograder.compare import describe, fail

DRAWS = 5  # of weights: with one of them a sound network may be dead or overflow, not with all
HIDDEN = 10_000  # numbers that a free network may compute with beside its parameters and buffers: means, filters, grids

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


def expect_obedient(
    model: RemoteModel, ask: Ask, rng: np.random.Generator, things: str = "pictures", outputs: str = "logits", untrained: bool = False
) -> None:
    """Fails unless outputs depend on the inputs and on the weights that are loaded.

    The model's state is what it was afterwards. Dropout that is left on is another check's business: it may change the
    outputs, but less than other weights do.

    Args:
        ask: gives the outputs (N, …) for some different inputs; it is called often.
        things, outputs: how a message calls inputs and outputs.
        untrained: without parameters, outputs need only depend on the inputs: what is missing costs points elsewhere.
    """
    own = np.asarray(ask(), dtype=float)  # lazy layers get their size here
    if not model.parameters():
        if not untrained:
            expect_parameters(model, outputs)
        if (own == own[:1]).all():
            fail(f"All {things} get the same {outputs}: does `forward` use its argument?")
        return
    before, problem = model.state(), ""
    for number in range(DRAWS):
        first, second = (weights(model, rng, gentle=number > 2) for _ in range(2))
        problem = _disobedience([_with(model, state, ask) for state in (first, second, first)], things, outputs)
        if not problem:
            break
    model.load(before)
    if problem:
        fail(problem)


def expect_parameters(model: RemoteModel, outputs: str = "logits") -> None:
    """Fails if a network has no parameters at all."""
    if not model.parameters():
        told = f"The network has no parameters, so that the {outputs} can't be trained: do its layers belong to self, "
        fail(f"{told}those of a list in an `nn.ModuleList`?")


def _disobedience(answers: list[np.ndarray], things: str, outputs: str) -> str:
    """What is wrong with the outputs for some weights, for others, and for the first again; empty if nothing is."""
    one, two, again = answers
    if not np.isfinite(one).all() or not np.isfinite(two).all():
        return f"With other weights the {outputs} are infinite or undefined."
    if (one == one[:1]).all() and (two == two[:1]).all():
        return f"All {things} get the same {outputs}: does `forward` use its argument?"
    if np.abs(one - again).max() >= 0.9 * np.abs(one - two).max():
        return f"The {outputs} stay the same when all parameters get other values, or change without it: they come from elsewhere."
    return ""


def _with(model: RemoteModel, state: dict[str, np.ndarray], ask: Ask) -> np.ndarray:
    model.load(state)
    return np.asarray(ask(), dtype=float)


def expect_nothing_hidden(model: RemoteModel, twin: RemoteModel, x: np.ndarray, what: str, allowed: int = HIDDEN) -> None:
    """Fails if a network computes with more than its parameters and buffers.

    Args:
        model, twin: two networks of one class, made alike.
        x: a batch of different inputs.
        what: how a message calls the network.
        allowed: how many other numbers it may compute with.
    """
    hidden = sum(model.entering(x))
    if not model.parameters() and hidden:
        fail(f"{what} computes with {hidden:,} numbers, but has no parameters: do its layers belong to self, also those in a list?")
    if hidden > allowed:
        fail(f"{what} computes with {hidden:,} numbers that are neither its parameters nor its buffers: register its layers.")
    twin.forward(x)
    twin.load(model.state())
    one, again, two = (np.asarray(network.forward(x), dtype=float) for network in (model, model, twin))
    if _alike(one, again) and not _alike(one, two):  # dropout that is left on is another check's business
        fail(
            f"Two networks {what} with the same parameters and buffers give different outputs: "
            "is a tensor in self neither an `nn.Parameter` nor a buffer, or a layer in a plain list?"
        )
    before, names = model.state(), model.parameters()
    model.load({name: np.zeros_like(value) if name in names else value for name, value in before.items()})
    empty = np.asarray(model.forward(x), dtype=float)
    model.load(before)
    if np.isfinite(empty).all() and not np.allclose(empty, empty[:1]):  # divided by their own length, zeros are undefined
        fail(f"With all its parameters set to 0 the outputs of {what} still depend on the input: it computes with more than it shows.")


def _alike(one: np.ndarray, two: np.ndarray) -> bool:
    """Whether outputs agree but for rounding."""
    return np.allclose(one, two, rtol=1e-3, atol=1e-4 * max(1.0, float(np.abs(one).max(initial=0))), equal_nan=True)


def is_affine(model: RemoteModel, one: np.ndarray, two: np.ndarray) -> bool:
    """Whether outputs halfway between two batches of inputs lie halfway between their outputs: no activation has an effect."""
    first, second, between = (np.asarray(model.forward(x), dtype=float) for x in (one, two, (one + two) / 2))
    return np.allclose(between, (first + second) / 2, rtol=0, atol=1e-5 * max(1.0, float(np.abs(between).max())))


def kept_model(student: Student, name: str, instead: str = "a trained module") -> RemoteModel:
    """The student's variable ``name``, a model in the student's process; fails if it is something else."""
    value = student.value(name)
    if value is None:
        fail(f"`{name}` is still None: no network was kept in it.", kin="no network")
    if not isinstance(value, Remote) or "Module" not in value.bases:
        fail(f"`{name}` is {describe(value)}, but {instead} was expected.", "an nn.Module", describe(value), kin="no module")
    return RemoteModel(student, [*value._node, value.type_name, list(value.bases)])


def expect_own_answers(model: RemoteModel, x: np.ndarray, answers: np.ndarray, names: tuple[str, str], allowed: int, numbers: int) -> None:
    """Fails unless ``answers`` are those of the model in eval mode, and what it knows sits in its parameters.

    The answer for an input is the index of its largest output.

    Args:
        x: the inputs (N, …); answers: (N,).
        names: how a message calls the answers and the model.
        allowed: how many answers may be others, where two outputs are nearly the same.
        numbers: with how many numbers the model may compute, its parameters and buffers included.
    """
    outputs = np.asarray(model.forward(x))
    if outputs.ndim != 2 or len(outputs) != len(x):
        fail(f"`{names[1]}` gives outputs of shape {outputs.shape} for {len(x)} inputs, but ({len(x)}, classes) was expected.")
    different = int((outputs.argmax(axis=1) != answers).sum())
    if different > allowed:
        fail(f"{different} of {len(x)} answers in `{names[0]}` aren't those of `{names[1]}` in eval mode.", f"at most {allowed}", different)
    state, shapes = model.state(), model.parameters()
    if not shapes:
        fail(f"`{names[1]}` has no parameters: it has learned nothing.")
    count = sum(value.size for value in state.values()) + sum(model.entering(x[:2]))
    if count > numbers:
        fail(f"`{names[1]}` computes with {count:,} numbers: are whole pictures kept in it?", f"at most {numbers:,}", f"{count:,}")
    model.load({key: 0 * value if key in shapes else value for key, value in state.items()})
    empty = np.asarray(model.forward(x)).argmax(axis=1)
    model.load(state)  # the other checks want it as it was
    if (empty == answers).mean() > 0.9:
        fail(f"With all its parameters set to 0, `{names[1]}` gives nearly the same answers: they come from elsewhere.")
