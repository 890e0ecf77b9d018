"""A conversation with the kernel over netlink: one question, and its answer to the very end.

The socket belongs to the network namespace in which it was opened, for as long as it lives. An answer that is longer
than the room for it, that stops before its end, or that changed while it was read is asked for again a few times and
then reported; it is never taken for the whole. What the answers mean is wire's business.
"""

from __future__ import annotations

import _socket
import errno
from struct import Struct

from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.wire import netlink
from hb_engine.wire.netlink import Interrupted, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from hb_engine.wire.cursor import Cursor

BUFFER = 1 << 20  # the kernel fills at most 32 KiB of it today
ATTEMPTS = 4
PATIENCE = 2  # seconds: the kernel answers at once or not at all
_AF_NETLINK, _SOCK_RAW = 16, 3
_spare: list[bytearray] = []  # a new buffer is zeroed, which takes as long as several conversations


class Netlink:
    """A netlink socket of one protocol (wire.netlink.SOCK_DIAG, ...). Use it in a with statement.

    Raises CannotLook where the kernel or a sandbox has no such protocol.
    """

    def __init__(self, protocol: int, opener: Callable[[int, int, int], _socket.socket] = _socket.socket) -> None:
        try:
            self._socket = opener(_AF_NETLINK, _SOCK_RAW, protocol)
            self._socket.setsockopt(_socket.SOL_SOCKET, _socket.SO_RCVTIMEO, Struct("@ll").pack(PATIENCE, 0))
        except OSError as error:
            raise CannotLook(f"no netlink socket of protocol {protocol}: {error.strerror}") from error
        self._buffer = _spare.pop() if _spare and len(_spare[-1]) == BUFFER else bytearray(BUFFER)
        self._sequence = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        if not _spare:
            _spare.append(self._buffer)
        self._buffer = bytearray()

    def feed(self, question: Callable[[int], bytes], reader: Callable[[int], Callable[[bytearray, int], bool]]) -> None:
        """Ask `question(sequence)` and give each datagram to `reader(sequence)` until it returns True.

        Each attempt has a new reader, so that a half answer leaves nothing behind. Raises Refused (the kernel said
        no), or Truncated or Interrupted when the last of ATTEMPTS failed too.
        """
        for attempt in range(ATTEMPTS):
            self._sequence += 1
            try:
                self._send(question(self._sequence))
                self._drain(reader(self._sequence))
            except (Truncated, Interrupted):
                self._flush()
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return

    def messages(self, question: Callable[[int], bytes], kind: int) -> list[Cursor]:
        """The bodies of all messages of one type that answer a question; for short answers. Raises as feed does."""
        found: list[Cursor] = []

        def reader(sequence: int) -> Callable[[bytearray, int], bool]:
            found.clear()
            return lambda data, size: _collect(bytes(data[:size]), sequence, kind, found)

        self.feed(question, reader)
        return found

    def _send(self, question: bytes) -> None:
        try:
            self._socket.send(question)
        except OSError as error:
            raise Refused(error.errno or errno.EIO, f"netlink took no question: {error.strerror}") from error

    def _drain(self, feed: Callable[[bytearray, int], bool]) -> None:
        while not feed(self._buffer, self._receive()):
            pass

    def _receive(self) -> int:
        """The size of the next datagram. MSG_TRUNC makes the kernel tell the true one, even where it did not fit."""
        try:
            size = self._socket.recv_into(self._buffer, 0, _socket.MSG_TRUNC)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                raise Truncated("netlink stopped in the middle of an answer") from error
            if error.errno == errno.ENOBUFS:
                raise Truncated("netlink lost a part of an answer") from error
            raise CannotLook(f"netlink gave no answer: {error.strerror}") from error
        if size > len(self._buffer):
            raise Truncated(f"netlink sent {size} bytes at once, {len(self._buffer)} have room")
        if size == 0:
            raise Truncated("netlink sent an empty answer")
        return size

    def _flush(self) -> None:
        """Read away what is left of an answer that was given up: until then the kernel takes no other question."""
        try:
            while self._socket.recv_into(self._buffer, 0, _socket.MSG_DONTWAIT):
                pass
        except OSError:  # nothing is left, and that is all that was wanted
            return


def _collect(data: bytes, sequence: int, kind: int, found: list[Cursor]) -> bool:
    """Keep the messages of one type; True at the end, which is DONE or an acknowledgement."""
    for number, body in netlink.messages(data, len(data), sequence):
        if number in (netlink.DONE, netlink.ERROR):
            return True
        if number == kind:
            found.append(body)
    return False
