"""What typical mistakes in the assignment `transfer_learning` lead to: a sentence for the student, and the wrong value.

An answer is compared with these only after it was found wrong, so a mistake that happens to give the right answer is
never blamed.
"""

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from autograder.reference import transfer_learning as reference

MEAN, DEVIATION = np.array(reference.MEAN), np.array(reference.DEVIATION)


def prepare_mistakes(images: np.ndarray) -> dict[str, np.ndarray]:
    """Wrong ways to prepare pictures (N, H, W, 3)."""
    x = images / 255
    right = (x - MEAN) / DEVIATION
    own = x.mean(axis=(0, 1, 2)), x.std(axis=(0, 1, 2))
    return {
        "The values were not divided by 255 first.": channels_first((images - MEAN) / DEVIATION),
        "Mean and standard deviation are for values in 0…1, but they were applied to 0…255 and divided by 255 afterwards.": channels_first(
            (images - MEAN) / DEVIATION / 255
        ),
        "The values were divided by 256; the largest, 255, becomes 1.": channels_first((images / 256 - MEAN) / DEVIATION),
        "The values are in 0…1, but mean and standard deviation are not applied.": channels_first(x),
        "These are the pixels as they were, with the axes in another order: scale and normalise them.": channels_first(
            images.astype(float)
        ),
        "The mean is subtracted, but the division by the standard deviation is missing.": channels_first(x - MEAN),
        "The values are divided by the standard deviation, but the mean is not subtracted.": channels_first(x / DEVIATION),
        "Mean and standard deviation are exchanged.": channels_first((x - DEVIATION) / MEAN),
        "The values were divided by the standard deviation before the mean was subtracted.": channels_first(x / DEVIATION - MEAN),
        "The mean was added; subtract it.": channels_first((x + MEAN) / DEVIATION),
        "The values were multiplied by the standard deviation; divide by it.": channels_first((x - MEAN) * DEVIATION),
        "Every channel got mean 0.5 and deviation 0.5; ImageNet's differ from channel to channel.": channels_first((x - 0.5) / 0.5),
        "Every channel got red's mean and standard deviation.": channels_first((x - MEAN[0]) / DEVIATION[0]),
        "The values were divided by the largest in the pictures; divide by 255, the largest there can be.": channels_first(
            (images / max(1, images.max()) - MEAN) / DEVIATION
        ),
        "The values were stretched to the pictures' own range, from the smallest to the largest; divide by 255.": channels_first(
            ((images - float(images.min())) / max(1.0, float(np.ptp(images))) - MEAN) / DEVIATION
        ),
        "The pictures' own mean and standard deviation were used; take ImageNet's.": channels_first(
            (x - own[0]) / np.maximum(own[1], 1e-9)
        ),
        "The channels come in the order blue, green, red.": channels_first(right[..., ::-1]),
        "The channels were turned round to blue, green, red, then normalised with the numbers of red, green, blue.": channels_first(
            (x[..., ::-1] - MEAN) / DEVIATION
        ),
        "Means and standard deviations are in the order blue, green, red.": channels_first((x - MEAN[::-1]) / DEVIATION[::-1]),
        "`reshape` mixes up pixels and channels: move the axis with `permute` or `transpose`.": right.reshape(channels_first(right).shape),
        "Rows and columns are exchanged.": right.transpose(0, 3, 2, 1),
        "The channels are still the last axis.": right,
        "The channels come before the pictures.": right.transpose(3, 0, 1, 2),
    }


def channels_first(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


def feature_mistakes(model: nn.Module, images: Tensor) -> dict[str, np.ndarray]:
    """Wrong ways to make numbers of feature maps; `model` is in eval mode."""
    features = cast(nn.Sequential, model.features)
    mean, deviation = torch.tensor(reference.MEAN).view(3, 1, 1), torch.tensor(reference.DEVIATION).view(3, 1, 1)
    with torch.no_grad():
        maps = features(images)
        twice = features((images - mean) / deviation)
        scaled = features(images / 255)
        scores = model(images)
    wrong = {
        "The maps are flattened; take the mean of each.": maps.flatten(1),
        "These are the maps themselves; take the mean of each.": maps,
        "This is the maximum of each map, not its mean.": maps.amax(dim=(2, 3)),
        "This is the sum of each map, not its mean.": maps.sum(dim=(2, 3)),
        "This is the minimum of each map, not its mean.": maps.amin(dim=(2, 3)),
        "This is the median of each map, not its mean.": maps.flatten(2).median(dim=2).values,
        "This is one pixel of each map: the first.": maps[:, :, 0, 0],
        "This is one pixel of each map: the middle.": maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2],
        "The mean runs over one of the two spatial axes only.": maps.mean(dim=3),
        "The mean runs over one of the two spatial axes only: columns are left.": maps.mean(dim=2),
        "The mean runs over the maps; take it over the places of each map.": maps.mean(dim=1),
        "The mean runs over maps and rows; take it over rows and columns.": maps.mean(dim=(1, 2)),
        "The two spatial axes are still there, with length 1: drop them.": maps.mean(dim=(2, 3), keepdim=True),
        "These are the classifier's scores; take the mean of the maps that go into it.": scores,
        "The pictures were normalised again; they come prepared.": twice.mean(dim=(2, 3)),
        "The pictures were divided by 255; they come prepared.": scaled.mean(dim=(2, 3)),
        (
            "The axis of a single picture is gone: drop the two spatial axes only."
            if len(maps) == 1
            else "The mean over all pictures was taken, too."
        ): maps.mean(dim=(0, 2, 3)),
        "Maps and pictures are exchanged: the result is transposed.": maps.mean(dim=(2, 3)).T,
        "Each row was divided by its length; return the means as they are.": nn.functional.normalize(maps.mean(dim=(2, 3))),
    }
    return {text: value.numpy() for text, value in wrong.items()}


def flip_mistakes(picture: np.ndarray) -> dict[str, np.ndarray]:
    """What may become of one picture (3, H, W) instead of its mirror image."""
    wrong = {
        "It is upside down: reverse the columns, not the rows.": picture[:, ::-1],
        "It is turned by 180°: reverse the columns only.": picture[:, ::-1, ::-1],
        "Its colour channels are in reverse order; reverse the columns.": picture[::-1],
        "Channels and columns are both reversed; reverse the columns only.": picture[::-1, :, ::-1],
        **{f"Its columns are moved by {n}: reverse their order.": np.roll(picture, n, 2) for n in range(1, picture.shape[2])},
        **{f"Its rows are moved by {n}; reverse the columns.": np.roll(picture, n, 1) for n in range(1, picture.shape[1])},
        "All its numbers are in reverse order; reverse the columns only.": picture[::-1, ::-1, ::-1],
    }
    if picture.shape[1] == picture.shape[2]:
        wrong["Its rows and columns are exchanged."] = picture.transpose(0, 2, 1)
    return wrong
