"""The reference answers of `deep_networks`: by hand, by finite differences, against PyTorch's layers and its automatic derivatives."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from autograder.reference import deep_networks as reference
from autograder.reference.optimizers import numerical_gradient

seeds = st.integers(0, 2**32 - 1)


def normal(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def test_he_std_by_hand():
    assert reference.he_std(64, 3) == pytest.approx((2 / 576) ** 0.5) == pytest.approx(0.0589, abs=5e-5)
    assert reference.he_std(2, (1, 4)) == pytest.approx(0.5)


@pytest.mark.parametrize("kernel", [3, 5, (1, 7)])
def test_he_std_is_pytorchs_kaiming_normal(kernel):
    weight = torch.empty(400, 32, *np.broadcast_to(kernel, 2))
    torch.manual_seed(0)
    torch.nn.init.kaiming_normal_(weight, nonlinearity="relu")
    assert reference.he_std(32, kernel) == pytest.approx(weight.std().item(), rel=0.02)


def test_he_std_keeps_the_size_of_signals_through_twenty_layers():
    (x,) = normal(0, (200, 100))
    for weight in normal(1, *[(100, 100)] * 20):
        x = np.maximum(x @ weight * reference.he_std(100, 1), 0)
    assert 0.3 < (x**2).mean() < 3


def test_relu_backward_by_hand():
    assert reference.relu_backward([[-1, 0, 2]], [[5, 6, -7]]).tolist() == [[0, 0, -7]]


def test_conv2d_backward_by_hand():
    x, weight, grad = np.array([[[1, 2, 3]]]), np.array([[[[4, 5]]]]), np.array([[[10, 100]]])
    grad_x, grad_weight, grad_bias = reference.conv2d_backward(x, weight, grad)
    assert grad_x.tolist() == [[[4 * 10, 5 * 10 + 4 * 100, 5 * 100]]]
    assert grad_weight.tolist() == [[[[10 * 1 + 100 * 2, 10 * 2 + 100 * 3]]]]
    assert grad_bias.tolist() == [10 + 100]


def test_stride_leaves_holes():
    x, weight, grad = np.ones((1, 1, 5)), np.array([[[[4.0]]]]), np.array([[[1.0, 2.0]]])
    assert reference.conv2d_backward(x, weight, grad, stride=3)[0].tolist() == [[[4, 0, 0, 8, 0]]]


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 3), st.integers(0, 2), st.tuples(st.integers(1, 3), st.integers(1, 3)))
def test_conv2d_backward_is_what_autograd_gives(seed, stride, padding, kernel):
    x, weight, bias = normal(seed, (2, 6, 5), (3, 2, *kernel), 3)
    out = reference.conv2d(x, weight, bias, stride, padding)
    (grad,) = normal(seed + 1, out.shape)
    parts = tensors(x, weight, bias)
    theirs = functional.conv2d(*parts, stride=stride, padding=padding)
    assert out == pytest.approx(theirs.detach().numpy())
    theirs.backward(torch.tensor(grad))
    for mine, tensor in zip(reference.conv2d_backward(x, weight, grad, stride, padding), parts, strict=True):
        assert mine == pytest.approx(tensor.grad.numpy())


def test_conv2d_backward_is_what_finite_differences_give():
    x, weight, bias = normal(3, (2, 5, 4), (2, 2, 3, 2), 2)
    (grad,) = normal(4, reference.conv2d(x, weight, bias, 2, 1).shape)

    def loss(x, weight, bias):
        return float((reference.conv2d(x, weight, bias, 2, 1) * grad).sum())

    grad_x, grad_weight, grad_bias = reference.conv2d_backward(x, weight, grad, 2, 1)
    assert grad_x == pytest.approx(numerical_gradient(lambda v: loss(v, weight, bias), x), abs=1e-6)
    assert grad_weight == pytest.approx(numerical_gradient(lambda v: loss(x, v, bias), weight), abs=1e-6)
    assert grad_bias == pytest.approx(numerical_gradient(lambda v: loss(x, weight, v), bias), abs=1e-6)


def test_max_pool2d_backward_by_hand():
    x = np.array([[1, 5, 2, 0], [3, 4, 8, 8]])
    assert reference.max_pool2d_backward(x, [[10, 20]], 2).tolist() == [[0, 10, 0, 0], [0, 0, 20, 0]]
    assert reference.max_pool2d_backward(x, [[1, 10, 100]], 2, 1).tolist() == [[0, 1, 0, 0], [0, 0, 10 + 100, 0]]


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 3), st.integers(1, 4), st.booleans())
def test_max_pool2d_backward_is_what_autograd_gives_in_ties_too(seed, size, stride, ties):
    (x,) = normal(seed, (7, 8))
    x = np.round(x) if ties else x
    (tensor,) = tensors(x[None])
    out = functional.max_pool2d(tensor, size, stride)
    (grad,) = normal(seed + 1, out.shape)
    out.backward(torch.tensor(grad))
    assert reference.max_pool2d(x, size, stride) == pytest.approx(out.detach().numpy()[0])
    assert reference.max_pool2d_backward(x, grad[0], size, stride) == pytest.approx(tensor.grad.numpy()[0])


def test_batch_norm_by_hand():
    x = np.array([1.0, 3.0, 5.0, 7.0]).reshape(4, 1, 1, 1)  # mean 4, biased variance 5, unbiased 20/3
    y, mean, var = reference.batch_norm(x, [10.0], [1.0], [2.0], [1.0], True, eps=4.0)
    assert y.ravel() == pytest.approx([1 - 10, 1 - 10 / 3, 1 + 10 / 3, 1 + 10])
    assert mean == pytest.approx([0.9 * 2 + 0.1 * 4])
    assert var == pytest.approx([0.9 * 1 + 0.1 * 20 / 3])
    y, mean, var = reference.batch_norm(x, [10.0], [1.0], [2.0], [5.0], False, eps=4.0)
    assert (y.ravel().tolist(), mean, var) == (pytest.approx([1 + 10 * (v - 2) / 3 for v in (1, 3, 5, 7)]), [2], [5])


@settings(max_examples=30, deadline=None)
@given(seeds, st.booleans(), st.sampled_from([0.1, 0.3]), st.sampled_from([1e-5, 0.5]))
def test_batch_norm_is_pytorchs(seed, training, momentum, eps):
    x, gamma, beta, mean, var = normal(seed, (4, 3, 2, 5), 3, 3, 3, 3)
    var = var**2
    mine = reference.batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    running = torch.tensor(mean), torch.tensor(var)
    theirs = functional.batch_norm(torch.tensor(x), *running, torch.tensor(gamma), torch.tensor(beta), training, momentum, eps)
    for a, b in zip(mine, (theirs, *running), strict=True):
        assert a == pytest.approx(b.numpy())


@settings(max_examples=30, deadline=None)
@given(seeds, st.sampled_from([1e-5, 0.5]))
def test_batch_norm_backward_is_what_autograd_gives(seed, eps):
    x, gamma, beta, grad = normal(seed, (3, 2, 4, 2), 2, 2, (3, 2, 4, 2))
    parts = tensors(x, gamma, beta)
    functional.batch_norm(parts[0], None, None, *parts[1:], training=True, eps=eps).backward(torch.tensor(grad))
    for mine, tensor in zip(reference.batch_norm_backward(x, gamma, grad, eps), parts, strict=True):
        assert mine == pytest.approx(tensor.grad.numpy())


def test_batch_norm_backward_is_what_finite_differences_give():
    x, gamma, beta, grad = normal(5, (2, 2, 2, 3), 2, 2, (2, 2, 2, 3))

    def loss(x, gamma, beta):
        return float((reference.batch_norm(x, gamma, beta, gamma, gamma, True, eps=0.1)[0] * grad).sum())

    grads = reference.batch_norm_backward(x, gamma, grad, eps=0.1)
    assert grads[0] == pytest.approx(numerical_gradient(lambda v: loss(v, gamma, beta), x), abs=1e-6)
    assert grads[1] == pytest.approx(numerical_gradient(lambda v: loss(x, v, beta), gamma), abs=1e-6)
    assert grads[2] == pytest.approx(numerical_gradient(lambda v: loss(x, gamma, v), beta), abs=1e-6)


def test_dropout_keeps_the_mean_and_the_share():
    x = reference.dropout(np.full(20_000, 3.0), 0.25, np.random.default_rng(0), True)
    assert set(x.tolist()) == {0.0, 3 / 0.75}
    assert (x == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert x.mean() == pytest.approx(3, abs=0.05)


def test_dropout_in_eval_mode_gives_a_copy():
    x = np.arange(5.0)
    y = reference.dropout(x, 0.9, np.random.default_rng(0), False)
    assert y.tolist() == x.tolist()
    assert not np.shares_memory(x, y)


@pytest.mark.parametrize("p", [-0.1, 1.0, 2])
@pytest.mark.parametrize("training", [True, False])
def test_dropout_refuses_what_is_no_probability_below_one(p, training):
    with pytest.raises(ValueError, match="expected a probability from 0 to below 1"):
        reference.dropout(np.ones(3), p, np.random.default_rng(0), training)


@pytest.mark.parametrize(("channels", "stride", "shape"), [((3, 3), 1, (3, 7, 6)), ((3, 5), 1, (5, 7, 6)), ((3, 3), 2, (3, 4, 3))])
def test_residual_block_has_a_shortcut_exactly_where_the_shape_changes(channels, stride, shape):
    block = reference.ResidualBlock(*channels, stride)
    assert block(torch.rand(2, 3, 7, 6)).shape == (2, *shape)
    ones = [p for p in block.parameters() if p.shape[2:] == (1, 1)]
    assert len(ones) == (0 if shape == (3, 7, 6) else 1)


def test_residual_block_whose_last_gamma_is_zero_is_relu():
    block, x = reference.ResidualBlock(4, 4), torch.randn(2, 4, 5, 5)
    torch.nn.init.zeros_(block.bn2.weight)
    assert torch.equal(block(x), x.relu())


def test_residual_block_is_torchvisions_basic_block():
    from torchvision.models.resnet import BasicBlock

    torch.manual_seed(0)
    mine = reference.ResidualBlock(4, 6, stride=2)
    theirs = BasicBlock(4, 6, stride=2, downsample=mine.shortcut)
    for name in ("conv1", "bn1", "conv2", "bn2"):
        getattr(theirs, name).load_state_dict(getattr(mine, name).state_dict())
    x = torch.randn(3, 4, 7, 6)
    assert torch.allclose(mine(x), theirs(x), atol=1e-6)


def test_deep_net_is_as_deep_and_as_small_as_the_task_asks():
    net = reference.DeepNet(7)
    assert net.eval()(torch.rand(1, 1, 28, 28)).shape == (1, 7)
    kernels = [p for p in reference.DeepNet().parameters() if p.ndim == 4 and p.shape[2:] != (1, 1)]
    assert (len(kernels), sum(p.numel() for p in reference.DeepNet().parameters())) == (13, 174_970)
    assert len(kernels) >= reference.LEAST_LAYERS


def test_labels_are_of_the_pictures_that_students_get():
    assert reference.unlabelled_pictures().shape == (1000, 1, 28, 28)
    assert np.bincount(reference.fashion_labels()).tolist() == [107, 105, 111, 93, 115, 87, 97, 95, 95, 95]
