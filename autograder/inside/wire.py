"""Messages between the grader and a student's process: JSON plus raw array bytes, never pickle.

A frame is ``uint32 n_json, uint32 n_blobs, n_blobs × uint64 size, JSON text, blobs``. A value travels as a tagged
list such as ``["tuple", [["int", 3], ["str", "a"]]]``; array data travels in the blobs. Whatever is received is
rebuilt as an exact base type (``int``, ``list``, ``numpy.ndarray`` …), so no method of the sender's objects comes
along. The receiving side caps sizes, depth and time: the sender may be hostile.
"""

from __future__ import annotations

import array
import json
import math
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

MAX_JSON_BYTES = 8 << 20
MAX_BLOB_BYTES = 256 << 20
MAX_BLOBS = 20_000
TRUSTED = (1 << 30, 1 << 30)  # array bytes and text accepted between processes of the grader's own
MAX_DEPTH = 40
MAX_NESTED = 500  # brackets of JSON text; each level of a value takes up to three
MAX_KEYS = 10_000  # of a dict or set: hashes of integers can be made to collide, which makes the reader slow
MAX_BITS = 4096  # of an integer
KEPT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")  # of a display
ARRAY_KINDS = "biufc"  # bool, signed and unsigned integers, floats, complex: nothing that can hold an object

_HEAD = struct.Struct(">II")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # one that isn't closed reaches to the end: no text is read twice
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class WireError(Exception):
    """A message that breaks the rules: too large, too deep, malformed or of an unknown type."""


class WireClosed(WireError):
    """The other side is gone."""


class WireTimeout(WireError):
    """The other side didn't answer in time."""


class Unserialisable(Exception):
    """A value that doesn't travel as plain data."""


class Channel:
    """One end of a stream socket that sends and receives frames.

    A frame that has come in part when time is up isn't lost: the next `receive` goes on with it.

    Args:
        sock: a connected stream socket; the channel owns it.
        max_bytes: largest total of array bytes accepted in one frame.
        max_text: largest JSON text accepted; to be raised only where the sender is trusted.
    """

    def __init__(self, sock: socket.socket, max_bytes: int = MAX_BLOB_BYTES, max_text: int = MAX_JSON_BYTES) -> None:
        self.sock = sock
        self.max_bytes = max_bytes
        self.max_text = max_text
        self._expect_frame()

    def _expect_frame(self) -> None:
        """Nothing of the next frame has come yet."""
        self._parts: list[bytes] = []  # those that are complete: head, sizes, text, blobs
        self._part, self._got = bytearray(), 0
        self._descriptors: list[int] = []

    def fileno(self) -> int:
        return self.sock.fileno()

    def close(self) -> None:
        self.sock.close()

    def send(self, message: dict, blobs: Sequence[bytes] = (), fds: Sequence[int] = (), deadline: float | None = None) -> None:
        """Sends one frame; ``fds`` are open descriptors handed to the other side.

        Raises:
            WireTimeout: the other side didn't read in time.
            WireClosed: the other side is gone.
        """
        text = json.dumps(message, separators=(",", ":")).encode("utf-8", "surrogatepass")
        head = _HEAD.pack(len(text), len(blobs)) + struct.pack(f">{len(blobs)}Q", *(len(b) for b in blobs))
        try:
            if fds:
                rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))]
                _wait(self.sock, deadline, write=True)
                sent = self.sock.sendmsg([head], rights, socket.MSG_DONTWAIT if deadline else 0)
                head = head[sent:]
            for part in (head, text, *blobs):
                self._send_all(memoryview(part).cast("B"), deadline)
        except (BrokenPipeError, ConnectionResetError, OSError) as error:
            if isinstance(error, WireError):
                raise
            raise WireClosed(str(error)) from None

    def _send_all(self, data: memoryview, deadline: float | None) -> None:
        while len(data):
            _wait(self.sock, deadline, write=True)
            sent = self.sock.send(data[: 1 << 20], socket.MSG_DONTWAIT if deadline else 0)
            data = data[sent:]

    def receive(self, deadline: float | None = None, max_fds: int = 0) -> tuple[dict, list[bytes], list[int]]:
        """Receives one frame: ``(message, blobs, descriptors)``.

        Raises:
            WireTimeout, WireClosed: as named.
            WireError: the frame is malformed or over a limit.
        """
        parts = iter(self._parts.copy())
        n_json, n_blobs = _HEAD.unpack(self._next(parts, _HEAD.size, deadline, max_fds))
        if n_json > self.max_text or n_blobs > MAX_BLOBS:
            raise WireError(f"message too large: {n_json} bytes of text, {n_blobs} arrays")
        sizes = struct.unpack(f">{n_blobs}Q", self._next(parts, 8 * n_blobs, deadline))
        if sum(sizes) > self.max_bytes:
            raise WireError(f"message too large: {sum(sizes):,} bytes of array data, at most {self.max_bytes:,} pass")
        text = self._next(parts, n_json, deadline)
        blobs = [self._next(parts, size, deadline) for size in sizes]
        descriptors = self._descriptors
        self._expect_frame()
        return _decoded(text), blobs, descriptors

    def _next(self, parts: Iterator[bytes], size: int, deadline: float | None, max_fds: int = 0) -> bytes:
        """The frame's next part: one that came before time was up the last time, or else received now."""
        if (part := next(parts, None)) is not None:
            return part
        if not self._got:
            self._part = bytearray(size)
        view = memoryview(self._part)
        while self._got < size:
            _wait(self.sock, deadline)
            try:
                count = self._receive_some(view[self._got :][: 1 << 20], max_fds)
            except OSError as error:
                raise WireClosed(str(error)) from None
            if not count:
                raise WireClosed("the other side closed the connection")
            self._got += count
        self._parts.append(bytes(self._part))
        self._part, self._got = bytearray(), 0
        return self._parts[-1]

    def _receive_some(self, view: memoryview, max_fds: int) -> int:
        if not max_fds:
            return self.sock.recv_into(view)
        fds = array.array("i")
        count, ancillary, _, _ = self.sock.recvmsg_into([view], socket.CMSG_LEN(max_fds * fds.itemsize))
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
        self._descriptors.extend(fds)
        return count


def _decoded(text: bytes) -> dict:
    """The object that a frame's text stands for."""
    if _nesting(text) > MAX_NESTED:  # from Python 3.14 on, json itself sets no limit before the stack ends
        raise WireError("malformed message: nested too deeply")
    try:
        message = json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"malformed message: {type(error).__name__}") from None
    if not isinstance(message, dict):
        raise WireError("malformed message: not an object")
    return message


def _nesting(text: bytes) -> int:
    """How deep brackets are nested in JSON text, those in strings left out."""
    if text.count(b"[") + text.count(b"{") <= MAX_NESTED:
        return 0
    brackets = np.frombuffer(_STRING.sub(b"", text).translate(None, _NO_BRACKETS), np.uint8)
    steps = np.where((brackets == ord("[")) | (brackets == ord("{")), 1, -1)
    return int(steps.cumsum().max(initial=0))


def _wait(sock: socket.socket, deadline: float | None, write: bool = False) -> None:
    if deadline is None:
        return
    poller = select.poll()
    poller.register(sock, select.POLLOUT if write else select.POLLIN)
    left = deadline - time.monotonic()
    if left <= 0 or not poller.poll(max(1, math.ceil(left * 1000))):
        raise WireTimeout("no answer in time")


class Packer:
    """Turns Python values into tagged lists, collecting array bytes in ``blobs``.

    Args:
        reference: called for an object that isn't plain data; returns its tagged list (``["ref", …]``,
            ``["callback", …]``) or raises `Unserialisable`.
    """

    def __init__(self, reference: Callable[[Any], list] | None = None) -> None:
        self.blobs: list[bytes] = []
        self.reference = reference

    def pack(self, value: Any, depth: int = 0) -> list:
        if depth > MAX_DEPTH:
            raise Unserialisable("nested too deeply")
        if value is None:
            return ["none"]
        for kind, tag in ((bool, "bool"), (int, "int"), (float, "float"), (str, "str")):
            if isinstance(value, kind):
                plain = str.__str__(value) if kind is str else kind(value)
                if isinstance(plain, int) and plain.bit_length() > MAX_BITS:
                    raise Unserialisable("an integer of more than a thousand digits")
                return [tag, plain]
        if isinstance(value, complex):
            return ["complex", complex(value).real, complex(value).imag]
        if isinstance(value, (bytes, bytearray)):
            return ["bytes", self._blob(bytes(value))]
        if isinstance(value, dict):
            return ["dict", [[self.pack(k, depth + 1), self.pack(v, depth + 1)] for k, v in dict.items(value)]]
        for kinds, tag in (((list,), "list"), ((tuple,), "tuple"), ((set, frozenset), "set")):
            if isinstance(value, kinds):
                return [tag, [self.pack(item, depth + 1) for item in value]]
        return self._pack_array(value, depth)

    def _pack_array(self, value: Any, depth: int) -> list:
        if isinstance(value, (np.ndarray, np.generic)):
            source = "scalar" if isinstance(value, np.generic) else "numpy"
            plain = np.asarray(value)
        elif (tensor := as_tensor(value)) is not None:
            source, plain = "torch", tensor
        elif self.reference is not None:
            return self.reference(value)
        else:
            raise Unserialisable(f"a {type(value).__name__} doesn't travel as plain data")
        if plain.dtype.kind not in ARRAY_KINDS:
            return self.pack(plain.tolist(), depth + 1)
        if plain.dtype.char in _EXTENDED:
            plain = plain.astype(_EXTENDED[plain.dtype.char])
        plain = np.ascontiguousarray(plain, dtype=plain.dtype.newbyteorder("<")).reshape(plain.shape)
        return ["array", plain.dtype.str, list(plain.shape), self._blob(plain.tobytes()), source]

    def _blob(self, data: bytes) -> int:
        self.blobs.append(data)
        return len(self.blobs) - 1


def as_tensor(value: Any) -> np.ndarray | None:
    """The numpy form of a torch tensor, or None if ``value`` isn't one."""
    torch = _loaded_torch()
    if torch is None or not isinstance(value, torch.Tensor):
        return None
    tensor = value.detach().cpu()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    return tensor.resolve_conj().resolve_neg().numpy()


def _loaded_torch() -> Any:
    import sys

    torch = sys.modules.get("torch")
    return torch if hasattr(torch, "Tensor") else None


class Unpacker:
    """Rebuilds values from tagged lists as exact base types.

    Args:
        blobs: the frame's array bytes.
        reference: called with a ``["ref", …]`` or ``["callback", …]`` list; None refuses them.
        tensors: rebuild what was a torch tensor as a tensor instead of a numpy array.
    """

    def __init__(self, blobs: list[bytes], reference: Callable[[list], Any] | None = None, tensors: bool = False) -> None:
        self.blobs: list[bytes | None] = list(blobs)
        self.reference = reference
        self.tensors = tensors

    def unpack(self, node: Any, depth: int = 0) -> Any:
        """Raises `WireError` for anything that isn't a well-formed tagged list."""
        if depth > MAX_DEPTH or not isinstance(node, list) or not node or not isinstance(node[0], str):
            raise WireError("malformed value")
        try:
            return self._unpack(node, depth)
        except WireError:
            raise
        except (TypeError, ValueError, IndexError, KeyError, OverflowError, MemoryError) as error:
            raise WireError(f"malformed value: {type(error).__name__}") from None

    def _unpack(self, node: list, depth: int) -> Any:
        tag = node[0]
        if tag == "none":
            return None
        if tag in _SCALARS:
            if type(node[1]) not in _SCALARS[tag]:
                raise WireError(f"malformed value: {tag}")
            return _SCALARS[tag][0](node[1])
        if tag == "complex":
            return complex(float(node[1]), float(node[2]))
        if tag == "bytes":
            return self._take(node[1])
        if tag in ("set", "dict") and len(node[1]) > MAX_KEYS:
            raise WireError(f"malformed value: a {tag} of more than {MAX_KEYS:,} entries")
        if tag in _SEQUENCES:
            return _SEQUENCES[tag](self.unpack(item, depth + 1) for item in node[1])
        if tag == "dict":
            return {self.unpack(k, depth + 1): self.unpack(v, depth + 1) for k, v in node[1]}
        if tag == "array":
            return self._unpack_array(node)
        if tag in ("ref", "callback") and self.reference is not None:
            return self.reference(node)
        raise WireError(f"malformed value: unknown tag {tag!r:.20}")

    def _unpack_array(self, node: list) -> Any:
        _, dtype_name, shape, blob, source = node
        if not isinstance(dtype_name, str) or not _DTYPE.fullmatch(dtype_name) or not isinstance(shape, list) or len(shape) > 32:
            raise WireError("malformed array")
        dtype, shape = np.dtype(dtype_name), tuple(_index(n) for n in shape)
        data = self._take(blob)
        if math.prod(shape) * dtype.itemsize != len(data):
            raise WireError("malformed array: size and shape disagree")
        if dtype.kind == "b":
            data = (np.frombuffer(data, np.uint8) != 0).tobytes()
        plain = np.frombuffer(data, dtype).reshape(shape).copy()
        if source == "scalar" and shape == ():
            return plain.item()
        if source == "torch" and self.tensors:
            return _loaded_torch().from_numpy(plain)
        return plain

    def _take(self, number: Any) -> bytes:
        """A blob, once: what was sent once can't be claimed many times."""
        data, self.blobs[number] = self.blobs[_index(number)], None
        if data is None:
            raise WireError("malformed value: data used twice")
        return data


_SCALARS = {"bool": (bool,), "int": (int,), "float": (float, int), "str": (str,)}
_DTYPE = re.compile(r"\|b1|[|<][iu]1|<[iu][248]|<f[248]|<c(?:8|16)")
_EXTENDED = {"g": np.float64, "G": np.complex128}  # longer than a double: no two machines agree on these
_SEQUENCES = {"list": list, "tuple": tuple, "set": set}


def _index(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise WireError("malformed value: not an index")
    return number
