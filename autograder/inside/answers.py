"""The frozen state of a student's notebook right after one grade cell, answering the checks' questions.

A snapshot is a fork of the kernel that only waits. For each group of checks it forks once more, so that what one
group does never reaches the next. Requests and answers are `wire` frames; the answers are taken as claims.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import models
from .wire import Channel, Packer, Unpacker, Unserialisable, WireError, as_tensor

FORK_SECONDS = 5.0
TELL_SECONDS = 0.1
MAX_PRINTED = 10_000
MOST_RESULTS = 16  # of a returned tuple or list that are looked at for shared memory


def fork_in_time() -> int:
    """`os.fork`, tried for a while: processes that were ended count until the last of them is gone.

    Returns:
        As `os.fork`; -1 if no more processes are allowed, and the checks see that the connection closes.
    """
    end = time.monotonic() + FORK_SECONDS
    while True:
        try:
            return os.fork()
        except OSError:
            if time.monotonic() >= end:
                return -1
            time.sleep(0.05)


class Withheld(ImportError):
    """Raised where a student's function uses a module that its task doesn't allow."""


class Printed(io.StringIO):
    """What a call prints, up to the part that is kept: an endless print costs time, not memory."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, MAX_PRINTED - self.tell())])
        return len(text)


class Answerer:
    """Serves one copy of a student's namespace until the checks close the connection.

    Args:
        namespace: the notebook's variables.
        channel: connection to the checks.
    """

    def __init__(self, namespace: dict[str, Any], channel: Channel) -> None:
        self.namespace = namespace
        self.channel = channel
        self.kept: dict[int, Any] = {}
        self.given: dict[str, Any] = {"__name__": "__main__"}
        self.made: set[str] = set()

    def serve(self) -> None:
        """Answers requests until the checks hang up."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # copies end unattended
        while True:
            try:
                message, blobs, fds = self.channel.receive(max_fds=1)
            except WireError:
                return
            if message.get("op") == "copy":
                self._copy(fds)
                continue
            packer = Packer(self._reference)
            try:
                reply = getattr(self, "op_" + message["op"])(message, Unpacker(blobs, self._resolve, tensors=True), packer)
            except BaseException as error:  # a student's code may raise anything, SystemExit included
                packer = Packer(self._reference)
                reply = {"error": describe_error(error)}
            self.channel.send(reply, packer.blobs)

    def _copy(self, fds: list[int]) -> None:
        """Forks a copy that serves the connection ``fds[0]``; this process goes on waiting, untouched."""
        signal.signal(signal.SIGCHLD, self._tell_ended)
        copy = fork_in_time()
        if copy == 0:
            self.channel.close()
            self.channel = Channel(socket.socket(fileno=fds[0]))
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.channel.send({"ready": os.getpid()})
            return
        os.close(fds[0])

    def _tell_ended(self, *_: Any) -> None:
        """Tells how copies ended; the checks listen to it only where a connection broke."""
        with contextlib.suppress(ChildProcessError, WireError):
            while (copy := os.waitpid(-1, os.WNOHANG))[0]:
                self.channel.send({"ended": copy[0], "status": copy[1]}, deadline=time.monotonic() + TELL_SECONDS)

    def op_get(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        if message["name"] not in self.namespace:
            return {"missing": True}
        value = self.namespace[message["name"]]
        with as_plain_data():
            return {"value": packer.pack(value), "callable": callable(value)}

    def op_given(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        """A function or class of the given cells, made apart from the notebook's names (see `checking.given`)."""
        self.given.update({name: self.namespace[name] for name in message["needs"] if name in self.namespace})
        for statement in message["statements"]:
            if statement not in self.made:
                exec(compile(statement, "<given>", "exec"), self.given)
                self.made.add(statement)
        return {"value": self._keep(self.given[message["name"]]), "callable": True}

    def op_call(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        args = [unpacker.unpack(node) for node in message["args"]]
        kwargs = {name: unpacker.unpack(node) for name, node in message["kwargs"].items()}
        given = {**dict(enumerate(args)), **kwargs}
        before = {key: contents(value) for key, value in given.items()}
        target = self._target(message)
        printed = Printed()
        with withholding(self.namespace, message.get("without", [])) as swap:
            target = swap(target)
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = target(*args, **kwargs)
        with as_plain_data():
            changed = [key for key, was in before.items() if contents(given[key]) != was]
            reply = {"changed": changed, "shares": shares_memory(value, given), "printed": printed.getvalue()}
            reply["value"] = self._keep(value) if message.get("keep") else packer.pack(value)
            if message.get("hold"):
                reply["held"] = self._keep(value)
        return reply

    def op_hold(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        """Lays down an argument, to be given to a function and looked at afterwards."""
        return {"value": self._keep(unpacker.unpack(message["value"]))}

    def op_read(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        with as_plain_data():
            return {"value": packer.pack(self._target(message))}

    def op_overwrite(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        """Turns round the bits of an array or tensor that was laid down: what shares its memory changes, too."""
        array = as_plain_array(self._target(message))
        if array is not None:
            if not array.flags.writeable:  # by the function, for it was sent as an array with memory of its own
                array.flags.writeable = True
            bits = array.reshape(-1).view(np.uint8)
            np.bitwise_xor(bits, 1 if array.dtype == bool else 255, out=bits)
        return {"value": ["none"]}

    def op_attribute(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        value = getattr(self._target(message), message["name"])
        with as_plain_data():
            return {"value": packer.pack(value)}

    def op_model(self, message: dict, unpacker: Unpacker, packer: Packer) -> dict:
        """Questions about an ``nn.Module`` (see `models`)."""
        arguments = [unpacker.unpack(node) for node in message["args"]]
        value = getattr(models, message["question"])(self._target(message), *arguments)
        with as_plain_data():
            return {"value": packer.pack(value)}

    def _target(self, message: dict) -> Any:
        node = message["target"]
        return self.namespace[node] if isinstance(node, str) else self._resolve(node)

    def _keep(self, value: Any) -> list:
        self.kept[len(self.kept)] = value
        return ["ref", len(self.kept) - 1, *type_names(type(value))]

    def _reference(self, value: Any) -> list:
        return self._keep(value)

    def _resolve(self, node: list) -> Any:
        if node[0] == "ref":
            return self.kept[node[1]]
        return self._callback(node[1])

    def _callback(self, number: int) -> Callable:
        """A function here that runs on the checks' side."""

        def call_back(*args: Any, **kwargs: Any) -> Any:
            packer = Packer(self._reference)
            packed = [packer.pack(arg) for arg in args]
            named = {name: packer.pack(arg) for name, arg in kwargs.items()}
            self.channel.send({"callback": number, "args": packed, "kwargs": named}, packer.blobs)
            message, blobs, _ = self.channel.receive()
            if "error" in message:
                raise RuntimeError(message["error"])
            return Unpacker(blobs, self._resolve, tensors=True).unpack(message["value"])

        return call_back


@contextlib.contextmanager
def as_plain_data() -> Iterator[None]:
    """While a returned value is looked at: what its own methods raise is no exception of the function that returned it."""
    try:
        yield
    except BaseException as error:
        raise Unserialisable(type_names(type(error))[0]) from None


def as_plain_array(value: Any) -> np.ndarray | None:
    """``value`` as an array that shares its memory, or None for anything but arrays and tensors."""
    if isinstance(value, np.ndarray):
        return value
    return as_tensor(value)


def contents(value: Any) -> tuple | None:
    """What an argument holds, so that a change in place shows; None for what can't be changed or looked into."""
    array = as_plain_array(value)
    if array is not None:
        return array.shape, array.dtype.str, array.tobytes()
    return (repr(value),) if type(value) in (list, dict, set) else None


def shares_memory(value: Any, arguments: dict) -> bool:
    """Whether the returned array, or one of the first in a returned tuple or list, lies in an argument's memory."""
    results = [as_plain_array(item) for item in (value[:MOST_RESULTS] if isinstance(value, (tuple, list)) else [value])]
    others = [as_plain_array(argument) for argument in arguments.values()]
    pairs = [(result, other) for result in results for other in others if result is not None and other is not None]
    return any(result.size and np.may_share_memory(result, other) for result, other in pairs)


def describe_error(error: BaseException) -> dict:
    """What the checks learn of an exception: type, bases, message, and the line of which cell of the student's raised it."""
    kind = type(error)
    name, bases = type_names(kind)
    return {
        "type": name,
        "bases": bases,
        "message": "" if issubclass(kind, Unserialisable) else _text(error),
        **_place(error),
        "unreadable": issubclass(kind, Unserialisable),
        "withheld": issubclass(kind, Withheld),
    }


def type_names(kind: type) -> tuple[str, list[str]]:
    """The name of a type and those of its bases, whatever its metaclass makes of them."""
    mro = type.__dict__["__mro__"].__get__(kind)
    name = type.__dict__["__name__"].__get__
    return name(kind), [name(base) for base in mro]


def _place(error: BaseException) -> dict:
    """The line of the student's cell that raised it; where that isn't the cell that was called, with a name from there."""
    trace = BaseException.__dict__["__traceback__"].__get__(error)
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(trace) if is_cell(frame.f_code.co_filename)]
    if not frames:
        return {"line": None}
    called, raising = frames[0][0].co_filename, frames[-1][0].co_filename
    if raising == called:
        return {"line": frames[-1][1]}
    first = next(code for code, _ in frames if code.co_filename == raising)
    return {"line": frames[-1][1], "elsewhere": first.co_qualname.partition(".")[0]}


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except BaseException:  # a hostile __str__
        return ""


def is_cell(filename: str) -> bool:
    """Whether a traceback's file name is a notebook cell (``<cell grade_id>`` or IPython's own name)."""
    return filename.startswith(("<cell", "<ipython-input")) or "ipykernel" in filename


@contextlib.contextmanager
def withholding(namespace: dict[str, Any], modules: list[str]):
    """While active, imports of ``modules`` fail, names that lead to them are traps, and a call into them raises.

    Whoever swallows that exception is found out at the end. All this goes on in the student's own process, which can undo
    it: that is why `source_rule` reads the same from the notebook outside.
    """
    if not modules:
        yield lambda target: target
        return
    used: list[str] = []

    def belongs(value: Any) -> str | None:
        name = getattr(value, "__name__", "") if isinstance(value, type(sys)) else getattr(value, "__module__", "")
        root = str(name).partition(".")[0]
        return root if root in modules else None

    def watch(frame: Any, event: str, argument: Any) -> None:
        root: str | None
        if _computes_nothing(frame):
            return
        if event == "call":
            root = str(frame.f_globals.get("__name__")).partition(".")[0]
        elif event == "c_call":
            root = belongs(argument) or belongs(getattr(argument, "__self__", None))
        else:
            return
        if root in modules:
            used.append(root)
            raise Withheld(root, name=root)

    saved_modules = {name: sys.modules[name] for name in list(sys.modules) if name.partition(".")[0] in modules}
    saved_names = {name: value for name, value in namespace.items() if belongs(value) and not isinstance(value, type)}
    try:
        for name in {*modules, *saved_modules}:
            sys.modules[name] = None  # type: ignore[assignment]  # `import name` now raises ImportError
        for name, value in saved_names.items():
            namespace[name] = _Trap(value, str(belongs(value)), used)
        gc.disable()  # or a finaliser of torch's might run here and be taken for a use
        threading.setprofile(watch)
        sys.setprofile(watch)
        yield lambda target: _Trap(target, str(belongs(target)), used) if belongs(target) else target
    except ImportError as error:
        root = (error.name or "").partition(".")[0]
        if root in modules and not isinstance(error, Withheld):
            raise Withheld(root, name=root) from error
        raise
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # what it is without a watcher
        gc.enable()
        for name in modules:
            sys.modules.pop(name, None)
        sys.modules.update(saved_modules)
        namespace.update(saved_names)
    if used:
        raise Withheld(used[0], name=used[0])


def _computes_nothing(frame: Any) -> bool:
    """Whether a frame is part of ``torch.no_grad`` or the like, or of torch and called by it: they switch how torch computes."""
    name, caller = str(frame.f_globals.get("__name__")), frame.f_back
    called = name.startswith("torch.") and caller is not None and caller.f_globals.get("__name__") in _SWITCHING
    return name in _SWITCHING or called


_SWITCHING = ("torch.autograd.grad_mode", "torch.utils._contextlib")


class _Trap:
    """Stands for something of a withheld module; any use but a type check raises `Withheld`."""

    def __init__(self, real: Any, module: str, used: list[str]) -> None:
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "_module", module)
        object.__setattr__(self, "_used", used)

    def __getattr__(self, name: str) -> Any:
        real, module, used = (object.__getattribute__(self, part) for part in ("_real", "_module", "_used"))
        value = getattr(real, name, None) if isinstance(real, type(sys)) else None
        if isinstance(value, type) or type(value).__name__ == "dtype":  # `isinstance(x, torch.Tensor)`, `x.dtype == torch.float32`
            return value
        if isinstance(value, type(sys)):
            return _Trap(value, module, used)
        if name == "is_tensor" and value is not None:
            return lambda given: isinstance(given, real.Tensor)
        used.append(module)
        raise Withheld(module, name=module)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.__getattr__("")
