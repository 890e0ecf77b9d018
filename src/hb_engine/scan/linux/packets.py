"""SYNs out and answers in: the line of the packet engine, for hosts behind one network device.

Where frames may be built they go out through a ring; where the kernel must route (loopback, tunnels, IPsec), packets
go through a raw IP socket. Answers come in through one ring at the IP header in both cases. The kernel, which knows of
no connection, resets those that are half open. The source port carries the mark, so a question that is repeated is
never taken for a retransmission. It keeps no book: the board does.
"""

from __future__ import annotations

import _socket
import errno
from struct import Struct

from hb_engine.model.errors import CannotLook
from hb_engine.scan.board import CLOSED, CODES, MARKS, OPEN, Shape
from hb_engine.scan.linux.rings import GONE, REMEDY, RX_SLOT, SLOT_HEADER, TX_SLOT, Receiver, Sender, begin
from hb_engine.wire import cbpf, ip, tcp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.scan.board import Board
    from hb_engine.scan.cookie import Cookies
    from hb_engine.scan.linux.ways import Way

ETHERTYPES = {4: 0x0800, 6: 0x86DD}
_SLOT = Struct("=IIIHHIII")  # status, length, snaplen, mac, net, seconds, nanoseconds, VLAN; 4 more bytes of padding
SEND_REQUEST = 1
SNDBUFFORCE = 32  # SO_SNDBUFFORCE
WAITING = 8 << 20  # bytes of packets that may wait in the kernel
HDRINCL6 = 36  # IPV6_HDRINCL
FIRST, LAST = 61000, 65535 - MARKS  # where source ports are looked for: above the usual ephemeral range
NO_ROOM = (errno.ENOBUFS, errno.EAGAIN, errno.ENOMEM)
FEW, MANY = 64, 2048  # slots that are read at once
WORTH_TWO = 256  # frames that are worth two threads


class Ports:
    """Source ports of our own, one for each mark: bound, so that no program is given one meanwhile."""

    def __init__(self, seed: int) -> None:
        self.sockets: list[_socket.socket] = []
        for attempt in range(64):
            self.first = FIRST + (seed + attempt * 131) % (LAST - FIRST)
            if self._bind():
                return
            self.close()
        raise CannotLook("no range of free source ports was found", "Scan when fewer ports are in use.")

    def _bind(self) -> bool:
        family = _socket.AF_INET6 if _socket.has_ipv6 else _socket.AF_INET
        for port in range(self.first, self.first + MARKS):
            try:
                one = _socket.socket(family, _socket.SOCK_STREAM)
            except OSError:
                family = _socket.AF_INET
                one = _socket.socket(family, _socket.SOCK_STREAM)
            self.sockets.append(one)
            try:
                if family == _socket.AF_INET6:
                    one.setsockopt(_socket.IPPROTO_IPV6, _socket.IPV6_V6ONLY, 0)
                one.bind(("::" if family == _socket.AF_INET6 else "0.0.0.0", port))  # noqa: S104 -- nothing listens
            except OSError:
                return False
        return True

    def close(self) -> None:
        """Give the ports back."""
        for one in self.sockets:
            one.close()
        self.sockets.clear()


class Rings:
    """Rings on their way: the kernel takes some 20 ms for each, all at the same time, and there is enough to do.

    `senders` and `receiver` wait for them when they are called; they raise CannotLook.
    """

    def __init__(self, way: Way, version: int, ports: Ports, cores: int = 2) -> None:
        device, program = way.device, cbpf.answers(version, ports.first, ports.first + MARKS - 1)
        self.receiver = begin(lambda: Receiver(device.index, ETHERTYPES[version], program))
        self.senders = [begin(lambda: Sender(device.name)) for _ in range(cores if way.framed else 0)]


class Packets:
    """The line to the hosts of a board, all behind one device. `ways` are theirs, by the board's numbers."""

    def __init__(
        self,
        board: Board,
        cookies: Cookies,
        ways: list[Way],
        ports: Ports,
        *,
        clock: Callable[[], float],
        stamp: int,
        rings: Rings | None = None,
    ) -> None:
        self._board, self._cookies, self._ports, self._clock = board, cookies, ports, clock
        device = ways[0].device
        self.version = 4 if len(board.hosts[0]) == 4 else 6
        rings = rings or Rings(ways[0], self.version, ports)
        self._heads = [tcp.syn(way.source, host, stamp) for way, host in zip(ways, board.hosts, strict=True)]
        self._raw = _raw_socket(self.version)
        self._coming, self._receiver = rings.senders, rings.receiver()
        self._senders: list[Sender] = []
        self._device = device
        self._names = [(_socket.inet_ntop(self._raw.family, host), 0) for host in board.hosts]
        self._frames: list[bytes] = []
        self._pack: Callable[..., None] | None = None
        self._rows: Struct | None = None
        self._batch = FEW
        self.forbidden: set[int] = set()  # hosts that this machine's own firewall lets nobody ask

    @property
    def dropped(self) -> int:
        """Answers for which the ring had no room."""
        self._receiver.lost()
        return self._receiver.dropped

    def frame(self, hardware: list[bytes]) -> None:
        """Build frames from now on; `hardware` are the next hops' addresses by the board's numbers (b"" for none)."""
        self._senders = [wait() for wait in self._coming]  # a core each
        kind = ETHERTYPES[self.version].to_bytes(2, "big")
        length = 14 + len(self._heads[0].head) + tcp.HEADER
        slot = _SLOT.pack(SEND_REQUEST, length, length, SLOT_HEADER, SLOT_HEADER, 0, 0, 0) + bytes(4)
        self._frames = [
            slot + hop + self._device.hardware + kind + syn.head for hop, syn in zip(hardware, self._heads, strict=True)
        ]
        size = len(slot) + 14 + len(self._heads[0].head)
        self._pack = Struct(f"!{size}s{tcp.LAYOUT}{len(self._heads[0].tail)}s").pack_into

    def ask(self, cells: list[int], mark: int) -> int:
        """Send a SYN for the first of these cells; how many went out."""
        if not self._senders:
            return self._ask_by_kernel(cells, mark)
        taken, source = 0, self._ports.first + mark
        while taken < len(cells):
            part = cells[taken:]
            went, wanted = self._by_two(part, source) if self._worth_two(part) else self._by_one(part, source)
            taken += went
            if went < wanted or not wanted:
                break
        return taken

    def _worth_two(self, cells: list[int]) -> bool:
        return len(self._senders) > 1 and len(cells) >= WORTH_TWO

    def _by_one(self, cells: list[int], source: int) -> tuple[int, int]:
        """Send some of these by one ring: how many went, of how many there was room for."""
        sender = self._senders[0]
        part = cells[: sender.room()]
        self._pack_frames(sender, part, source)
        return (sender.flush(len(part)) if part else 0), len(part)

    def _by_two(self, cells: list[int], source: int) -> tuple[int, int]:
        """Send some of these by two rings, each on a core of its own, and read answers meanwhile."""
        first, second = self._senders
        half = min(len(cells) // 2, first.room())
        rest = min(len(cells) - half, second.room())
        self._pack_frames(first, cells[:half], source)
        self._pack_frames(second, cells[half : half + rest], source)
        pending = [begin(lambda: first.flush(half)), begin(lambda: second.flush(rest))]
        self.hear(0)
        went = [wait() for wait in pending]
        return (went[0] + went[1] if went[0] == half else went[0]), half + rest

    def _pack_frames(self, sender: Sender, cells: list[int], source: int) -> None:
        pack, frames, heads, memory = self._pack, self._frames, self._heads, sender.memory
        numbers, keys = self._cookies.ports, self._cookies.hosts
        middle, tail = tcp.MIDDLE, heads[0].tail
        at = sender.at * TX_SLOT
        for cell in cells:
            host, port = cell >> 16, cell & 0xFFFF
            number = numbers[port] ^ keys[host]
            check = 65535 - (heads[host].base + source + port + (number >> 16) + (number & 0xFFFF)) % 65535
            pack(memory, at, frames[host], source, port, number, middle, check, tail)  # type: ignore[misc]
            at += TX_SLOT

    def _ask_by_kernel(self, cells: list[int], mark: int) -> int:
        source, send = self._ports.first + mark, self._raw.sendto
        for count, cell in enumerate(cells):
            host = cell >> 16
            packet = self._heads[host].packed(source, cell & 0xFFFF, self._cookies.number(cell))
            try:
                send(packet, self._names[host])
            except OSError as error:
                if error.errno in NO_ROOM:
                    return count
                self._not_sent(cell, error)
        return len(cells)

    def _not_sent(self, cell: int, error: OSError) -> None:
        if error.errno in GONE:
            raise CannotLook(f"the network device went away: {error.strerror}", "See ip link.") from error
        if error.errno == errno.EPERM:  # this machine's own firewall, past which frames go
            self.forbidden.add(cell >> 16)
            if not self._coming:
                self._board.note(cell, CODES["admin-prohibited"])
        elif error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
            self._board.note(cell, CODES["host-unreach" if error.errno == errno.EHOSTUNREACH else "net-unreach"])
        else:
            raise CannotLook(f"a packet could not be sent: {error.strerror}", "See ip route.") from error

    def hear(self, wait: float) -> None:
        """Note all answers that are in the ring."""
        receiver = self._receiver
        if wait and not receiver.ready():
            from select import select  # a scan's only wait

            select([receiver], [], [], wait)
        while receiver.ready():
            if self._rows is None:
                self._rows = Struct(row_layout(self.version, receiver.network_offset()))
            chunk = receiver.chunk(self._batch)
            self._read(chunk)
            number = len(chunk) // RX_SLOT
            receiver.release(number)
            self._batch = MANY if number == self._batch else FEW if number < FEW else self._batch

    def _read(self, chunk: bytes) -> None:
        """Note the answers in some slots."""
        board, count, six = self._board, 0, self.version == 6
        plain, mask = (0x60, 0xF0) if six else (0x45, 0xFF)
        numbers, keys, index, place, codes = (
            *(self._cookies.ports, self._cookies.hosts),
            *(board.index, board.place, board.codes),
        )
        heard, base, settled = board.heard, self._ports.first, 0
        rows = self._rows.iter_unpack(chunk) if self._rows else ()
        for first, one, other, source, port, ours, answer, header, flags, window in rows:
            count += 1
            ttl, protocol = (other, one) if six else (one, other)
            if protocol != ip.TCP or first & mask != plain:
                self._read_slowly(chunk[(count - 1) * RX_SLOT : count * RX_SLOT])
                continue
            host = index.get(source, -1)
            if host < 0 or (numbers[port] ^ keys[host]) != (answer - 1) & 0xFFFFFFFF or place[port] < 0:
                continue
            heard[ours - base] += 1
            if flags & 0x04:
                row, at = codes[host], place[port]
                if not row[at]:
                    row[at] = CLOSED
                    settled += 1
            elif flags & 0x12 == 0x12:
                board.note(host << 16 | port, OPEN, None, Shape(ttl, window, header >> 2))
        board.settled += settled
        board.last_heard = self._clock()

    def _read_slowly(self, slot: bytes) -> None:
        """What is not a plain TCP header: IP options, and errors of ICMP that quote a SYN of ours."""
        begin, size = self._receiver.network_offset(), _SLOT.unpack_from(slot)[2]
        packet = slot[begin : begin + size]  # behind it stands what an earlier packet left there
        if len(packet) < (20 if self.version == 4 else 40):
            return
        if self.version == 4:
            length, protocol, source = (packet[0] & 15) * 4, packet[9], packet[12:16]
        else:
            length, protocol, source = 40, packet[6], packet[8:24]
        if protocol == (ip.ICMP if self.version == 4 else ip.ICMPV6):
            self._quoted(packet[length:], source)
        elif protocol == ip.TCP and self.version == 4 and len(packet) >= length + 20:
            self._with_options(packet, length)

    def _quoted(self, message: bytes, source: bytes) -> None:
        told = ip.quoted(message, version=self.version)
        host = self._board.index.get(told.target, -1) if told else -1
        if told is None or host < 0 or told.protocol != ip.TCP:
            return
        cell, mark = host << 16 | told.target_port, told.source_port - self._ports.first
        if 0 <= mark < MARKS and told.number == self._cookies.number(cell) and self._board.place[told.target_port] >= 0:
            self._board.note(cell, CODES[told.reason], mark)
            if source == told.target:
                self._board.alive.add(host)

    def _with_options(self, packet: bytes, length: int) -> None:
        port, ours, _, answer, header, flags, window = Struct("!HHIIBBH").unpack_from(packet, length)
        host = self._board.index.get(packet[12:16], -1)
        cell = host << 16 | port
        if host < 0 or self._board.place[port] < 0 or not self._cookies.acknowledged(cell, answer):
            return
        code = CLOSED if flags & 0x04 else OPEN if flags & 0x12 == 0x12 else 0
        if code:
            self._board.note(cell, code, ours - self._ports.first, Shape(packet[8], window, header >> 2))

    def close(self) -> Callable[[], None]:
        """Give rings and sockets back; what is returned waits until that is done."""
        self._raw.close()
        waits = [begin(self._receiver.close), *[begin(wait().close) for wait in self._coming]]

        def finish() -> None:
            for wait in waits:
                wait()

        return finish


def row_layout(version: int, offset: int) -> str:
    """A Struct's format for a slot that holds a packet at `offset`.

    First byte of the IP header, TTL and protocol (IPv6: next header and hop limit, the other way round),
    source address; both TCP ports, acknowledgement, data offset, flags, window.
    """
    if version == 4:
        return f">{offset}xB7xBB2x4s4xHH4xIBBH{RX_SLOT - offset - 36}x"
    return f">{offset}xB5xBB16s16xHH4xIBBH{RX_SLOT - offset - 56}x"


def _raw_socket(version: int) -> _socket.socket:
    try:
        if version == 4:
            raw = _socket.socket(_socket.AF_INET, _socket.SOCK_RAW, _socket.IPPROTO_RAW)
        else:
            raw = _socket.socket(_socket.AF_INET6, _socket.SOCK_RAW, _socket.IPPROTO_RAW)
            raw.setsockopt(_socket.IPPROTO_IPV6, HDRINCL6, 1)
    except OSError as error:
        raise CannotLook(f"no raw socket: {error.strerror}", REMEDY) from error
    # Packets to neighbours that do not answer stay in the kernel for three seconds: there must be room for the others.
    for option in (SNDBUFFORCE, _socket.SO_SNDBUF):
        try:
            raw.setsockopt(_socket.SOL_SOCKET, option, WAITING)
            break
        except OSError:  # the first needs CAP_NET_ADMIN
            continue
    raw.setblocking(False)
    return raw
