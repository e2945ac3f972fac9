# Tries: bytes that are no message: endless ones, lying sizes, malformed text, unknown types, slow drips.

# %% moving_sum
import json
import struct
import time


def frame(text, sizes=()):
    return struct.pack(">II", len(text), len(sizes)) + struct.pack(f">{len(sizes)}Q", *sizes) + text


def value(*node):
    return json.dumps({"value": list(node)}).encode()


frames = [
    struct.pack(">II", 2**32 - 1, 2**32 - 1),
    struct.pack(">II", 10, 1) + struct.pack(">Q", 2**64 - 1),
    frame(b"[" * 5_000_000),
    frame(b"[]"),
    frame(b"\xff\xfe\xfd"),
    frame(b'{"value":' + b"9" * 5000 + b"}"),
    frame(b'{"value":["int",1e999]}'),
    frame(b'{"value":["array","O",[1],0,"numpy"]}', (8,)) + b"\0" * 8,
    frame(b'{"value":["array","(1,",[1],0,"numpy"]}', (8,)) + b"\0" * 8,
    frame(b'{"value":["array","' + b"f4," * 100_000 + b'",[1],0,"numpy"]}', (8,)) + b"\0" * 8,
    frame(b'{"value":["array","<f8",[-1],0,"numpy"]}', (8,)) + b"\0" * 8,
    frame(b'{"value":["array","<f8",[1,0,99999999999],0,"numpy"]}', (0,)),
    frame(b'{"value":["array","|b1",[3],0,"torch"],"shares":{},"changed":5,"printed":[]}', (3,)) + b"\7\7\7",
    frame(b'{"value":["ref","0"]}'),
    frame(b'{"value":["ref",0,"' + b"x" * 1000 + b'",[[]]]}'),
    frame(b'{"callback":0,"args":[],"kwargs":{}}'),
    frame(b'{"error":{"type":["x"],"bases":"ValueError","message":{},"line":"1"}}'),
    frame(b'{"error":"ValueError"}'),
    frame(b'{"missing":0,"callable":"yes"}'),
    frame(b'{"value":["dict",[[["list",[]],["int",1]]]]}'),
    frame(b'{"value":["set",[["list",[]]]]}'),
    frame(b'{"value":["str","\\ud800"]}'),
    frame(value("list", [["none"]] * 100_000)),
]
Channel = type(get_ipython().kernel.channel)
send = Channel.send


def hostile(self, message, blobs=(), *args, **kwargs):
    if "ready" in message:
        return send(self, message, blobs, *args, **kwargs)
    frames.append(frames.pop(0))
    self.sock.sendall(frames[-1])
    for byte in frame(value("bool", True)):
        self.sock.sendall(bytes([byte]))
        time.sleep(0.01)


class Odd:
    pass


sys_modules = __import__("sys").modules
answers = sys_modules["inside.answers"]
serve = answers.Answerer.serve


def serving(self):
    Channel.send = hostile
    return serve(self)


answers.Answerer.serve = serving
