"""Runs a notebook's cells in one process and freezes its state where asked.

An IPython shell without sockets, threads or history: cells behave as in Jupyter (displays, magics, top-level await),
outputs leave as frames of nbformat outputs, and a fork of the process is a snapshot.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

from .answers import Answerer
from .habits import Magics, take_over_questions, tolerant_backends
from .pools import revive
from .wire import KEPT_TYPES, Channel, WireError

MAX_TEXT = 200_000  # characters of stdout and stderr kept per cell
MAX_DISPLAYS = 200
MAX_DISPLAY_BYTES = 6 << 20  # as they travel


class Outputs:
    """Collects one cell's outputs, merging streams and keeping within the limits."""

    def __init__(self) -> None:
        self.items: list[dict] = []
        self.text = self.displays = self.bytes = 0

    def stream(self, name: str, text: str) -> None:
        room = MAX_TEXT - self.text
        if room < 0 or not text:
            return
        self.text += len(text)
        if len(text) > room:
            text = text[:room] + "\n… output cut here …\n"
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.items.append({"output_type": "stream", "name": name, "text": text})

    def display(self, data: dict, metadata: dict | None = None, count: int | None = None) -> None:
        plain = {mime: _encoded(value) for mime, value in data.items() if mime in KEPT_TYPES}
        size = sum(len(json.dumps(value)) for value in plain.values())
        if self.displays >= MAX_DISPLAYS or self.bytes + size > MAX_DISPLAY_BYTES:
            return
        self.displays, self.bytes = self.displays + 1, self.bytes + size
        kind = {"output_type": "display_data"} if count is None else {"output_type": "execute_result", "execution_count": count}
        self.items.append({**kind, "data": plain, "metadata": {}})

    def error(self, name: str, value: str, lines: list[str]) -> None:
        lines = [line[:4000] for line in lines[-60:]]
        self.items.append({"output_type": "error", "ename": name[:100], "evalue": value[:2000], "traceback": lines})


def _encoded(value: Any) -> str:
    from base64 import b64encode

    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


class _Stream:
    """Stands for ``sys.stdout`` or ``sys.stderr``."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, kernel: Kernel, name: str) -> None:
        self.kernel, self.name = kernel, f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        self.kernel.outputs.stream(self._stream, str(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("this stream has no descriptor")


class _Publisher(DisplayPublisher):
    kernel = AnyTrait()

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        self.kernel.outputs.display(data, metadata)

    def clear_output(self, wait=False):
        self.kernel.outputs = Outputs()


class _Hook(DisplayHook):
    kernel = AnyTrait()

    def write_output_prompt(self):
        """Prompts are no part of a notebook's output."""

    def write_format_data(self, format_dict, md_dict=None):
        self.kernel.outputs.display(format_dict, md_dict, count=self.prompt_count)

    def finish_displayhook(self):
        """Nothing to flush."""


class _Shell(InteractiveShell):
    kernel = AnyTrait()
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    display_pub: _Publisher
    displayhook: _Hook

    def init_io(self): ...

    def _showtraceback(self, etype, evalue, stb):
        self.kernel.outputs.error(str(getattr(etype, "__name__", etype)), _safe_text(evalue), list(stb))

    def system(self, command):
        return InteractiveShell.system_piped(self, command)

    def enable_gui(self, gui=None):
        """No event loop to enable: `%matplotlib inline` is all a notebook needs here."""

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        run = super().run_line_magic
        return self.kernel.magics.line(lambda: run(magic_name, line, _stack_depth + 3), magic_name, line)

    def run_cell_magic(self, magic_name, line, cell):
        run = super().run_cell_magic
        return self.kernel.magics.cell(lambda: run(magic_name, line, cell), magic_name, cell)

    def ask_exit(self):
        """`exit` and `quit` do nothing in a notebook that is graded."""


def _safe_text(value: Any) -> str:
    try:
        return str(value)
    except BaseException:
        return "<unprintable>"


class Kernel:
    """The shell and the loop that serves the grader's requests ``run`` and ``snapshot``."""

    def __init__(self) -> None:
        self.outputs = Outputs()
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.cache_size = 0
        self.shell = _Shell.instance(config=config, kernel=self)
        self.shell.display_pub.kernel = self
        self.shell.displayhook.kernel = self
        self.shell.user_ns["__name__"] = "__main__"
        self.magics = Magics(self.shell, self._say)
        self.channel: Channel  # from `serve` on

    def serve(self, channel: Channel) -> None:
        """Answers requests until the other side closes."""
        self.channel = channel
        sys.stdout, sys.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")
        self.shell.starting_dir = os.getcwd()
        self.shell.user_ns["_dh"] = [os.getcwd()]  # the folder of the notebook, by which many find what lies beside it
        take_over_questions()
        channel.send({"ready": os.getpid()})
        while True:
            try:
                message, _, fds = channel.receive(max_fds=1)
            except WireError:
                return
            if message["op"] == "run":
                self.run(message["source"])
            else:
                self.snapshot(fds[0])

    def run(self, source: str) -> None:
        """Runs one cell and sends its outputs; an interrupt ends only the cell."""
        self.outputs = Outputs()
        line = None
        if "matplotlib" in source:  # before a cell chooses a display
            self._import_quietly("matplotlib")
        tolerant_backends(self._say)
        single_thread()  # torch may have been imported since
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            result = self.shell.run_cell(source, store_history=True)
            line = _line_of(result.error_before_exec or result.error_in_exec)
        except KeyboardInterrupt:
            self.outputs.error("KeyboardInterrupt", "", ["KeyboardInterrupt"])
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.channel.send({"outputs": self.outputs.items[:1000], "line": line})

    def _say(self, text: str) -> None:
        self.outputs.stream("stdout", text)

    def _import_quietly(self, module: str) -> None:
        with contextlib.suppress(Exception):
            importlib.import_module(module)

    def snapshot(self, descriptor: int) -> None:
        """Forks; the child keeps today's state and answers the checks on ``descriptor``."""
        if os.fork() == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                self.channel.close()
                single_thread()
                revive()
                frozen = Channel(socket.socket(fileno=descriptor))
                frozen.send({"ready": os.getpid()})
                Answerer(self.shell.user_ns, frozen).serve()
            finally:
                os._exit(0)
        os.close(descriptor)
        self.channel.send({"frozen": True})


def _line_of(error: Any) -> int | None:
    """The line of its cell in which an exception arose or the call that led to it stands."""
    try:
        if isinstance(error, SyntaxError):
            return error.lineno
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.startswith("<ipython-input") and trace.tb_frame.f_code.co_name == "<module>":
                return trace.tb_lineno
            trace = trace.tb_next
    except Exception:  # of a kind of the student's own
        return None
    return None


def single_thread() -> None:
    """One thread for torch, whatever a notebook asks for.

    The threads of a pool don't survive a fork. And where torch believes in more threads than `OMP_THREAD_LIMIT` lets it have,
    the backward pass of a convolution waits for the others for ever.
    """
    torch: Any = sys.modules.get("torch")
    if torch is not None and getattr(torch, "set_num_threads", set_no_threads) is not set_no_threads:
        torch.set_num_threads(1)
        torch.set_num_threads = set_no_threads


def set_no_threads(number: int) -> None:
    """Stands for ``torch.set_num_threads``: a submission is graded with one thread."""


def seed_everything() -> None:
    """The seeds each notebook starts from: 0 for random, numpy and torch."""
    import random

    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
