"""Every number of the chapter on transfer learning that can be had by hand or in an independent way."""

import ast
import copy
import re
from math import log, sqrt
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from book_pages import cells_of
from PIL import Image
from torch import nn
from torchvision.transforms import v2

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = ROOT / "data" / "squeezenet1_1_imagenet_fp16.pth"

# SqueezeNet 1.1 as its paper and torchvision describe it: input channels, squeezed, expanded (twice).
FIRES = {
    3: (64, 16, 64),
    4: (128, 16, 64),
    6: (128, 32, 128),
    7: (256, 32, 128),
    9: (256, 48, 192),
    10: (384, 48, 192),
    11: (384, 64, 256),
    12: (512, 64, 256),
}


def squeezenet():
    network = torchvision.models.squeezenet1_1(weights=None)
    stored = torch.load(WEIGHTS, weights_only=True)
    network.load_state_dict({name: tensor.float() for name, tensor in stored.items()})
    return network.eval()


def fire_weights(inputs, squeezed, expanded):
    return inputs * squeezed + squeezed * expanded + squeezed * expanded * 9


def fire_parameters(inputs, squeezed, expanded):
    return fire_weights(inputs, squeezed, expanded) + squeezed + 2 * expanded


# ---- counting


def test_body_and_head_of_squeezenet_by_hand():
    body = (3 * 9 * 64 + 64) + sum(fire_parameters(*fire) for fire in FIRES.values())
    head = 512 * 1000 + 1000
    assert (body, head, body + head) == (722_496, 513_000, 1_235_496)
    stored = torch.load(WEIGHTS, weights_only=True)
    assert sum(tensor.numel() for tensor in stored.values()) == body + head
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16}
    assert 2.4e6 < WEIGHTS.stat().st_size < 2.6e6


def test_new_head_has_4104_parameters():
    assert 8 * (512 + 1) == 4_104


def test_share_of_the_body_that_learns():
    assert round(100 * (fire_parameters(*FIRES[11]) + fire_parameters(*FIRES[12])) / 722_496) == 53
    assert round(100 * (fire_parameters(*FIRES[9]) + fire_parameters(*FIRES[10])) / 722_496) == 30


@pytest.mark.parametrize(("side", "expected"), [(64, "17.0"), (128, "80.1"), (224, "262.6")])
def test_multiply_accumulates_of_the_body_by_hand(side, expected):
    def shrink(n):  # kernel 3, stride 2, no padding; the poolings round up
        return -(-(n - 3) // 2) + 1

    n = (side - 3) // 2 + 1
    total = n * n * 3 * 9 * 64
    for layer, fire in FIRES.items():
        if layer in (3, 6, 9):
            n = shrink(n)
        total += n * n * fire_weights(*fire)
    assert f"{total / 1e6:.1f}" == expected
    if side == 64:
        assert total == 16_976_576
        assert round(total / (512 * 8)) == 4_145


def test_resnet18_with_a_head_for_two_classes():
    with torch.device("meta"):
        resnet = torchvision.models.resnet18(weights=None)
    total = sum(p.numel() for p in resnet.parameters()) - 513_000 + (512 * 2 + 2)
    assert total == 11_177_538
    assert f"{1026 / total:.3%}" == "0.009%"


def test_buffers_of_resnet18_by_hand():
    channels = 64 + 4 * 64 + (4 * 128 + 128) + (4 * 256 + 256) + (4 * 512 + 512)
    layers = 1 + 4 + 5 + 5 + 5
    assert (layers, 2 * channels + layers) == (20, 9_620)  # mean and variance, and one counter a layer


def test_a_picture_of_64_pixels_has_12288_numbers():
    assert 64 * 64 * 3 == 12_288
    assert 12_288 / 384 == 32  # layer 10: a thirtieth


# ---- receptive fields


@pytest.mark.parametrize(("layer", "field", "jump", "start"), [(4, 23, 4, -8), (7, 63, 8, -24), (12, 207, 16, -88)])
def test_fields_of_the_cut_outs_by_poisoning_with_nan(layer, field, jump, start):
    body = squeezenet().features[: layer + 1]
    unit = -(start // jump) + 1
    first, last = start + unit * jump, start + unit * jump + field - 1

    def spoiled(columns):
        strip = torch.zeros(1, 3, 64, last + 60)
        strip[..., columns] = torch.nan
        with torch.no_grad():
            return bool(body(strip)[0, :, 0, unit].isnan().any())

    outside = [column for column in range(last + 60) if not first <= column <= last]
    assert not spoiled(outside)
    assert spoiled([first])
    assert spoiled([last])


def test_fields_of_all_steps_by_hand():
    assert 1 + 2 == 3
    assert 3 + 2 * 2 == 7
    assert [7 + 2 * 4, 15 + 2 * 4] == [15, 23]
    assert 23 + 2 * 4 == 31
    assert [31 + 2 * 8, 47 + 2 * 8] == [47, 63]
    assert 63 + 2 * 8 == 79
    assert [79 + 2 * 16 * n for n in (1, 2, 3, 4)] == [111, 143, 175, 207]


# ---- the data, and what the network says


def test_emoji_of_the_chapter():
    emoji = np.load(ROOT / "data" / "emoji64.npz")
    assert np.bincount(emoji["labels"]).tolist() == [125, 102, 106, 162, 58, 188, 167, 199]
    assert 125 + 102 + 106 + 162 + 58 + 188 + 167 + 199 == 1107
    assert f"{199 / 1107:.0%}" == "18%"


def test_answers_for_the_cat_and_four_emoji_with_the_transforms_of_torchvision():
    prepare = v2.Compose([v2.ToImage(), v2.Resize((224, 224), antialias=True), v2.ToDtype(torch.float32, scale=True),
                          v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])  # fmt: skip
    categories = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.meta["categories"]
    emoji, network = np.load(ROOT / "data" / "emoji64.npz"), squeezenet()
    cat = np.asarray(Image.open(ROOT / "data" / "chelsea.png"))[8:232, 8:232]
    shown = {"cat": cat} | {
        name: emoji["images"][emoji["names"].tolist().index(name)] for name in ("strawberry", "hourglass done", "tiger", "lion")
    }
    answers = {}
    for name, picture in shown.items():
        with torch.no_grad():
            answers[name] = categories[network(prepare(np.ascontiguousarray(picture))[None]).argmax()]
    assert answers == {
        "cat": "Egyptian cat",
        "strawberry": "strawberry",
        "hourglass done": "hourglass",
        "tiger": "hair slide",
        "lion": "stopwatch",
    }


def test_grey_and_coloured_filters_of_the_first_layer():
    weights = torch.load(WEIGHTS, weights_only=True)["features.0.weight"].double().numpy()
    # Split into brightness and the rest: projections onto (1, 1, 1)/√3, place by place.
    along = np.einsum("kcij,c->kij", weights, np.ones(3) / sqrt(3))
    share = (along**2).sum(axis=(1, 2)) / (weights**2).sum(axis=(1, 2, 3))
    assert (np.sum(share < 0.1), np.sum(share > 0.8)) == (14, 31)
    direction = np.random.default_rng(0).normal(size=(100_000, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    assert np.mean((direction @ np.ones(3) / sqrt(3)) ** 2) == pytest.approx(1 / 3, abs=0.01)


# ---- freezing


def test_mean_and_linear_layer_may_be_exchanged_and_with_relu_they_may_not():
    places = [1.0, -3.0]  # one map, two places; weight 2, bias 1
    head_then_mean = ((2 * 1 + 1) + (2 * -3 + 1)) / 2
    assert head_then_mean == 2 * sum(places) / 2 + 1 == -1
    assert (max(2 * 1 + 1, 0) + max(2 * -3 + 1, 0)) / 2 == 1.5


def test_gradient_of_zero_is_no_freezing_by_hand():
    torch.manual_seed(0)
    layer, data = nn.Linear(4, 2), torch.randn(8, 4, dtype=torch.float32)
    start = layer.weight.detach().clone()
    for _ in range(5):  # weight decay alone: w ← w − 0.1 · 0.01 w
        start_next = start * (1 - 0.1 * 0.01)
        start = start_next
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1, weight_decay=0.01)
    for _ in range(5):
        layer(data).sum().backward()
        layer.weight.grad.zero_()
        optimizer.step()
    torch.testing.assert_close(layer.weight.detach(), start)
    # momentum alone: after the last real step v, five more steps of 0.9 v, 0.81 v, …
    assert sum(0.9**k for k in range(1, 6)) == pytest.approx(0.9 * (1 - 0.9**5) / 0.1)


def test_standardisation_folds_into_the_head():
    rng = np.random.default_rng(0)
    f, mu, sigma = rng.normal(size=5), rng.normal(size=5), rng.uniform(1, 2, size=5)
    w, b = rng.normal(size=(3, 5)), rng.normal(size=3)
    folded = w / sigma
    assert np.allclose(w @ ((f - mu) / sigma) + b, folded @ f + (b - folded @ mu))


def test_a_head_of_zeros_starts_at_log_8_and_passes_nothing_down():
    features = torch.randn(6, 4, requires_grad=True)
    weight = torch.zeros(8, 4, requires_grad=True)
    loss = F.cross_entropy(features @ weight.T, torch.arange(6))
    loss.backward()
    assert loss.item() == pytest.approx(log(8), abs=1e-6)
    assert f"{log(8):.3f}" == "2.079"
    assert features.grad.abs().max() == 0 < weight.grad.abs().max()


def test_standard_error_of_one_score():
    assert f"{sqrt(0.65 * 0.35 / 400):.1%}" == "2.4%"


# ---- rates, buffers, augmentation


def test_rates_of_the_stages():
    assert [f"{1e-3 / 3**k:.1e}" for k in range(6)] == ["1.0e-03", "3.3e-04", "1.1e-04", "3.7e-05", "1.2e-05", "4.1e-06"]


def test_running_mean_forgets_by_a_tenth_each_batch():
    assert 0.9**7 < 0.5 < 0.9**6
    assert 0.9**44 < 0.01 < 0.9**43
    norm = nn.BatchNorm1d(1)
    norm.running_mean.fill_(1.0)
    frozen = copy.deepcopy(norm).requires_grad_(False)
    for layer in (norm, frozen):
        for _ in range(7):
            layer(torch.tensor([[-1.0], [1.0]]))
        assert layer.running_mean.item() == pytest.approx(0.9**7)


def test_a_transform_of_v2_draws_once_for_a_whole_batch():
    torch.manual_seed(1)
    flip, batch = v2.RandomHorizontalFlip(), torch.arange(2).expand(8, 1, 1, 2)
    assert {int(flip(batch)[:, 0, 0, 0].sum()) for _ in range(50)} == {0, 8}


# ---- the lines for a computer with internet


def definitions_of_the_chapter():
    """Imports, functions and a few constants of the chapter's code cells, without its computations."""
    kept = []
    for cell in cells_of("transfer_learning").values():
        if cell.cell_type != "code":
            continue
        for node in ast.parse(cell.source).body:
            names = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
            wanted = isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom) or set(names) & {"MEAN", "STD", "behind"}
            if wanted and "figures" not in ast.unparse(node):
                kept.append(ast.unparse(node))
    return "\n".join(kept)


def test_the_lines_for_torchvision_and_cifar10_run_with_stand_ins(monkeypatch, capsys):
    text = "\n".join(cell.source for cell in cells_of("transfer_learning").values() if cell.cell_type == "markdown")
    (lines,) = re.findall(r"~~~python\n(def pretrained.*?)~~~", text, re.DOTALL)
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 10, size=1200).tolist()
    data = (rng.integers(0, 128, size=(1200, 32, 32, 3)) + 12 * np.array(targets)[:, None, None, None]).astype(np.uint8)
    cifar = SimpleNamespace(data=data, targets=targets, classes=[str(n) for n in range(10)])
    real = torchvision.models.squeezenet1_1
    monkeypatch.setattr(torchvision.datasets, "CIFAR10", lambda root, train, download: cifar)
    monkeypatch.setattr(
        torchvision.models, "squeezenet1_1", lambda weights: squeezenet() if weights == "DEFAULT" else real(weights=weights)
    )
    namespace = {"STEPS": {640: 5}}
    exec(definitions_of_the_chapter() + "\n" + lines, namespace)  # its own code, in its own order
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[:11]] == ["1", "3", "4", "6", "7", "9", "10", "11", "12", "12", "10"]
    assert len(printed) == 12
    assert all(0 <= int(line.split()[-1].rstrip("%")) <= 100 for line in printed)


def test_imagenet_has_no_deer_and_its_only_horse_is_the_sorrel():
    classes = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.meta["categories"]
    assert [name for name in classes if "deer" in name] == ["Scottish deerhound"]
    assert {"deer", "horse", "stag", "elk", "moose"}.isdisjoint(word for name in classes for word in name.lower().split(", "))
    assert [name for name in classes if "horse" in name] == ["horse cart"] and "sorrel" in classes
    assert sum(name.endswith("truck") for name in classes) >= 3


@pytest.mark.parametrize(("height", "width"), [(300, 512), (100, 90), (256, 256)])
def test_the_preset_resizes_the_shorter_side_and_cuts_the_middle_out(height, width):
    picture = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, height, width), dtype=np.uint8))
    factor = 256 / min(height, width)
    resized = v2.functional.resize(picture, [int(height * factor), int(width * factor)], antialias=True)
    top, left = round((resized.shape[1] - 224) / 2), round((resized.shape[2] - 224) / 2)
    cut = resized[:, top : top + 224, left : left + 224] / 255
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    expected = (cut - mean[:, None, None]) / std[:, None, None]
    preset = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.transforms()
    torch.testing.assert_close(preset(picture), expected, atol=0.02, rtol=0)  # a grey level of 255 is rounded


def test_the_chapters_own_preparation_keeps_the_border():
    namespace = {}
    exec(definitions_of_the_chapter(), namespace)
    picture = np.zeros((1, 300, 300, 3), np.uint8)
    picture[:, :4], picture[:, -4:] = 255, 255  # two bright rims that the preset cuts off
    ours = namespace["prepare"](picture, 224)[0]
    preset = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.transforms()(torch.from_numpy(picture[0]).permute(2, 0, 1))
    assert ours.shape == preset.shape == (3, 224, 224)
    assert ours[:, 0].min() > 1 and ours[:, -1].min() > 1 and preset.max() < -1


def test_dropout_doubles_what_it_keeps_and_evaluation_mode_passes_all():
    dropout, ones = nn.Dropout(0.5), torch.ones(10_000)
    assert dropout(ones).unique().tolist() == [0, 2]
    assert dropout(ones).mean() == pytest.approx(1, abs=0.05)
    assert torch.equal(dropout.eval()(ones), ones)
