"""The reference answers of `transfer_learning`: by hand, by properties, against torchvision."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn

from autograder.reference import transfer_learning as reference

ROOT = Path(__file__).parents[3]
EMOJI = ROOT / "source" / "transfer_learning" / "emoji.npz"
HAND_MADE_MAPS = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 8.0]]]])  # one picture, two maps

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def emoji():
    with np.load(EMOJI) as file:
        return {name: file[name] for name in file}


def stored_pictures():
    shapes = st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.just(3))
    return arrays(np.uint8, shapes, elements=st.integers(0, 255))


class Maps(nn.Module):
    """A model whose `features` are given maps, whatever comes in."""

    def __init__(self, maps):
        super().__init__()
        self.maps, self.features = maps, self.given

    def given(self, images):
        return self.maps.expand(len(images), -1, -1, -1)


# ---- by hand


def test_white_and_black_pixels_by_hand():
    x = reference.prepare(np.array([[[[255, 255, 255], [0, 0, 0]]]], dtype=np.uint8))
    white = [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]
    black = [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225]
    np.testing.assert_allclose(x[0, :, 0], np.transpose([white, black]), rtol=1e-6)
    np.testing.assert_allclose(white, [2.249, 2.429, 2.640], atol=5e-4)  # as the task prints them
    assert x.shape == (1, 3, 1, 2) and x.dtype == torch.float32


def test_features_are_means_of_maps_by_hand():
    features = reference.extract_features(Maps(HAND_MADE_MAPS), torch.zeros(2, 3, 4, 4))
    np.testing.assert_array_equal(features, [[(1 + 2 + 3 + 6) / 4, 8 / 4]] * 2)


def test_a_flipped_picture_has_its_columns_in_reverse_order():
    torch.manual_seed(0)
    x = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]).expand(60, 3, 2, 3)
    kinds = {tuple(picture[0].flatten().tolist()) for picture in reference.random_flip(x)}
    assert kinds == {(1, 2, 3, 4, 5, 6), (3, 2, 1, 6, 5, 4)}


def test_counts_of_the_text_hold():
    model = reference.pretrained()
    assert sum(p.numel() for p in model.parameters()) == 1_235_496
    reference.replace_head(model, 8)
    assert sum(p.numel() for p in model.classifier.parameters()) == 512 * 8 + 8 == 4_104
    assert sum(p.numel() for p in model.parameters()) == 726_600
    late, all_of_them = (sum(p.numel() for p in part.parameters()) for part in (model.features[8:], model.features))
    assert 0.7 < late / all_of_them < 0.85  # "three quarters of all weights"


# ---- properties


@given(stored_pictures())
def test_prepared_pictures_can_be_turned_back(images):
    x = reference.prepare(images)
    back = (x * torch.tensor(reference.DEVIATION).view(3, 1, 1) + torch.tensor(reference.MEAN).view(3, 1, 1)) * 255
    np.testing.assert_allclose(back.permute(0, 2, 3, 1), images, atol=1e-3)


@given(st.integers(1, 12), st.integers(0, 2**31))
def test_flipping_gives_the_picture_or_its_mirror_image(count, seed):
    torch.manual_seed(seed)
    x = torch.arange(count * 3 * 2 * 3.0).reshape(count, 3, 2, 3)
    y = reference.random_flip(x)
    assert all(torch.equal(new, old) or torch.equal(new, old.flip(2)) for new, old in zip(y, x, strict=True))


@settings(deadline=None, max_examples=20)
@given(st.booleans(), st.booleans(), st.integers(1, 4))
def test_extraction_leaves_the_model_as_it_was(training, learns, count):
    model = reference.SmallNet().train(training).requires_grad_(learns)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    first, second = (reference.extract_features(model, torch.rand(count, 3, 8, 8)) for _ in range(2))
    assert first.shape == (count, 512) and not first.requires_grad and not second.requires_grad
    assert all(module.training == training for module in model.modules())
    assert all(p.requires_grad == learns for p in model.parameters())
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_freeze_stops_every_gradient_and_nothing_else():
    model = reference.SmallNet()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert reference.freeze(model) is model
    assert not any(p.requires_grad for p in model.parameters())
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("size", [(32, 32), (64, 96)])
def test_new_head_gives_as_many_scores_as_asked_for(count, size):
    model = reference.freeze(reference.pretrained())
    assert reference.replace_head(model, 5) is model
    assert model(torch.zeros(count, 3, *size)).shape == (count, 5)
    assert all(p.requires_grad for p in model.classifier.parameters())
    assert not any(p.requires_grad for p in model.features.parameters())


def test_a_head_learns_groups_and_scores_missing_classes():
    torch.manual_seed(0)
    centres, labels = 4 * torch.rand(3, 512), torch.randint(3, (150,))
    vectors = (centres[labels] + 4 * torch.randn(150, 512)).relu()
    head = reference.train_head(vectors[:100], 2 * labels[:100], 6)  # classes 1, 3 and 5 are missing
    scores = head(vectors[100:])
    assert scores.shape == (50, 6)
    assert (scores.argmax(dim=1) == 2 * labels[100:]).float().mean() > 0.95


# ---- torchvision as an oracle


def test_torchvision_prepares_pictures_alike(emoji):
    pictures = emoji["train_images"][:3]
    oracle = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.transforms(crop_size=64, resize_size=64)
    expected = oracle(torch.from_numpy(pictures).permute(0, 3, 1, 2))
    np.testing.assert_allclose(reference.prepare(pictures), expected, atol=1e-5)


def test_mean_of_maps_is_global_average_pooling(emoji):
    model, x = reference.pretrained().eval(), reference.prepare(emoji["train_images"][:3])
    with torch.no_grad():
        expected = nn.functional.adaptive_avg_pool2d(model.features(x), 1).flatten(1)
    np.testing.assert_allclose(reference.extract_features(model, x), expected, rtol=1e-5, atol=1e-5)


# ---- the data


def test_weights_beside_the_assignment_are_those_of_the_book():
    assert (EMOJI.parent / reference.WEIGHTS.name).read_bytes() == reference.WEIGHTS.read_bytes()


def test_labels_belong_to_the_unlabelled_pictures(emoji):
    assert reference.emoji_labels().shape == emoji["test_images"].shape[:1] == (400,)
    assert set(reference.emoji_labels()) == set(emoji["train_labels"]) == set(range(reference.CLASSES))
    assert np.bincount(reference.emoji_labels()).max() / 400 == pytest.approx(0.1825)  # "gets 0.18"


def test_unlabelled_pictures_are_in_no_file_with_labels(emoji):
    with np.load(ROOT / "data" / "emoji64.npz") as file:
        labelled = {picture.tobytes() for picture in (*file["images"], *emoji["train_images"])}
    assert sum(picture.tobytes() in labelled for picture in emoji["test_images"]) <= 4  # four emoji look like another to the last pixel


def test_enlarged_pictures_and_a_trained_head_reach_the_full_mark(emoji):
    torch.manual_seed(0)
    model = reference.pretrained()
    known, unknown = (
        reference.extract_features(model, reference.enlarge(reference.prepare(emoji[name]), 128))
        for name in ("train_images", "test_images")
    )
    head = reference.train_head(known, torch.from_numpy(emoji["train_labels"]).long(), reference.CLASSES)
    share = (reference.classify(head, unknown) == reference.emoji_labels()).mean()
    assert 0.65 < share < 0.72  # the full mark is 0.60
