# Draft of a page, in percent format: not in `_toc.yml` yet.
# %% [markdown]
# # The way back through a convolution
#
# `loss.backward()` is one line. Behind it stands, for each kind of layer, somebody who asked of every number that went into it:
# *if you were a little larger, what would become of the loss?* On this page you are that somebody, for ReLU, for max pooling
# and for the convolution, and you check yourself each time in two ways: with small steps, and against PyTorch.
#
# **You will learn to** derive the gradient of any layer whose outputs are sums of products, and to explain why the gradient of a
# shared weight is a sum over places. **You need** the chain rule, and `numerical_gradient` of the chapter on optimizers.
#
# ## The question, asked of each number
#
# Write $L$ for the loss. On the way back a layer is handed $\partial L/\partial y$ for each of its outputs $y$: by how much the
# loss rises if that output rises. It has to hand on the same for each of its inputs. The chain rule says how: **look for all
# outputs in which the input stands, take the factor by which it is multiplied there, and add up factor times gradient**:
#
# ```{math}
# :label: eq-deep-networks-chain
# \frac{\partial L}{\partial x} = \sum_{y} \frac{\partial L}{\partial y}\, \frac{\partial y}{\partial x}
# ```
#
# ## Two switches: ReLU and max pooling
#
# A positive number passes ReLU unchanged: factor 1. A negative one doesn't matter: factor 0. So the gradient of the input is the
# gradient of the output where the input was positive, and 0 elsewhere. The *input* decides, not the gradient: a negative
# gradient passes as well as a positive one.
#
# Max pooling is a switch with more positions: in each window the largest number has the factor 1, the others 0. The gradient is
# *routed* to it. A number that was the largest of two windows that overlap gets both gradients, added up.

# %%
import numpy as np
import torch

from autograder.reference import deep_networks
from autograder.reference.optimizers import numerical_gradient

x = np.array([[1.0, 5, 2], [3, 4, 8]])
grad = np.array([[10.0, 100.0]])
print(deep_networks.max_pool2d_backward(x, grad, size=2, stride=1))
small_steps = numerical_gradient(lambda x: (deep_networks.max_pool2d(x, 2, 1) * grad).sum(), x)
assert np.allclose(small_steps, [[0, 10, 0], [0, 0, 100]])

# %% [markdown]
# ```{self-check}
# id: ch-deep-networks-route
# question: |
#   A row 1, 7, 3 is max-pooled with windows of two and stride 1. The gradients of the two outputs are 2 and 5. What is the
#   gradient of the 7?
# answer: deep_networks.max_pool2d_backward(np.array([[1, 7, 3], [0, 0, 0]]), np.array([[2, 5]]), 2, 1)[0, 1]
# explanation: |
#   The 7 is the largest of both windows, so it gets back $2 + 5$.
# mistakes:
#   - value: 5
#     feedback: The 7 is the largest of the first window, too.
#   - value: 3.5
#     feedback: Gradients that arrive from several outputs are added, not averaged.
# ```
#
# ## One kernel that slides over a row
#
# The row $x = (x_0, x_1, x_2)$ and the kernel $(w_0, w_1)$ give two outputs:
#
# ```{math}
# y_0 = w_0 x_0 + w_1 x_1 + b, \qquad y_1 = w_0 x_1 + w_1 x_2 + b
# ```
#
# Everything can be read off these two lines. Let $g_0$ and $g_1$ be the gradients of the outputs.
#
# - **The bias** stands in both, with the factor 1: $g_0 + g_1$.
# - **The weight** $w_0$ stands in both, multiplied with $x_0$ in the first and with $x_1$ in the second: $g_0 x_0 + g_1 x_1$.
#   That is the price, and the gift, of sharing: a weight that is used at every place hears from every place.
# - **The input** $x_1$ stands in both, too, but meets *different* weights: $g_0 w_1 + g_1 w_0$. Read from left to right, the
#   gradients go $g_0, g_1$ and the weights $w_1, w_0$: **the kernel is turned round.** At the border, $x_0$ stands in one output
#   only.
#
# Written for the whole row, the gradient of the input is the correlation of the gradients, padded with zeros at both ends, with
# the turned kernel: a *full* correlation.

# %%
g, w = np.array([10.0, 100.0]), np.array([4.0, 5.0])
print(np.correlate(np.pad(g, 1), w[::-1], mode="valid"))
assert np.allclose(np.correlate(np.pad(g, 1), w[::-1], mode="valid"), [4 * 10, 5 * 10 + 4 * 100, 5 * 100])

# %% [markdown]
# ```{visual} backward-stepper
# :name: back
#
# The same in two dimensions. Three outputs have a gradient: 1, 10 and 100, so that one can read off every sum where it came from.
# Press *Next* and watch the gradient of the input: predict each time which entries change, and by how much. Then set the stride to
# 3: which inputs does no window reach, and what is their gradient?
# ```
#
# ## Channels, filters, stride, padding
#
# In a real layer, filter $o$ sums over all input channels $c$. Nothing new happens: $w_{oc}$ connects channel $c$ with map $o$
# and with nothing else, so its gradient takes map $o$'s gradient and channel $c$; and channel $c$ stands in *every* map, so its
# gradient is a sum over the filters.
#
# ```{math}
# :label: eq-deep-networks-conv-back
# \frac{\partial L}{\partial w_{ockl}} = \sum_{i,j} g_{oij}\; x_{c,\;iS+k,\;jS+l}, \qquad
# \frac{\partial L}{\partial x_{cmn}} = \sum_{o} \sum_{\substack{i,k:\; iS+k=m\\ j,l:\; jS+l=n}} g_{oij}\; w_{ockl}
# ```
#
# **A stride** $S$ leaves out windows. On the way back they are missing as well: it is as if the output's gradients were set apart
# with $S-1$ zeros between them. Inputs that no window reached get 0. **Padding** belongs to the input on the way forward; on the
# way back its gradients are computed with the others and then cut off, for nobody can use them.

# %%
x, weight, grad = np.ones((1, 1, 5)), np.array([[[[4.0]]]]), np.array([[[1.0, 2.0]]])
print(deep_networks.conv2d_backward(x, weight, grad, stride=3)[0])  # holes where no window starts

generator = np.random.default_rng(0)
x, weight, bias = generator.normal(size=(2, 6, 5)), generator.normal(size=(3, 2, 3, 3)), generator.normal(size=3)
parts = [torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
out = torch.nn.functional.conv2d(*parts, stride=2, padding=1)
grad = generator.normal(size=out.shape)
out.backward(torch.tensor(grad))
mine = deep_networks.conv2d_backward(x, weight, grad, stride=2, padding=1)
for name, one, part in zip(("input", "weight", "bias"), mine, parts, strict=True):
    print(f"{name:6} largest difference from autograd {np.abs(one - part.grad.numpy()).max():.0e}")

# %% [markdown]
# ```{self-check}
# id: ch-deep-networks-shared
# question: |
#   A layer with one 3×3 kernel gives a map of 26×26. How many products are added up in the gradient of one weight?
# answer: 26 * 26
# unit: products
# explanation: |
#   The weight is used once at each place of the output, so each place sends one product: $26 \cdot 26$.
# mistakes:
#   - value: 9
#     feedback: Those are the weights of the kernel. Each of them is used at every place of the output.
#   - value: 28 * 28
#     feedback: The input has so many pixels; the weight is used once for each *output*.
# ```
#
# ## im2col: why libraries unfold the picture
#
# Copy each window into a column of a matrix. Then the whole layer is *one* product of matrices, filters times columns,
# which libraries know how to do fast. The price is memory: each pixel is copied as often as windows cover
# it. And backwards? The gradient of the filters is the output's gradient times the columns, transposed; the gradient of the
# columns is the filters, transposed, times the output's gradient; and adding each entry up where it was copied from gives the
# gradient of the picture. Two products of matrices and one folding back.

# %%
height, width = weight.shape[2:]
windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(1, 2))  # (C_in, H_out, W_out, kH, kW)
columns = windows.transpose(0, 3, 4, 1, 2).reshape(weight[0].size, -1)
filters = weight.reshape(len(weight), -1)
print("columns", columns.shape, "from a picture of", x.shape)
assert np.allclose((filters @ columns).reshape(3, 4, 3) + bias[:, None, None], deep_networks.conv2d(x, weight, bias))
