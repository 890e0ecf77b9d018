"""UDP, through the kernel's own sockets: the line for both engines, with privileges and without.

A datagram with the payload of what usually lives on the port goes out; an answer from that very port means open, an
ICMP port-unreachable that quotes our datagram means closed, silence means that nobody can know. The kernel matches
ICMP errors to our socket and hands them over with the address they are about (IP_RECVERR), so nothing has to be
captured, and routes, neighbours and tunnels are the kernel's. Each mark has a socket of its own.

Sources: ip(7) and ipv6(7), IP_RECVERR; include/uapi/linux/errqueue.h; RFC 1122 4.1.3.3.
"""

from __future__ import annotations

import _socket
import errno
import sys
from struct import Struct

from hb_engine.model.errors import CannotLook
from hb_engine.scan.board import CODES, MARKS, REFUSALS
from hb_engine.wire.ip import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hb_engine.scan.board import Board

    Socket = _socket.socket

LINUX = sys.platform == "linux"
IP_RECVERR, IPV6_RECVERR, MSG_ERRQUEUE = 11, 25, 0x2000
LARGEST = 2048  # bytes of an answer that are read: only that there is one counts
TOGETHER = 4  # payloads that a port is sent together when it is asked again
AT_ONCE = 4096  # answers, and errors, that are read from one socket before it is another one's turn
EXTENDED = Struct("=IBBBBII")  # struct sock_extended_err: errno, origin, type, code, padding, info, data
NO_ROOM = (errno.ENOBUFS, errno.EAGAIN, errno.ENOMEM)
ANSWERED = CODES["udp-response"]
PORT_UNREACHABLE = REFUSALS["udp"][0]


class Datagrams:
    """The line for UDP. `payloads(port)` are what to send, one after the other; `zones` as for connections."""

    def __init__(
        self,
        board: Board,
        zones: Sequence[int],
        clock: Callable[[], float],
        payloads: Callable[[int], tuple[bytes, ...]],
    ) -> None:
        self._board, self._zones, self._clock, self._payloads = board, zones, clock, payloads
        self._family = _socket.AF_INET if len(board.hosts[0]) == 4 else _socket.AF_INET6
        self._names = [_socket.inet_ntop(self._family, host) for host in board.hosts]
        self._sockets: dict[int, _socket.socket] = {}
        self._asked: dict[int, int] = {}  # how often, by cell
        self.more = 0  # datagrams that were sent beside the first one of each question

    def _socket(self, mark: int) -> _socket.socket:
        if mark not in self._sockets:
            one = _socket.socket(self._family, _socket.SOCK_DGRAM)
            one.setblocking(False)
            one.bind(("", 0))
            level, option = (0, IP_RECVERR) if self._family == _socket.AF_INET else (41, IPV6_RECVERR)
            if LINUX:  # elsewhere only answers tell
                one.setsockopt(level, option, 1)
            self._sockets[mark] = one
        return self._sockets[mark]

    @property
    def dropped(self) -> int:
        """Answers for which there was no room: the kernel does not tell."""
        return 0

    def ask(self, cells: list[int], mark: int) -> int:
        """Send a datagram for the first of these cells; how many went out."""
        one = self._socket(mark % MARKS)
        for count, cell in enumerate(cells):
            host, port = cell >> 16, cell & 0xFFFF
            name = self._names[host]
            place = (name, port) if self._family == _socket.AF_INET else (name, port, 0, self._zones[host])
            for payload in self._next(cell):
                if not self._send(one, payload, place, cell):
                    return count
                self.more += 1
            self.more -= 1  # one a cell is counted by who asked
        return len(cells)

    def _send(self, one: Socket, payload: bytes, place: tuple[str | int, ...], cell: int) -> bool:
        """Send one datagram; False where there is no room."""
        for _ in range(4):  # an earlier datagram's error may be reported here: it is in the queue as well
            try:
                one.sendto(payload, place)
            except OSError as error:
                if error.errno in NO_ROOM:
                    return False
                if self._refused(cell, error):
                    break
            else:
                break
        return True

    def _next(self, cell: int) -> tuple[bytes, ...]:
        """What a cell is sent this time: first what its port is for, and then, a few at a time, what else it may be."""
        payloads, turn = self._payloads(cell & 0xFFFF) or (b"",), self._asked.get(cell, 0)
        self._asked[cell] = turn + 1
        if turn == 0:
            return payloads[:1]
        first = 1 + (turn - 1) * TOGETHER
        return payloads[first : first + TOGETHER] or payloads[:1]

    def _refused(self, cell: int, error: OSError) -> bool:
        """Whether the kernel will not send this at all."""
        if error.errno in (errno.EPERM, errno.EACCES):
            self._board.note(cell, CODES["admin-prohibited"])
        elif error.errno == errno.ENETUNREACH:
            self._board.note(cell, CODES["net-unreach"])
        elif error.errno in (errno.ENETDOWN, errno.ENODEV):
            raise CannotLook(f"the network device went away: {error.strerror}", "See ip link.") from error
        else:
            return False
        return True

    def hear(self, wait: float) -> None:
        """Note all answers and errors that are there."""
        from select import poll  # only for scans

        polled = poll()
        by_number = {one.fileno(): mark for mark, one in self._sockets.items()}
        for number in by_number:
            polled.register(number, 1)  # POLLIN; errors are always told
        for number, _ in polled.poll(wait * 1000):
            self._read(by_number[number])

    def _read(self, mark: int) -> None:
        one = self._sockets[mark]
        for _ in range(AT_ONCE):  # whoever sends without end is read on the next time
            try:
                _, place = one.recvfrom(LARGEST)
            except BlockingIOError:
                break
            except OSError:
                continue  # the error is in the queue as well
            self._note(place, ANSWERED, mark)
        for _ in range(AT_ONCE if LINUX else 0):
            try:
                _, ancillary, _, place = one.recvmsg(LARGEST, 512, MSG_ERRQUEUE)
            except OSError:
                break
            for _level, _kind, data in ancillary:
                self._error(place, data, mark)

    def _error(self, place: tuple[object, ...], data: bytes, mark: int) -> None:
        if len(data) < EXTENDED.size:
            return
        number, origin, kind, code, *_ = EXTENDED.unpack_from(data)
        if origin not in (2, 3):  # ICMP, ICMPv6
            if number == errno.EHOSTUNREACH:
                self._note(place, CODES["host-unreach"], mark)
            return
        reason = reason_of(kind, code, version=4 if origin == 2 else 6)
        if reason:
            self._note(place, CODES[reason], mark, offender(data, EXTENDED.size))

    def _note(self, place: tuple[object, ...], code: int, mark: int, said_by: bytes = b"") -> None:
        """An answer from, or an error about, a place; foreign ones have no cell."""
        try:
            address = _socket.inet_pton(self._family, str(place[0]).partition("%")[0])
        except OSError:
            return
        host, port = self._board.index.get(address, -1), int(str(place[1]))
        if host >= 0 and self._board.place[port] >= 0:
            self._board.note(host << 16 | port, code, mark)
            self._board.last_heard = self._clock()
            if said_by == address:
                self._board.alive.add(host)

    def close(self) -> None:
        """Give the sockets back."""
        for one in self._sockets.values():
            one.close()
        self._sockets.clear()


def offender(data: bytes, at: int) -> bytes:
    """Whose ICMP error it is: the packed address in the struct sockaddr behind a struct sock_extended_err, or b""."""
    family = int.from_bytes(data[at : at + 2], sys.byteorder)
    begin, size = (4, 4) if family == _socket.AF_INET else (8, 16)
    found = data[at + begin : at + begin + size]
    return found if family in (_socket.AF_INET, _socket.AF_INET6) and len(found) == size else b""
