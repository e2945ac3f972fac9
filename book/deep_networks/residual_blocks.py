# Draft of a page, in percent format: not in `_toc.yml` yet.
# %% [markdown]
# # Blocks that begin by doing nothing
#
# With good first weights and batch normalisation, numbers neither vanish nor explode. So more layers should be better, or at
# least no worse: a deeper network could copy the shallow one and let its other layers pass everything on unchanged. In 2015 He
# and his colleagues measured the opposite. A plain network of 56 layers had a *higher error on its own training pictures* than
# one of 20 ({cite:t}`he2016`). That isn't overfitting, for which the training error would be low. The good weights exist; gradient
# descent doesn't find them.
#
# **You will learn to** say why a plain deep network is hard to train although its numbers are well behaved, build a residual block,
# and measure what the shortcut changes. **You need** the page on batch normalisation.
#
# ## Passing on is hard to learn
#
# Ask a layer of 3×3 kernels and ReLU to pass on its input. It needs a kernel with a single 1 in the middle for each channel, and
# zeros everywhere else: thousands of weights at one exact value, far from where random weights start. A *block with a shortcut*
#
# ```{math}
# :label: eq-deep-networks-residual
# y = \operatorname{ReLU}\bigl(x + F(x)\bigr)
# ```
#
# passes on its input when $F$ is 0. The layers of $F$, two convolutions with batch normalisation, need to learn only what is to be
# *added*: the residual. If the last $\gamma$ of the branch starts at 0, the whole network starts as if those blocks weren't there.
#
# On the way back the derivative of $x + F(x)$ is $1 + F'(x)$. Through thirty blocks that is a product of thirty such factors;
# multiplied out, one of its terms is the 1 of all of them: the gradient arrives at the first block undiminished, *beside* what
# comes through the branches. In a plain network there is only the product of all $F'$.

# %%
import numpy as np
import torch
from torch import nn

from autograder.reference import deep_networks


def stem_of(channels):
    return [nn.Conv2d(1, channels, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]


class PlainBlock(nn.Module):
    """A residual block whose shortcut was taken away."""

    def __init__(self, channels):
        super().__init__()
        self.block = deep_networks.ResidualBlock(channels, channels)

    def forward(self, x):
        block = self.block
        return block.bn2(block.conv2(block.bn1(block.conv1(x)).relu())).relu()


def network(blocks, residual, channels=16):
    """A network of so many blocks: 2 · blocks + 1 convolutional layers."""
    kind = (lambda: deep_networks.ResidualBlock(channels, channels)) if residual else (lambda: PlainBlock(channels))
    body = [kind() for _ in range(blocks)]
    return nn.Sequential(*stem_of(channels), *body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


# %% [markdown]
# ## The shortcut forwards: what is left of the input?
#
# Two pictures that differ in one pixel: how similar are their feature maps after so many layers? A layer that mixes everything up
# makes neighbours strangers. Predict: for which of the two networks is the first picture still recognised after forty layers?

# %%
generator = torch.Generator().manual_seed(0)
one = torch.rand(32, 1, 28, 28, generator=generator)
other = one + 0.1 * torch.rand(one.shape, generator=generator)
for residual in (False, True):
    torch.manual_seed(0)
    body = network(20, residual)[:-3]
    with torch.no_grad():
        a, b = (body(x).flatten(1) for x in (one, other))
    a, b = a - a.mean(dim=0), b - b.mean(dim=0)
    likeness = nn.functional.cosine_similarity(a, b).mean().item()
    print(f"{'with' if residual else 'without'} shortcuts, 41 layers: cosine between the maps of neighbours {likeness:.2f}")

# %% [markdown]
# ## The shortcut backwards: gradients by depth
#
# At the start, before any step: how large is the gradient of each block's first kernel, relative to the last block's?

# %%
for residual in (False, True):
    torch.manual_seed(0)
    net = network(10, residual)
    nn.functional.cross_entropy(net(one), torch.arange(32) % 10).backward()
    kernels = [p for p in net.parameters() if p.ndim == 4][1::2]
    norms = np.array([kernel.grad.norm().item() for kernel in kernels])
    print(f"{'with' if residual else 'without'} shortcuts:", (norms / norms[-1]).round(2))

# %% [markdown]
# ## Plain-20 against res-20
#
# Now train both: the same layers, the same start, the same batches, the same learning rate. The curve that counts is the one on
# the *training* pictures.

# %%
with np.load("../../source/deep_networks/fashion.npz") as file:
    images = torch.from_numpy(file["train_images"][:2000]).float().div(255).unsqueeze(1)
    labels = torch.from_numpy(file["train_labels"][:2000]).long()


def training_losses(net, epochs=4, lr=0.1):
    """Mean training loss of each epoch."""
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, epochs=epochs, steps_per_epoch=32)
    means = []
    for epoch in range(epochs):
        total = 0.0
        for batch in torch.randperm(2000, generator=torch.Generator().manual_seed(epoch)).split(64):
            loss = nn.functional.cross_entropy(net(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        means.append(total / 2000)
    return means


for residual in (False, True):
    torch.manual_seed(0)
    losses = training_losses(network(9, residual))
    print(f"{'res' if residual else 'plain'}-20: training loss of each epoch", np.round(losses, 3))

# %% [markdown]
# ```{self-check}
# id: ch-deep-networks-identity
# question: |
#   A residual block of 16 channels is to pass on its (positive) input unchanged. How many of its 4,608 weights in the two
#   convolutions have to be 0 for that, if the last γ and β are 0?
# answer: 0
# explanation: |
#   With γ = β = 0 the branch gives 0, whatever its convolutions hold. That is why this is a popular start.
# mistakes:
#   - value: 4608
#     feedback: That would do as well, but it isn't needed: γ = 0 multiplies whatever the convolutions give by 0.
# ```
#
# ## What one should not conclude
#
# Batch normalisation alone keeps the *size* of the gradients alive in a plain network, too. What is lost in it is not their size
# but their sense: gradients of neighbouring inputs have less and less to do with each other the deeper the network is
# ({cite:t}`balduzzi2017`). The sentence "shortcuts cure vanishing gradients" is a simplification that a measurement like the one
# above contradicts.
