"""Reference answers of the assignment `rnn_design`.

Axis letters: N sentences, T time steps, D inputs a step, H hidden units; S tokens of a source, L tokens of a target.
The generated language and the numbers stand in `rnn_design_data`.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from torch import nn

Floats = NDArray[np.floating]

LABELS = Path(__file__).parent / "labels" / "rnn_design.npz"

PATTERNS = ("one-to-one", "one-to-many", "many-to-one", "aligned many-to-many", "encoder-decoder")
# Slides 001, section 3: captioning, stock prediction, translation; section 4: sentiment.
design = {
    "image captioning": "one-to-many",
    "stock prediction": "many-to-one",
    "translation": "encoder-decoder",
    "sentiment of a post": "many-to-one",
    "digit in a picture": "one-to-one",
    "melody from a genre": "one-to-many",
    "word class of every word": "aligned many-to-many",
    "summary of an article": "encoder-decoder",
    "car in every video frame": "aligned many-to-many",
    "price of a house": "one-to-one",
}


def rnn_step(x: ArrayLike, h: ArrayLike, W_xh: ArrayLike, W_hh: ArrayLike, b: ArrayLike) -> Floats:
    """One step of the recurrence: tanh(W_xh x + W_hh h + b).

    x: (D,), h: (H,), W_xh: (H, D), W_hh: (H, H), b: (H,); returns (H,).
    Source: Elman, Finding structure in time, 1990; slides 001, section 3.
    """
    x, h, W_xh, W_hh, b = (np.asarray(a, dtype=float) for a in (x, h, W_xh, W_hh, b))
    return np.tanh(W_xh @ x + W_hh @ h + b)


def rnn_forward(xs: ArrayLike, h0: ArrayLike, W_xh: ArrayLike, W_hh: ArrayLike, b: ArrayLike) -> Floats:
    """All hidden states h_1, …, h_T of a sequence; h_0 isn't one of them.

    xs: (T, D) with T ≥ 1, h0: (H,), the weights as in `rnn_step`; returns (T, H).
    """
    states, h = [], np.asarray(h0, dtype=float)
    for x in np.asarray(xs, dtype=float):
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.stack(states)


def image_to_sequence(image: ArrayLike, window: int, stride: int) -> NDArray:
    """The windows of a picture as a sequence: row by row, each unrolled row by row, incomplete ones dropped.

    image: (H, W), window ≤ H and W, stride ≥ 1; returns (T, window²) with
    T = (⌊(H - window) / stride⌋ + 1)(⌊(W - window) / stride⌋ + 1). Source: slides 001, section 4 (3).
    """
    windows = sliding_window_view(np.asarray(image), (window, window))[::stride, ::stride]
    return windows.reshape(-1, window * window).copy()


class SentimentRNN(nn.Module):
    """A GRU whose state after the last word decides: token ids (N, T), padded with 0 → logits (N, num_classes).

    Source: slides 001, section 4 (1), many-to-one.
    """

    def __init__(self, vocab_size: int, num_classes: int = 2, kind: str = "GRU", hidden: int = 32) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = getattr(nn, kind)(16, hidden, batch_first=True)
        self.classifier = nn.Linear(hidden, num_classes)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        states, _ = self.rnn(self.embedding(tokens))
        last = (tokens != 0).sum(dim=1) - 1
        return self.classifier(states[torch.arange(len(tokens)), last])


class Translator(nn.Module):
    """Encoder and decoder: source ids (N, S), target ids (N, L), both padded with 0 → logits (N, L, target_size).

    The logits at position t are scores of the symbol after target[:, t]. Source: Cho et al., 2014; slides 001, section 3.
    """

    def __init__(self, source_size: int, target_size: int, kind: str = "GRU", hidden: int = 64) -> None:
        super().__init__()
        self.read = nn.Embedding(source_size, 32, padding_idx=0)
        self.encoder = getattr(nn, kind)(32, hidden, batch_first=True)
        self.write = nn.Embedding(target_size, 32, padding_idx=0)
        self.decoder = getattr(nn, kind)(32, hidden, batch_first=True)
        self.scores = nn.Linear(hidden, target_size)

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        lengths = (source != 0).sum(dim=1)
        packed = nn.utils.rnn.pack_padded_sequence(self.read(source), lengths, batch_first=True, enforce_sorted=False)
        _, state = self.encoder(packed)
        states, _ = self.decoder(self.write(target), state)
        return self.scores(states)


def train_sentiment(model: nn.Module, tokens: torch.Tensor, labels: torch.Tensor, epochs: int = 15, lr: float = 0.01) -> None:
    """Trains in place: Adam on shuffled mini-batches of 64, gradients clipped to length 1."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(tokens)).split(64):
            _update(model, optimizer, nn.functional.cross_entropy(model(tokens[batch]), labels[batch]))


def train_translator(model: nn.Module, source: torch.Tensor, target: torch.Tensor, epochs: int = 40, lr: float = 0.005) -> None:
    """Trains in place with teacher forcing: the decoder reads the right symbols so far and names the next.

    target: (N, L), each row start, symbols, end, padding with 0.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(source)).split(32):
            logits = model(source[batch], target[batch, :-1])
            _update(model, optimizer, nn.functional.cross_entropy(logits.transpose(1, 2), target[batch, 1:], ignore_index=0))


def _update(model: nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def translate(model: nn.Module, source: torch.Tensor, symbols: list[str], longest: int = 16) -> list[str]:
    """Greedy decoding: the symbol with the largest score comes next, until the end symbol."""
    model.eval()
    written = torch.full((len(source), 1), symbols.index("<start>"))
    with torch.no_grad():
        for _ in range(longest):
            following = model(source, written)[:, -1:].argmax(dim=2)
            written = torch.cat([written, following], dim=1)
    texts = [" ".join(symbols[token] for token in row) for row in written[:, 1:].tolist()]
    return [text.partition("<end>")[0].replace("<pad>", "").replace("<start>", "").replace(" ", "") for text in texts]


def hidden_answers() -> tuple[NDArray[np.uint8], list[str]]:
    """Sentiments (500,) of the unlabelled sentences and Roman numerals (200) of the numbers without an answer."""
    with np.load(LABELS) as file:
        return file["labels"], file["translations"].tolist()
