"""Sentences with an opinion on durian and a remark that changes nothing: who likes it depends on which "not" belongs where."""

from __future__ import annotations

import numpy as np
import torch

GOOD, BAD, REMARK = ["like", "love"], ["hate", "avoid"], ["ask", "wonder"]
FILLERS = ["really", "honestly", "indeed", "frankly"]
WORDS = ["<pad>", "I", "do", "not", ",", "durian", *GOOD, *BAD, *REMARK, *FILLERS]


def sentence(rng: np.random.Generator, most_fillers: int) -> tuple[list[str], int, int]:
    """Words, label (1 for liking) and distance from the first "not" to its verb (0 without one)."""
    clauses, nots = [], rng.integers(3, size=2)
    liked = rng.random() < 0.5
    for count, verbs in zip(nots, (GOOD if liked else BAD, REMARK), strict=True):
        fillers = int((most_fillers + 1) * rng.random() ** 1.5)
        parts = ["do not"] * count + [str(w) for w in rng.choice(FILLERS, fillers)]
        before = " ".join(parts[i] for i in rng.permutation(len(parts))).split()
        clauses.append(["I", *before, str(rng.choice(verbs))])
    opinion, remark = clauses
    distance = len(opinion) - 1 - opinion.index("not") if nots[0] else 0
    opinion.append("durian")
    ordered = [opinion, remark] if rng.random() < 0.5 else [remark, opinion]
    return [*ordered[0], ",", *ordered[1]], int(liked) ^ (nots[0] % 2), distance


def corpus(count: int, most_fillers: int, seed: int) -> tuple[torch.Tensor, torch.Tensor, np.ndarray]:
    """Token ids (count, longest), filled up with 0; labels (count,); distances (count,)."""
    rng = np.random.default_rng(seed)
    said, labels, distances = zip(*(sentence(rng, most_fillers) for _ in range(count)), strict=True)
    x = torch.zeros(count, max(map(len, said)), dtype=torch.long)
    for row, tokens in enumerate(said):
        x[row, : len(tokens)] = torch.tensor([WORDS.index(w) for w in tokens])
    return x, torch.tensor(labels), np.array(distances)


def shuffled_words(x: torch.Tensor, seed: int) -> torch.Tensor:
    """The same sentences, (N, T), with the words of each in a random order."""
    rng, out = np.random.default_rng(seed), x.clone()
    for row in out:
        count = int((row > 0).sum())
        row[:count] = row[torch.tensor(rng.permutation(count))]
    return out
