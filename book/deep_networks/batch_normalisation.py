# Draft of a page, in percent format: not in `_toc.yml` yet.
# %% [markdown]
# # Batch normalisation: sizes by decree
#
# Good first weights keep the numbers alive at the start. But training changes the weights, every step a little, and after some
# hundred steps nobody guarantees anything any more. Batch normalisation doesn't hope: it measures each channel in every batch and
# sets its mean to 0 and its variance to 1 ({cite:t}`ioffe2015`).
#
# **You will learn to** compute batch normalisation in both modes, derive its gradient, and find the bugs that come from having
# two modes. **You need** mean and variance, and the page on the way back through a convolution.
#
# ## The formula, for one channel
#
# Collect all numbers of a channel, over all pictures of the batch and all places: $m = N \cdot H \cdot W$ of them. With their mean
# $\mu$ and variance $v$
#
# ```{math}
# :label: eq-deep-networks-bn
# \hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma \hat x + \beta
# ```
#
# $\varepsilon$ keeps a channel that is constant from being divided by 0. $\gamma$ and $\beta$ are parameters like weights: if the
# network is better off with another mean and spread, it can learn them, and then they are *two numbers of their own* instead of
# the joint effect of thousands of weights below.
#
# ## Two modes
#
# In training, $\mu$ and $v$ come from the batch. That makes a picture's output depend on the other pictures that happen to be
# drawn with it: a noise that training can live with. For an answer it can't be so: the same picture has to get the same answer,
# also alone. So in training, running means of $\mu$ and $v$ are kept beside, and in eval mode *they* normalise:
#
# ```{math}
# :label: eq-deep-networks-running
# \mu_\text{run} \leftarrow (1 - \alpha)\, \mu_\text{run} + \alpha\, \mu, \qquad
# v_\text{run} \leftarrow (1 - \alpha)\, v_\text{run} + \alpha\, \frac{m}{m-1}\, v
# ```
#
# Three conventions of PyTorch to stumble over. `momentum` is $\alpha = 0.1$, the share of what is *new* (in Keras it is the share
# of what is old, 0.99). The variance that normalises is the biased one, divided by $m$; the one that is kept is unbiased, divided
# by $m - 1$. And $\varepsilon$ stands *below* the root.

# %%
import numpy as np
import torch
from torch import nn

from autograder.reference import deep_networks

x = np.array([1.0, 3, 5, 7]).reshape(4, 1, 1, 1)
one, zero = np.ones(1), np.zeros(1)
y, mean, var = deep_networks.batch_norm(x, one, zero, zero, one, training=True)
print("y", y.ravel().round(3), "running mean", mean, "running variance", var.round(3))

layer = nn.BatchNorm2d(1).double()
theirs = layer(torch.tensor(x)).detach().numpy()
print("PyTorch's y is the same:", np.allclose(y, theirs), "and its running variance:", layer.running_var.numpy().round(3))

# %% [markdown]
# ```{self-check}
# id: ch-deep-networks-running
# question: |
#   A channel's running mean is 0. Every batch has mean 2. What is the running mean after three batches, with `momentum=0.1`?
# answer: 2 * (1 - 0.9**3)
# explanation: |
#   What is missing to 2 shrinks by a tenth each time: $2 \cdot (1 - 0.9^3)$. Hence the slow start of the running statistics: after
#   ten batches a third of the way is still missing.
# mistakes:
#   - value: 2 * (1 - 0.1**3)
#     feedback: Here momentum was taken for the share of the old value; in PyTorch it is the share of the batch.
#   - value: 2 * 0.3
#     feedback: The second step starts from what the first one reached, so it is shorter.
# ```
#
# ```{visual} norm-explorer
# :name: norm
#
# Change one number of the batch in training mode: all four outputs move. Do the same in eval mode: one does. How many batches have
# to be seen before eval mode gives nearly what training gives? Then make the batch smaller, down to a single value.
# ```
#
# ## A batch of one
#
# With a single picture and a single place, $x - \mu = 0$ for every channel: whatever comes in, $\beta$ goes out. PyTorch refuses
# that with an error. With a single picture of many places it works, but the "batch" is the picture itself: its brightness and
# contrast are wiped out. Predict before you run: which of the two rows is the same for both pictures?

# %%
layer = nn.BatchNorm2d(1)
picture = torch.rand(1, 1, 4, 4, generator=torch.Generator().manual_seed(0))
for name, mode in (("training", True), ("eval", False)):
    layer.train(mode)
    plain, bright = (layer(p).flatten()[:3].detach().numpy().round(3) for p in (picture, 2 * picture + 1))
    print(f"{name:9} the picture {plain}  twice as bright, plus 1 {bright}")

# %% [markdown]
# ## The way back: three ways
#
# Move one $x$ a little. Its own $\hat x$ moves, directly. But the mean moves as well, and with it *every* $\hat x$ of the channel;
# and so does the variance. The gradient is the sum of three ways. Each has a short answer. Write $g$ for the gradients of the
# $\hat x$, and a bar for the mean over the channel:
#
# - **Directly**: $g / \sqrt{v+\varepsilon}$.
# - **Through the mean**: moving the mean shifts all $\hat x$ alike, so what comes back is $-\overline g$: a shift of all $x$
#   together can't change anything, and its gradient is taken out.
# - **Through the variance**: stretching all $\hat x$ alike can't change anything either, so the part of $g$ *along* $\hat x$ is
#   taken out: $-\hat x\, \overline{g \hat x}$.
#
# ```{math}
# :label: eq-deep-networks-bn-back
# \frac{\partial L}{\partial x} = \frac{1}{\sqrt{v + \varepsilon}}\left(g - \overline g - \hat x\, \overline{g \hat x}\right)
# ```
#
# So whatever comes back, the gradient that is handed on has the mean 0 in every channel, and no part along $\hat x$: the two
# things that normalisation has made meaningless get no gradient.

# %%
grad = np.random.default_rng(0).normal(size=(8, 2, 5, 5))
x = np.random.default_rng(1).normal(3, 2, size=grad.shape)
grad_x, grad_gamma, grad_beta = deep_networks.batch_norm_backward(x, np.array([2.0, 0.5]), grad)
sums = np.abs(grad_x.sum(axis=(0, 2, 3))).max(), np.abs((grad_x * x).sum(axis=(0, 2, 3))).max()
print(f"largest sum over a channel of grad_x {sums[0]:.0e}, of grad_x · x {sums[1]:.0e}")

# %% [markdown]
# ## What it buys
#
# The largest learning rate that a network stands tells how smooth its ground is. A plain network of twelve layers, with and
# without batch normalisation, forty steps on real pictures with ever larger learning rates: what is the loss afterwards?

# %%
with np.load("../../source/deep_networks/fashion.npz") as file:
    images = torch.from_numpy(file["train_images"][:512]).float().div(255).unsqueeze(1)
    labels = torch.from_numpy(file["train_labels"][:512]).long()


def plain(depth, normalised, width=16):
    """A plain stack of convolutions, with batch normalisation after each or without."""
    layers, channels = [], 1
    for number in range(depth):
        layers += [nn.Conv2d(channels, width, 3, stride=2 if number in (0, depth // 2) else 1, padding=1)]
        nn.init.kaiming_normal_(layers[-1].weight, nonlinearity="relu")
        layers += [nn.BatchNorm2d(width)] if normalised else []
        layers += [nn.ReLU()]
        channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))


def loss_after(model, lr, steps=40):
    """Mean cross-entropy of the last eight of so many steps of gradient descent with momentum."""
    optimizer, losses = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9), []
    for step in range(steps):
        batch = slice(64 * (step % 8), 64 * (step % 8) + 64)
        loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return float(np.mean(losses[-8:]))


for lr in (0.01, 0.03, 0.1, 0.3, 1.0):
    torch.manual_seed(0)
    with_norm = loss_after(plain(12, True), lr)
    torch.manual_seed(0)
    without = loss_after(plain(12, False), lr)
    print(f"learning rate {lr:4}: with {with_norm:5.2f}, without {without:5.2f}")

# %% [markdown]
# ## Where it goes wrong
#
# | what happens | what one sees | what to do |
# |---|---|---|
# | `model.eval()` is forgotten | answers depend on the batch, and on its size | `eval()` before answering, `train()` after it |
# | batches of one or two | statistics are noise: eval differs from training | larger batches, group normalisation |
# | batches sorted by class | good in training, bad in eval mode: the statistics gave the class away | shuffle |
# | few steps, small `momentum` | good in training, bad in eval mode: the running means aren't there yet | more steps |
# | frozen weights, but `train()` mode | a frozen network changes: its running statistics move | `eval()` for the frozen part |
# | test pictures scaled otherwise | training mode hides it, eval mode shows it | scale alike |
#
# **Layer and group normalisation** take their mean and variance over the channels of *one* picture (all of them, or groups), so
# that nothing depends on the batch, and both modes are the same. That is why transformers use layer normalisation: their batches
# hold sentences of different lengths.
