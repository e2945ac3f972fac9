"""A student's notebook as the hidden checks see it: names to read, functions to call, models to try.

The notebook lives in another process. Everything that comes back is plain data rebuilt by `inside.wire`; whatever
isn't plain data stays there and is held by a `Remote`, which refuses to be compared, tested or counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from autograder.checking.compare import CheckFailed, describe
from autograder.checking.given import helper
from autograder.checking.redaction import shown_kind, shown_message
from autograder.checking.source_rule import Notebook
from autograder.checking.stopped import Course, undefined_name
from autograder.checking.versions import hint
from autograder.inside.wire import Channel, Packer, Unpacker, Unserialisable, WireClosed, WireError, WireTimeout
from autograder.jobs.defined import defined_names
from autograder.jobs.fate import Cause

T = TypeVar("T")

MAX_PRINTED = 10_000  # characters of what a call printed


class Missing(CheckFailed):
    """No cell of the notebook defines what the check asks for, or the cell that should stopped before."""

    cause = "missing"


class StudentFailed(CheckFailed):
    """The student's code raised, ran too long, died or sent something unreadable; ``cause`` says which of these, unless it raised."""

    def __init__(self, message: str, cause: Cause = "", diagnosis: str = "") -> None:
        super().__init__(message, diagnosis=diagnosis)
        self.cause = cause


@dataclass(frozen=True)
class StudentError:
    """An exception of the student's code, as its process describes it.

    ``line`` is that of the cell that was called, or of another one: the one that defines ``elsewhere``, as the process claims.
    """

    type: str
    bases: tuple[str, ...]
    message: str = ""
    line: int | None = None
    unreadable: bool = False
    withheld: bool = False
    elsewhere: str | None = None


@dataclass(frozen=True)
class Trial:
    """What one call of a student's function did.

    Attributes:
        value: the returned value, None if it raised.
        error: the exception, None if it returned.
        changed: positions or keywords of array arguments that the call changed in place.
        shares_memory: whether the returned array shares memory with an argument.
        printed: what the call wrote to stdout, at most 10,000 characters.
    """

    value: Any = None
    error: StudentError | None = None
    changed: tuple[Any, ...] = ()
    shares_memory: bool = False
    printed: str = ""


class Remote:
    """Something in the student's process that isn't plain data; it can only be passed back there."""

    def __init__(self, student: Student, node: list) -> None:
        self._student, self._node = student, ["ref", int(node[1])]
        self.type_name = str(node[2])[:60] if len(node) > 2 and is_plain_name(str(node[2])[:60]) else "object"
        self.bases = tuple(str(base)[:60] for base in node[3][:40]) if len(node) > 3 else ()

    def attribute(self, name: str) -> Any:
        """The object's attribute ``name``, as plain data or `Remote`."""
        return self._student.ask({"op": "attribute", "target": self._node, "name": name}, f"`.{name}`")["value"]

    def now(self) -> Any:
        """What the object holds now, as plain data where it is that."""
        return self._student.ask({"op": "read", "target": self._node}, "The answer")["value"]

    def __repr__(self) -> str:
        return f"<{self.type_name} in the student's process>"

    def _refuse(self, *_: Any) -> Any:
        raise CheckFailed(f"The value is {describe(self)}, which can't be compared; plain data was expected.", None, repr(self))

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __float__ = __int__ = _refuse
    __iter__ = __len__ = __getitem__ = __contains__ = __index__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # Python's way to say that it has none


class RemoteModel(Remote):
    """An ``nn.Module`` in the student's process.

    What it says of itself (parameters, trainable or not, mode, operations, values) is its process's claim. A check that
    gives points for it loads weights of its own, and looks at outputs for inputs of its own.
    """

    def _ask(self, question: str, *args: Any) -> Any:
        packer = self._student.packer()
        message = {"op": "model", "question": question, "target": self._node, "args": [packer.pack(a) for a in args]}
        return self._student.ask(message, f"`{self.type_name}`", packer.blobs)["value"]

    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Shape of each parameter by name."""
        shapes = _typed(self._ask("parameters"), dict, tuple)
        for shape in shapes.values():
            _typed(list(shape), list, int)
        return shapes

    def parameter_count(self) -> int:
        return sum(int(np.prod(shape)) for shape in self.parameters().values())

    def trainable(self) -> dict[str, bool]:
        """Whether each parameter requires gradients."""
        return _typed(self._ask("trainable"), dict, bool)

    def gradients(self) -> dict[str, np.ndarray]:
        """The gradients that the parameters hold, by name; parameters that hold none are left out."""
        return _typed(self._ask("gradients"), dict, np.ndarray)

    def layer_types(self) -> list[str]:
        """Class names of all submodules (nearest class of ``torch.nn``)."""
        return _typed(self._ask("layer_types"), list, str)

    def functions(self, x: Any) -> list[str]:
        """Names of the low-level torch operations on which the output for ``x`` depends: ``convolution``, ``relu``, …"""
        return _typed(self._ask("functions", x), list, str)

    def entering(self, x: Any) -> list[int]:
        """Sizes of the tensors on which the output for ``x`` depends, besides ``x``, parameters and buffers."""
        return _typed(self._ask("entering", x), list, int)

    def forward(self, x: Any, training: bool = False) -> Any:
        """Output for the batch ``x`` without gradients, in eval mode unless ``training``."""
        return self._ask("forward", x, training)

    def call(self, x: Any) -> Any:
        """Output for the batch ``x`` without gradients, in the mode that the model and its parts are in."""
        return self._ask("call", x)

    def state(self) -> dict[str, np.ndarray]:
        """Parameters and buffers by name."""
        return _typed(self._ask("state"), dict, np.ndarray)

    def load(self, values: dict[str, Any]) -> None:
        """Overwrites parameters and buffers by name."""
        self._ask("load", values)

    def is_training(self) -> bool:
        return bool(self._ask("is_training"))


def _typed(value: Any, kind: type, of: type) -> Any:
    """``value`` if it is a list or dict of the right things; anything else is a lie of the student's process."""
    items = value.values() if isinstance(value, dict) else value
    if type(value) is not kind or not all(type(item) is of for item in items):
        raise StudentFailed(f"The model's process sent {describe(value)} instead of a {kind.__name__} of {of.__name__}.")
    return value


@dataclass(frozen=True)
class RemoteFunction:
    """A function of the student's notebook; calling it runs it in the student's process.

    Attributes:
        name: how messages call it, and where it is found unless ``place`` says so.
        withheld: modules that it mustn't use.
        place: where it is kept there, if not under its name.
    """

    student: Student
    name: str
    withheld: tuple[str, ...] = ()
    place: Remote | None = None

    def without(self, *modules: str) -> RemoteFunction:
        """The same function with ``modules`` withheld: using them fails the check."""
        return replace(self, withheld=self.withheld + modules)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The returned value; the check fails if the function raises."""
        trial = self.trial(*args, **kwargs)
        if trial.error is not None:
            raise self.student.failed(trial.error, f"`{self.name}`")
        return trial.value

    def trial(self, *args: Any, keep: bool = False, **kwargs: Any) -> Trial:
        """Calls the function and tells all that happened; doesn't fail on the student's exceptions.

        Raises:
            StudentFailed: no answer at all (time, death, unreadable), or a withheld module was used.
        """
        return self._tried({"keep": keep}, args, kwargs)[0]

    def observed(self, *args: Any, **kwargs: Any) -> Trial:
        """As `trial`, but what happened to the arguments is looked at from here.

        They are laid down in the student's process first, and asked for again afterwards; the result is kept there, too,
        and asked for again after all arrays among the arguments were overwritten. A process that keeps other objects to be
        asked about than those the function got can still lie, but no longer by a flag.
        """
        sent = dict([*enumerate(args), *kwargs.items()])
        laid = {key: self._lay_down(value) for key, value in sent.items() if _can_change(value)}
        there = {key: laid[key][0] if key in laid else value for key, value in sent.items()}
        trial, kept = self._tried({"hold": True}, [there[key] for key in range(len(args))], {key: there[key] for key in kwargs})
        changed = {*trial.changed, *(key for key, (place, was) in laid.items() if not same_data(place.now(), was))}
        shares = trial.shares_memory
        if kept is not None and not shares:
            before = kept.now()
            for place, _ in laid.values():
                self.student.ask({"op": "overwrite", "target": place._node}, f"`{self.name}`")
            shares = not same_data(kept.now(), before)
        return replace(trial, changed=tuple(key for key in sent if key in changed), shares_memory=shares)

    def _lay_down(self, value: Any) -> tuple[Remote, Any]:
        """An argument in the student's process, and what it holds as plain data."""
        packer = self.student.packer()
        node = packer.pack(value)
        place = self.student.ask({"op": "hold", "value": node}, f"`{self.name}`", packer.blobs)["value"]
        if not isinstance(place, Remote):
            raise StudentFailed(f"`{self.name}` can't be asked: its process keeps no arguments.")
        return place, Unpacker(packer.blobs).unpack(node)

    def _tried(self, options: dict, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Trial, Remote | None]:
        self._refuse_withheld()
        packer = self.student.packer()
        message = {
            "op": "call",
            "target": self.place._node if self.place is not None else self.name,
            "without": list(self.withheld),
            **options,
        }
        message["args"] = [packer.pack(arg) for arg in args]
        message["kwargs"] = {key: packer.pack(arg) for key, arg in kwargs.items()}
        reply = self.student.exchange(message, f"`{self.name}`", packer.blobs)
        if "error" in reply:
            error = reply["error"]
            if error.withheld or error.unreadable:
                raise self.student.failed(error, f"`{self.name}`")
            return Trial(error=error), None
        told = reply.get("changed")
        changed = tuple(
            key for key in (told if isinstance(told, list) else []) if key in kwargs or (type(key) is int and 0 <= key < len(args))
        )
        held = reply.get("held")
        kept = self.student._remote(held) if isinstance(held, list) else None
        return Trial(reply["value"], None, changed, bool(reply.get("shares")), str(reply.get("printed", ""))[:MAX_PRINTED]), kept

    def _refuse_withheld(self) -> None:
        """Fails the check if the notebook's source shows that the function uses a withheld module."""
        module = self.student.uses(self.name, self.withheld) if self.withheld and isinstance(self.name, str) else None
        if module is not None:
            raise self.student.failed(StudentError("ImportError", (), module, withheld=True), f"`{self.name}`")

    def must_raise(self, kind: type[BaseException], *args: Any, when: str = "of these arguments", **kwargs: Any) -> None:
        """Fails the check unless the call raises ``kind`` or a subclass."""
        trial = self.trial(*args, **kwargs)
        if trial.error is None:
            came = "None" if trial.value is None else describe(trial.value)
            raise CheckFailed(f"`{self.name}` must raise {kind.__name__} when {when}, but it returned {came}.", kind.__name__, came)
        if kind.__name__ not in trial.error.bases:
            text = f"`{self.name}` must raise {kind.__name__} when {when}, but it raised {self.student.told(trial.error)}."
            raise CheckFailed(text, kind.__name__, trial.error.type)

    def must_not_change(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the function and fails the check if it changed an argument or returned a view of one (see `observed`)."""
        trial = self.observed(*args, **kwargs)
        if trial.error is not None:
            raise self.student.failed(trial.error, f"`{self.name}`")
        if trial.changed:
            names = ", ".join(f"number {key + 1}" if isinstance(key, int) else f"`{key}`" for key in trial.changed)
            raise CheckFailed(f"`{self.name}` changes its argument {names} in place; work on a copy instead.")
        if trial.shares_memory:
            raise CheckFailed(f"The result of `{self.name}` shares memory with an argument; return a new array.")
        return trial.value


def _can_change(value: Any) -> bool:
    """Whether an argument is an array, a tensor or a container of plain data, which a function could change."""
    return (isinstance(value, (np.ndarray, list, dict, set)) or type(value).__name__ == "Tensor") and _is_plain(value)


def _is_plain(value: Any) -> bool:
    """Whether a nested value holds no function of a check's and nothing of the student's."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple, set)) else []
    return not isinstance(value, Remote) and not callable(value) and all(map(_is_plain, items))


def same_data(one: Any, other: Any) -> bool:
    """Whether two nested values hold the same plain data, types of arrays and shapes included.

    A tensor is the same as its array. Objects of the student's aren't looked into: a model is another one each time it is asked for.
    """
    one, other = (np.asarray(value) if type(value).__name__ == "Tensor" else value for value in (one, other))
    if isinstance(one, Remote) or isinstance(other, Remote):
        return isinstance(one, Remote) and isinstance(other, Remote)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        arrays = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
        return arrays and (one.shape, one.dtype.str, one.tobytes()) == (other.shape, other.dtype.str, other.tobytes())
    if type(one) is not type(other) or not isinstance(one, (list, tuple, dict)):
        return type(one) is type(other) and (one == other or (one != one and other != other))
    if len(one) != len(other):
        return False
    if isinstance(one, dict):
        return set(one) == set(other) and all(same_data(one[key], other[key]) for key in one)
    return all(map(same_data, one, other))


@dataclass
class Student:
    """One submission's state right after a grade cell.

    Attributes:
        channel: connection to a copy of the snapshot, or None if there is none.
        source: all code of the notebook, for `redaction`.
        drawn: whether the current check's inputs are this submission's own, for the same.
        cells: the code cells up to the one that is checked, for `source_rule`; without them ``source`` stands for all.
        why_absent: the reason when ``channel`` is None.
        cause: the same as a value.
        deadline: monotonic time by which the current check must be done.
        alive: whether the copy still answers.
        hung_up: whether the copy ended, or closed its connection.
        course: what came of the notebook's cells, to say why a name isn't there.
        pid: its process, as it claims (only ever used to end it).
    """

    channel: Channel | None
    source: str = ""
    why_absent: str = "The notebook didn't get as far as this cell."
    deadline: float = field(default_factory=lambda: time.monotonic() + 60)
    alive: bool = True
    pid: int | None = None
    hung_up: bool = False
    cells: Sequence[str] = ()
    course: Course = field(default_factory=lambda: Course((), {}, 0))
    cause: Cause = ""
    drawn: bool = False
    _callbacks: list[Callable] = field(default_factory=list)
    _used: dict[tuple, str | None] = field(default_factory=dict)
    _found: dict[str, tuple[Any, CheckFailed | None]] = field(default_factory=dict)

    def once(self, what: str, find: Callable[[], T]) -> T:
        """What ``find`` finds, or the failure it ends with, for all checks of the group that ask for ``what``.

        So several thresholds look at one answer: what it is made from is drawn once, and one number is told.
        """
        if what not in self._found:
            try:
                self._found[what] = find(), None
            except CheckFailed as failed:
                self._found[what] = None, failed
        value, failure = self._found[what]
        if failure is not None:
            raise failure.with_traceback(None)
        return value

    def value(self, name: str) -> Any:
        """The variable ``name`` as plain data; the check fails if there is none."""
        return self._get(name)["value"]

    def function(self, name: str) -> RemoteFunction:
        """The function or class ``name``; the check fails if it is missing or not callable."""
        return self._function(name)[0]

    def _function(self, name: str) -> tuple[RemoteFunction, Any]:
        """The same, and what its process says that it is."""
        reply = self._get(name)
        value = reply["value"]
        if reply.get("callable") is not True:
            kind = describe(value)
            raise CheckFailed(f"`{name}` is {kind}, but a function was expected. Was the name assigned again?", "a function", kind)
        return RemoteFunction(self, name, place=value if reply.get("given") else None), value

    def build(self, name: str, *args: Any, **kwargs: Any) -> RemoteModel:
        """An ``nn.Module`` made by calling the student's class ``name``."""
        function, made = self._function(name)
        if isinstance(made, Remote) and "Module" in made.bases:
            wanted = "a class" if name[:1].isupper() else "a function that makes one"
            raise CheckFailed("", diagnosis=f"`{name}` is a model ({made.type_name}), but {wanted} was expected.")
        value = function.trial(*args, keep=True, **kwargs)
        if value.error is not None:
            raise self.failed(value.error, f"`{name}({_arguments(args, kwargs)})`")
        if not isinstance(value.value, Remote) or "Module" not in value.value.bases:
            raise CheckFailed(f"`{name}(…)` made {describe(value.value)}, but an nn.Module was expected.")
        model = RemoteModel(self, ["ref", value.value._node[1], value.value.type_name, list(value.value.bases)])
        return model

    def uses(self, name: str, withheld: tuple[str, ...]) -> str | None:
        """The withheld module that the function ``name`` uses by the notebook's source, None if it shows none."""
        if (name, *withheld) not in self._used:
            self._used[name, *withheld] = Notebook(self.cells or [self.source]).reached(name, withheld)
        return self._used[name, *withheld]

    def _get(self, name: str) -> dict:
        """What ``name`` stands for: in the given cells where they define such a function or class, else in the notebook."""
        if made := helper(self.course.cells, self.course.at, name):
            message = {"op": "given", "name": name, "statements": list(made.statements), "needs": list(made.needs)}
            return {**self.ask(message, f"`{name}`"), "given": True}
        reply = self.ask({"op": "get", "name": name}, f"`{name}`")
        if reply.get("missing"):
            raise Missing(self.course.missing(name))
        return reply

    def packer(self) -> Packer:
        """A packer for arguments: callables become callbacks, remote objects go back as themselves."""
        return Packer(self._reference)

    def _reference(self, value: Any) -> list:
        if isinstance(value, Remote):
            return value._node
        if callable(value):
            self._callbacks.append(value)
            return ["callback", len(self._callbacks) - 1]
        raise Unserialisable(f"a {type(value).__name__} can't be sent to the student's process")

    def ask(self, message: dict, what: str, blobs: Sequence[bytes] = ()) -> dict:
        """Like `exchange`, but the student's exceptions fail the check."""
        reply = self.exchange(message, what, blobs)
        if "error" in reply:
            raise self.failed(reply["error"], what)
        return reply

    def exchange(self, message: dict, what: str, blobs: Sequence[bytes] = ()) -> dict:
        """Sends one request and returns the reply with its value rebuilt; answers callbacks on the way.

        Raises:
            StudentFailed: no readable answer came in time.
        """
        if self.channel is None or not self.alive:
            raise StudentFailed(self.why_absent, self.cause)
        try:
            self.channel.send(message, list(blobs), deadline=self.deadline)
            while True:
                reply, reply_blobs, _ = self.channel.receive(self.deadline)
                if "callback" not in reply:
                    return self._rebuilt(reply, reply_blobs)
                self._call_back(reply, reply_blobs)
        except WireTimeout:
            self._lost("An earlier check of this group ran too long.")
            raise StudentFailed(f"{what} ran longer than the time allowed for this check.", "time") from None
        except WireClosed:
            self.hung_up = True
            self._lost("The process ended in an earlier check of this group.")
            raise StudentFailed(f"{what} ended the whole process (os._exit, a crash or the memory limit).", "ended") from None
        except WireError as error:
            self._lost("An earlier answer couldn't be read.")
            raise StudentFailed(f"The answer of {what} can't be read: {error}.") from None

    def _lost(self, why: str) -> None:
        self.alive, self.why_absent = False, why

    def _rebuilt(self, reply: dict, blobs: list[bytes]) -> dict:
        if "error" in reply:
            return {"error": _error(reply["error"], self.source)}
        unpacker = Unpacker(blobs, self._remote)
        value = unpacker.unpack(reply["value"]) if "value" in reply else None
        return {**reply, "value": value}

    def _remote(self, node: list) -> Remote:
        if node[0] != "ref" or type(node[1]) is not int:
            raise WireError("malformed reference")
        return Remote(self, node)

    def _call_back(self, request: dict, blobs: list[bytes]) -> None:
        unpacker, packer = Unpacker(blobs, self._remote), self.packer()
        number = request["callback"]
        if type(number) is not int or not 0 <= number < len(self._callbacks):
            raise WireError("malformed callback")
        try:
            function = self._callbacks[number]
            args = [unpacker.unpack(node) for node in request["args"]]
            kwargs = {str(name): unpacker.unpack(node) for name, node in request["kwargs"].items()}
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise WireError("malformed callback") from None
        try:
            reply: dict[str, Any] = {"value": packer.pack(function(*args, **kwargs))}
        except CheckFailed:
            raise
        except Exception as error:  # of arguments it wasn't made for: raised on the student's side, as any function would
            packer, reply = self.packer(), {"error": f"{type(error).__name__}"}
        if self.channel is not None:
            self.channel.send(reply, packer.blobs, deadline=self.deadline)

    def failed(self, error: StudentError, what: str) -> StudentFailed:
        """The failure of a check in which ``what`` raised an exception; where it can be known, with what it comes of."""
        if error.withheld:
            module = error.message if error.message.isidentifier() and len(error.message) < 16 else "another package"
            return StudentFailed("", diagnosis=f"{what} uses {module}, but this task asks for numpy only.")
        if error.unreadable:
            return StudentFailed(f"{what} returned something that is no plain data (numbers, texts, arrays, lists, …).")
        if "NotImplementedError" in error.bases and not error.message.strip():  # torch raises it too, with a reason
            return StudentFailed("", diagnosis=f"{what} is not written yet (NotImplementedError).")
        shown = self._shown(error)
        more = hint(error.type, shown) or self.course.undefined(undefined_name(error.type, shown))
        return StudentFailed(f"{what} raised {self.told(error)}.", diagnosis=more)

    def sentence(self, error: StudentError, what: str) -> str:
        """What `failed` says, in one sentence or two."""
        return self.failed(error, what).message

    def told(self, error: StudentError) -> str:
        """An exception's type, its own words as far as they hold no hidden inputs, and its line."""
        shown = self._shown(error)
        where = f" (line {error.line} of {self._cell_of(error)})" if error.line else ""
        return f"{error.type}{': ' + shown.rstrip(' .:') if shown else ''}{where}"

    def _cell_of(self, error: StudentError) -> str:
        """The cell of an exception's line, called by a name only if it is one that a cell with so many lines defines."""
        if error.elsewhere is None:
            return "its cell"
        lines = [cell.count("\n") + 1 for cell in self.cells or [self.source] if error.elsewhere in defined_names(cell) - {"*"}]
        return f"the cell of `{error.elsewhere}`" if error.line in range(1, max(lines, default=0) + 1) else "another cell"

    def _shown(self, error: StudentError) -> str:
        return shown_message(error.message, self.source, self.drawn, error.type, self.cells)


def is_plain_name(name: str) -> bool:
    """Whether a type's name may be shown: one made of numbers could carry a hidden input."""
    return name.isidentifier() and sum(map(str.isdigit, name)) <= 2


def _error(report: Any, source: str) -> StudentError:
    """An exception as its process describes it, its type by a name that can't have been made up there."""
    if not isinstance(report, dict):
        raise WireError("malformed error report")
    bases = tuple(str(base)[:60] for base in report.get("bases", [])[:40]) if isinstance(report.get("bases"), list) else ()
    line = report.get("line") if type(report.get("line")) is int and 0 < report["line"] < 10_000 else None
    kind, message = shown_kind(str(report.get("type", "Exception"))[:60], source), str(report.get("message", ""))[:500]
    elsewhere = None if report.get("elsewhere") is None else str(report["elsewhere"])[:100]
    return StudentError(kind, bases, message, line, bool(report.get("unreadable")), bool(report.get("withheld")), elsewhere)


def _arguments(args: tuple, kwargs: dict) -> str:
    return ", ".join([str(arg) for arg in args] + [f"{name}={value}" for name, value in kwargs.items()])
