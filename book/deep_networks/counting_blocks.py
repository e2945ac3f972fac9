# Draft of a page, in percent format: not in `_toc.yml` yet.
# %% [markdown]
# # A gallery of blocks, counted
#
# Since 2014 networks are built of blocks, and each family has its own. They differ in one question: *where do the expensive 3×3
# kernels sit, and how many channels do they see?* This page draws six of them and counts.
#
# **You will learn to** read a drawing of a block, and to count its parameters and multiply–accumulates in your head. **You need**
# the chapter on parameter efficiency.
#
# ## The basic block and the bottleneck
#
# A 3×3 convolution from $C$ to $C$ channels has $9C^2$ weights. With $C = 256$ that is more than half a million, twice per block.
# The **bottleneck** first squeezes the channels to a quarter with a 1×1 convolution, filters there, and widens them again:
#
# ```
#          basic, 256 channels             bottleneck, 256 channels
#   x ──┬──────────────┐            x ──┬───────────────────────────┐
#       3×3, 256 → 256 │                1×1, 256 → 64               │
#       3×3, 256 → 256 │                3×3,  64 → 64               │
#       +  ────────────┘                1×1,  64 → 256              │
#                                       +  ─────────────────────────┘
# ```

# %%
from torch import nn
from torchvision import models

from autograder.reference.parameter_efficiency import conv_parameters


def count(*layers):
    """Weights of convolutions without biases, each (in, out, kernel) or (in, out, kernel, groups)."""
    return sum(conv_parameters(*layer[:3], bias=False, groups=(*layer, 1)[3]) for layer in layers)


C = 256
blocks = {
    "basic": count((C, C, 3), (C, C, 3)),
    "bottleneck": count((C, C // 4, 1), (C // 4, C // 4, 3), (C // 4, C, 1)),
    "inverted bottleneck (MobileNet v2), from 64": count((64, C, 1), (C, C, 3, C), (C, 64, 1)),
    "ConvNeXt": count((C, C, 7, C), (C, 4 * C, 1), (4 * C, C, 1)),
    "squeeze and excitation, beside it": count((C, C // 16, 1), (C // 16, C, 1)),
}
for name, weights in blocks.items():
    print(f"{name:45} {weights:9,}")
assert blocks["basic"] == 2 * 9 * C * C
assert blocks["bottleneck"] == C * 64 + 9 * 64 * 64 + 64 * C

# %% [markdown]
# - **Inception** (2014) runs several kernels side by side, 1×1, 3×3, 5×5 and a pooling, each after a 1×1 convolution that squeezes
#   the channels, and lays the results behind one another: it needn't decide how large a kernel should be.
# - **The inverted bottleneck** (MobileNet v2, 2018) turns the bottleneck round: narrow on the outside, wide inside, where a
#   *depthwise* 3×3 convolution filters each channel for itself.
# - **Squeeze and excitation** (2017) asks each channel for its mean over the picture, sends these few numbers through two small
#   layers, and multiplies each channel by a number from 0 to 1: channels can switch each other off.
# - **ConvNeXt** (2022) is a convolutional network that copies the proportions of a transformer: a large depthwise kernel that mixes
#   places, then two 1×1 layers, four times as wide, that mix channels.
# - **A ViT block** (2020) mixes places by attention and channels by two linear layers, four times as wide: of its $12C^2$ weights
#   $4C^2$ are attention's and $8C^2$ the linear layers'.
#
# ## Whole networks, measured
#
# ```{self-check}
# id: ch-deep-networks-bottleneck
# question: |
#   A bottleneck from 1024 channels to 256 and back: how many weights do its three convolutions have, without biases?
# answer: 1024 * 256 + 9 * 256 * 256 + 256 * 1024
# unit: weights
# explanation: |
#   $1024 \cdot 256 + 9 \cdot 256^2 + 256 \cdot 1024$: about 1.1 million. Two 3×3 convolutions on 1024 channels would have 18.9
#   million.
# mistakes:
#   - value: 9 * 1024 * 256 + 9 * 256 * 256 + 9 * 256 * 1024
#     feedback: The first and the last convolution have kernels of one pixel, not nine.
#   - value: 1024 * 256 + 256 * 256 + 256 * 1024
#     feedback: The middle convolution has kernels of nine pixels.
# ```

# %%
for name in ("resnet18", "resnet50"):
    network = getattr(models, name)(weights=None)
    convolutions = sum(isinstance(layer, nn.Conv2d) for layer in network.modules())
    print(f"{name}: {sum(p.numel() for p in network.parameters()):,} parameters in {convolutions} convolutions and a linear layer")
