"""Every number of the slides that the chapter on the training pipeline works out, and every number its prose relies on.

Expected values come from hand arithmetic, closed forms, or an independent way. What the cells print is compared with what
they compute by test_chapters; here `printed` reads it, where a sentence of the chapter rests on it.
"""

import re
from fractions import Fraction
from math import comb, e, log, log2, sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from book_pages import cells_of
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor
from torch import nn

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def cells():
    return cells_of("training_pipeline")


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def numbers(text):
    return [float(n.replace(",", "").replace("−", "-")) for n in re.findall(r"[-−+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?", text)]


def lines(cell):
    """What a cell prints: first word or words of a line → its numbers."""
    return {m[1].strip(): numbers(m[2]) for m in re.finditer(r"^(.*?[^\W\d].*?)(?:\s\s+|:\s)(.*\d.*)$", printed(cell), re.MULTILINE)}


# ---- missing values, outliers, columns


def test_slides_table_is_filled_with_the_median(cells):
    assert (2 + 4) / 2 == 3 == (1 + 2 + 4 + 5) / 4  # column A: median and mean agree
    assert (1 + 7 + 7 + 7) / 4 == 5.5
    assert np.median([1, 7, 7, 7]) == 7
    assert numbers(printed(cells["missing-table"])) == [3.0, 5.5, 3.0, 7.0]


def test_hardly_a_row_of_ten_columns_is_complete():
    assert round(0.7**10, 2) == 0.03
    assert load_diabetes(return_X_y=True)[0].shape == (442, 10)


def test_indicator_helps_where_gaps_mean_something_and_nowhere_else(cells):
    random, silent = printed(cells["missing-informative"]).split("the rich keep silent:")
    share = {name: int(value) for name, value in re.findall(r"(\w[\w, ]*?) +(\d+) ±", silent)}
    assert share["median, indicator"] >= share["median"] + 10
    assert len({value for _, value in re.findall(r"(\w[\w, ]*?) +(\d+) ±", random)}) == 1


def test_no_z_score_exceeds_the_root_of_n_minus_one(cells):
    heights = [172, 181, 165, 178, 169, 1.83, 175, 160, 188, 171]
    mean = sum(heights) / 10
    sd = sqrt(sum((h - mean) ** 2 for h in heights) / 10)
    assert 2.9 < (mean - 1.83) / sd < 3
    assert f"largest |z|: {(mean - 1.83) / sd:.2f}" in printed(cells["outliers-z"])
    assert sqrt(10 - 1) == 3 < sqrt(11 - 1)
    median = (171 + 172) / 2
    distances = sorted(abs(h - median) for h in heights)
    assert round((median - 1.83) / ((distances[4] + distances[5]) / 2)) == 26


def test_robust_treatment_repairs_what_outliers_cost(cells):
    clean, spoilt, robust, hidden = (int(m) for m in re.findall(r"(\d+) ±", printed(cells["outliers-contest"])))
    assert spoilt <= clean - 8
    assert min(robust, hidden) >= clean - 4


def test_linear_model_on_two_coins_gets_at_most_three_of_four_cases():
    cases = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    differ = [0, 1, 1, 0]
    grid = np.linspace(-2, 2, 17)
    best = max(np.mean((cases @ [a, b] + c > 0) == differ) for a in grid for b in grid for c in grid)
    assert best == 0.75
    product = cases[:, 0] * cases[:, 1]
    assert np.array_equal(cases @ [1, 1] - 2 * product, differ)  # with the product it is linear


def test_proline_holds_nearly_all_variance_of_the_wines(cells):
    wines, names = load_wine(return_X_y=True)[0], load_wine().feature_names
    variances = wines.var(axis=0)
    assert names[variances.argmax()] == "proline"
    assert variances.max() / variances.sum() == pytest.approx(0.998, abs=0.001)
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(wines.T))[::-1]
    assert sum(eigenvalues[:3]) / 13 == pytest.approx(2 / 3, abs=0.01)
    assert "[0.362 0.192 0.111]" in printed(cells["sol-pca-scale"])
    assert (eigenvalues[:3] / 13).round(3).tolist() == [0.362, 0.192, 0.111]


# ---- rare classes, splits, leaks


def test_four_numbers_of_a_test_for_an_illness(cells):
    tp, fn, fp, tn = 8, 2, 99, 891
    assert tp + fn + fp + tn == 1000
    expected = [(tp + tn) / 1000, (tp / 10 + tn / 990) / 2, 2 * tp / (2 * tp + fp + fn), tp / 10, tp / (tp + fp)]
    assert numbers(printed(cells["sol-confusion"]).replace("F1", ""))[:5] == [round(v, 3) for v in expected]
    assert round(Fraction(fp, tp + fp) * 14) == 13


def test_remedies_for_rare_classes_give_up_accuracy_for_balance(cells):
    table = {
        m[1].strip(): numbers(m[2])
        for m in re.finditer(r"^([a-z][a-z ]+?(?: 3 %)?) {2,}([\d. ]+)$", printed(cells["imbalance-table"]), re.M)
    }
    assert table["always no"][:2] == [0.97, 0.5]
    assert table["plain"][3] < 0.1
    for name in ("threshold 3 %", "weights", "oversampling", "undersampling"):
        assert table[name][0] < table["plain"][0]
        assert table[name][1] > 0.8
    assert round(1 - 60 / 1000, 2) == 0.94


def test_best_of_many_coin_flippers_by_the_binomial_distribution(cells):
    below = np.cumsum([comb(100, k) / 2**100 for k in range(101)])
    for tries, shown in zip((1, 10, 100, 1000), re.findall(r"(\d+)%", printed(cells["winners-curse"])), strict=True):
        mean = sum(1 - below[k] ** tries for k in range(100))  # of the largest of so many
        assert abs(mean - int(shown)) < 0.7


def test_standard_errors():
    assert sqrt(0.9 * 0.1 / 100) == pytest.approx(0.03)
    assert sqrt(0.9 * 0.1 / 900) == pytest.approx(0.01)
    variance = 0.93 * 0.07 + 0.945 * 0.055
    assert sqrt(variance / 400) > 0.015
    assert round(4 * variance / 0.015**2) == 2081


def test_leaks_inflate_as_the_prose_says(cells):
    gaps = [float(m) for m in re.findall(r"leak +\+(\d+\.\d)", printed(cells["leak-scaling"]))]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 2 > 0.3 > gaps[-1]
    for cell, least in (("leak-selection", 35), ("leak-duplicates", 10), ("sol-oversample", 15), ("sol-target-encoding", 15)):
        leaky, honest = (int(m) for m in re.findall(r"(\d+) ±", printed(cells[cell])))
        assert leaky - honest >= least, cell
    assert load_breast_cancer(return_X_y=True)[0].shape == (569, 30)


def test_random_split_of_the_series_flatters_and_misleads(cells):
    random, temporal = ([float(v) for v in re.findall(r"(\d+\.\d+) ±", line)] for line in printed(cells["leak-time"]).splitlines())
    assert random[0] < random[1] and temporal[0] > temporal[1]  # another model wins
    assert round(temporal[0] / random[0]) == 8
    before, with_future = (int(m) for m in re.findall(r"error (\d+)", printed(cells["leak-future"])))
    assert with_future < 0.6 * before


def test_four_emoji_are_superfluous():
    with np.load(ROOT / "data" / "emoji64.npz") as file:
        pictures = file["images"].reshape(1107, -1)
    assert 1107 - len({p.tobytes() for p in pictures}) == 4


# ---- normalisation


def test_condition_number_of_two_standardised_columns(cells):
    pair = load_wine(return_X_y=True)[0][:, [0, 12]]
    assert (pair.mean(axis=0).round().tolist(), pair.std(axis=0).round(1).tolist()) == ([13, 747], [0.8, 314.0])
    r = np.corrcoef(pair.T)[0, 1]
    shown = [int(m) for m in re.findall(r"condition number +(\d+)", printed(cells["condition"]))]
    centred = pair - pair.mean(axis=0)
    assert shown == [round(np.linalg.cond(x) ** 2) for x in (pair, centred, centred / pair.std(axis=0))]
    assert shown[2] == round((1 + r) / (1 - r)) < shown[0] < shown[1]


def test_torchvision_feeds_resnet_with_means_and_deviations():
    preset = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()
    assert (len(preset.mean), len(preset.std)) == (3, 3)


def test_centring_changes_the_shape_and_scaling_only_the_size(cells):
    share = re.findall(r"(\d+)%", printed(cells["recipes-curvature"]))
    assert share[0] == share[1] == "92"
    assert max(int(s) for s in share[2:]) < 40
    steepest = [float(m) for m in re.findall(r"steepest +([\d.]+)", printed(cells["recipes-curvature"]))]
    assert steepest[0] / steepest[1] == pytest.approx(255**2, rel=1e-4)


# ---- softmax and cross-entropy


def test_cross_entropy_of_the_slides_in_bits_and_nats(cells):
    shown = printed(cells["cross-entropy-slides"])
    for p, bits, nats in ((0.66, 0.599, 0.416), (0.10, 3.322, 2.303)):
        assert (round(-log2(p), 3), round(-log(p), 3)) == (bits, nats)
        assert f"{bits} with log₂, {nats} with the natural log" in shown
    assert round(-log2(0.66), 1) == 0.6 and round(-log2(0.10), 2) == 3.32  # as the slides round them
    logits = torch.log(torch.tensor([[0.66, 0.24, 0.10], [0.10, 0.66, 0.24]], dtype=torch.float64)) + 5
    assert F.cross_entropy(logits, torch.tensor([0, 0])).item() == pytest.approx((0.4155 + 2.3026) / 2, abs=1e-4)


def test_gradient_is_predicted_minus_true():
    p, h = np.array([0.66, 0.24, 0.10]), 1e-6

    def loss(z):
        return np.log(np.exp(z).sum()) - z[0]

    slopes = [(loss(np.log(p) + h * axis) - loss(np.log(p) - h * axis)) / (2 * h) for axis in np.eye(3)]
    assert slopes == pytest.approx([0.66 - 1, 0.24, 0.10], abs=1e-6)


def test_confident_mistake_costs_more_than_guessing():
    assert 40 / 10 > log(10) > log(2)


def test_log_softmax_twice_is_log_softmax_once_and_softmax_first_has_a_floor(cells):
    z = torch.randn(20, 10, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    once = F.log_softmax(z, dim=1)
    assert torch.allclose(F.log_softmax(once, dim=1), once, atol=1e-14)
    assert not torch.allclose(F.softmax(F.softmax(z, dim=1), dim=1), F.softmax(z, dim=1), atol=0.01)
    floor = -log(e / (e + 9))
    assert round(floor, 3) == 1.461
    assert f"all certain and right: loss {floor:.3f}" in printed(cells["slips-values"])
    first, second, third = (m.split()[0] for m in printed(cells["slips-values"]).split("loss ")[1:4])
    assert first == second != third


def test_swapped_arguments_are_refused_for_numbers_and_swallowed_for_one_hot(cells):
    guesses, truth = torch.randn(5, 10), torch.tensor([3, 1, 4, 1, 5])
    with pytest.raises((RuntimeError, ValueError), match=r"."):
        F.cross_entropy(truth, guesses)
    z, hot = guesses.double(), F.one_hot(truth, 10).double()
    # -Σ z log softmax(one-hot): 1 − ln(e + 9) at the right class, −ln(e + 9) elsewhere
    by_hand = (z.sum(dim=1) * log(e + 9) - z[range(5), truth]).mean().item()
    assert F.cross_entropy(hot, z).item() == pytest.approx(by_hand)
    rows = printed(cells["slips-contest"]).splitlines()
    assert rows[0].split()[1:] == rows[1].split()[2:]  # log-softmax twice changes nothing
    assert "-" in rows[3].split("swapped")[1]


# ---- batches and the loop


def test_network_of_the_slides_has_8490_parameters():
    network = nn.Sequential(
        nn.Conv2d(1, 10, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(320, 10)
    )
    assert sum(p.numel() for p in network.parameters()) == 260 + 5020 + 3210 == 8490
    assert network(torch.zeros(1, 1, 28, 28)).shape == (1, 10)
    assert 20 * 4 * 4 == 320 != 32 * 7 * 7 == 1568


def test_variance_of_a_mean_drawn_without_repetition():
    values = np.array([1.0, 2.0, 4.0, 9.0])
    from itertools import combinations

    means = [np.mean(c) for c in combinations(values, 2)]
    assert np.var(means) == pytest.approx(np.var(values) / 2 * (4 - 2) / (4 - 1))


def test_measured_noise_follows_the_law(cells):
    ratios = [float(m) for m in re.findall(r"predicted = (\d\.\d)", printed(cells["batch-noise"]))]
    assert len(ratios) == 5
    assert all(0.7 <= ratio <= 1.3 for ratio in ratios)


def test_updates_of_ten_epochs(cells):
    assert numbers(printed(cells["sol-updates"]))[:3] == [938, 9380, 32]
    assert 937 * 64 + 32 == 60_000
    assert (64 * 0.5 + 64 * 0.5 + 2 * 2.0) / 130 == pytest.approx(0.52, abs=0.005)


def test_network_of_the_slides_learns(cells):
    losses = [float(m) for m in re.findall(r"validation (\d\.\d+)", printed(cells["mnist-train"]))]
    assert losses[-1] < losses[0]
    assert int(re.search(r"test: (\d+)%", printed(cells["mnist-test"]))[1]) >= 95
    first = printed(cells["mnist-train"]).splitlines()[0]
    running, validation = float(re.search(r"running loss (\d\.\d+)", first)[1]), losses[0]
    assert running > validation


def test_flawed_loops_do_worse(cells):
    shown = dict(re.findall(r"^(\w[\w, ]*?) {2,}(\d+)%", printed(cells["loop-mistakes"]), re.M))
    right = int(shown["nothing wrong"])
    for mistake in ("no zero_grad", "no step", "sorted by class"):
        assert int(shown[mistake]) < right - 30
    assert 8 <= int(shown["dropout, eval called"]) - int(shown["dropout, eval forgotten"]) <= 16


def test_overfitting_and_what_helps(cells):
    assert 784 * 64 + 64 + 64 * 10 + 10 == 50_890
    assert 784 * 8 + 8 + 8 * 10 + 10 == 6_370
    table = {
        m[1]: [float(v) for v in m.groups()[1:]]
        for m in re.finditer(r"^(.+?) {2,}(\d\.\d+), (\d+)% +(\d\.\d+), (\d+)%", printed(cells["remedies-table"]), re.M)
    }
    nothing = table["nothing"]
    assert nothing[0] > nothing[2] + 0.1
    for name in ("weight decay", "dropout", "augmentation"):
        assert table[name][0] < nothing[0] and table[name][1] > nothing[1]
    without_data = [name for name in table if name != "5 × the data"]
    assert max(without_data, key=lambda name: table[name][1]) == "augmentation"
    assert min(table, key=lambda name: table[name][2]) == "5 × the data"
    assert table["5 × the data"][1] < table["5 × the data"][3] - 4
    assert table["8 hidden units"][1] <= nothing[1]


# ---- models, ladder, search, reward


def test_degree_three_predicts_best(cells):
    fresh = {int(d): float(v) for d, v in re.findall(r"degree (\d): .*, ([\d.]+) on new", printed(cells["polynomials"]))}
    assert min(fresh, key=fresh.get) == 3
    fitted = [float(v) for v in re.findall(r": ([\d.]+) on the points", printed(cells["polynomials"]))]
    assert fitted == sorted(fitted, reverse=True)


def test_simple_model_holds_its_own(cells):
    shown = dict(re.findall(r"^(\w[\w ]*?) {2,}(\d+) ±", printed(cells["simple-models"]), re.M))
    assert int(shown["logistic regression"]) >= max(int(shown["random forest"]), int(shown["gradient boosting"]))


def test_forest_considers_the_root_of_the_columns():
    assert int(sqrt(30)) == 5


def test_every_rung_finds_a_bug_that_the_earlier_ones_pass(cells):
    rows = {}
    for line in printed(cells["ladder-table"]).splitlines()[2:]:
        found = re.findall(r"ok|FOUND", line)
        rows[line[:22].strip()] = [word == "FOUND" for word in found]
    assert not any(rows.pop("none"))
    assert len(rows) == 7
    assert {found.index(True) for found in rows.values()} == {0, 1, 2, 3}
    assert all(found[3] for found in rows.values())


def test_first_losses(cells):
    shares = [0.91] + [0.01] * 9
    assert -sum(p * log(p) for p in shares) == pytest.approx(0.50, abs=0.005)
    assert numbers(printed(cells["sol-first-loss"]).replace("(1)", "").replace("(2)", "").replace("(3)", "")) == [6.91, 0.69, 2.30, 0.50]


def test_59_random_trials(cells):
    assert 0.95**58 > 0.05 >= 0.95**59
    assert "trials needed: 59" in printed(cells["sol-random-trials"])
    assert 3**3 == 27


def test_bayesian_samplers_end_ahead_of_random_search(cells):
    table = {
        m[1]: [int(v) for v in re.findall(r"(\d+)%", m[2])]
        for m in re.finditer(r"^([A-Za-z][A-Za-z ]*?) {2,}(\d+%.*)$", printed(cells["optuna-table"]), re.M)
    }
    table |= {"Gaussian process": [int(v) for v in re.findall(r"(\d+)%", printed(cells["optuna-table"]).split("Gaussian process")[1])]}
    for name in ("TPE", "Gaussian process"):
        assert table[name][1] <= table["random"][2]  # with 18 trials, random search with 27
        assert table[name][3] < table["random"][3] - 20
    tests = [row[4] for row in table.values()]
    assert max(tests) - min(tests) <= 2


def test_reward_is_had_at_the_price_of_spelling(cells):
    runs = [[float(v) for v in m] for m in re.findall(r"reward +([\d.]+), text loss ([\d.]+)", printed(cells["reinforce-run"]))]
    for before, free, held in (runs[:3], runs[3:]):
        assert before[0] < held[0] < free[0]
        assert before[1] < held[1] < log(27) < free[1]


def test_policy_gradient_is_reward_times_one_hot_minus_p():
    z, reward = torch.tensor([0.3, -0.2, 0.5], dtype=torch.float64, requires_grad=True), torch.tensor([1.0, 0.0, 2.0], dtype=torch.float64)
    (torch.softmax(z, 0) @ reward).backward()
    p = torch.softmax(z.detach(), 0)
    by_hand = sum(p[a] * reward[a] * (torch.eye(3, dtype=torch.float64)[a] - p) for a in range(3))
    assert torch.allclose(z.grad, by_hand)


def carbon_dioxide():
    """Dates in years and ppm of the weeks with a value, and the columns of the chapter's curve."""
    rows = np.genfromtxt(ROOT / "data" / "co2_weekly.csv", delimiter=",", skip_header=1)
    rows = rows[~np.isnan(rows[:, 1])]
    days = [f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in rows[:, 0].astype(int).astype(str)]
    years = 1970 + np.array(days, dtype="datetime64[D]").astype(int) / 365.25
    waves = [f(2 * np.pi * k * years) for k in (1, 2) for f in (np.sin, np.cos)]
    return years, rows[:, 1], np.column_stack([years - 1980, (years - 1980) ** 2, *waves])


@pytest.mark.parametrize(("weeks", "neighbours", "curve"), [(1, 0.65, 0.79), (2, 0.88, 0.80)])
def test_forecasts_of_carbon_dioxide_at_equal_distances(weeks, neighbours, curve):
    """Mean errors in ppm, that many weeks after each quarter from 1980 on: the nearer, the better the neighbours."""
    years, co2, columns = carbon_dioxide()
    errors = []
    for cut in np.arange(1980, 2000, 0.25):
        past, asked = years < cut, (years >= cut) & (np.abs(years - cut - weeks / 52.18) < 0.02)
        if asked.any():
            models = (KNeighborsRegressor(3), years[:, None]), (LinearRegression(), columns)
            fits = [model.fit(x[past], co2[past]).predict(x[asked]) for model, x in models]
            errors.append([np.abs(fit - co2[asked]).mean() for fit in fits])
    assert np.mean(errors, axis=0) == pytest.approx([neighbours, curve], abs=0.005)
