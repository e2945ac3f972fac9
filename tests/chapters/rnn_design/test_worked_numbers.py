"""Every number of the slides that the chapter on RNN design works out, and every number its prose relies on.

Expected values come from hand arithmetic, closed forms, counting or torch. What the cells print is compared with what
they compute by test_chapters; here `printed` reads it, where a sentence of the chapter rests on it.
"""

import ast
import csv
import importlib
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from book_pages import cells_of
from torch import nn

ROOT = Path(__file__).parents[3]
BOOK = ROOT / "book" / "rnn_design"


@pytest.fixture
def module(monkeypatch):
    """A module that lies beside the chapter's pages, by its name."""
    monkeypatch.syspath_prepend(BOOK)
    return importlib.import_module


@pytest.fixture(scope="module")
def cells():
    return cells_of("rnn_design")


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def numbers(text):
    return [float(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*\.?\d*(?:e[-+]\d+)?", text)]


def percents(text):
    return [int(n) for n in re.findall(r"(\d+)%", text)]


# ---- the recurrence


def test_two_steps_with_a_pencil(cells):
    first = (math.tanh(1 * 1 + 0 * 0), math.tanh(0 * 1 + 2 * 0 - 1))
    assert first == (pytest.approx(0.762, abs=5e-4), pytest.approx(-0.762, abs=5e-4))
    second = (math.tanh(0 + first[1]), math.tanh(2 * 1 - first[0] - 1))
    assert second == (pytest.approx(-0.642, abs=5e-4), pytest.approx(0.234, abs=5e-4))
    assert "h_1 = [ 0.762 -0.762]\nh_2 = [-0.642  0.234]" in printed(cells["step-code"])
    assert 2 - 0.762 - 1 == pytest.approx(0.238) and math.tanh(0.238) == pytest.approx(0.234, abs=5e-4)


def test_parameters_do_not_depend_on_the_length():
    assert 50 * 16 * 24 + 24 == 19_224
    assert 100 * 16 * 24 + 24 == 38_424
    assert 24 * (16 + 24 + 1) == 984
    assert sum(p.numel() for p in nn.RNN(16, 24).parameters()) == 984 + 24


@pytest.mark.parametrize("nots", range(12))
def test_eight_numbers_count_negations(nots):
    """s = (h1 - h2)/2 after any mixture of 0 and 1 is the parity of the ones."""
    rng = np.random.default_rng(nots)
    inputs = rng.permutation([1] * nots + [0] * 30)
    h = np.zeros(2)
    for x in inputs:
        s = 3 * h[0] - 3 * h[1]
        h = np.tanh([6 * x + s - 3, 6 * x + s - 9])
    assert (h[0] - h[1]) / 2 == pytest.approx(nots % 2, abs=0.01)


def test_slides_three_sentences(cells):
    assert [float(line.split()[0]) for line in printed(cells["count-nots-code"]).splitlines()] == [0, 1, 0, 1]


def test_latch_settles_where_h_is_tanh_of_twice_h(cells):
    h = 0.9
    for _ in range(100):
        h = math.tanh(2 * h)
    assert h == pytest.approx(0.9575, abs=1e-4)
    remembers, forgets = printed(cells["sol-latch"]).splitlines()
    assert "h_31 = 0.958" in remembers and "h_62 = -0.958" in remembers
    assert "h_31 = 0.000" in forgets
    assert math.tanh(3) == pytest.approx(0.995, abs=5e-4)
    assert 2 * (1 - h**2) == pytest.approx(0.17, abs=5e-3)


# ---- the five patterns


def test_captioner_recites_and_does_not_compose(cells):
    recited, new = percents(printed(cells["caption-train-code"]))
    assert recited >= 98 and new == 0
    network, chance, taught = numbers(printed(cells["caption-overlap"]).replace("of 12", ""))
    assert network > 5 * chance
    assert 6 < taught <= 12, "most of its answers are names that it was taught"
    assert numbers(printed(cells["caption-data"]))[:2] == [138, 92] and 138 - 12 == 126
    *losses, nothing = [float(n) for n in re.findall(r": ([\d.]+)", printed(cells["sol-caption-loss"]))]
    assert all(2 <= loss <= 3 for loss in losses) and nothing == round(math.log(93), 1)


def test_sunspot_baselines(cells):
    with (ROOT / "data" / "sunspots_yearly.csv").open() as file:
        spots = {int(row["YEAR"]): float(row["SUNACTIVITY"]) for row in csv.DictReader(file)}

    def error(lag):
        return math.sqrt(sum((spots[y] - spots[y - lag]) ** 2 for y in range(1930, 2009)) / 79)

    shown = {line[:19].strip(): float(line[19:]) for line in printed(cells["baselines-code"]).splitlines()}
    assert shown["persistence"] == round(error(1))
    assert shown["11 years ago"] == round(error(11))
    linear = next(value for name, value in shown.items() if name.startswith("auto"))
    assert linear < 0.6 * shown["persistence"]
    chosen_old, chosen_new, last_old, last_new = [
        [float(n) for n in line.split(":")[1].split()] for line in printed(cells["series-compare"]).splitlines()
    ]
    assert max(chosen_new) < 0.7 * shown["persistence"]
    assert abs(np.mean(chosen_new) - linear) < 3, "about as well as the linear autoregression"
    assert max(last_old) < 0.75 * min(last_new)
    assert np.mean(last_old) <= np.mean(chosen_old)


def test_random_returns_are_a_coin(cells):
    seen, later = percents(printed(cells["sol-random-walk"]))
    assert seen > 85 and abs(later - 50) <= 2


def test_carbon_dioxide_baselines(cells):
    near, middle, far = [numbers(line)[1:] for line in printed(cells["sol-co2"]).splitlines()[1:]]
    assert min(near) == near[0]
    assert max(far) == far[0]
    assert near[1] == middle[1] == far[1], "wrong by the yearly growth at every distance"
    assert min(far) == far[2] and min(middle) == middle[2]


def test_both_ways_is_needed_for_c(cells):
    plain, both = printed(cells["tagger-train"]).splitlines()
    assert percents(both) == [100, 100] and percents(plain)[1] < 75
    sizes = [int(re.search(r"(\d+) parameters", line)[1]) for line in (plain, both)]
    assert sizes[1] < sizes[0]
    assert max(percents(printed(cells["sol-bidirectional"]))) == pytest.approx(50, abs=5), "about half"
    assert printed(cells["tagger-real"]).count("True") == 6


def german(n):
    """The German name, spelt out independently of the chapter."""
    ones = ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
    ones += [word + "zehn" for word in ("drei", "vier", "fünf", "sech", "sieb", "acht", "neun")]
    tens = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
    words = [ones[n // 100], "hundert"] if n >= 100 else []
    n %= 100
    if n == 1:
        words.append("eins")
    elif n < 20:
        words.append(ones[n])
    else:
        words += [ones[n % 10], "und"] * bool(n % 10) + [tens[n // 10]]
    return " ".join(word for word in words if word)


def test_german_names_of_numbers(cells, module):
    names = module("number_words")
    for n in range(1, 1000):
        assert " ".join(names.in_german(n)) == german(n)
    assert german(942) == "neun hundert zwei und vierzig"
    assert max(len(names.in_english(n)) for n in range(1, 1000)) == 4
    assert max(len(names.in_german(n)) for n in range(1, 1000)) == 5
    assert len({german(n) for n in range(1, 1000)}) == 999
    taught, new = percents(printed(cells["german-train"]))
    assert taught == 100 and new >= 90
    assert math.log2(999) == pytest.approx(10, abs=0.05)


# ---- gradients


def test_product_of_jacobians_by_hand(cells):
    h1 = [math.tanh(1), math.tanh(-1)]
    h2 = [math.tanh(h1[1]), math.tanh(2 - h1[0] - 1)]
    h3 = [math.tanh(0.5 + h2[1]), math.tanh(2 * 0.5 - h2[0] - 1)]
    # W_hh = [[0, 1], [-1, 0]], and its square is minus the identity
    product = [[-(1 - h3[0] ** 2) * (1 - h2[1] ** 2), 0], [0, -(1 - h3[1] ** 2) * (1 - h2[0] ** 2)]]
    shown = np.array(numbers(printed(cells["product-code"]))).reshape(2, 2)
    np.testing.assert_allclose(shown, product, atol=5e-4)


def test_steps_until_a_thousandth():
    assert 0.9**65 > 0.001 > 0.9**66


def test_gates_have_three_and_four_blocks(cells):
    assert [24 * (16 + 24 + 2) * blocks for blocks in (1, 3, 4)] == [1_008, 3_024, 4_032]
    assert [sum(p.numel() for p in kind(16, 24).parameters()) for kind in (nn.RNN, nn.GRU, nn.LSTM)] == [1_008, 3_024, 4_032]
    half, nearly_open = [numbers(line)[-1] for line in printed(cells["sol-gate-parameters"]).splitlines()[1:]]
    assert half == pytest.approx(0.5**40, rel=0.05)
    assert nearly_open == pytest.approx((1 / (1 + math.exp(-3))) ** 40, rel=0.5)
    assert 0.5 < 0.9, "an untrained gate forgets faster than a plain cell with radius 0.9"


def test_gradients_vanish_explode_or_stay(cells):
    rows = [line.split() for line in printed(cells["jacobians-tanh"]).splitlines()[1:]]
    at = {row[2]: [float(n) for n in row[3:]] for row in rows}
    assert at["0.5"][3] < 1e-15 and at["0.9"][3] < 1e-2 and 0.1 < at["1.2"][3] < 10 and at["3.0"][3] > 1e5
    assert at["0.9"][0] > 1, "the largest singular value is larger than the radius"
    gated = {line.split("  ")[0]: numbers(line)[-1] for line in printed(cells["jacobians-gated"]).splitlines()}
    assert gated["GRU, bias 0"] < 1e-8 and gated["LSTM, bias 0"] < 1e-8
    assert gated["GRU, bias 3"] > 0.1 and gated["LSTM, bias 3"] > 0.1


def test_largest_singular_value_is_about_twice_the_radius():
    rng = np.random.default_rng(0)
    ratios = [np.linalg.norm(w, 2) / abs(np.linalg.eigvals(w)).max() for w in rng.normal(size=(20, 32, 32))]
    assert np.mean(ratios) == pytest.approx(2, abs=0.25)


def test_memory_needs_the_bias(cells):
    plain, gated, open_gate = [percents(line)[0] for line in printed(cells["recall-train"]).splitlines()]
    assert 40 < plain < 95 and abs(gated - 25) <= 5 and open_gate == 100
    *attention, order = printed(cells["attention-recall"]).splitlines()
    assert [percents(line)[0] for line in attention] == [100, 100] and order.endswith("True")


def test_clipping_by_hand(cells):
    assert math.hypot(3, 4) == 5 and (3 / 5, 4 / 5) == (0.6, 0.8)
    assert "[0.6 0.8]" in printed(cells["clip-code"])
    assert math.hypot(6, 8) == 10
    weight = nn.Parameter(torch.zeros(2))
    weight.grad = torch.tensor([6.0, 8.0])
    nn.utils.clip_grad_norm_([weight], 5.0)
    np.testing.assert_allclose(weight.grad, [3, 4], rtol=1e-5)


def test_truncation_loses_little_after_a_few_steps(cells):
    errors = [numbers(line)[1] for line in printed(cells["truncation-code"]).splitlines()]
    assert errors == sorted(errors, reverse=True) and errors[-1] < 1e-3


# ---- CNN against RNN


def test_fields_of_the_convolutional_networks(cells):
    assert [1 + 2 * sum(d) for d in ((1, 1, 1), (1, 2, 4), (1, 3, 9))] == [7, 15, 27]
    sizes = [numbers(line)[-1] for line in printed(cells["contest-checks"]).splitlines()]
    assert sizes[1] == sizes[2] == sizes[3] and 0.95 < sizes[0] / sizes[1] < 1, "the CNNs have a few more"
    assert 16 * 16 + 3 * 24 * (16 + 24 + 2) + 24 * 2 + 2 == sizes[0]
    assert 16 * 16 + (3 * 16 + 1) * 19 + 2 * (3 * 19 + 1) * 19 + 19 * 2 + 2 == sizes[1]


def test_generator_labels_by_the_negations_before_the_opinion_verb(module):
    sentence = module("opinions").sentence
    rng = np.random.default_rng(1)
    for _ in range(300):
        words, label, distance = sentence(rng, 20)
        clause = next(part for part in " ".join(words).split(" , ") if part.endswith("durian")).split()
        liked = clause[-2] in ("like", "love")
        assert label == (liked if clause.count("not") % 2 == 0 else not liked)
        assert distance == (len(clause) - 2 - clause.index("not") if "not" in clause else 0)


def test_contest_shows_what_the_prose_says(cells):
    rows = {line[:14].strip(): percents(line) for line in printed(cells["contest-bins"]).splitlines()[1:]}
    assert min(rows["GRU"]) >= 90
    for name in ("CNN, 7 words", "CNN, 15 words", "CNN, 27 words"):
        assert max(rows[name][5:]) < 70, "beyond the training set's distances no CNN does better than chance allows"
    seven, fifteen, wide = (rows[f"CNN, {n} words"] for n in (7, 15, 27))
    assert seven[2] + 10 < min(fifteen[2], wide[2])
    assert seven[3] + 5 < min(fifteen[3], wide[3])
    assert np.mean(wide[:5]) <= np.mean(fifteen[:5]), "in the training range the widest did no better"
    patient = percents(printed(cells["sol-longer-training"]).splitlines()[1].replace("3 × as long", ""))
    assert min(patient[:4]) >= 95 and patient[4] > wide[4] + 10 and max(patient[5:]) < 70
    lengths = [numbers(line)[0] for line in printed(cells["language-data"]).splitlines()]
    assert lengths[2] > 2 * lengths[0], "sentences more than twice as long as in training"


def test_ceiling_of_shuffled_words_by_counting(cells):
    """For each total of the two clauses' "not", the likelier parity of the opinion's own."""
    totals = {}
    for opinion, remark in itertools.product(range(3), repeat=2):
        totals.setdefault(opinion + remark, []).append(opinion % 2)
    ways = [len(totals[t]) for t in range(5)]
    assert ways == [1, 2, 3, 2, 1]
    best = [max(parities.count(0), parities.count(1)) for parities in (totals[t] for t in range(5))]
    assert best == [1, 1, 2, 1, 1] and sum(best) == 6
    assert "6 of 9 cases: 67%" in printed(cells["ceiling-code"])
    for line in printed(cells["shuffled-code"]).splitlines():
        assert max(percents(line)) <= 69, "two thirds and chance"


def test_shuffled_limit_approaches_a_half(cells):
    shares = [numbers(line)[-1] for line in printed(cells["sol-ceiling"]).splitlines()]
    assert shares[:2] == [66.7, 62.5] and shares == sorted(shares, reverse=True) and shares[-1] < 53


# ---- pictures


def test_windows_of_a_digit(cells):
    assert ((28 - 4) // 4 + 1) ** 2 == 49 and ((28 - 5) // 3 + 1) ** 2 == 64
    assert printed(cells["sol-window-sequence"]).splitlines() == [
        "4 4 (49, 16)",
        "5 3 (64, 25)",
        "rows (28, 28)",
        "last pixel seen in (2): 25",
    ]


def test_shuffled_pixels_hurt_the_cnn_only(cells):
    rows = {tuple(line.split(":")[0].split()[1:]): percents(line) for line in printed(cells["images-run"]).splitlines()}
    rnn, cnn = rows["as", "they", "are", "RNN"], rows["as", "they", "are", "CNN"]
    assert min(cnn) > max(rnn) + 4
    assert min(cnn) > max(rows["shuffled", "CNN"]) + 2
    assert min(rows["shuffled", "RNN"]) > max(rnn) - 1
    assert abs(np.mean(rows["shuffled", "RNN"]) - np.mean(rows["shuffled", "CNN"])) <= 2, "its whole lead"
    sizes = numbers(printed(cells["images-models"]))
    assert sizes[1] < sizes[0]


# ---- attention


def test_softmax_by_hand(cells):
    weight = math.exp(2) / (math.exp(2) + 2)
    assert math.exp(2) == pytest.approx(7.389, abs=5e-4)
    assert weight == pytest.approx(0.787, abs=5e-4)
    lines = printed(cells["sol-attention"]).splitlines()[1:]
    for factor, line in enumerate(lines, start=1):
        sharp = math.exp(2 * factor)
        answer = (10 + 20 * sharp + 60) / (sharp + 2)
        assert numbers(line) == [factor, pytest.approx(answer, abs=6e-3)]
        assert (abs(answer - 20) < 0.1) == (factor >= 3)


def bound(n, heads, d, p):
    bits = n * math.log2(n)
    return max(0.0, bits - heads * (d + 1) * p) / (3 * bits)


def test_bound_of_the_slides(cells):
    assert 8 * 33 * 16 == 4_224
    assert 256 * 8 == 2_048 and 1_024 * 10 == 10_240 and 2**20 * 20 == 20_971_520
    assert bound(256, 8, 32, 16) == 0
    assert bound(1_024, 8, 32, 16) == pytest.approx(6_016 / 30_720) == pytest.approx(0.1958, abs=5e-5)
    assert 1 / 3 - 1e-3 < bound(2**20, 8, 32, 16) < 1 / 3
    assert "0.1958" in printed(cells["sol-bound"])
    assert [n for n in (475, 476) if n * math.log2(n) > 4_224] == [476]
    assert [n for n in (865, 866) if n * math.log2(n) > 8_448] == [866]
    *rows, last = printed(cells["bound-code"]).splitlines()[1:]
    for line in rows:
        heads, d, p, bits, first = numbers(line)
        assert bits == heads * (d + 1) * p
        assert (first - 1) * math.log2(first - 1) <= bits < first * math.log2(first)
        assert bound(first - 1, heads, d, p) == 0 < bound(first, heads, d, p)
    assert numbers(last)[-1] == pytest.approx(bound(10_000, 12, 64, 16), abs=5e-4)


def test_state_too_small_for_a_composition(cells):
    n = int(numbers(printed(cells["sol-state-bits"]))[0])
    assert 24 * 32 == 768
    assert (n - 1) * math.log2(n - 1) <= 768 < n * math.log2(n)


@pytest.mark.parametrize("seed", range(20))
def test_cindy_is_further_than_ben(seed):
    a, b, c = np.random.default_rng(seed).uniform(1e-3, 10, size=3)
    amy, ben, cindy = np.array([-a, -b]), np.zeros(2), np.array([0, c])
    assert np.linalg.norm(amy - cindy) > np.linalg.norm(amy - ben)


@pytest.mark.parametrize(("inputs", "state"), [(2, 3), (5, 4)])
def test_pytorch_resets_behind_the_matrix_and_not_before_it(inputs, state):
    """r ⊙ (U h + b'), where the paper has U (r ⊙ h): both written out, of which one is torch's GRU."""
    torch.manual_seed(inputs)
    cell, x, h = nn.GRUCell(inputs, state).double(), torch.randn(inputs).double(), torch.randn(state).double()
    w_r, w_z, w_n = (cell.weight_ih @ x + cell.bias_ih).split(state)
    u_r, u_z, u_n = (cell.weight_hh @ h + cell.bias_hh).split(state)
    r, z = torch.sigmoid(w_r + u_r), torch.sigmoid(w_z + u_z)
    before = cell.weight_hh[2 * state :] @ (r * h) + cell.bias_hh[2 * state :]
    behind, paper = ((1 - z) * torch.tanh(w_n + inner) + z * h for inner in (r * u_n, before))
    torch.testing.assert_close(cell(x, h), behind)
    assert not torch.allclose(cell(x, h), paper, atol=1e-3)


def test_the_second_bias_of_the_plain_cell_only_adds_to_the_first():
    cell, x, h = nn.RNNCell(3, 4), torch.randn(2, 3), torch.randn(2, 4)
    expected = cell(x, h)
    with torch.no_grad():
        cell.bias_ih += cell.bias_hh
        cell.bias_hh.zero_()
    torch.testing.assert_close(cell(x, h), expected)


# ---- what the chapter's pages import


def bodies(tree):
    """Functions and classes of a program by name: what they do, without what they say of themselves."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            lines = node.body[1:] if ast.get_docstring(node) else node.body
            found[node.name] = [ast.dump(line) for line in lines]
    return found


@pytest.mark.parametrize(
    ("file", "only_imported"), [("hand_cell", set()), ("sequence_training", {"last_state"}), ("sunspots", {"before_1900"})]
)
def test_functions_that_pages_import_are_those_that_pages_write(cells, file, only_imported):
    shared = bodies(ast.parse((BOOK / f"{file}.py").read_text("utf-8")))
    written = {}
    for cell in cells.values():
        if cell.cell_type == "code":
            written |= {name: body for name, body in bodies(ast.parse(cell.source)).items() if name in shared}
    assert written == {name: body for name, body in shared.items() if name not in only_imported}


def test_the_cells_by_hand_are_the_same_on_all_pages(cells, module):
    shared, space = module("hand_cell"), {"np": np}
    for cell in ("step-code", "count-nots-code"):
        exec(cells[cell].source, space)
    for name in ("W_xh", "W_hh", "b", "xs", "N_xh", "N_hh", "N_b"):
        np.testing.assert_array_equal(space[name], getattr(shared, name))


def test_windows_of_sunspots_end_the_year_before_the_one_to_tell(module):
    with (ROOT / "data" / "sunspots_yearly.csv").open() as file:
        spots = {int(row["YEAR"]): float(row["SUNACTIVITY"]) for row in csv.DictReader(file)}
    windows, goals = module("sunspots").before_1900()
    assert len(windows) == len(goals) == 178
    for window, goal, year in zip(windows, goals, range(1722, 1900), strict=True):
        np.testing.assert_allclose(window[:, 0], [spots[past] / 100 for past in range(year - 22, year)])
        assert goal == pytest.approx(spots[year] / 100)


def test_last_state_is_the_one_after_the_last_word(module):
    states, x = torch.arange(12.0).view(2, 3, 2), torch.tensor([[4, 1, 0], [2, 3, 1]])
    assert module("sequence_training").last_state(states, x).tolist() == [[2, 3], [10, 11]]


def test_sentences_are_shuffled_within_themselves(module):
    opinions = module("opinions")
    x, _, _ = opinions.corpus(50, 12, seed=3)
    other = opinions.shuffled_words(x, seed=0)
    assert not torch.equal(x, other) and torch.equal(x.sort(1).values, other.sort(1).values)
    assert torch.equal(x == 0, other == 0)


@pytest.mark.parametrize("kind", ["GRUCell", "LSTMCell"])
def test_norms_of_gated_cells_are_those_of_autograd_through_all_steps(module, kind):
    gradients = module("state_gradients")
    torch.set_default_dtype(torch.float64)
    try:
        noise, matrix = gradients.inputs_and_matrix()
        assert torch.linalg.eigvals(matrix).abs().max() == pytest.approx(1)
        norms = gradients.gated_norms(getattr(nn, kind), 3)
        torch.manual_seed(1)
        cell = getattr(nn, kind)(32, 32)
        with torch.no_grad():
            cell.bias_hh[32:64] += 3
        size = 32 if kind == "GRUCell" else 64

        def steps(state, first, last):
            for t in range(first, last):
                state = cell(noise[t], state) if size == 32 else torch.cat(cell(noise[t], tuple(state.chunk(2))))
            return state

        before = steps(torch.zeros(size), 0, 50).detach()
        whole = torch.autograd.functional.jacobian(lambda state: steps(state, 50, 60), before)
        assert torch.linalg.matrix_norm(whole, 2).item() == pytest.approx(norms[9])
    finally:
        torch.set_default_dtype(torch.float32)


def test_recalled_letters_come_first(module):
    x = module("memory_task").recall_batch(7, 100)
    assert x.shape == (100, 7) and set(x[:, 0].tolist()) == {0, 1, 2, 3} and set(x[:, 1:].flatten().tolist()) == {4, 5, 6, 7}
