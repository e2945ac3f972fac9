"""Hidden checks of the assignment `transfer_learning`: one class a grade cell, one method a check.

The first line of a docstring is the check's name for the student, the rest the hint shown when it fails.
Models are made in the student's process by the notebook's own `pretrained` and `SmallNet`; what they hold is loaded from
here, and what comes out is compared with a twin on this side.
"""

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch

from autograder.checking.student import Remote, RemoteFunction, RemoteModel, StudentFailed
from autograder.checks import transfer_learning_kept as kept
from autograder.checks.judging import alike, expect_computed
from autograder.checks.networks import kept_model
from autograder.checks.transfer_learning_look import Look
from autograder.checks.transfer_learning_mistakes import feature_mistakes, flip_mistakes, prepare_mistakes
from autograder.compare import CheckFailed, expect_array, expect_words, fail, filled
from autograder.compare import describe as description
from autograder.reference import transfer_learning as reference

pytestmark = pytest.mark.time_limit(20)

CLOSE = {"rtol": 1e-3, "atol": 1e-3}  # features are of the order of 1 to 100; float32 sums differ by 1e-5 of that
ANY = {"rtol": 0, "atol": np.inf}

# `make recipes`, the reference head on a frozen network, twelve seeds each: pictures enlarged to 128×128 0.677 to 0.693, to
# 96×96 0.615 to 0.627, left at 64×64 0.560 to 0.583. The full mark stands 0.077 below the worst of the first; the most
# frequent class makes 0.18.
FROZEN_STEPS = (0.30, 0.50, 0.60)
# `make recipes`, fine-tuned with pictures of 96×96, ten seeds each: the reference 0.613 to 0.672, the same with constant
# learning rates 0.603 to 0.667. The full mark stands 0.053 below the worst of all.
TUNED_STEPS = (0.30, 0.45, 0.55)
OLD_LAYER = "The old layer with 1,000 outputs is still in the classifier: the new one takes its place, `classifier[1]`."
NORMAL = "So many of the normal numbers of `torch.randn` are below 0.5; of the uniform ones of `torch.rand` it is half."
TOGETHER = "A vector gets other scores beside other vectors: what `train_head` returns looks at all of them together."
UNUSED = "All vectors get the same scores: does the head use them?"
LEAST_LEARNED = 0.8  # of well separated groups: 60 runs of sound heads reached 0.99 and more


def as_model(value, what):
    """What a function returned, as a model."""
    if not isinstance(value, Remote) or "Module" not in value.bases:
        fail(f"{what} is {description(value)}, but an nn.Module was expected.", "an nn.Module", description(value), kin="no module")
    return RemoteModel(value._student, ["ref", value._node[1], value.type_name, list(value.bases)])


def part(model, path):
    """A part of a model in the student's process, such as ``features.0``."""
    for name in path.split("."):
        model = as_model(model.attribute(name), f"`.{path}`")
    return model


def tell(model, method, *arguments):
    """Calls a method of a model in the student's process."""
    RemoteFunction(model._student, model.attribute(method)._node)(*arguments)


def in_mode(model, training):
    tell(model, "train", training)
    return model


def pretrained(student):
    """SqueezeNet in the student's process, with the weights that this side knows."""
    model = student.build("pretrained")
    model.load({name: value.numpy() for name, value in reference.pretrained().state_dict().items()})
    return model


def small_net(student, rng, classes=5, dropout=0.5):
    """A SmallNet in the student's process and its twin here, in eval mode; running statistics far from any batch's."""
    theirs, ours = student.build("SmallNet", classes, dropout=dropout), reference.SmallNet(classes, dropout).eval()
    drawn = {name: rng.normal(0, 0.2, tuple(value.shape)).astype(np.float32) for name, value in ours.state_dict().items()}
    drawn["temperature"] = np.float32(2) + drawn["temperature"]
    drawn["features.1.weight"] = 2 + drawn["features.1.weight"]
    drawn["features.1.running_mean"] = rng.uniform(-2, 2, 16).astype(np.float32)
    drawn["features.1.running_var"] = rng.uniform(1, 4, 16).astype(np.float32)
    drawn["features.1.num_batches_tracked"] = np.array(7)
    drawn = {name: np.asarray(value) for name, value in drawn.items()}
    theirs.load(drawn)
    ours.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in drawn.items()})
    return theirs, ours


def prepared(rng, count, height, width):
    """Prepared pictures with structure of several sizes: (count, 3, height, width)."""
    coarse = rng.normal(0, 1, (count, 3, -(-height // 8), -(-width // 8))).repeat(8, axis=2).repeat(8, axis=3)
    fine = rng.normal(0, 0.3, (count, 3, height, width))
    return torch.from_numpy((coarse[:, :, :height, :width] + fine).astype(np.float32))


def changed_values(before, after):
    """Names of parameters and buffers that differ between two states."""
    return [name for name in before if name not in after or not np.array_equal(before[name], after[name], equal_nan=True)]


def some(names):
    """A few of many names, for a message."""
    names = list(names)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def expect_values(model, before, function):
    changed = changed_values(before, model.state())
    if changed:
        fail(f"`{function}` changed values of the model, or took them away: {some(changed)}.")


def expect_same_model(student, model, value, function):
    """The returned model is the given one: what is loaded into one shows in the other."""
    returned = as_model(value, f"What `{function}` returns")
    before = model.state()
    state = {name: array * 1.015625 + 2**-10 if array.dtype.kind == "f" else array + 1 for name, array in before.items()}
    state = {name: array.astype(before[name].dtype) for name, array in state.items()}
    model.load(state)
    found = returned.state()
    model.load(before)
    if set(found) != set(state) or changed_values(state, found):
        fail(f"`{function}` returns another model than the given one, such as a copy or a part of it.", "the given model", "another one")


@pytest.mark.section("A network with a past")
class TestPrepare:
    def prepared(self, student, images):
        """What `prepare` makes of stored pictures, as numbers, whatever their shape; and how a message names the call."""
        what = f"prepare(images) for images {images.shape}"
        return expect_computed([student.function("prepare")(images)], what)[0], what

    def pictures(self, rng, *shape):
        return rng.integers(0, 256, (*shape, 3), dtype=np.uint8)

    @pytest.mark.points(4)
    def test_values(self, student, rng):
        """Scaled and normalised
        Follow one pixel by hand: divide by 255, subtract its channel's mean, divide by its channel's deviation.
        """
        for shape in ((4, 6, 6), (2, 5, 9)):
            images = self.pictures(rng, *shape)
            received, what = self.prepared(student, images)
            expect_array(received, reference.prepare(images).numpy(), what, 1e-4, 1e-4, prepare_mistakes(images))

    @pytest.mark.points(2)
    def test_axes(self, student, rng):
        """Channels first, rows before columns, also where pictures are not square
        `permute(0, 3, 1, 2)` keeps rows before columns. The numbers themselves are another check's business.
        """
        for shape in ((3, 6, 6), (2, 5, 9), (3, 8, 4)):
            images = self.pictures(rng, *shape)
            received, what = self.prepared(student, images)
            wanted = images.transpose(0, 3, 1, 2)
            expect_shape(received, images, what)
            if not any(one_rule_a_channel(received[:, order], wanted) for order in ([0, 1, 2], [2, 1, 0])):
                text = f"{what}: pixel [n, row, column, c] does not end up at [n, c, row, column]."
                fail(text, diagnosis=misplaced(received, images))

    def test_one_picture(self, student, rng):
        """A single picture stays a batch of one"""
        images = self.pictures(rng, 1, 7, 5)
        received, what = self.prepared(student, images)
        expect_shape(received, images, what)

    def test_float32(self, student, rng):
        """The result is float32
        The network's weights are float32; numpy computes in float64 unless it is told otherwise.
        """
        first, second = (student.function("prepare")(self.pictures(rng, 2, 4, 6)) for _ in range(2))
        what = "prepare(images) for images (2, 4, 6, 3)"
        for array in expect_computed([first, second], what):
            if array.dtype != np.float32:
                fail(f"{what} has dtype {array.dtype}, but float32 was expected.", "float32", str(array.dtype))

    def test_extremes(self, student, rng):
        """A picture's numbers don't depend on the other numbers in it
        A picture isn't stretched to its own range, nor measured by its own mean: black is black although nothing in it is bright.
        """
        even = np.full((2, 4, 6, 3), 17, dtype=np.uint8)
        mixed = np.where(rng.random((2, 4, 6, 1)) < 0.5, even, self.pictures(rng, 2, 4, 6))
        alone, beside = (self.prepared(student, images)[0].astype(float) for images in (even, mixed))
        if not all(np.isclose(beside, value, rtol=1e-4, atol=1e-4).any() for value in np.unique(alone)):
            found = [text for text, wrong in prepare_mistakes(mixed).items() if alike(beside, wrong, 1e-4, 1e-4)]
            fail("Pixels of one value get other numbers where the rest of the pictures is brighter.", diagnosis=found)
        expect_computed([alone, beside], "prepare(images) for images (2, 4, 6, 3)")

    def test_pure(self, student, rng):
        """The stored pictures unchanged, no memory shared"""
        answers = [student.function("prepare").must_not_change(self.pictures(rng, 2, 4, 6)) for _ in range(2)]
        expect_computed(answers, "prepare(images) for images (2, 4, 6, 3)")


def expect_shape(received, images, what):
    """Fails unless prepared pictures have the shape that belongs to stored ones (N, H, W, 3)."""
    wanted = (len(images), 3, *images.shape[1:3])
    if received.shape != wanted:
        found = [text for text, wrong in prepare_mistakes(images).items() if wrong.shape == received.shape]
        if len(images) == 1 and received.shape == wanted[1:]:
            found = ["The axis of a single picture is gone: `squeeze()` drops it, too."]
        text = f"{what} has shape {received.shape}, but shape {wanted} was expected."
        fail(text, f"shape {wanted}", f"shape {received.shape}", found)


def misplaced(received, images):
    """Where the pixels of stored pictures (N, H, W, 3) went instead."""
    wanted = images.transpose(0, 3, 1, 2)
    if one_rule_a_channel(received.reshape(images.shape).transpose(0, 3, 1, 2), wanted):
        return "`reshape` mixes up pixels and channels: move the axis with `permute` or `transpose`."
    turned = images.transpose(0, 3, 2, 1)
    return "Rows and columns are exchanged." if turned.shape == wanted.shape and one_rule_a_channel(received, turned) else ""


def one_rule_a_channel(received, pixels):
    """Whether prepared numbers (N, 3, H, W) follow from the pixels at the same places, by a straight line for each picture and channel."""
    for one, other in zip(pixels.reshape(-1, *pixels.shape[2:]), received.reshape(-1, *received.shape[2:]), strict=True):
        x, y = one.ravel().astype(float), other.ravel().astype(float)
        slope, start = np.polyfit(x, y, 1)
        if not np.allclose(slope * x + start, y, rtol=1e-3, atol=1e-3 * max(1.0, float(np.abs(y).max()))) or slope <= 0:
            return False
    return True


@pytest.mark.section("Two ways to transfer")
class TestFreeze:
    def frozen(self, student, model, what="the model"):
        """`freeze(model)` called; the check fails unless all parameters of `model` are frozen. Returns what it returned."""
        before, training = model.trainable(), model.is_training()
        value = student.function("freeze")(model)
        after = model.trainable()
        if set(before) != set(after):
            lost = f"Some parameters of {what} are parameters no longer: {some(set(before) ^ set(after))}."
            fail(lost, diagnosis="Set `requires_grad` only: a parameter must stay a parameter.")
        count = f"of the {len(after)} parameters of {what}"
        freed = [name for name in after if after[name] and not before[name]]
        if freed:
            turned = all(after[name] != before[name] for name in after)
            text = f"{len(freed)} {count} were frozen and require gradients again: {some(freed)}."
            fail(text, diagnosis="`requires_grad` is turned round: set it to False, whatever it was." if turned else "")
        still = [name for name in after if after[name]]
        if still:
            text = f"{len(still)} {count} still require gradients: {some(still)}."
            frozen = [name for name in after if before[name] and not after[name]]
            fail(text, diagnosis=self.copied(value) or self.set_on_module(model) or self.reason(student, model, training, still, frozen))
        return value

    def copied(self, value):
        found = isinstance(value, Remote) and "Module" in value.bases and not any(as_model(value, "").trainable().values())
        return "Those of the returned model don't: a copy or a part was frozen, not the model that was given." if found else ""

    def reason(self, student, model, training, still, frozen):
        """Why some parameters were frozen and others, or all, were not; all by name."""
        if not frozen:
            slip = re.search(r"\.((?!requires_grad\b)requires?d?_?grad\w*)\s*=(?!=)", "\n".join(student.cells or [student.source]))
            if slip:
                return f"The notebook sets `{slip[1]}`: the name is `requires_grad`."
            if training and not model.is_training():
                return "Eval mode freezes nothing: set `parameter.requires_grad = False` for each of `model.parameters()`."
            return (
                "Set it on each parameter: `parameter.requires_grad = False`. `torch.no_grad()` freezes nothing that lasts; "
                "`detach()` and `parameter.data` give other tensors, whose `requires_grad` says nothing of the parameter."
            )
        if all("." not in name for name in still):
            return "Such a parameter belongs to the model itself, to none of its layers: go through `model.parameters()`."
        kinds, others = ({name.rpartition(".")[2] for name in names} for names in (frozen, still))
        if kinds == {"weight"} and "weight" not in others:
            return "Only parameters called `weight` were frozen. Biases are parameters, too."
        if len(parts := {name.partition(".")[0] for name in frozen}) == 1 and not parts & {name.partition(".")[0] for name in still}:
            return f"Only those of `{parts.pop()}` were frozen: go through `model.parameters()`, which holds those of every part."
        if self.convolutions(frozen) and not any(self.convolutions([name]) for name in still):
            return "Only those of convolutions were frozen: BatchNorm has parameters, too, and so may a model itself."
        return "Go through `model.parameters()`, which holds those of every layer and part."

    def convolutions(self, names):
        """Whether all these parameters, of SmallNet or its features, are those of convolutions."""
        net = reference.SmallNet()
        found = {name for one in (net, net.features) for name, layer in one.named_modules() if isinstance(layer, torch.nn.Conv2d)}
        return {name.rpartition(".")[0] for name in names} <= found

    def set_on_module(self, model):
        try:
            found = model.attribute("requires_grad") is False
        except StudentFailed:
            return ""
        return "`requires_grad` was set on the model itself, where it means nothing: set it on each parameter." if found else ""

    @pytest.mark.points(2)
    def test_squeezenet(self, student):
        """All parameters of SqueezeNet, features and classifier"""
        self.frozen(student, pretrained(student), "SqueezeNet")

    @pytest.mark.points(2)
    def test_other_models(self, student, rng):
        """Other models: BatchNorm, and a parameter outside of all layers
        Don't ask which kind of layer it is or which part it belongs to.
        """
        theirs, _ = small_net(student, rng)
        self.frozen(student, theirs, "SmallNet")

    def test_part(self, student, rng):
        """A part of a model, and nothing beyond
        `freeze(model.features)` leaves `model.classifier` free. The argument needn't have a part `features` itself.
        """
        model, _ = small_net(student, rng)
        self.frozen(student, part(model, "features"), "model.features")
        lost = [name for name, learns in model.trainable().items() if not learns and not name.startswith("features")]
        if lost:
            fail(f"After `freeze(model.features)` parameters outside of it are frozen, too: {some(lost)}.")

    def test_partly_frozen(self, student, rng):
        """A model of which a part is frozen already
        Frozen stays frozen: set `requires_grad` to False, don't turn it round.
        """
        model, _ = small_net(student, rng)
        tell(part(model, "features"), "requires_grad_", False)
        try:
            self.frozen(student, model)
        except CheckFailed:
            self.frozen(student, small_net(student, rng)[0], "SmallNet")  # what befalls a free model, too, is told of that
            raise

    @pytest.mark.points(2)
    def test_returns_the_model(self, student, rng):
        """Returns the model that was given
        `return model`: the same object, with all its parts.
        """
        model, _ = small_net(student, rng)
        value = student.function("freeze")(model)
        if any(model.trainable().values()):
            self.frozen(student, small_net(student, rng)[0], "SmallNet")
        expect_same_model(student, model, value, "freeze")
        self.frozen(student, model)

    def test_values_stay(self, student, rng):
        """Parameters and buffers keep their values"""
        model, _ = small_net(student, rng)
        before = model.state()
        self.frozen(student, model)
        expect_values(model, before, "freeze")


def plain_scores(scores, any_sign=True):
    """Fails if an activation shows in these scores (N, num_classes), of which some should be negative if they have `any_sign`."""
    if not np.isfinite(scores).all() or (scores == 0).all():
        return
    if np.allclose(np.exp(np.minimum(scores, 1)).sum(axis=1), 1, atol=1e-3):
        fail("The exponentials of each row sum to 1: the classifier ends with log-softmax. Return the scores before it.")
    if (scores >= 0).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-3):
        fail("Each row sums to 1: the classifier ends with softmax. Return the scores before it.")
    if (scores >= 0).all() and any_sign:
        fail("No score is negative: an activation such as ReLU stands after the last layer.")


@pytest.mark.section("Fine-tuning")
class TestReplaceHead:
    def replaced(self, student, classes, model=None):
        """The given SqueezeNet after `replace_head(model, classes)`, and what was returned."""
        model = pretrained(student) if model is None else model
        value = student.function("replace_head")(model, classes)
        return model, value

    def scores(self, student, model, value, x, classes):
        """Scores of the given model; the check fails unless they are (N, classes)."""
        what = f"model(x) after replace_head(model, {classes}) for x {tuple(x.shape)}"
        try:
            received = model.forward(x)
        except StudentFailed as error:
            if not student.alive:
                raise
            fail(f"{what} fails. {error.message}", diagnosis=self.misfit(model))
        shape = (len(x), classes)
        if isinstance(received, np.ndarray) and received.shape == (len(x), 1000):
            why = self.why_thousand(model, value, x, classes)
            fail(f"{what} still has 1,000 scores.", f"shape {shape}", f"shape {received.shape}", why)
        if isinstance(received, np.ndarray) and received.shape != shape and received.shape[:1] == shape[:1] and received.ndim == 2:
            text = f"{what} has shape {received.shape}, but shape {shape} was expected."
            fail(text, f"shape {shape}", f"shape {received.shape}", "Is the argument `num_classes` used?")
        scores = expect_array(received, np.zeros(shape), what, **ANY)
        if len(x) > 1 and np.allclose(scores, scores[0], rtol=1e-6, atol=0):  # as they also are while the new layer is all zeros
            self.expect_reached(model, x)
        return scores

    def expect_reached(self, model, x):
        """Fails unless the scores depend on the pictures where the new layer's weights are the check's, for large or small ones."""
        rng, before = np.random.default_rng(len(x)), model.state()
        heads = {name for name in model.parameters() if name.startswith("classifier")}
        reached = False
        for draw in (lambda shape: rng.uniform(0.01, 0.05, shape), lambda shape: rng.normal(0, 1e-3, shape)):
            drawn = {
                name: draw(array.shape).astype(array.dtype) if name in heads and array.ndim > 1 else array for name, array in before.items()
            }
            model.load(drawn)
            scores = np.asarray(model.forward(x), dtype=float)
            reached = reached or not np.allclose(scores, scores[0], rtol=1e-6, atol=0)
        model.load(before)
        if not reached:
            fail("All pictures get the same scores: what `features` finds doesn't reach the new layer.")

    def misfit(self, model):
        """Why the classifier doesn't fit the maps that it gets."""
        kinds, classifier = part(model, "classifier").layer_types(), part(model, "classifier")
        shapes = [shape for name, shape in model.parameters().items() if name.startswith("classifier")]
        if any(shape and shape[0] == 1000 for shape in shapes):
            return OLD_LAYER
        first = next((kind for kind in kinds if kind in ("Linear", "Conv2d", "AdaptiveAvgPool2d", "Flatten")), None)
        if first == "Linear" or (not kinds and "Linear" in classifier.bases):
            return (
                "A linear layer wants rows of numbers, but SqueezeNet's classifier gets maps (N, 512, h, w): use a 1×1 convolution there."
            )
        if first == "Flatten":
            return (
                "Flattened maps are the longer the larger the picture is: take the mean of each first, as `nn.AdaptiveAvgPool2d(1)` does."
            )
        wide = next((shape[2] for shape in shapes if len(shape) == 4 and shape[2] > 1), None)
        if wide:
            return f"A kernel of {wide}×{wide} has no room in maps of a single pixel: take one of 1×1, or pad."
        return "Into the classifier go 512 maps of any size, also of a single pixel."

    def why_thousand(self, model, value, x, classes):
        if isinstance(value, Remote) and "Module" in value.bases:
            try:
                returned = as_model(value, "")
                if getattr(returned.forward(x), "shape", None) == (len(x), classes):
                    kept = {name: array for name, array in model.state().items() if name.startswith("features")}
                    if changed_values(kept, returned.state()):
                        return "The returned model is a network with other weights: change the model that was given."
                    return "The returned model has the right number: a copy was changed, not the model that was given."
            except StudentFailed:
                pass
        known = reference.pretrained().state_dict()
        new = [name for name in model.parameters() if name not in known]
        if new:
            return f"New parameters {some(new)} are there, but `forward` runs through `features` and `classifier` only."
        return "Its last convolution is still the old one: setting `num_classes` or `out_channels` makes no new layer."

    @pytest.mark.points(3)
    def test_scores(self, student, rng):
        """model(x) gives (N, num_classes), in the model that was given"""
        for classes in (8, int(rng.integers(11, 40)), 2):
            model, value = self.replaced(student, classes)
            self.scores(student, model, value, prepared(rng, 3, 64, 64), classes)

    def test_sizes(self, student, rng):
        """One picture, small and oblong pictures"""
        model, value = self.replaced(student, 5)
        for shape in ((1, 64, 64), (2, 32, 32), (1, 48, 96)):
            self.scores(student, model, value, prepared(rng, *shape), 5)

    @pytest.mark.points(2)
    def test_new_layer_learns(self, student, rng):
        """The new classifier requires gradients, also on a frozen model
        A new layer does so by itself; freeze before you replace.
        """
        for frozen in (True, False):
            model = pretrained(student)
            tell(model, "requires_grad_", not frozen)
            _, value = self.replaced(student, 6, model)
            self.scores(student, model, value, prepared(rng, 2, 64, 64), 6)
            lost = [name for name, learns in model.trainable().items() if name.startswith("classifier") and not learns]
            if lost:
                old = [name for name in lost if model.parameters()[name][:1] == (1000,)]
                why = OLD_LAYER if old == lost else "The new layer was frozen, too: it could not be trained."
                fail(f"Parameters of the classifier require no gradients: {some(lost)}.", diagnosis=why)

    @pytest.mark.points(3)
    def test_others_keep_requires_grad(self, student, rng):
        """All other parameters keep their `requires_grad`
        What was frozen stays frozen, what was free stays free: only the new layer is yours to decide on.
        """
        for parts in ((), ("features",), ("features.0", "features.3")):
            model = pretrained(student)
            for name in parts:
                tell(part(model, name), "requires_grad_", False)
            before = model.trainable()
            _, value = self.replaced(student, 7, model)
            self.scores(student, model, value, prepared(rng, 2, 64, 64), 7)
            after = model.trainable()
            kept = [name for name in before if not name.startswith("classifier")]
            freed = [name for name in kept if not before[name] and after.get(name)]
            stopped = [name for name in kept if before[name] and after.get(name) is False]
            gone = [name for name in kept if name not in after]
            if freed:
                fail(f"Parameters that were frozen require gradients again: {some(freed)}.")
            if stopped and not all(before[name] for name in kept) and not any(after.get(name) for name in kept):
                text = f"Parameters that were free are frozen now: {some(stopped)}."
                fail(text, diagnosis="Some were frozen and others free, and now all are frozen: each is to stay as it is.")
            if stopped:
                fail(f"Parameters that were free are frozen now: {some(stopped)}. Freezing is another function's job.")
            if gone:
                fail(f"Parameters outside of the classifier are gone: {some(gone)}.")

    def test_others_keep_values(self, student, rng):
        """All other parameters keep their values
        A model made anew begins with random weights: put the new layer into the given one.
        """
        model = pretrained(student)
        before = {name: value for name, value in model.state().items() if not name.startswith("classifier")}
        _, value = self.replaced(student, 4, model)
        self.scores(student, model, value, prepared(rng, 2, 64, 64), 4)
        expect_values(model, before, "replace_head")

    def test_no_thousand_left(self, student, rng):
        """No layer with 1,000 outputs is left
        The new layer takes the old one's place; it doesn't stand on top of ImageNet's scores.
        """
        model, value = self.replaced(student, 9)
        self.scores(student, model, value, prepared(rng, 2, 64, 64), 9)
        left = [name for name, shape in model.parameters().items() if shape and shape[0] == 1000]
        if left:
            fail(f"There still is a layer with 1,000 outputs: {some(left)}.", diagnosis=OLD_LAYER)

    def test_depends_on_picture(self, student, rng):
        """The scores depend on the picture"""
        model, value = self.replaced(student, 6)
        x = prepared(rng, 4, 64, 64)
        self.scores(student, model, value, x, 6)
        self.expect_reached(model, x)

    @pytest.mark.points(3)
    def test_logits(self, student, rng):
        """The scores are logits: no activation comes after the last layer
        `cross_entropy` wants plain scores. Print `model.classifier`: what stands behind the last layer with weights?
        """
        model, value = self.replaced(student, 23)
        x = prepared(rng, 4, 64, 64)
        self.scores(student, model, value, x, 23)
        state, heads = model.state(), {name for name in model.parameters() if name.startswith("classifier")}
        drawn = {name: rng.normal(0, 0.2, array.shape).astype(array.dtype) for name, array in state.items() if name in heads}
        plain_scores(np.asarray(model.forward(x), dtype=float), any_sign=False)  # softmax of drawn weights may be all 0 and 1
        model.load(state | drawn)
        plain_scores(np.asarray(model.forward(x), dtype=float))
        model.load(state | {name: 100 * array for name, array in drawn.items()})
        if np.abs(model.forward(x)).max() <= 1:
            fail("Scores stay between -1 and 1 however large the weights are: an activation stands after the last layer.")

    @pytest.mark.points(2)
    def test_returns_the_model(self, student, rng):
        """Returns the model that was given
        `return model`: not the new layer, not a copy.
        """
        model, value = self.replaced(student, 3)
        self.scores(student, model, value, prepared(rng, 2, 64, 64), 3)
        expect_same_model(student, model, value, "replace_head")


@pytest.mark.section("Frozen features, computed once")
class TestExtractFeatures:
    def twins(self, student, rng):
        """A SqueezeNet in the student's process and its twin here, in eval mode; their weights are slightly off the pretrained."""
        theirs, ours = student.build("pretrained"), reference.pretrained().eval()
        state = {name: value.numpy() for name, value in ours.state_dict().items()}
        drawn = {name: (value * rng.uniform(0.8, 1.2, value.shape)).astype(np.float32) for name, value in state.items()}
        theirs.load(drawn)
        ours.load_state_dict({name: torch.from_numpy(value) for name, value in drawn.items()})
        return theirs, ours

    def original(self, x):
        """What a function finds that uses the pretrained network in place of its argument."""
        mistake = "These are the features of SqueezeNet's own weights, but the given model has others: use the argument `model`."
        return {mistake: reference.extract_features(reference.pretrained(), x).numpy()}

    def compare(self, student, theirs, ours, x, extra=None):
        received = student.function("extract_features").must_not_change(theirs, x)
        what = f"extract_features(model, images) for {type(ours).__name__} and images {tuple(x.shape)}"
        mistakes = (extra or {}) | feature_mistakes(ours, x)
        return expect_array(received, reference.extract_features(ours, x).numpy(), what, **CLOSE, mistakes=mistakes)

    def some_features(self, received, ours, x):
        """Features of whatever values; the check fails unless their shape is right."""
        what = "extract_features(model, images)"
        fits = isinstance(received, np.ndarray) and received.shape == (len(x), reference.FEATURES)
        return expect_array(
            received, np.zeros((len(x), reference.FEATURES)), what, **ANY, mistakes=None if fits else feature_mistakes(ours, x)
        )

    def of_batch(self, ours, x):
        """What SmallNet finds if only its BatchNorm is in training mode."""
        batch = reference.SmallNet(dropout=0.0).train()
        batch.load_state_dict(ours.state_dict())
        with torch.no_grad():
            found = batch.features(x).mean(dim=(2, 3)).numpy()
        return {"These are the features in training mode: BatchNorm used the mean and variance of the batch.": found}

    @pytest.mark.points(3)
    def test_means(self, student, rng):
        """The mean of each map, for SqueezeNet
        `model.features(images)` gives (N, 512, h, w); what is left after the mean over rows and columns is (N, 512).
        """
        x = prepared(rng, 3, 64, 64)
        self.compare(student, *self.twins(student, rng), x, self.original(x))

    @pytest.mark.points(2)
    def test_sizes(self, student, rng):
        """One picture, oblong pictures, maps of one pixel
        `squeeze()` also drops the axis of a single picture.
        """
        theirs, ours = self.twins(student, rng)
        for shape in ((2, 64, 112), (1, 64, 64), (3, 96, 48), (1, 32, 32)):
            x = prepared(rng, *shape)
            self.compare(student, theirs, ours, x, self.original(x))

    def test_many(self, student, rng):
        """More than a hundred pictures, in their order
        The last batch may be smaller than the others; it counts all the same.
        """
        theirs, ours = small_net(student, rng, dropout=0.0)
        in_mode(theirs, False)
        for count in (103, 64):
            self.compare(student, theirs, ours, prepared(rng, count, 8, 8))

    @pytest.mark.points(2)
    def test_no_gradients(self, student, rng):
        """The result requires no gradients
        Compute inside `with torch.no_grad():`, or `detach()` the result; otherwise the whole network hangs on it.
        """
        for model, ours in ((pretrained(student), reference.pretrained().eval()), small_net(student, rng)):
            x = prepared(rng, 2, 64, 64)
            value = student.function("extract_features").trial(model, x, keep=True)
            if value.error is not None:
                fail(student.sentence(value.error, "`extract_features`"))
            if "Tensor" in value.value.bases and value.value.attribute("requires_grad") is not False:
                fail("The features require gradients: they were computed outside of `torch.no_grad()` and not detached.")
            self.some_features(student.function("extract_features")(model, x), ours, x)

    @pytest.mark.points(2)
    def test_dropout(self, student, rng):
        """Dropout drops nothing
        A model in training mode comes in; `model.eval()` before the features are computed.
        """
        theirs, ours = small_net(student, rng)
        function, x = student.function("extract_features"), prepared(rng, 3, 16, 16)
        first, second = (self.some_features(function(in_mode(theirs, True), x), ours, x) for _ in range(2))
        if not np.allclose(first, second, **CLOSE):
            fail("Two calls with the same pictures give different features: dropout was active, the model was in training mode.")
        self.compare(student, in_mode(theirs, True), ours, x, self.of_batch(ours, x))

    @pytest.mark.points(2)
    def test_batchnorm(self, student, rng):
        """BatchNorm uses its running statistics, and keeps them
        Freezing parameters doesn't stop it: mean and variance are buffers. In eval mode they are used and not changed.
        """
        theirs, ours = small_net(student, rng, dropout=0.0)
        x = prepared(rng, 6, 16, 16)
        before = in_mode(theirs, True).state()
        self.compare(student, theirs, ours, x, self.of_batch(ours, x))
        changed = [name for name in changed_values(before, theirs.state()) if "running" in name or "num_batches" in name]
        if changed:
            fail(f"BatchNorm's buffers changed during extraction: {some(changed)}. The model was in training mode.")

    @pytest.mark.points(2)
    def test_mode_restored(self, student, rng):
        """Afterwards the model is in the mode it was in
        Keep `model.training` before you change it, and go back to that: neither always to training nor always to eval.
        """
        x = prepared(rng, 2, 32, 32)
        for model, ours in ((pretrained(student), reference.pretrained().eval()), small_net(student, rng)):
            for training in (True, False):
                in_mode(model, training)
                self.some_features(student.function("extract_features")(model, x), ours, x)
                now = {name: m.is_training() for name, m in (("model", model), *((n, part(model, n)) for n in ("features", "classifier")))}
                wrong = [name for name in now if now[name] != training]
                if wrong:
                    was, is_now = ("training", "eval") if training else ("eval", "training")
                    where = "The model" if wrong[0] == "model" else f"`model.{wrong[0]}`"
                    fail(f"{where} was in {was} mode and is in {is_now} mode after the call.", f"{was} mode", f"{is_now} mode")

    @pytest.mark.points(2)
    def test_model_unchanged(self, student, rng):
        """The model is as it was: values, parts and `requires_grad`
        Freezing it, taking off its classifier or training it is not this function's job.
        """
        for frozen in (False, True):
            theirs, ours = small_net(student, rng, classes=int(rng.integers(2, 9)))
            in_mode(theirs, False)
            tell(theirs, "requires_grad_", not frozen)
            before, learned = theirs.state(), theirs.trainable()
            self.compare(student, theirs, ours, prepared(rng, 2, 16, 16))
            expect_values(theirs, before, "extract_features")
            other = [name for name, learns in theirs.trainable().items() if learned.get(name) != learns]
            if other:
                now = "require gradients now" if frozen else "are frozen now"
                fail(f"Parameters {now}: {some(other)}. Leave `requires_grad` as it is; `torch.no_grad()` is enough.")


def groups(rng, count, classes):
    """Feature vectors (count, 512) of well separated groups and their numbers (count,), with every group among them."""
    centres = 4 * rng.random((classes, 512))
    labels = rng.permutation(np.arange(count) % classes)
    vectors = np.maximum(0, centres[labels] + 4 * rng.normal(0, 1, (count, 512)))
    return torch.from_numpy(vectors.astype(np.float32)), torch.from_numpy(labels.astype(np.int64))


@pytest.mark.section("Frozen features, computed once")
@pytest.mark.time_limit(45)
class TestTrainHead:
    def head(self, student, vectors, labels, classes):
        return as_model(student.function("train_head")(vectors, labels, classes), "What `train_head` returns")

    def scores(self, head, vectors, classes, labels=None):
        """The head's scores; the check fails unless they are finite numbers (M, classes)."""
        shape = (len(vectors), classes)
        mistakes = {}
        if labels is not None:
            for count, why in (
                (len(set(labels.tolist())), "one for each class that occurs in `labels`"),
                (max(labels.tolist()) + 1, "as many as the largest label asks for"),
            ):
                mistakes[f"There are {count} scores, {why}; there should be `num_classes`."] = np.zeros((len(vectors), count))
        received = head.forward(vectors)
        what = f"train_head(features, labels, {classes}) applied to {tuple(vectors.shape)}"
        if isinstance(received, np.ndarray) and received.shape != shape:
            reason = next((text for text, wrong in mistakes.items() if wrong.shape == received.shape), "")
            if not reason and received.shape == shape[1:]:
                reason = "The axis of a single vector is gone: `squeeze()` drops it, too."
            elif not reason and received.shape[:1] == shape[:1] and received.ndim == 2:
                reason = "Is the argument `num_classes` used?"
            fail(f"{what} has shape {received.shape}, but shape {shape} was expected.", f"shape {shape}", f"shape {received.shape}", reason)
        if isinstance(received, np.ndarray) and received.dtype.kind == "f" and not np.isfinite(received).all():
            fail(f"{what} holds infinite or undefined numbers.", diagnosis="Was the learning rate too large?")
        return expect_array(received, np.zeros(shape), what, **ANY)

    def expect_learned(self, student, vectors, labels, classes, count, missing=False):
        """Trains a head with the first ``count`` vectors; the check fails unless it names most of the others rightly."""
        head = self.head(student, vectors[:count], labels[:count], classes)
        answers = self.scores(head, vectors[count:], classes, labels if missing else None).argmax(axis=1)
        share = float((answers == labels[count:].numpy()).mean())
        if share < LEAST_LEARNED:
            reason = " All vectors get the same answer." if (answers == answers[0]).all() else ""
            why = self.why_unlearned(student, head, vectors[:count], labels[:count], classes)
            fail(f"{share:.0%} of new vectors are named rightly.{reason}", f"at least {LEAST_LEARNED:.0%}", f"{share:.0%}", why)

    def why_unlearned(self, student, head, vectors, labels, classes):
        """What can be seen of a head that was trained with these vectors and labels and sorts others badly."""
        scores = self.scores(head, vectors, classes).astype(float)
        if not np.allclose(scores[0], self.scores(head, vectors[:1], classes)[0], rtol=1e-3, atol=1e-3):
            return TOGETHER
        if np.allclose(scores, scores[0]):
            return UNUSED
        right, chosen = labels.numpy(), scores.argmax(axis=1)
        other = self.head(student, vectors.flip(0), labels, classes)
        if np.allclose(self.scores(other, vectors, classes), scores):
            return "Trained with other labels for these vectors, it gives the same scores: they don't depend on what it was trained with."
        bound, shapes = 512**-0.5, sorted(head.parameters().values())
        if shapes == [(classes,), (classes, 512)] and all(np.abs(array).max() <= bound * (1 + 1e-6) for array in head.state().values()):
            return (
                "Its weights lie where those of a new `nn.Linear` do: no step has changed them. Is `optimizer.step()` missing, "
                "or does the loop run through no batch at all?"
            )
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        often = np.abs(np.bincount(chosen, minlength=classes) - np.bincount(right, minlength=classes)).sum()
        if likely.max(axis=1).mean() > LEAST_LEARNED and (chosen == right).mean() < 0.5 and often < len(right) / 10:
            return (
                "It is sure of its answers for the vectors it was trained with, but they aren't their labels: "
                "were the labels those of other vectors?"
            )
        loss = float(-np.log(np.maximum(likely[np.arange(len(right)), right], 1e-30)).mean())
        if loss > 2 * np.log(classes) + 1:
            return (
                "For the vectors it was trained with, its loss is far above that of guessing: training has made it larger. "
                "Is the sign right, and the learning rate small enough?"
            )
        return ""

    @pytest.mark.points(3)
    def test_learns(self, student, rng):
        """After training on 400 vectors of six groups, at least 80 % of 300 new vectors are named rightly
        Usual causes of less: no `optimizer.step()` or `zero_grad()`, too few epochs, another array than the argument.
        """
        for _ in range(2):
            vectors, labels = groups(rng, 700, 6)
            self.expect_learned(student, vectors, labels, 6, 400)

    @pytest.mark.points(2)
    def test_missing_classes(self, student, rng):
        """Classes that don't occur in `labels` have a score, too
        The number of scores is `num_classes`, whatever the labels are.
        """
        vectors, small = groups(rng, 500, 4)
        numbers = np.sort(rng.permutation(np.arange(1, 10))[:4])  # of 11 classes: at least 0 and 10 are missing
        labels = torch.from_numpy(numbers)[small]
        self.expect_learned(student, vectors, labels, 11, 300, missing=True)

    @pytest.mark.points(2)
    def test_scores(self, student, rng):
        """(M, 512) gives (M, num_classes), for one vector and for other numbers of classes"""
        for classes in (2, int(rng.integers(9, 15))):
            vectors, labels = groups(rng, 120, classes)
            head = self.head(student, vectors, labels, classes)
            alone, beside = (self.scores(head, vectors[:count], classes) for count in (1, 7))
            if not np.allclose(alone[0], beside[0], rtol=1e-3, atol=1e-3):
                fail("", diagnosis=TOGETHER)
        self.expect_used(self.scores(head, vectors, classes))

    def test_few(self, student, rng):
        """Five vectors of three classes
        Usual causes: batches of a fixed size, BatchNorm with a last batch of one vector.
        """
        vectors, labels = groups(rng, 5, 3)
        self.expect_used(self.scores(self.head(student, vectors, labels, 3), vectors, 3))

    def expect_used(self, scores):
        if np.allclose(scores, scores[0]):
            fail("", diagnosis=UNUSED)

    def test_arguments_unchanged(self, student, rng):
        """Features and labels unchanged"""
        vectors, labels = groups(rng, 130, 3)
        head = as_model(student.function("train_head").must_not_change(vectors, labels, 3), "What `train_head` returns")
        self.expect_used(self.scores(head, vectors, 3))


SHAPES = {  # of answers, and what they come of
    "These are scores: a picture's class is the index of the largest, `scores.argmax(dim=1)`.": np.zeros((400, 8)),
    "These are the pictures with the largest score for each class: take the largest over the classes, `argmax(dim=1)`.": np.zeros(8),
    "There are as many answers as labelled pictures: those for the 400 test pictures are asked for.": np.zeros(600),
}


class Answers:
    """The checks that both arrays of answers share; an answer counts only if the network that was kept gives it, too.

    Attributes:
        name, model, size: the student's variables.
        steps: shares of right answers.
        expect_weights: fails unless the weights of SqueezeNet's features are what the task asks for.
    """

    name: str
    model: str
    size: str
    steps: tuple[float, float, float]
    expect_weights: Callable[[RemoteModel, dict, str], None]

    def answers(self, student):
        value = filled(student.value(self.name), self.name)
        return expect_array(value, np.zeros(400), f"`{self.name}`", **ANY, mistakes=SHAPES)

    def expect_form(self, student):
        answers = self.answers(student)
        if answers.dtype.kind not in "iu":
            fail(f"`{self.name}` has dtype {answers.dtype}.", "whole numbers", str(answers.dtype))
        if answers.min() < 0 or answers.max() > 7:
            why = "Classes are counted from 0, these from 1." if answers.min() > 0 and answers.max() == 8 else ""
            why = "Did a network answer that still has ImageNet's 1,000 scores?" if 8 < answers.max() < 1000 else why
            fail("Some answers are no classes.", "numbers from 0 to 7", f"{answers.min()} to {answers.max()}", why)
        if (answers == answers[0]).all():
            fail(f"All answers are {answers[0]}.", "different classes")
        return answers

    def kept(self, student):
        """The answers of the network that was kept; the check fails unless it is one that the task asks for."""
        return student.once(self.model, lambda: self.asked(student))

    def asked(self, student):
        model, size, pictures = kept_model(student, self.model, "an nn.Module"), kept.size(student, self.size), kept.emoji()
        found = kept.squeezenet_weights(model, self.model)
        self.expect_weights(model, found, self.model)
        kept.expect_through_features(student, model, size, found, pictures[:20], self.model)
        self.expect_use(student, model, size, found)
        return kept.answers(student, model, size, pictures, f"The scores of `{self.model}` for pictures of {size}×{size} pixels")

    def expect_use(self, student, model, size, found):
        """Fails unless the features do what the task asks of them; frozen ones need do no more than they do."""

    def expect_network(self, student):
        """Fails unless the answers are those of the network that was kept, but for five."""
        given, own = self.answers(student), self.kept(student)
        if (different := int((given != own).sum())) > 5:
            text = f"{different} of the 400 answers aren't those that `{self.model}` gives."
            fail(text, "at most 5", str(different), student.once("others", lambda: self.looked_at(student).why_others(given, own)))

    def expect_accuracy(self, student, step):
        least, given, own = self.steps[step], self.answers(student), self.kept(student)
        right = given == reference.emoji_labels()
        share, counted = float(right.mean()), float((right & (given == own)).mean())
        if counted < least:
            text = f"{share:.1%} of the answers are right"
            others, seen = share - counted > 0.0125, self.looked_at(student)
            text += f", but only {counted:.1%} are both right and given by `{self.model}`." if others else "."
            why = student.once("others", lambda: seen.why_others(given, own)) if others else student.once("few", seen.why_few)
            fail(text, f"at least {least:.0%}", f"{counted:.1%}", why)

    def looked_at(self, student):
        return Look(student, kept_model(student, self.model, "an nn.Module"), self.model, kept.size(student, self.size), self.size)


@pytest.mark.section("Frozen features, computed once")
@pytest.mark.time_limit(60)
class TestFrozenPredictions(Answers):
    name, model, size, steps = "frozen_predictions", "frozen_model", "frozen_size", FROZEN_STEPS
    expect_weights = staticmethod(kept.expect_frozen)

    def test_form(self, student):
        """400 whole numbers from 0 to 7
        The class of a picture is the index of its largest score: `scores.argmax(dim=1)`.
        """
        self.expect_form(student)

    def test_network(self, student):
        """They are the answers of `frozen_model`, a frozen SqueezeNet with your head
        Usual causes of others: another order of the pictures, another size than `frozen_size`, training mode.
        """
        self.expect_network(student)

    @pytest.mark.points(2)
    def test_first_step(self, student):
        """At least 30 % of the answers are right
        Less means that pictures and answers don't belong together, or that the head has learned nothing.
        """
        self.expect_accuracy(student, 0)

    @pytest.mark.points(2)
    def test_second_step(self, student):
        """At least 50 % of the answers are right
        Usual causes of less: the head hardly trained, training and test pictures treated differently.
        """
        self.expect_accuracy(student, 1)

    @pytest.mark.points(4)
    def test_full(self, student):
        """At least 60 % of the answers are right
        Usual causes of less: pictures not prepared, or not enlarged; training and test pictures alike, and 128×128 is enough.
        """
        self.expect_accuracy(student, 2)


@pytest.mark.section("Data augmentation")
class TestRandomFlip:
    def answer(self, student, x):
        """What `random_flip` returns for pictures (N, 3, H, W); the check fails unless the shape is theirs."""
        y = student.function("random_flip")(x.clone())
        doubled = np.zeros((2 * len(x), *x.shape[1:]))
        mistakes = {"There are twice as many pictures as were given: each is to come back once, as it was or mirrored.": doubled}
        return expect_array(y, np.zeros(tuple(x.shape)), f"random_flip(images) for images {tuple(x.shape)}", **ANY, mistakes=mistakes)

    def flipped(self, student, x):
        """For each picture whether it was mirrored; the check fails if one is neither as it was nor its mirror image."""
        x, y = x.numpy(), self.answer(student, x)
        mirrored = (y == x[..., ::-1]).all(axis=(1, 2, 3))
        wrong = np.flatnonzero(~(mirrored | (y == x).all(axis=(1, 2, 3))))
        if len(wrong):
            fail(
                f"{len(wrong)} of {len(x)} pictures are neither as they were nor mirrored left to right.",
                diagnosis=self.reason(x, y, wrong),
            )
        return mirrored

    def changed(self, student, x):
        """For each picture whether it came back otherwise: what became of it is another check's business."""
        return (self.answer(student, x) != x.numpy()).any(axis=(1, 2, 3))

    def reason(self, x, y, wrong):
        for text in flip_mistakes(x[0]):
            if all(np.array_equal(y[i], flip_mistakes(x[i])[text]) for i in wrong):
                return text
        both = np.stack([x, x[..., ::-1]])
        if all((both == y[i]).all(axis=(2, 3, 4)).any() for i in wrong):
            return "They are other pictures of the batch: the order of the pictures must stay."
        if all(((x[i] == y[i]) | (x[i][..., ::-1] == y[i])).all() for i in wrong):
            channels = all(((x[i] == y[i]).all(axis=(1, 2)) | (x[i][..., ::-1] == y[i]).all(axis=(1, 2))).all() for i in wrong)
            rows = all(((x[i] == y[i]).all(axis=(0, 2)) | (x[i][..., ::-1] == y[i]).all(axis=(0, 2))).all() for i in wrong)
            return f"{'Channels' if channels else 'Rows' if rows else 'Parts'} of one picture were treated differently."
        return ""

    def pictures(self, rng, *shape):
        """Pictures (N, 3, H, W) of numbers that are all different."""
        return torch.from_numpy(rng.permutation(int(np.prod(shape))).reshape(shape).astype(np.float32) / 16)

    @pytest.mark.points(3)
    def test_each_picture(self, student, rng):
        """Each picture is as it was, or mirrored left to right
        The columns are the last axis: `flip(3)`. Order, rows and channels stay.
        """
        flips = [self.flipped(student, self.pictures(rng, *shape)) for shape in ((40, 3, 6, 6), (40, 3, 4, 7), (40, 3, 9, 5))]
        if not np.concatenate(flips).any():
            fail("None of 120 pictures was mirrored.")

    @pytest.mark.points(2)
    def test_half(self, student, rng):
        """About half of the pictures are mirrored
        `torch.rand(…) < 0.5` is true for half of the numbers.
        """
        total = [self.changed(student, self.pictures(rng, 40, 3, 2, 3)) for _ in range(30)]
        count = int(np.concatenate(total).sum())
        batches = [bool(flips.all()) for flips in total if flips.all() or not flips.any()]
        if len(batches) == 30 and 3 <= sum(batches) <= 27:
            return  # one coin for all pictures is another check's business
        if not 480 <= count <= 720:  # seven standard deviations from 600
            why = NORMAL if abs(count / 1200 - 0.6915) < 0.05 else ""  # nearly four standard deviations
            fail(f"{count} of 1,200 pictures were changed.", "about 600", str(count), why)

    @pytest.mark.points(2)
    def test_each_for_itself(self, student, rng):
        """Chance decides for each picture separately
        One random number decides for one picture, not for the whole batch, nor for its neighbour.
        """
        x = self.pictures(rng, 24, 3, 2, 3)
        flips = np.array([self.changed(student, x) for _ in range(60)])
        if not flips.any():
            fail("None of 1,440 pictures was mirrored.")
        if flips.all():
            fail("All pictures were changed in each of 60 calls.")
        if (flips == flips[:, :1]).all():
            fail("In each of 60 calls all pictures of the batch were changed, or none: each needs a coin of its own.")
        if (flips == flips[0]).all():
            fail("The same pictures were changed in all of 60 calls: that is no chance.")
        for one in range(24):
            for two in range(one):
                if (agree := flips[:, one] == flips[:, two]).all() or not agree.any():
                    how = "treated alike" if agree.all() else "treated differently"
                    fail(f"Pictures {two + 1} and {one + 1} of a batch were {how} in all of 60 calls: each needs a coin of its own.")

    @pytest.mark.points(2)
    def test_anew(self, student, rng):
        """Chance decides anew at every call
        `torch.manual_seed` inside the function makes every call alike; a fixed rule isn't chance.
        """
        x = self.pictures(rng, 80, 3, 2, 3)
        calls = [self.changed(student, x) for _ in range(8)]
        if not any(flips.any() for flips in calls):
            fail("In 8 calls none of 80 pictures was mirrored.")
        if all(np.array_equal(flips, calls[0]) for flips in calls):
            fail("All calls changed exactly the same ones of 80 pictures: nothing is random, or a seed is set inside.")
        if all(np.array_equal(flips, ~before) for before, flips in pairwise(calls)):
            fail("Each call changes exactly the pictures that the call before left: that is a rule, not chance.")

    def test_one_picture(self, student, rng):
        """A single picture is sometimes mirrored, sometimes not"""
        x = self.pictures(rng, 1, 3, 4, 5)
        flips = [bool(self.changed(student, x)) for _ in range(40)]
        if all(flips) or not any(flips):
            fail(f"In 40 calls a single picture was {'always changed' if flips[0] else 'never mirrored'}.")

    def test_pure(self, student, rng):
        """The given pictures unchanged, and a new tensor: no memory shared
        `images[chosen] = …` changes the caller's pictures; `torch.where` or `clone()` makes new ones.
        """
        x = [self.pictures(rng, 30, 3, 2, 3) for _ in range(2)]
        expect_computed([student.function("random_flip").must_not_change(one) for one in x], "random_flip(images)")


@pytest.mark.section("Fine-tuning")
@pytest.mark.time_limit(60)
class TestFinetunedPredictions(Answers):
    name, model, size, steps = "finetuned_predictions", "finetuned_model", "finetuned_size", TUNED_STEPS
    expect_weights = staticmethod(kept.expect_tuned)

    def expect_use(self, student, model, size, found):
        kept.expect_learned_on(student, model, size, found, self.model)

    def test_form(self, student):
        """400 whole numbers from 0 to 7, not those of the frozen network again
        The class of a picture is the index of its largest score: `scores.argmax(dim=1)`.
        """
        answers = self.expect_form(student)
        try:
            frozen = np.asarray(student.value("frozen_predictions"))
        except (CheckFailed, ValueError):
            return
        if np.array_equal(answers, frozen):
            fail("These are exactly the answers of the frozen network: fine-tune a network and let it answer.")

    @pytest.mark.points(2)
    def test_network(self, student):
        """They are the answers of `finetuned_model`, whose features were pretrained and have learned on
        Usual causes of others: another order of the pictures, another size than `finetuned_size`, training mode.
        """
        self.expect_network(student)

    @pytest.mark.points(2)
    def test_first_step(self, student):
        """At least 30 % of the answers are right
        Less means that pictures and answers don't belong together, or that nothing was learned.
        """
        self.expect_accuracy(student, 0)

    @pytest.mark.points(2)
    def test_second_step(self, student):
        """At least 45 % of the answers are right
        Usual causes of less: pictures not prepared, hardly any training, a learning rate that is too large.
        """
        self.expect_accuracy(student, 1)

    @pytest.mark.points(5)
    def test_full(self, student):
        """At least 55 % of the answers are right
        Usual causes of less: small pictures, answers in training mode, the pretrained layers' rate as large as the head's.
        """
        self.expect_accuracy(student, 2)


@pytest.mark.section("When which?")
class TestQ4:
    words = ("feature extraction", "fine-tuning")

    def expect(self, student, name):
        answers = filled(student.value("q4"), "q4")
        if not isinstance(answers, dict):
            fail(
                f"`q4` is {description(answers)}, but a dict from the eight names to words was expected.", "a dict", answers, kin="no dict"
            )
        if not answers:
            fail("`q4` is not filled in: a dict from the eight names to words was expected.", "a dict", answers, kin="no dict")
        answers = {str(key).strip().lower(): word for key, word in answers.items()}
        if name not in answers:
            fail(f"`q4` has no entry for “{name}”.", f"the key {name!r}", f"{len(answers)} other keys")
        expect_words(answers[name], reference.q4[name], f"q4[{name!r}]", self.words)

    def test_dog_breeds(self, student):
        """Dog breeds
        How many pictures are there, and does the network already tell dogs apart?
        """
        self.expect(student, "dog breeds")

    def test_chest_x_rays(self, student):
        """Chest X-rays
        Did the network ever see anything like it? How many labelled pictures are there to learn from?
        """
        self.expect(student, "chest x-rays")

    def test_fruit_scale(self, student):
        """Fruit on a scale
        What can be trained in a minute on a small computer?
        """
        self.expect(student, "fruit scale")

    def test_radar_maps(self, student):
        """Radar maps
        Are textures of photographs of use here? Are there pictures and computers enough to learn others?
        """
        self.expect(student, "radar maps")

    def test_holiday_albums(self, student):
        """Holiday albums
        What can 10,000 users share if there is one network in memory?
        """
        self.expect(student, "holiday albums")

    def test_cell_cultures(self, student):
        """Cell cultures
        A head that can't even sort its training pictures lacks something in its input.
        """
        self.expect(student, "cell cultures")

    def test_garden_birds(self, student):
        """Garden birds
        Photographs of birds by day, few of them, no graphics card.
        """
        self.expect(student, "garden birds")

    def test_spectrograms(self, student):
        """Spectrograms of engines
        A picture of a sound is no photograph; how many are there?
        """
        self.expect(student, "spectrograms")
