"""A backend of matplotlib for the page: ``plt.show()`` sends each open figure as a picture, and closes it.

matplotlib finds it by ``MPLBACKEND=module://page_figures``; `runner` says who takes the pictures.
"""

from __future__ import annotations

import base64
import io

import runner
from matplotlib import _pylab_helpers
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

NARROWEST = 420  # pixels; below that, axes have no room for their labels, and the page makes the picture smaller
SHARPNESS = 1.6  # pixels of the picture for each pixel of the page: sharp on a phone, quick to draw


class PageManager(FigureManagerBase):
    """Sends figures instead of opening windows."""

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        """Send all open figures in their order."""
        for manager in _pylab_helpers.Gcf.get_all_fig_managers():
            runner.send(picture(manager.canvas.figure))
        _pylab_helpers.Gcf.destroy_all()


class PageCanvas(FigureCanvasAgg):
    """Draws with Agg."""

    manager_class = PageManager


def picture(figure: object) -> dict:
    """Return a figure as a message: PNG in base64, and its width in pixels of the page.

    On a phone a wide figure is drawn narrower, not made smaller with all its text.
    """
    fitting = max(runner.width, NARROWEST) / 100
    if runner.width and figure.get_figwidth() > fitting:
        figure.set_size_inches(fitting, figure.get_figheight())
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100 * SHARPNESS)
    png = base64.b64encode(file.getvalue()).decode()
    return {"kind": "figure", "png": png, "width": round(100 * figure.get_figwidth())}


FigureCanvas = PageCanvas
FigureManager = PageManager
