"""The networks that a student keeps with the answers of `transfer_learning`: what they answer, and whether they are what they should be.

Names of layers may differ, for a network can be put together in many ways; SqueezeNet's weights are found by their shapes,
which follow one another as in no other network.
"""

import numpy as np

from autograder.checking.student import RemoteFunction, StudentFailed
from autograder.compare import CheckFailed, expect_array, fail, filled
from autograder.reference import transfer_learning as reference

EMOJI = reference.ROOT / "source" / "transfer_learning" / "emoji.npz"
SIZES = (32, 256)  # of the pictures that a kept network may ask for
BATCH = 100
EQUAL = 1e-6  # weights that differ by no more than that were not trained
LABELLED = 100  # of the labelled pictures, on which it is looked whether learning on had an effect
# Of the loss with the pretrained features put back: five honest recipes have 0.06 to 0.16 of it, features that stayed as they
# were nearly all, and those that took three tiny steps 0.7.
LEARNED = 0.5
KINDRED = 0.5  # cosine between pretrained weights and those they became: fine-tuned 0.99, random ones 0.0


def size(student, name):
    """The student's variable ``name`` as the height and width of pictures."""
    value = filled(student.value(name), name)
    value = value.item() if isinstance(value, (np.generic, np.ndarray)) and value.size == 1 else value
    if type(value) is not int or not SIZES[0] <= value <= SIZES[1]:
        fail(f"`{name}` is not the size of pictures.", f"a whole number from {SIZES[0]} to {SIZES[1]}", value)
    return value


def squeezenet_weights(model, name):
    """SqueezeNet's features in a model: by the reference's name the model's own name and the weights."""
    state, found = iter(model.state().items()), {}
    for wanted, pretrained in pretrained_features().items():
        found[wanted] = next(((own, weights) for own, weights in state if weights.shape == pretrained.shape), None)
    if None in found.values():
        fail(f"The weights of SqueezeNet's `features` aren't all in `{name}`: it is to hold the network that gave the answers.")
    return found


def pretrained_features():
    """The weights and biases of SqueezeNet's features by name, as they were before any training here."""
    return {name: value.numpy() for name, value in reference.pretrained().features.state_dict().items()}


def moved(found):
    """Names of those weights that differ from the pretrained ones."""
    return [name for name, value in pretrained_features().items() if not np.allclose(found[name][1], value, rtol=0, atol=EQUAL)]


def kinship(found):
    """The cosine between the pretrained weights and those in the model, all of them as one vector."""
    before = np.concatenate([value.ravel() for value in pretrained_features().values()]).astype(float)
    after = np.concatenate([value.ravel() for _, value in found.values()]).astype(float)
    return float(before @ after / (np.linalg.norm(before) * np.linalg.norm(after) + 1e-12))


def expect_frozen(_, found, name):
    """Fails unless the features have the pretrained weights."""
    if changed := moved(found):
        count = f"{len(changed)} of the {len(found)} weights and biases of `features` in `{name}` aren't the pretrained ones"
        fail(f"{count}: features of `pretrained()`, frozen, are asked for here.")


def expect_tuned(model, found, name):
    """Fails unless the features began with the pretrained weights and were trained."""
    if not moved(found):
        learns = any(model.trainable().get(own) for own, _ in found.values())
        why = "Was `optimizer.step()` called, and was the optimizer given them?" if learns else "They are frozen."
        text = f"All weights of `features` in `{name}` still are the pretrained ones: fine-tuning lets some of them learn on."
        fail(text, diagnosis=why)
    if not kinship(found) > KINDRED:
        why = "they were random at the beginning, or a large learning rate has destroyed them"
        fail(f"The weights of `features` in `{name}` have little in common with the pretrained ones: {why}.")


def expect_learned_on(student, model, size, found, name):
    """Fails unless the features that learned on sort labelled pictures better than with the pretrained weights put back.

    A head alone that was trained on frozen features, beside weights that were moved a hair's breadth or at random, doesn't.
    """
    pictures, labels = labelled(LABELLED)

    def loss():
        what = f"The scores of `{name}` for pictures of {size}×{size} pixels"
        scores = [scores_of(model, enlarged(student, batch, size), len(batch), what).astype(float) for batch in batches(pictures)]
        shifted = np.concatenate(scores)
        shifted -= shifted.max(axis=1, keepdims=True)
        return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]).mean())

    before, own = model.state(), loss()
    model.load(before | {found[wanted][0]: weights for wanted, weights in pretrained_features().items()})
    back = loss()
    model.load(before)
    if not own < LEARNED * back:
        fail(
            f"With the pretrained weights put back, `{name}` sorts the labelled pictures as well: what its `features` learned "
            "has hardly an effect.",
            f"a loss well below the {back:.3f} of pretrained features",
            f"{own:.3f}",
        )


def labelled(count):
    """The first of the pictures (count, 64, 64, 3) that students learn from, and their labels (count,)."""
    with np.load(EMOJI) as file:
        return file["train_images"][:count], file["train_labels"][:count].astype(int)


def answers(student, model, size, pictures, what):
    """The class of the largest score for each stored picture (N, 64, 64, 3), prepared by the student's own functions."""
    scores = [scores_of(model, enlarged(student, batch, size), len(batch), what) for batch in batches(pictures)]
    return np.concatenate(scores).argmax(axis=1)


def batches(pictures):
    return [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]


def enlarged(student, pictures, size):
    """Prepared and enlarged pictures, which stay in the student's process."""
    try:
        x = kept_there(student.function("prepare"), pictures)
    except CheckFailed:  # whoever lacks a working `prepare` may have prepared these pictures otherwise
        x = reference.prepare(pictures)
    return kept_there(student.function("enlarge"), x, size)


def kept_there(function: RemoteFunction, *arguments):
    """What a function of the student's returns, kept in its process."""
    trial = function.trial(*arguments, keep=True)
    if trial.error is not None:
        raise StudentFailed(function.student.sentence(trial.error, f"`{function.name}`"))
    return trial.value


def scores_of(model, x, count, what):
    scores = expect_array(model.forward(x), np.zeros((count, reference.CLASSES)), what, rtol=0, atol=np.inf)
    if not np.isfinite(scores).all():
        fail(f"{what} are infinite or undefined.")
    return scores


def expect_through_features(student, model, size, found, pictures, name):
    """Fails if pictures still get different scores when all weights of SqueezeNet's features are 0."""
    before = model.state()
    x = enlarged(student, pictures, size)
    model.load(before | {own: np.zeros_like(weights) for own, weights in found.values()})
    scores = np.asarray(model.forward(x), dtype=float)
    model.load(before)
    if np.isfinite(scores).all() and not np.allclose(scores, scores[:1], rtol=1e-5, atol=1e-6):
        fail(f"`{name}` tells pictures apart without SqueezeNet's features, too: all that it knows of a picture has to come from them.")


def emoji():
    """The stored pictures (400, 64, 64, 3) without labels that students get."""
    with np.load(EMOJI) as file:
        return file["test_images"]
