"""Connections instead of packets: the line that needs no privileges and works on every system.

The kernel does the handshake and reports it; a port is open when a connection came about, closed when it was refused.
Descriptors are bounded by the process's limit, an answer is waited for as long as `patience`, and a connection that
came about is cut with a reset, so that neither side keeps it in TIME_WAIT. One socket a cell and one selector for all:
tasks would cost ten times as much. Nothing is ever sent through a connection here.
"""

from __future__ import annotations

import _socket
import errno
import os

from hb_engine.model.errors import CannotLook
from hb_engine.scan.board import CODES
from hb_engine.scan.datagrams import EXTENDED, IP_RECVERR, IPV6_RECVERR, LINUX, MSG_ERRQUEUE, offender
from hb_engine.wire.ip import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from selectors import BaseSelector

    from hb_engine.scan.board import Board

RESERVED = 64  # descriptors that are left for everything else
MOST = 4096  # connections under way at once
LINGER_NONE = b"\1\0\0\0\0\0\0\0"  # struct linger {1, 0}: close with a reset
STARTED = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, getattr(errno, "WSAEWOULDBLOCK", 10035))
# Errors of the kernel that may stand for an ICMP error which says more: a firewall's refusal is no closed port.
DOUBTFUL = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPROTO, errno.ENOPROTOOPT)
NO_ROOM = (errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
MEANT = {
    0: "conn-accepted",
    errno.ECONNREFUSED: "conn-refused",
    errno.ECONNRESET: "conn-refused",
    errno.EHOSTUNREACH: "host-unreach",
    errno.EHOSTDOWN: "host-unreach",
    errno.ENETUNREACH: "net-unreach",
    errno.EACCES: "admin-prohibited",
    errno.EPERM: "admin-prohibited",
    errno.ENOPROTOOPT: "proto-unreach",
    10061: "conn-refused",  # WSAECONNREFUSED
}


class Connections:
    """The line of the connect engine. `zones` are the interface numbers of link-local hosts, by the board's numbers."""

    def __init__(self, board: Board, zones: Sequence[int], clock: Callable[[], float], most: int = 0) -> None:
        from selectors import DefaultSelector  # only for scans

        self._board, self._zones, self._clock = board, zones, clock
        self._selector: BaseSelector = DefaultSelector()
        self._family = _socket.AF_INET if len(board.hosts[0]) == 4 else _socket.AF_INET6
        self._names = [_socket.inet_ntop(self._family, host) for host in board.hosts]
        self._pending: dict[int, tuple[_socket.socket, int, int, float]] = {}  # by descriptor, the oldest first
        self._level, self._option = (0, IP_RECVERR) if self._family == _socket.AF_INET else (41, IPV6_RECVERR)
        self.most = most or descriptors()
        self.no_neighbour: set[int] = set()  # hosts on the link that this machine's kernel asked for in vain
        self.patience = 1.0

    @property
    def dropped(self) -> int:
        """Answers for which there was no room: the kernel does not tell."""
        return 0

    def ask(self, cells: list[int], mark: int) -> int:
        """Begin a connection for the first of these cells; how many were begun."""
        for count, cell in enumerate(cells):
            while len(self._pending) >= self.most:
                self.hear(0.02)
            if not self._begin(cell, mark):
                return count
        return len(cells)

    def _begin(self, cell: int, mark: int) -> bool:
        try:
            one = _socket.socket(self._family, _socket.SOCK_STREAM)
        except OSError:
            self.most = max(8, len(self._pending))  # others use descriptors too
            return False
        one.setblocking(False)
        if LINUX:
            one.setsockopt(self._level, self._option, 1)
        host, port = cell >> 16, cell & 0xFFFF
        name = self._names[host]
        place = (name, port) if self._family == _socket.AF_INET else (name, port, 0, self._zones[host])
        code = one.connect_ex(place)
        if code in NO_ROOM:
            one.close()
            return False
        if code in STARTED[1:]:
            self._selector.register(one, 2)  # EVENT_WRITE
            self._pending[one.fileno()] = (one, cell, mark, self._clock() + self.patience)
        else:
            if code == errno.ENETDOWN or (code == errno.ENETUNREACH and self._board.speaks(host)):
                one.close()
                raise CannotLook(f"the network device went away: {os.strerror(code)}", "See ip link.")
            self._end(one, cell, mark, code)
        return True

    def hear(self, wait: float) -> None:
        """Note which connections came about, were refused, or took too long."""
        if self._pending:
            for key, _ in self._selector.select(wait):
                one, cell, mark, _until = self._pending.pop(key.fd)
                self._selector.unregister(one)
                self._end(one, cell, mark, one.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR))
        elif wait:
            from time import sleep  # nothing is under way: the pace wants a pause

            sleep(wait)
        self._expire()

    def _expire(self) -> None:
        now = self._clock()
        while self._pending:
            number = next(iter(self._pending))
            one, _, _, until = self._pending[number]
            if until > now:
                return
            del self._pending[number]
            self._selector.unregister(one)
            one.close()

    def _end(self, one: _socket.socket, cell: int, mark: int, code: int) -> None:
        if code == 0:
            one.setsockopt(_socket.SOL_SOCKET, _socket.SO_LINGER, LINGER_NONE)
        reason = self._told(one, cell) if code in DOUBTFUL and LINUX else None
        one.close()
        reason = reason or MEANT.get(code)
        if reason:
            self._board.note(cell, CODES[reason], mark)
            self._board.last_heard = self._clock()

    def _told(self, one: _socket.socket, cell: int) -> str | None:
        """What an ICMP error said in the words of its own: the kernel's number for it says much less."""
        try:
            _, ancillary, *_ = one.recvmsg(0, 512, MSG_ERRQUEUE)
        except OSError:
            return None  # a reset, or a kernel before Linux 5.9
        for _level, _kind, data in ancillary:
            if len(data) >= EXTENDED.size:
                _number, origin, kind, code, *_ = EXTENDED.unpack_from(data)
                said_by = offender(data, EXTENDED.size)
                if said_by == self._board.hosts[cell >> 16]:
                    self._board.alive.add(cell >> 16)
                elif said_by == _socket.inet_pton(self._family, one.getsockname()[0].partition("%")[0]):
                    self.no_neighbour.add(cell >> 16)
                return reason_of(kind, code, version=4 if origin == 2 else 6) if origin in (2, 3) else None
        return None

    def close(self) -> None:
        """Give all descriptors back."""
        for one, *_ in self._pending.values():
            one.close()
        self._pending.clear()
        self._selector.close()


def descriptors() -> int:
    """How many connections may be under way at once."""
    try:
        from resource import RLIMIT_NOFILE, getrlimit, setrlimit  # not on Windows
    except ImportError:
        return 400  # select(2) of Windows takes 512
    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = MOST + RESERVED
    if soft < wanted:
        soft = min(wanted, hard) if hard >= 0 else wanted
        try:
            setrlimit(RLIMIT_NOFILE, (soft, hard))
        except (OSError, ValueError):
            soft, _ = getrlimit(RLIMIT_NOFILE)
    return max(8, min(MOST, soft - RESERVED))
