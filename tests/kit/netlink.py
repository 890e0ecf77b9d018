"""A netlink socket that answers from a script: for kernels that truncate, refuse, stop or change their mind."""

from __future__ import annotations

import errno
from struct import Struct
from typing import Any

from hb_engine.kernel.netlink import Netlink
from hb_engine.wire import netlink


class FakeKernel:
    """Stands in for _socket.socket. `answers` holds, for each question, what recv gives: bytes, or an errno.

    Sequence numbers in scripted messages are set to the question's. `questions` keeps what was asked.
    """

    def __init__(self, *answers) -> None:
        self._answers = list(answers)
        self._queue: list[bytes | int] = []
        self.questions: list[bytes] = []
        self.closed = False

    def __call__(self, family: int, kind: int, protocol: int) -> FakeKernel:
        assert (family, kind) == (16, 3)
        return self

    def conversation(self, protocol=netlink.SOCK_DIAG):
        opener: Any = self
        return Netlink(protocol, opener)

    def setsockopt(self, level, name, value):
        assert len(value) == 16

    def send(self, question):
        self.questions.append(question)
        self._queue = [
            part if isinstance(part, int) else numbered(part, netlink.HEADER.unpack_from(question)[3])
            for part in (self._answers.pop(0) if self._answers else [errno.EAGAIN])
        ]
        return len(question)

    def recv_into(self, buffer, size=0, flags=0):
        part = self._queue.pop(0) if self._queue else errno.EAGAIN
        if isinstance(part, int):
            raise OSError(part, "scripted")
        room = min(len(part), len(buffer))
        buffer[:room] = part[:room]
        return len(part)

    def close(self):
        self.closed = True


def numbered(data, sequence):
    """The same messages with another sequence number; what is no message stays as it is."""
    raw, offset = bytearray(data), 0
    while offset + 16 <= len(raw):
        length = netlink.HEADER.unpack_from(raw, offset)[0]
        Struct("=I").pack_into(raw, offset + 8, sequence)
        if length < 16:
            break
        offset += (length + 3) & ~3
    return bytes(raw)


def message(kind, body=b"", flags=netlink.F_MULTI):
    raw = netlink.HEADER.pack(16 + len(body), kind, flags, 0, 0) + body
    return raw + bytes(-len(raw) % 4)


def done(code=0):
    return message(netlink.DONE, Struct("=i").pack(-code))


def refusal(code):
    return message(netlink.ERROR, Struct("=i").pack(-code) + bytes(16))


def listener(port, family=2, state=10, inode=1000, cookie=0):
    """An inet_diag row without attributes."""
    body = Struct("=BBBB").pack(family, state, 0, 0) + Struct("!HH").pack(port, 0) + bytes(36)
    return message(20, body + Struct("=Q").pack(cookie) + bytes(12) + Struct("=II").pack(0, inode))
