"""Messages between processes: what travels, as what it arrives, and what is refused."""

from __future__ import annotations

import array
import json
import math
import os
import socket
import struct
import threading
import time
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.inside import wire
from autograder.inside.wire import Channel, Packer, Unpacker, Unserialisable, WireClosed, WireError, WireTimeout

HEAD = struct.Struct(">II")

PLAIN_NUMBERS = st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats() | st.complex_numbers()
PLAIN = st.recursive(
    PLAIN_NUMBERS | st.text() | st.binary(max_size=20),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)
DTYPES = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
    hnp.complex_number_dtypes(endianness="?", sizes=(64, 128)),
)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))


def travel(value: Any, **options: Any) -> Any:
    """``value`` as it arrives: packed, written as JSON, read, rebuilt."""
    packer = Packer()
    return Unpacker(packer_blobs(packer, value), **options).unpack(packer.node)


def packer_blobs(packer: Packer, value: Any) -> list[bytes]:
    packer.node = json.loads(json.dumps(packer.pack(value)))
    return packer.blobs


def same(a: Any, b: Any) -> bool:
    """Equal in value and in exact type, NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    return repr(a) == repr(b)


# ---- values


@given(PLAIN)
def test_plain_values_arrive_unchanged(value):
    assert same(travel(value), value)


@given(st.sets(st.integers() | st.text() | st.tuples(st.integers(), st.booleans())))
def test_sets_arrive_as_sets(value):
    assert travel(value) == value and type(travel(value)) is set
    assert type(travel(frozenset(value))) is set


@given(ARRAYS)
def test_arrays_of_every_dtype_arrive_bit_for_bit(array):
    arrived = travel(array)
    assert same(arrived, array.astype(array.dtype.newbyteorder("<"), order="C"))
    assert arrived.flags.writeable and arrived.flags.owndata


@given(ARRAYS.filter(lambda array: array.ndim > 1))
def test_memory_order_and_strides_dont_matter(array):
    for view in (np.asfortranarray(array), array[::-1], array.T, array[..., ::2]):
        assert same(travel(view), np.ascontiguousarray(view, view.dtype.newbyteorder("<")))


def test_special_numbers_arrive():
    array = np.array([np.nan, np.inf, -np.inf, -0.0])
    assert same(travel(array), array)
    assert math.isnan(travel(float("nan"))) and travel(-math.inf) == -math.inf
    assert math.copysign(1, travel(-0.0)) == -1
    assert travel(complex("nan+infj")).imag == math.inf


def test_arrays_without_dimensions_or_entries_keep_their_shape():
    assert travel(np.array(2.5)).shape == ()
    assert travel(np.zeros((0, 3, 0), np.int8)).shape == (0, 3, 0)


@pytest.mark.parametrize("number", [np.float32(0.1), np.float16(2), np.int8(-3), np.uint64(2**63), np.bool_(True), np.complex64(1j)])
def test_numpy_scalars_arrive_as_python_numbers(number):
    arrived = travel(number)
    assert arrived == number.item() and type(arrived) is type(number.item())


def test_extended_precision_arrives_as_ordinary_floats():
    arrived = travel(np.array([1.5, -2.0], np.longdouble))
    assert arrived.dtype == np.float64 and arrived.tolist() == [1.5, -2.0]
    assert type(travel(np.longdouble(1.5))) is float
    assert travel(np.array([1 + 2j], np.clongdouble)).dtype == np.complex128


def test_arrays_of_numbers_as_objects_arrive_as_lists():
    assert travel(np.array([[1, 2.5], [None, "a"]], dtype=object)) == [[1, 2.5], [None, "a"]]
    assert travel(np.array(["conv", "pool"])) == ["conv", "pool"]


def test_subclasses_arrive_as_exact_base_types():
    class Whole(int): ...

    class Real(float): ...

    class Text(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "a lie"

    class Items(list):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None

    class Matrix(np.ndarray): ...

    class Colour(IntEnum):
        red = 7

    point = namedtuple("point", "x y")
    assert same(travel(Whole(3)), 3) and same(travel(Real(2.5)), 2.5) and same(travel(Colour.red), 7)
    assert same(travel(Text("true")), "true")
    assert same(travel(Items([1, Items([2])])), [1, [2]])
    assert same(travel(OrderedDict(a=1)), {"a": 1}) and same(travel(point(1, 2)), (1, 2))
    assert same(travel(np.arange(3.0).view(Matrix)), np.arange(3.0))
    assert same(travel(np.ma.masked_array([1, 2], [0, 1])), np.array([1, 2]))


def test_a_number_that_lies_about_itself_arrives_as_what_it_is():
    class Sly(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

        def __repr__(self) -> str:
            return "0.0"

    assert travel(Sly(2.5)) == 2.5 and travel(Sly(2.5)) != 0.0


def test_tensors_arrive_as_arrays():
    torch = pytest.importorskip("torch")
    leaf = torch.arange(6.0).reshape(2, 3).requires_grad_()
    assert same(travel(leaf), np.arange(6, dtype=np.float32).reshape(2, 3))
    assert same(travel(leaf.t()), np.arange(6, dtype=np.float32).reshape(2, 3).T.copy())
    assert same(travel(torch.tensor([1.5, 2], dtype=torch.bfloat16)), np.array([1.5, 2], np.float32))
    assert same(travel(torch.nn.Parameter(torch.ones(2))), np.ones(2, np.float32))
    assert same(travel(torch.tensor(3)), np.array(3))
    assert same(travel(torch.tensor([1 + 2j]).conj()), np.array([1 - 2j], np.complex64))
    assert same(travel(torch.eye(2).to_sparse()), np.eye(2, dtype=np.float32))
    assert same(travel(torch.tensor([True, False])), np.array([True, False]))
    assert same(travel(torch.Size([2, 3])), (2, 3))


def test_tensors_can_stay_tensors():
    torch = pytest.importorskip("torch")
    arrived = travel([torch.ones(2, 3), np.ones(2)], tensors=True)
    assert isinstance(arrived[0], torch.Tensor) and arrived[0].shape == (2, 3)
    assert isinstance(arrived[1], np.ndarray)


def test_objects_of_other_kinds_go_to_the_reference():
    packer = Packer(lambda value: ["ref", 5])
    assert packer.pack([1, object()]) == ["list", [["int", 1], ["ref", 5]]]
    assert Unpacker([], lambda node: ("held", node[1])).unpack(["ref", 5]) == ("held", 5)


@pytest.mark.parametrize("value", [object(), len, {"a": {1, 2}, "b": iter([])}, np.array([object()]), np.datetime64("2020-01-01")])
def test_objects_of_other_kinds_are_refused_without_a_reference(value):
    with pytest.raises(Unserialisable, match="plain data"):
        Packer().pack(value)


def test_values_nested_too_deeply_or_in_circles_are_refused():
    deep: list = []
    for _ in range(60):
        deep = [deep]
    circle: list = []
    circle.append(circle)
    for value in (deep, circle):
        with pytest.raises(Unserialisable, match="too deeply"):
            Packer().pack(value)


def test_numbers_with_thousands_of_digits_are_refused():
    assert travel(10**400) == 10**400
    with pytest.raises(Unserialisable, match="digits"):
        Packer().pack(10**5000)


# ---- hostile values


def refused(node: Any, *blobs: bytes, match: str = "malformed") -> None:
    with pytest.raises(WireError, match=match):
        Unpacker(list(blobs)).unpack(node)


@pytest.mark.parametrize(
    "node",
    [
        None,
        7,
        "int",
        [],
        {},
        [["int", 1]],
        [None],
        ["int"],
        ["int", True],
        ["int", 1.0],
        ["int", "1"],
        ["bool", 1],
        ["float", "1"],
        ["float", 10**400],
        ["float", None],
        ["str", 1],
        ["str", ["a"]],
        ["complex", 1],
        ["complex", "a", "b"],
        ["complex", [], 0],
        ["bytes", 0],
        ["bytes", -1],
        ["bytes", True],
        ["list", 3],
        ["list", [3]],
        ["list", {"a": 1}],
        ["tuple", "ab"],
        ["set", [["list", []]]],
        ["dict", [[["list", []], ["int", 1]]]],
        ["dict", [["int"]]],
        ["dict", {"ab": 1}],
        ["dict", 5],
        ["array"],
        ["array", "<f8", [1], 0],
        ["pickle", "cos\nsystem"],
        ["__class__", 1],
        ["ref", 0],
        ["callback", 0],
    ],
    ids=repr,
)
def test_malformed_values_are_refused(node):
    refused(node)


@pytest.mark.parametrize(
    "dtype",
    [
        "O",
        "|O",
        "V8",
        "S8",
        "U2",
        "M8[s]",
        "m8",
        "<f8,<f8",
        "(2,2)<f8",
        "(",
        "(((,",
        "1" * 5000,
        "",
        None,
        8,
        ["<f8"],
        "f",
        "float64",
        "<f16",
        "<c32",
    ],
)
def test_dtypes_that_could_hold_anything_but_numbers_are_refused(dtype):
    refused(["array", dtype, [1], 0, "numpy"], bytes(8))


@pytest.mark.parametrize(
    "shape",
    [[2], [0], [-1], [1, -1], [True], [1.0], ["1"], None, 1, "1", [[1]], [2**62, 2**62], [0, 2**62, 2**62], [1] * 70, {"1": 1}],
)
def test_shapes_that_disagree_with_the_data_are_refused(shape):
    refused(["array", "<f8", shape, 0, "numpy"], bytes(8))


@pytest.mark.parametrize("blob", [1, -1, True, 0.0, "0", None, [0], 2**70])
def test_arrays_that_point_at_no_data_are_refused(blob):
    refused(["array", "<f8", [1], blob, "numpy"], bytes(8))


def test_data_sent_once_cant_be_claimed_many_times():
    array = ["array", "|u1", [8], 0, "numpy"]
    refused(["list", [array, array]], bytes(8))
    refused(["list", [["bytes", 0], ["bytes", 0]]], bytes(8))


def test_a_bool_is_never_anything_between():
    arrived = Unpacker([b"\x00\x01\x02\xff"]).unpack(["array", "|b1", [4], 0, "numpy"])
    assert arrived.view(np.uint8).tolist() == [0, 1, 1, 1]


def test_deep_nesting_is_refused():
    node: list = ["none"]
    for _ in range(500):
        node = ["list", [node]]
    refused(node)


def test_colliding_keys_cant_stall_the_reader():
    """Hashes of integers are known: 2**61 - 1 and its multiples all land in one place."""
    keys = [["int", k * (2**61 - 1)] for k in range(60_000)]
    started = time.process_time()
    refused(["dict", [[key, ["none"]] for key in keys]])
    refused(["set", keys])
    assert time.process_time() - started < 5


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2**70)
    | st.floats()
    | st.sampled_from(["int", "array", "dict", "<f8", "O", "numpy"])
    | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
TAGS = st.sampled_from("none bool int float str complex bytes list tuple set dict array ref callback".split())
TAGGED = st.recursive(
    st.tuples(TAGS, JSON).map(list) | st.tuples(st.just("array"), st.sampled_from(["<f8", "|b1", "O"]), JSON, JSON, JSON).map(list),
    lambda inner: st.tuples(TAGS, st.lists(inner | st.lists(inner, max_size=2), max_size=4)).map(list),
)


@given(JSON | TAGGED, st.lists(st.binary(max_size=16), max_size=3))
def test_whatever_is_claimed_becomes_plain_data_or_is_refused(node, blobs):
    try:
        value = Unpacker(blobs).unpack(node)
    except WireError:
        return
    assert_plain(value)


def assert_plain(value: Any) -> None:
    assert type(value) in (type(None), bool, int, float, complex, str, bytes, list, tuple, set, dict, np.ndarray)
    for item in [*value, *value.values()] if type(value) is dict else value if type(value) in (list, tuple, set) else ():
        assert_plain(item)


# ---- frames


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    pair = [Channel(end, 1 << 20) for end in socket.socketpair()]
    yield tuple(pair)
    for channel in pair:
        channel.close()


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def test_a_frame_arrives_with_its_data(ends):
    ends[0].send({"op": "run", "text": "é\ud800"}, [b"abc", b"", b"\x00" * 5])
    assert ends[1].receive(soon()) == ({"op": "run", "text": "é\ud800"}, [b"abc", b"", b"\x00" * 5], [])


def test_frames_keep_their_order(ends):
    for number in range(20):
        ends[0].send({"number": number}, [bytes(number)])
    assert [ends[1].receive(soon())[0]["number"] for _ in range(20)] == list(range(20))


def test_a_frame_larger_than_the_socket_arrives_whole(ends):
    data = os.urandom(1 << 20)
    thread = threading.Thread(target=ends[0].send, args=({"big": True}, [data]), kwargs={"deadline": soon()})
    thread.start()
    assert ends[1].receive(soon())[1] == [data]
    thread.join()


def test_open_descriptors_travel(ends):
    read, write = os.pipe()
    ends[0].send({"op": "copy"}, fds=[write], deadline=soon())
    os.close(write)
    (arrived,) = ends[1].receive(soon(), max_fds=1)[2]
    os.write(arrived, b"x")
    os.close(arrived)
    assert os.read(read, 5) == b"x"
    os.close(read)


def test_descriptors_nobody_asked_for_are_closed(ends):
    read, write = os.pipe()
    ends[0].send({"op": "gift"}, fds=[write] * 3)
    os.close(write)
    assert ends[1].receive(soon()) == ({"op": "gift"}, [], [])
    assert os.read(read, 1) == b"", "no copy of the writing end is left open"
    os.close(read)


def frame(text: bytes, *sizes: int) -> bytes:
    return HEAD.pack(len(text), len(sizes)) + struct.pack(f">{len(sizes)}Q", *sizes) + text


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (HEAD.pack(2**32 - 1, 0), "too large"),
        (HEAD.pack(2, 2**32 - 1), "too large"),
        (frame(b"{}", 2**64 - 1), "too large"),
        (frame(b"{}", *[1 << 19] * 3), "too large"),
        (frame(b"{"), "malformed"),
        (frame(b"[]"), "not an object"),
        (frame(b"null"), "not an object"),
        (frame(b"\xff\xfe"), "malformed"),
        (frame(b"[" * 100_000), "malformed"),
        (frame(b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}"), "malformed"),
        (frame(b'{"a":' * 700 + b"1" + b"}" * 700), "nested too deeply"),
        (frame(b'{"a":["[", ' + b"[" * 600 + b"]" * 600 + b"]}"), "nested too deeply"),
        (frame(b'{"a":' + b"1" * 5000 + b"}"), "malformed"),
    ],
    ids=[
        "text-4GB",
        "blobs-4G",
        "blob-16EB",
        "sum",
        "cut",
        "list",
        "null",
        "not-utf8",
        "open-brackets",
        "deep",
        "objects",
        "behind-a-string",
        "digits",
    ],
)
def test_frames_that_break_the_rules_are_refused(ends, data, match):
    ends[0].sock.sendall(data)
    with pytest.raises(WireError, match=match):
        ends[1].receive(soon())


@pytest.mark.parametrize(
    "message",
    [
        {"a": [[]] * 5000},  # wide
        {"a": "[" * 5000},
        {"a": '\\"' + "[{" * 5000},
        {"[" * 600: '"', "b": "\\", "c": ["{" * 600] * 3},
    ],
    ids=["wide", "string", "escaped", "names"],
)
def test_brackets_that_are_not_nested_are_no_depth(ends, message):
    ends[0].send(message, deadline=soon())
    assert ends[1].receive(soon())[0] == message


@pytest.mark.parametrize(
    "text",
    [b'"' + b'\\"' * 200_000, b'"\\' * 200_000, b"[" * 600 + b'"' * 400_001, b'["' * 200_000],
    ids=["escapes", "odd", "quotes", "mixed"],
)
def test_text_made_to_be_slow_is_refused_at_once(ends, text):
    sender = threading.Thread(target=ends[0].sock.sendall, args=(frame(b"[" * 600 + text),))
    sender.start()
    started = time.process_time()
    with pytest.raises(WireError, match="malformed"):
        ends[1].receive(time.monotonic() + 60)
    assert time.process_time() - started < 2
    sender.join()


@given(data=st.binary(max_size=60))
def test_random_bytes_are_refused(data):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
        with pytest.raises(WireError, match=r"closed|malformed|too large"):
            Channel(theirs, 100).receive(soon())


def test_a_closed_peer_is_said_so(ends):
    ends[0].close()
    with pytest.raises(WireClosed, match="closed"):
        ends[1].receive(soon())
    with pytest.raises(WireClosed, match="ipe"):
        ends[1].send({"anybody": "there"}, deadline=soon())


def test_a_frame_cut_off_is_a_closed_peer(ends):
    ends[0].sock.sendall(frame(b'{"a": 1}', 100) + b"only a little")
    ends[0].close()
    with pytest.raises(WireClosed, match="closed"):
        ends[1].receive(soon())


def test_silence_ends_at_the_deadline(ends):
    for partial in (b"", HEAD.pack(100, 0), frame(b"{}", 8)):
        ends[0].sock.sendall(partial)
        started = time.monotonic()
        with pytest.raises(WireTimeout, match="in time"):
            ends[1].receive(soon(0.1))
        assert time.monotonic() - started < 1


def cuts(size: int) -> list[int]:
    return sorted({1, 4, 8, 9, 15, 16, 23, 24, 25, size // 2, size - 1})


def test_a_frame_half_read_at_the_deadline_is_read_to_its_end_by_the_next_call(ends):
    message, blobs = {"op": "done", "text": "a long answer"}, [b"abc", b"", bytes(range(256)) * 40]
    ends[0].send(message, blobs)
    whole = ends[1].sock.recv(1 << 20)
    for cut in cuts(len(whole)):
        ends[0].sock.sendall(whole[:cut])
        for _ in range(2):
            with pytest.raises(WireTimeout, match="in time"):
                ends[1].receive(soon(0.02))
        ends[0].sock.sendall(whole[cut:])
        ends[0].send({"op": "next"})
        assert ends[1].receive(soon()) == (message, blobs, [])
        assert ends[1].receive(soon()) == ({"op": "next"}, [], [])


def test_descriptors_of_a_frame_half_read_arrive_with_it(ends):
    reading, writing = os.pipe()
    data = frame(b'{"op":"snapshot"}')
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [writing]))]
    ends[0].sock.sendmsg([data[:5]], rights)
    with pytest.raises(WireTimeout, match="in time"):
        ends[1].receive(soon(0.05), max_fds=1)
    ends[0].sock.sendall(data[5:])
    message, _, descriptors = ends[1].receive(soon(), max_fds=1)
    os.write(descriptors[0], b"through")
    assert message == {"op": "snapshot"} and os.read(reading, 10) == b"through"
    for descriptor in (reading, writing, *descriptors):
        os.close(descriptor)


def test_dripping_bytes_dont_stretch_the_deadline(ends):
    def drip() -> None:
        for byte in frame(b" " * 50):
            try:
                ends[0].sock.send(bytes([byte]))
            except OSError:
                return
            time.sleep(0.02)

    thread = threading.Thread(target=drip)
    thread.start()
    started = time.monotonic()
    with pytest.raises(WireTimeout, match="in time"):
        ends[1].receive(soon(0.3))
    assert time.monotonic() - started < 1
    ends[1].close()
    thread.join()


@pytest.mark.parametrize("fds", [[], [0]], ids=["plain", "with-descriptor"])
def test_a_peer_that_doesnt_read_cant_block_the_sender(ends, fds):
    full(ends[0].sock)
    started = time.monotonic()
    with pytest.raises(WireTimeout, match="in time"):
        ends[0].send({"op": "snapshot"}, fds=fds, deadline=soon(0.2))
    assert time.monotonic() - started < 2


def full(sock: socket.socket) -> None:
    """Fills the socket until it takes no more."""
    for size in (4096, 1):
        try:
            while True:
                sock.send(bytes(size), socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue


def test_text_limit_can_be_raised_between_trusted_processes():
    ours, theirs = socket.socketpair()
    message = {"outputs": "x" * (wire.MAX_JSON_BYTES + 1)}
    with ours, theirs:
        thread = threading.Thread(target=Channel(ours).send, args=(message,))
        thread.start()
        assert Channel(theirs, max_text=1 << 30).receive(soon(30))[0] == message
        thread.join()


def send_and_receive(value: Any) -> Callable[[], Any]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        packer = Packer()
        Channel(ours).send({"value": packer.pack(value)}, packer.blobs)
        message, blobs, _ = Channel(theirs).receive(soon())
        return Unpacker(blobs).unpack(message["value"])


@given(st.lists(ARRAYS, max_size=3), PLAIN)
def test_values_arrive_through_a_real_socket(arrays, value):
    expected = [[a.astype(a.dtype.newbyteorder("<"), order="C") for a in arrays], value]
    assert same(send_and_receive([arrays, value]), expected)
