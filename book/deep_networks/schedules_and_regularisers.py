# Draft of a page, in percent format: not in `_toc.yml` yet.
# %% [markdown]
# # Warm-up, cosine, and what keeps a network honest
#
# A deep network that *can* be trained still has to be trained well. This page is about four small things that nearly every recipe
# of the last years contains: a learning rate that rises and falls, dropout, softened labels, mixed pictures. Each gets one measured
# row; none is a matter of faith.
#
# **You will learn to** write a schedule as a function of the step, rescale dropout, and say what label smoothing and mixup change in
# the loss. **You need** the pages on batch normalisation and on residual blocks.
#
# ## A rate for every step
#
# At the start weights are random and gradients point anywhere; running statistics of batch normalisation and means of Adam are
# empty. Long steps do harm then. At the end the network is close to where it wants to be, and long steps only jump to and fro.
# So: rise linearly for $W$ steps (**warm-up**), then fall along half a **cosine** until step $T$:
#
# ```{math}
# :label: eq-deep-networks-cosine
# \alpha_t = \alpha_\text{max} \cdot
# \begin{cases} t / W & t < W \\ \tfrac12\left(1 + \cos \pi \frac{t - W}{T - W}\right) & t \ge W \end{cases}
# ```

# %%
import math

import numpy as np
import torch
from torch import nn

from autograder.reference import deep_networks


def rate(step, steps, warm_up, highest):
    """Learning rate of a step: a rise over `warm_up` steps, then half a cosine down to 0."""
    if step < warm_up:
        return highest * step / warm_up
    return highest * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


print([round(rate(step, 100, 10, 0.1), 4) for step in (0, 5, 10, 55, 99)])
assert math.isclose(rate(55, 100, 10, 0.1), 0.05)

# %% [markdown]
# ```{self-check}
# id: ch-deep-networks-cosine
# question: |
#   100 steps, the first 20 of them warm-up, highest rate 0.4. What is the rate at step 40?
# answer: 0.4 * 0.5 * (1 + np.cos(np.pi * 20 / 80))
# tolerance: 0.001
# explanation: |
#   A quarter of the way down: $0.4 \cdot \frac12 (1 + \cos\frac{\pi}{4})$. A cosine falls slowly at first.
# mistakes:
#   - value: 0.4 * 0.75
#     feedback: That would be a straight line; a cosine stays high for longer.
#   - value: 0.4 * 0.5 * (1 + np.cos(np.pi * 40 / 100))
#     feedback: The cosine begins where the warm-up ends, at step 20.
# ```
#
# ## Dropout, and why it is rescaled
#
# Drop each activation with probability $p$ while training, and no unit can rely on a particular other one being there. The sum that
# the next layer computes becomes smaller by the factor $1 - p$ on average, and in eval mode it would be too large. Dividing what is
# kept by $1 - p$, *in training*, sets the mean right at once; then nothing is left to do in eval mode. (In the first papers it was
# the other way round: weights were multiplied by $1-p$ for answering.)

# %%
x = np.ones(100_000)
for p in (0.1, 0.5, 0.9):
    y = deep_networks.dropout(x, p, np.random.default_rng(0), training=True)
    print(f"p = {p}: mean {y.mean():.3f}, variance {y.var():.2f} (p / (1 - p) = {p / (1 - p):.2f})")

# %% [markdown]
# The mean stays, the *variance* doesn't: it grows by $p/(1-p)$ of the squared activation. Before a batch normalisation that is
# poison: its running variance is gathered with that noise, and too large for eval mode.
#
# ## Softened labels and mixed pictures
#
# Cross-entropy with a label of 1 is never satisfied: it wants the logit of the right class to be infinitely larger than the others.
# **Label smoothing** gives the right class $1 - \epsilon + \epsilon / C$ and each other $\epsilon / C$. Now there is a best answer:
# the right logit is larger than the others by a finite number,
#
# ```{math}
# \ln \frac{1 - \epsilon + \epsilon / C}{\epsilon / C}
# ```
#
# **Mixup** trains on pictures that don't exist: $\lambda$ of one and $1 - \lambda$ of another, with a label that is mixed in the
# same way. Between two classes the network learns to be in two minds, in a straight line from one to the other.

# %%
epsilon, classes = 0.1, 10
print(f"the finite difference of the logits: {math.log((1 - epsilon + epsilon / classes) / (epsilon / classes)):.2f}")

with np.load("../../source/deep_networks/fashion.npz") as file:
    images = torch.from_numpy(file["train_images"]).float().div(255).unsqueeze(1)
    labels = torch.from_numpy(file["train_labels"]).long()
train, held_out = slice(0, 2000), slice(3000, 4000)


def trained(mixup=0.0, smoothing=0.0, warm_up=20, epochs=4, highest=0.1, seed=0):
    """A small residual network, trained on 2,000 pictures with these settings."""
    torch.manual_seed(seed)
    block = deep_networks.ResidualBlock
    net = nn.Sequential(block(1, 16, 2), block(16, 16), block(16, 32, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
    optimizer, steps = torch.optim.SGD(net.parameters(), lr=highest, momentum=0.9, weight_decay=5e-4), epochs * 32
    beta, step = torch.distributions.Beta(mixup, mixup) if mixup else None, 0
    for _ in range(epochs):
        for batch in torch.randperm(2000).split(64):
            optimizer.param_groups[0]["lr"] = rate(step, steps, warm_up, highest)
            x, y = images[batch], nn.functional.one_hot(labels[batch], 10).float()
            if beta is not None:
                share, other = beta.sample(), torch.randperm(len(batch))
                x, y = share * x + (1 - share) * x[other], share * y + (1 - share) * y[other]
            loss = nn.functional.cross_entropy(net(x), y, label_smoothing=smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
    return net.eval()


@torch.no_grad()
def judged(net):
    """Accuracy and mean cross-entropy on pictures that were held out, and the mean of the largest probability."""
    logits = net(images[held_out])
    right = (logits.argmax(dim=1) == labels[held_out]).float().mean().item()
    sure = logits.softmax(dim=1).amax(dim=1).mean().item()
    return right, nn.functional.cross_entropy(logits, labels[held_out]).item(), sure


for name, settings in {
    "as it is": {},
    "without warm-up": {"warm_up": 0},
    "label smoothing 0.1": {"smoothing": 0.1},
    "mixup 0.2": {"mixup": 0.2},
}.items():
    right, loss, sure = judged(trained(**settings))
    print(f"{name:20} right {right:.3f}, loss {loss:.3f}, how sure it is {sure:.3f}")

# %% [markdown]
# Read such a table with care: it is one run of each, and the next seed changes the last digit or two. What to look at is the last
# column: *how sure* the network is, compared with how often it is right. What that is worth is the subject of calibration, in the
# chapter on looking inside.
