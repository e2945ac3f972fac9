"""Numbers of the chapter `deep_networks` that must never change: by hand arithmetic, and measured from the models."""

import numpy as np
import pytest
from torchvision import models

from autograder.reference import deep_networks as reference


def test_first_weights_of_3_by_3_kernels_on_64_channels():
    assert 3 * 3 * 64 == 576
    assert reference.he_std(64, 3) == pytest.approx((2 / 576) ** 0.5)
    assert f"{reference.he_std(64, 3):.4f}" == "0.0589"


def test_pytorchs_start_has_a_sixth_of_the_variance():
    variance_between_plus_and_minus_one_over_root_n = (2 / np.sqrt(288)) ** 2 / 12  # of a uniform distribution: width² / 12
    assert variance_between_plus_and_minus_one_over_root_n / reference.he_std(32, 3) ** 2 == pytest.approx(1 / 6)


@pytest.mark.parametrize(("name", "parameters"), [("resnet18", 11_689_512), ("resnet50", 25_557_032)])
def test_residual_networks_of_torchvision(name, parameters):
    assert sum(p.numel() for p in getattr(models, name)(weights=None).parameters()) == parameters


def test_a_bottleneck_of_256_channels_has_a_seventeenth_of_the_weights_of_a_basic_block():
    basic, bottleneck = 2 * 9 * 256**2, 256 * 64 + 9 * 64**2 + 64 * 256
    assert (basic, bottleneck) == (1_179_648, 69_632)
    assert 16.9 < basic / bottleneck < 17


def test_three_batches_take_the_running_mean_a_quarter_of_the_way():
    x, mean, var = np.full((2, 1, 1, 1), 2.0), np.zeros(1), np.ones(1)
    for _ in range(3):
        _, mean, var = reference.batch_norm(x, np.ones(1), np.zeros(1), mean, var, training=True)
    assert mean[0] == pytest.approx(2 * (1 - 0.9**3)) == pytest.approx(0.542)
