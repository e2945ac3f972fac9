# Draft of a page, in percent format: not in `_toc.yml` yet.
# %% [markdown]
# # How numbers travel through twenty layers
#
# Take a picture, send it through twenty convolutions with ReLU, and look at the numbers that come out at the end. Before any
# training, the only thing that decides about them is how large the random first weights were. This page follows the numbers
# layer by layer, forwards and backwards, and finds the one size of weights that keeps both alive.
#
# **You will learn to** say what a layer does to the size of the numbers that pass it, derive the first weights of Glorot and of
# He, and measure which of them a network needs. **You need** variance and the chapter on convolutional networks.
#
# ## One sum of many products
#
# Think of one output of a convolution as a vote. Each of its inputs is multiplied by a weight, some for, some against, and all
# products are added up. With many voters the result scatters more widely: not in proportion to their number $n$, but to
# $\sqrt n$, for votes for and against partly cancel. To get an output that is as large as an input, each vote has to count
# $1/\sqrt n$.
#
# The number of voters is the **fan-in**, $n = C_\text{in} k_H k_W$. If the weights have mean 0 and variance $\sigma^2$, and are
# independent of the inputs,
#
# ```{math}
# :label: eq-deep-networks-sum
# \overline{y^2} = n \, \sigma^2 \, \overline{x^2}
# ```
#
# where the bar is the mean over many draws. So with $\sigma^2 = 1/n$ the mean square stays as it was.
#
# Then comes ReLU. The outputs are as often negative as positive, so ReLU sets half of them to 0, and the mean square is halved.
# That is where the 2 comes from ({cite:t}`he2015`):
#
# ```{math}
# :label: eq-deep-networks-he
# \sigma^2 = \frac{2}{n}
# ```
#
# {cite:t}`glorot2010` had another activation in mind, one that is nearly linear around 0, and wanted the way back to keep its
# size too. Backwards, one input's gradient is a sum over the *fan-out*, $C_\text{out} k_H k_W$ products; a compromise between
# $1/\text{fan-in}$ and $1/\text{fan-out}$ is $\sigma^2 = 2 / (\text{fan-in} + \text{fan-out})$.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn

from autograder.reference import deep_networks

LAYERS, CHANNELS = 20, 32


def sizes(std, layers=LAYERS, activation=torch.relu):
    """Root mean square of the activations after each layer, and of the gradients that arrive there: two lists."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(4, CHANNELS, 16, 16, generator=generator, requires_grad=True)
    kept = []
    for _ in range(layers):
        weight = std * torch.randn(CHANNELS, CHANNELS, 3, 3, generator=generator)
        x = activation(nn.functional.conv2d(x, weight, padding=1))
        x.retain_grad()
        kept.append(x)
    x.backward(torch.randn(x.shape, generator=generator))
    return [[tensor.square().mean().sqrt().item() for tensor in tensors] for tensors in (kept, [k.grad for k in kept])]


# %% [markdown]
# ## A picture of it
#
# Three starts: weights half as large as He's, He's, and twice as large. Predict before you look: after twenty layers, by which
# factor do the first and the last of them differ? (Each layer multiplies by the same factor as the one before.)

# %%
he = deep_networks.he_std(CHANNELS, 3)
figure, axes = plt.subplots(1, 2, figsize=(8, 3), sharex=True)
for factor in (0.5, 1, 2):
    forwards, backwards = sizes(factor * he)
    axes[0].semilogy(range(1, LAYERS + 1), forwards, label=f"{factor} · He")
    axes[1].semilogy(range(1, LAYERS + 1), backwards, label=f"{factor} · He")
    print(f"{factor} · He: after {LAYERS} layers {forwards[-1]:.2g}, back at the first {backwards[0]:.2g}")
axes[0].set(xlabel="layer", ylabel="root mean square", title="activations")
axes[1].set(xlabel="layer", title="gradients")
axes[0].legend()

# %% [markdown]
# Half the weights, half the output, twenty times over: $2^{-20}$, a millionth. Twice the weights: a million times as much. No
# learning rate suits both the first layer and the last one then. With He's weights neither signal nor gradient changes much.
# (Border pixels meet zeros of the padding, so that both shrink a little with every layer.)
#
# ```{self-check}
# id: ch-deep-networks-half
# question: |
#   Weights 10 % smaller than He's, 30 layers: by which factor is the last layer's root mean square smaller?
# answer: 0.9**30
# unit: times
# explanation: |
#   Each layer multiplies by 0.9: $0.9^{30}$. A tenth too little in every layer leaves a twenty-fourth.
# mistakes:
#   - value: 0.9
#     feedback: That is what one layer does; there are thirty of them.
#   - value: 1 - 30 * 0.1
#     feedback: The losses multiply, they don't add up.
# ```
#
# ## Which activation, which factor
#
# The 2 belongs to ReLU, which throws half of the mean square away. tanh is nearly the identity for small numbers and throws
# nothing away: its start is $1/\text{fan-in}$, and so is that of a layer without activation. Predict for each of the six rows
# below, before you look: do the activations stay as large as they were, shrink or grow, and what about the gradients? (With tanh
# activations can't grow beyond 1. Can gradients?)

# %%
for name, activation in (("ReLU", torch.relu), ("tanh", torch.tanh), ("none", lambda x: x)):
    for gain in (1, 2):
        forwards, backwards = sizes((gain / (CHANNELS * 9)) ** 0.5, activation=activation)
        print(f"{name:5} with {gain}/fan-in: activations {forwards[-1]:8.2g}, gradients at the first layer {backwards[0]:8.2g}")

# %% [markdown]
# ## What the network of your assignment does at the start
#
# PyTorch's own layers start otherwise: `nn.Conv2d` draws uniformly between $\pm 1/\sqrt{n}$, a variance of $1/(3n)$: for layers
# with ReLU that is a sixth of what {eq}`eq-deep-networks-he` asks for. A plain stack of them is nearly silent after twenty
# layers. That nobody notices in a network with batch normalisation is the subject of a later page.

# %%
layer = nn.Conv2d(CHANNELS, CHANNELS, 3)
print(f"PyTorch's start: {layer.weight.std().item():.4f}, He's: {he:.4f}, ratio squared {(layer.weight.std().item() / he) ** 2:.2f}")
