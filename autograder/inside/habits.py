"""What notebooks do out of habit and a grader can't: ask somebody, open windows, load what isn't installed.

Where the rest of a cell can go on without it, it does, and the cell says so; a question nobody can answer ends the cell.
"""

from __future__ import annotations

import builtins
import getpass
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core.error import UsageError

WITHOUT_DISPLAY = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")
INLINE = "module://matplotlib_inline.backend_inline"


def nobody_answers(name: str) -> Callable[..., NoReturn]:
    """In place of a function that waits for somebody to type."""

    def ask(*_: object, **__: object) -> NoReturn:
        raise EOFError(f"nobody can answer `{name}()` while grading")

    ask.__name__ = name
    return ask


def take_over_questions() -> None:
    """Has all questions fail at once, and in words."""
    builtins.input = nobody_answers("input")
    getpass.getpass = nobody_answers("getpass")


class Magics:
    """Runs IPython's magics for a shell; those that need what isn't there become a line of output.

    Args:
        shell: IPython's.
        say: writes a line.
    """

    def __init__(self, shell: Any, say: Callable[[str], object]) -> None:
        self.shell, self.say = shell, say

    def line(self, run: Callable[[], Any], name: str, line: str) -> Any:
        """What the line magic ``name`` gives, None where it can't be had."""
        if self.shell.find_line_magic(name) is None:
            return self.note(f"`%{name}` isn't known while grading")
        if name not in ("load_ext", "reload_ext", "matplotlib", "pylab"):
            return run()
        what = f"`%{name} {line}`".replace(" `", "`")
        try:
            return run()
        except UsageError:
            raise
        except Exception as error:
            if name in ("matplotlib", "pylab"):
                draw_inline()
                return self.note(f"{what} isn't there while grading ({type(error).__name__}): pictures are drawn inline")
            return self.note(f"{what} isn't there while grading ({type(error).__name__})")

    def cell(self, run: Callable[[], Any], name: str, body: str) -> Any:
        """What the cell magic ``name`` gives; an unknown one leaves its cell as Python where it is some."""
        if self.shell.find_cell_magic(name) is not None or self.shell.find_line_magic(name) is not None:
            return run()
        self.note(f"`%%{name}` isn't known while grading")
        try:
            compile(body, "<cell>", "exec")
        except (SyntaxError, ValueError):
            return None
        return self.shell.ex(body)

    def note(self, text: str) -> None:
        self.say(f"Note: {text}.\n")


def draw_inline() -> None:
    """Has matplotlib draw into the notebook, whatever was tried before."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams["backend"] = INLINE
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.switch_backend(INLINE)


def tolerant_backends(say: Callable[[str], object]) -> None:
    """Has ``matplotlib.use`` and ``pyplot.switch_backend`` say that a display isn't there, instead of raising."""
    for module, name in (("matplotlib", "use"), ("matplotlib.pyplot", "switch_backend")):
        original = getattr(sys.modules.get(module), name, None)
        if original is not None and not hasattr(original, "tolerant"):
            setattr(sys.modules[module], name, _tolerant(original, say))


def _tolerant(original: Callable[..., Any], say: Callable[[str], object]) -> Callable[..., Any]:
    def use(backend: str, *args: Any, **kwargs: Any) -> Any:
        name = str(backend).lower()
        if name in WITHOUT_DISPLAY or "inline" in name:
            return original(backend, *args, **kwargs)
        say(f"Note: the display {backend!r} isn't there while grading: pictures are drawn inline.\n")
        return original(INLINE)

    use.tolerant = True  # type: ignore[attr-defined]
    return use
