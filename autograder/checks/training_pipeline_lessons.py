"""What typical mistakes lead to where the assignment `training_pipeline` trains, evaluates and builds a network.

The functions named after mistakes give pairs (sentence, wrong answer), the most telling first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import cast

import numpy as np
import torch
from torch import nn

from autograder.checks.training_pipeline_telling import Pairs, alike, quietly


@dataclass(frozen=True)
class Lesson:
    """One call of `train_one_epoch`: a `small_net` with given weights, batches, a loss and gradient descent.

    state: parameters and buffers by name; loss: name of the loss in the notebook's cell `try-out`.
    """

    state: dict[str, np.ndarray]
    batches: list[tuple[torch.Tensor, torch.Tensor]]
    lr: float = 0.5
    momentum: float = 0.0
    loss: str = "mean_cross_entropy"
    batch_norm: bool = False
    training: bool = True

    @property
    def sizes(self) -> tuple[int, int]:
        """Features and outputs of the network."""
        outputs, inputs = self.state[f"{int(self.batch_norm)}.weight"].shape
        return inputs, outputs

    def model(self) -> nn.Module:
        inputs, outputs = self.sizes
        layers = [nn.BatchNorm1d(inputs)] if self.batch_norm else []
        model = nn.Sequential(*layers, nn.Linear(inputs, outputs)).train(self.training)
        model.load_state_dict({name: torch.as_tensor(value) for name, value in self.state.items()})
        return model


def lopsided_loss(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The loss of that name in the notebook."""
    error = targets - outputs
    return torch.where(error > 0, 3 * error, -error).mean()


LOSSES: dict[str, Callable[..., torch.Tensor]] = {"mean_cross_entropy": nn.functional.cross_entropy, "lopsided_loss": lopsided_loss}
LOSSES |= {name: getattr(nn.functional, name) for name in ("mse_loss", "l1_loss")}


@dataclass(frozen=True)
class Epoch:
    """What one epoch leaves behind: batch losses and sizes, the mean loss over all samples after it, the parameters in a row."""

    losses: np.ndarray
    sizes: np.ndarray
    afterwards: float
    weights: np.ndarray

    @property
    def mean(self) -> float:
        return float(np.average(self.losses, weights=self.sizes))

    def is_like(self, other: "Epoch") -> bool:
        """Whether both left the same behind, but for rounding."""
        return alike((np.float64(self.mean), self.weights), (np.float64(other.mean), other.weights))


def run_epoch(
    lesson: Lesson, training: bool = True, clear: bool = True, steps: int = 1, late: bool = False, swapped: bool = False, once: bool = False
) -> Epoch:
    """The epoch as it should be, or with one thing otherwise.

    training: mode of the model; clear: gradients are cleared for each batch; steps: a batch; late: losses taken after the
    steps; swapped: the loss gets its arguments in the wrong order; once: a single step after the last batch.
    """
    model, losses = lesson.model().train(training), []
    parameters = list(model.parameters())
    velocities = [torch.zeros_like(p) for p in parameters]

    def step() -> None:
        """`torch.optim.SGD` by hand: importing torch's optimizers takes longer than all the checks."""
        with torch.no_grad():
            for p, v in zip(parameters, velocities, strict=True):
                v.mul_(lesson.momentum).add_(cast(torch.Tensor, p.grad))
                p.sub_(lesson.lr * v)

    def loss_of(inputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        outputs = model(inputs)
        return LOSSES[lesson.loss](labels, outputs) if swapped else LOSSES[lesson.loss](outputs, labels)

    for inputs, labels in lesson.batches:
        if clear and not once:
            model.zero_grad()
        loss = loss_of(inputs, labels)
        loss.backward()
        for _ in range(0 if once else steps):
            step()
        losses.append((loss_of(inputs, labels) if late else loss).item())
    if once:
        step()
    sizes = np.array([len(inputs) for inputs, _ in lesson.batches])
    weights = np.concatenate([p.detach().numpy().ravel() for p in model.parameters()])
    afterwards = [loss_of(inputs, labels).item() for inputs, labels in lesson.batches]
    return Epoch(np.array(losses), sizes, float(np.average(afterwards, weights=sizes)), weights)


@quietly
def epoch_mistakes(lesson: Lesson, own: bool = True) -> Pairs:
    """Typical mistakes in `train_one_epoch`: (returned loss, parameters afterwards); `own`: also optimizers of its own."""
    right, many = run_epoch(lesson), len(lesson.batches)
    start = run_epoch(lesson, steps=0)
    losses, sizes = right.losses, right.sizes
    sums = {
        "The mean of the batch losses counts small batches as much as large ones: weight each by its number of samples.": losses.mean(),
        "This is the sum of the batch losses; the mean over all samples was asked for.": losses.sum(),
        "The sum over all samples isn't divided by their number.": (losses * sizes).sum(),
        "The sum over all samples was divided by the number of batches; divide by the number of samples.": (losses * sizes).sum() / many,
        "The sum of the batch losses was divided by the number of samples; weight each batch first.": losses.sum() / sizes.sum(),
        "This is the loss of the last batch; the mean over all samples was asked for.": losses[-1],
        "This is the loss of the first batch; the mean over all samples was asked for.": losses[0],
        "All batches were counted as large as the first.": (losses * sizes[0]).sum() / sizes.sum(),
        "This is the loss after the epoch; add up the batch losses while you train.": right.afterwards,
    }
    twisted = {
        "The gradients of earlier batches were added: `optimizer.zero_grad()` for each batch.": run_epoch(lesson, clear=False),
        "The model wasn't put into training mode: `model.train()`.": run_epoch(lesson, training=False),
        "The losses were taken after the steps; take each before its step.": run_epoch(lesson, late=True),
        "The optimizer made two steps for each batch.": run_epoch(lesson, steps=2),
        "The optimizer made one step for the whole epoch; one for each batch was asked for.": run_epoch(lesson, once=True),
        "The batches were gone through twice.": run_epoch(replace(lesson, batches=lesson.batches * 2)),
        "The batches came in the wrong order.": run_epoch(replace(lesson, batches=lesson.batches[::-1])),
        "The parameters didn't change: `loss.backward()`, then `optimizer.step()`, with no `zero_grad()` between the two.": start,
        "The optimizer's momentum was not used: use the given optimizer.": run_epoch(replace(lesson, momentum=0.0)),
    }
    if many > 1:
        twisted["The last batch was left out."] = run_epoch(replace(lesson, batches=lesson.batches[:-1]))
        twisted["Only the first batch was used."] = run_epoch(replace(lesson, batches=lesson.batches[:1]))
    for lr, momentum in product((0.001, 0.01, 0.1) if own else (), (0.0, 0.9)):
        text = f"The given optimizer was not used; this is one with the learning rate {lr} and momentum {momentum}."
        twisted[text] = run_epoch(replace(lesson, lr=lr, momentum=momentum))
    if lesson.loss == "lopsided_loss":
        twisted["The loss got its arguments in the wrong order: loss_fn(outputs, labels)."] = run_epoch(lesson, swapped=True)
        for other in ("mse_loss", "l1_loss", "mean_cross_entropy"):
            twisted[f"The given loss function was not used; this is {other}."] = run_epoch(replace(lesson, loss=other))
    twisted = {text: epoch for text, epoch in twisted.items() if not right.is_like(epoch)}  # such as a mode, without layers that have one
    pairs = [(text, (wrong, right.weights)) for text, wrong in sums.items()]
    pairs += [(text, (epoch.mean, epoch.weights)) for text, epoch in twisted.items()]
    pairs += [(text, (epoch.losses.mean(), epoch.weights)) for text, epoch in twisted.items()]
    return [(text, (np.float64(loss), weights)) for text, (loss, weights) in pairs]


@quietly
def accuracy_mistakes(model: nn.Module, batches: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> Pairs:
    """Typical mistakes in `evaluate`."""
    with torch.no_grad():
        scores = [model.eval()(inputs) for inputs, _ in batches]
        in_training = [model.train()(inputs) for inputs, _ in batches]
    labels = [labels for _, labels in batches]
    right = [int((s.argmax(1) == y).sum()) for s, y in zip(scores, labels, strict=True)]
    sizes = [len(y) for y in labels]
    lowest = sum(int((s.argmin(1) == y).sum()) for s, y in zip(scores, labels, strict=True))
    trained = sum(int((s.argmax(1) == y).sum()) for s, y in zip(in_training, labels, strict=True))
    means = [r / n for r, n in zip(right, sizes, strict=True)]
    total, share = sum(sizes), sum(right) / sum(sizes)
    return [
        ("The model was in training mode: `model.eval()` before the first batch.", trained / total),
        ("The mean of the batches' accuracies counts small batches as much as large ones; each sample counts the same.", np.mean(means)),
        ("This is in percent; a number from 0 to 1 was asked for.", 100 * share),
        ("This is the number of right answers; divide by the number of samples.", sum(right)),
        ("This is the share of wrong answers; the accuracy is the share of right ones.", 1 - share),
        ("Right answers were divided by the number of batches.", sum(right) / len(sizes)),
        ("Accuracies of the batches were added, not averaged.", sum(means)),
        ("This is the accuracy of the last batch only.", means[-1]),
        ("This is the accuracy of the first batch only.", means[0]),
        ("Only the right answers of the last batch were counted.", right[-1] / total),
        ("Only the right answers of the first batch were counted.", right[0] / total),
        ("The smallest score was taken for the answer; take the largest.", lowest / total),
        ("The number of right answers was divided as if all batches were as large as the first.", sum(right) / (sizes[0] * len(sizes))),
        ("The number was cut to a whole one.", 0.0),
        ("This is the answer of the visible example: use the function's arguments.", 0.5),
        (
            "This is in percent, and the mean of the batches' accuracies; each sample counts the same.",
            100 * np.mean(means),
        ),
        ("The last batch was left out.", sum(right[:-1]) / max(1, sum(sizes[:-1]))),
    ]


def network_mistakes(weights: dict[str, torch.Tensor], x: torch.Tensor) -> Pairs:
    """Typical mistakes in `DigitNet`: what other networks with the same parameters answer."""
    functional = nn.functional

    def answer(activation: Callable = functional.relu, pool: Callable = functional.max_pool2d, last: Callable = lambda z: z) -> np.ndarray:
        y = x
        for name in ("conv1", "conv2"):
            y = pool(activation(functional.conv2d(y, weights[f"{name}.weight"], weights[f"{name}.bias"])), 2)
        return last(functional.linear(y.flatten(1), weights["fc.weight"], weights["fc.bias"])).numpy()

    def first_only(y: torch.Tensor) -> torch.Tensor:
        return y.relu() if y.shape[1] == 10 else y

    def second_only(y: torch.Tensor) -> torch.Tensor:
        return y.relu() if y.shape[1] == 20 else y

    return [
        ("The network ends with log-softmax; return the scores before it.", answer(last=lambda z: z.log_softmax(1))),
        ("The network ends with softmax; return the scores before it.", answer(last=lambda z: z.softmax(1))),
        ("The network ends with softmax over the pictures of the batch; return the scores before it.", answer(last=lambda z: z.softmax(0))),
        ("An activation (ReLU) stands after the last layer; return plain scores.", answer(last=functional.relu)),
        ("A sigmoid stands after the last layer; return plain scores.", answer(last=torch.sigmoid)),
        ("There is no activation: ReLU after each convolution.", answer(activation=lambda y: y)),
        ("ReLU is missing after the second convolution.", answer(activation=first_only)),
        ("ReLU is missing after the first convolution.", answer(activation=second_only)),
        ("The pooling takes means; max pooling was asked for.", answer(pool=functional.avg_pool2d)),
        ("The activation is a sigmoid; ReLU was asked for.", answer(activation=torch.sigmoid)),
        ("The activation is tanh; ReLU was asked for.", answer(activation=torch.tanh)),
        ("The activation is leaky; plain ReLU was asked for.", answer(activation=functional.leaky_relu)),
        ("The answers are classes; return the scores.", answer().argmax(1)),
    ]
