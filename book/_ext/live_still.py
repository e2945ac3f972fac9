"""The still of the opening page's digit reader, for paper and for pages without scripts: `python book/_ext/live_still.py`.

It shows what the page shows first, computed with the same stored network (`live_network.py`): a digit that was held out,
the maps of both convolutions, the ten answers. `tests/book/test_digit_network.py` finds the drawing as this makes it.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from live_network import MODULE, TRAINING, Stored, digits

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import figures

STILL = Path(__file__).resolve().parents[1] / "_static" / "digit_reader.svg"
SHOWN = 3  # the digit that the page shows first
GAP = 2  # pixels between two maps


def mosaic(maps: np.ndarray, across: int) -> np.ndarray:
    """Return maps (C, H, W) in rows of `across`, not-a-number between them."""
    count, height, width = maps.shape
    tiles = np.full((count, height + GAP, width + GAP), np.nan)
    tiles[:, :height, :width] = maps
    rows = tiles.reshape(count // across, across, height + GAP, width + GAP)
    return rows.transpose(0, 2, 1, 3).reshape(count // across * (height + GAP), -1)[:-GAP, :-GAP]


def still() -> str:
    """Return the drawing, SVG."""
    pictures, labels = digits()
    picture = pictures[TRAINING:][labels[TRAINING:] == SHOWN][:1]
    network = Stored.read(MODULE.read_text(encoding="utf-8")).network()
    with torch.no_grad():
        first, second, p = network[:2](picture)[0], network[:5](picture)[0], network(picture).softmax(dim=1)[0]
    figures.use_style()
    # Fixed places: those that matplotlib works out differ in their last digits from run to run.
    fig, axes = plt.subplots(1, 4, figsize=(figures.WIDTH, 1.7), width_ratios=[1, 1.5, 1, 1], gridspec_kw={"wspace": 0.28})
    fig.subplots_adjust(left=0.0, right=1.0, bottom=0.0, top=0.75)
    parts = (picture[0, 0].numpy(), "a digit\n28 × 28", "Greys"), (mosaic(first.numpy(), 3), "6 maps\n28 × 28", "Blues")
    for ax, (values, title, colours) in zip(axes, (*parts, (mosaic(second.numpy(), 4), "16 maps\n10 × 10", "Blues")), strict=False):
        # Two digits: rounding differs from processor to processor.
        ax.imshow(np.round(values / np.nanmax(values), 2), cmap=colours, vmin=0, interpolation="none")
        figures.blank(ax, frame=True)
        ax.set_title(title, fontsize=10)
    bars(axes[3], np.round(p.numpy(), 3))
    written = io.StringIO()
    no_facts = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    fig.savefig(written, format="svg", metadata=no_facts, bbox_inches="tight")
    plt.close(fig)
    return written.getvalue()


def bars(ax: plt.Axes, p: np.ndarray) -> None:
    """Draw ten probabilities (10,), the largest in a colour of its own."""
    colours = [figures.BLUE if digit == p.argmax() else figures.GREY for digit in range(10)]
    ax.barh(range(10), p, color=colours)
    ax.set(yticks=range(10), xticks=[0, 1], xlim=(0, 1))
    ax.tick_params(labelsize=9)
    ax.invert_yaxis()
    ax.grid(False)
    ax.set_title(f"its answer:\n{p.argmax()}", fontsize=10)


if __name__ == "__main__":
    STILL.write_text(still(), encoding="utf-8")
