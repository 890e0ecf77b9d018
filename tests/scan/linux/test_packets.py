"""The packet line: which packets are answers, and which are nobody's business; then over a real link.

Slots are made here byte by byte and read as the ring's are, so every odd packet can be tried without a network.
"""

from __future__ import annotations

import errno
import random
import socket
import struct
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

if not sys.platform.startswith("linux"):
    pytest.skip("packet sockets are Linux's", allow_module_level=True)

from tests.kit import sockets as kit
from tests.kit.network import Network, frames, packet4, tcp_answer
from tests.scan.scanning import V4, pair

from hb_engine.model.errors import CannotLook
from hb_engine.scan.board import CLOSED, CODES, MARKS, OPEN, SILENT, Board, Shape
from hb_engine.scan.cookie import NEEDED, Cookies
from hb_engine.scan.linux import packets
from hb_engine.scan.linux.packets import FIRST, LAST, Packets, Ports, row_layout
from hb_engine.scan.linux.rings import RX_SLOT
from hb_engine.scan.linux.ways import Way, Ways
from hb_engine.wire import ip, tcp

HOSTS4 = [bytes((10, 77, 0, 2)), bytes((10, 77, 0, 3))]
HOSTS6 = [bytes(15) + b"\2", bytes(15) + b"\3"]
OURS, BASE, NET = bytes((10, 77, 0, 1)), 61000, 62
PORTS = (22, 80, 443)
COOKIES = Cookies(2, random.Random(9).randbytes(NEEDED + 8))  # noqa: S311 -- the same every time
BOTH = pytest.mark.parametrize("version", [4, 6])


class Ring:
    """Stands in for a receiver: its slots hold packets at NET."""

    def network_offset(self):
        return NET


class OurPorts:
    first = BASE


def line(version=4):
    """A line that only reads."""
    made: Any = Packets.__new__(Packets)
    made._board = Board(HOSTS4 if version == 4 else HOSTS6, PORTS)
    made._cookies, made._ports, made._clock, made.version = COOKIES, OurPorts(), lambda: 77.0, version
    made._receiver, made._rows = Ring(), struct.Struct(row_layout(version, NET))
    made._coming, made.forbidden = [], set()
    return made


def slot(packet, stale=b""):
    """A slot as the kernel fills it; `stale` is what an earlier packet left behind this one."""
    head = struct.pack("=IIIHHIII", 1, len(packet), len(packet), 46, NET, 0, 0, 0)
    return (head.ljust(NET, b"\0") + packet + stale)[:RX_SLOT].ljust(RX_SLOT, b"\0")


def segment(cell, flags, *, mark=5, plus=1, window=64240, header=40, port=None):
    acknowledged = (COOKIES.number(cell) + plus) & 0xFFFFFFFF
    start = struct.pack(
        "!HHIIBBHHH",
        cell & 0xFFFF if port is None else port,
        BASE + mark,
        1,
        acknowledged,
        header // 4 << 4,
        flags,
        window,
        0,
        0,
    )
    return start.ljust(header, b"\1")


def from_host(cell, payload, protocol=6, *, options=b"", version=4, source=None):
    if version == 4:
        return packet4(source or HOSTS4[cell >> 16], OURS, protocol, payload, options)
    return ip.header(source or HOSTS6[cell >> 16], bytes(16), protocol, len(payload)) + payload


def read(made, *slots):
    made._read(b"".join(slots))
    return made._board


# -- answers


@BOTH
@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (0x12, OPEN),
        (0x14, CLOSED),
        (0x04, CLOSED),
        (0x52, OPEN),
        (0x10, SILENT),
        (0x02, SILENT),
        (0x11, SILENT),
        (0, SILENT),
    ],
)
def test_flags(version, flags, code):
    cell = 1 << 16 | 80
    board = read(line(version), slot(from_host(cell, segment(cell, flags), version=version)))
    assert board.code(cell) == code
    assert board.heard[5] == 1
    assert board.settled == (code != SILENT)


@BOTH
def test_the_shape_of_an_open_port(version):
    cell = 22
    board = read(line(version), slot(from_host(cell, segment(cell, 0x12, window=1024, header=24), version=version)))
    assert board.shapes[cell] == Shape(64, 1024, 24)
    assert board.last_heard == 77.0


@BOTH
@given(plus=st.integers(0, 2**32 - 1), flags=st.sampled_from((0x12, 0x14, 0x04)))
def test_only_the_right_number_is_believed(version, plus, flags):
    cell = 443
    board = read(line(version), slot(from_host(cell, segment(cell, flags, plus=plus), version=version)))
    assert (board.code(cell) != SILENT) == (plus == 1)
    assert (board.heard[5] == 1) == (plus == 1)


@BOTH
def test_another_hosts_number_is_not_believed(version):
    """Who was scanned himself knows his own number, and no neighbour's."""
    theirs = 1 << 16 | 80
    board = read(line(version), slot(from_host(80, segment(theirs, 0x12), version=version)))
    assert board.settled == 0


@BOTH
def test_strangers_and_ports_that_were_not_asked(version):
    stranger = bytes((10, 77, 0, 99)) if version == 4 else bytes(15) + b"\x63"
    board = read(
        line(version),
        slot(from_host(80, segment(80, 0x12), version=version, source=stranger)),
        slot(from_host(81, segment(81, 0x12), version=version)),
    )
    assert (board.settled, board.heard) == (0, [0] * MARKS)


@BOTH
def test_an_open_port_stays_open(version):
    made = line(version)
    for flags in (0x12, 0x14, 0x12):
        read(made, slot(from_host(80, segment(80, flags), version=version)))
    board = made._board
    assert (board.code(80), board.opened, board.settled, board.heard[5]) == (OPEN, 1, 1, 3)


@BOTH
def test_a_closed_port_that_opens(version):
    made = line(version)
    for flags in (0x14, 0x14, 0x12):
        read(made, slot(from_host(80, segment(80, flags), version=version)))
    assert (made._board.code(80), made._board.settled) == (OPEN, 1)


def test_options_of_ip_do_not_hide_an_answer():
    cell = 1 << 16 | 443
    board = read(
        line(),
        slot(from_host(cell, segment(cell, 0x12, window=9), options=bytes(8))),
        slot(from_host(22, segment(22, 0x14), options=bytes(40))),
        slot(from_host(80, segment(80, 0x14, plus=2), options=bytes(8))),
    )
    assert (board.code(cell), board.code(22), board.code(80)) == (OPEN, CLOSED, SILENT)
    assert board.shapes[cell] == Shape(64, 9, 40)


# -- errors


def quoting(cell, kind, code, *, version=4, wrong=0, mark=5, target=None, protocol=6, size=None):
    """An ICMP error that quotes our SYN."""
    ours = struct.pack("!HHI", BASE + mark, cell & 0xFFFF, COOKIES.number(cell) ^ wrong) + bytes(32)
    hosts = HOSTS4 if version == 4 else HOSTS6
    quoted = target or hosts[cell >> 16]
    inner = packet4(OURS, quoted, protocol, ours) if version == 4 else ip.header(bytes(16), quoted, protocol, 40) + ours
    return bytes((kind, code, 0, 0, 0, 0, 0, 0)) + inner[:size]


ROUTER4, ROUTER6 = bytes((10, 77, 0, 254)), bytes(15) + b"\xfe"


@pytest.mark.parametrize(
    ("version", "kind", "code", "reason"),
    [(4, 3, 1, "host-unreach"), (4, 3, 13, "admin-prohibited"), (4, 3, 3, "port-unreach"), (4, 11, 0, "time-exceeded"),
     (6, 1, 3, "host-unreach"), (6, 1, 1, "admin-prohibited"), (6, 1, 4, "port-unreach"), (6, 3, 0, "time-exceeded")],
)  # fmt: skip
def test_errors_that_quote_our_syn(version, kind, code, reason):
    cell, router = 1 << 16 | 80, ROUTER4 if version == 4 else ROUTER6
    protocol = 1 if version == 4 else 58
    message = quoting(cell, kind, code, version=version)
    made = line(version)
    board = read(made, slot(from_host(cell, message, protocol, version=version, source=router)))
    assert board.code(cell) == CODES[reason]
    assert (board.heard[5], board.alive) == (1, set())
    read(made, slot(from_host(cell, message, protocol, version=version)))
    assert board.alive == {1}, "the host itself said so"


@pytest.mark.parametrize(
    "changes",
    [{"wrong": 1}, {"mark": -1}, {"mark": MARKS}, {"target": bytes((10, 77, 0, 77))}, {"protocol": 17}, {"size": 27}],
    ids=str,
)
def test_errors_that_quote_something_else(changes):
    board = read(line(), slot(from_host(80, quoting(80, 3, 1, **changes), 1)))
    assert board.settled == 0


def test_an_error_about_a_port_that_was_not_asked():
    assert read(line(), slot(from_host(81, quoting(81, 3, 1), 1))).settled == 0


def test_bytes_that_an_earlier_packet_left_in_the_slot_are_not_read():
    """An error that quotes too little would otherwise be completed by whatever stood there before."""
    message = quoting(80, 3, 13)
    short, rest = message[:30], message[30:]
    packet = packet4(ROUTER4, OURS, 1, short)
    board = read(line(), slot(packet, rest))
    assert board.settled == 0
    assert read(line(), slot(packet4(ROUTER4, OURS, 1, message))).settled == 1


@BOTH
@given(data=st.binary(max_size=RX_SLOT - NET), size=st.integers(0, RX_SLOT))
def test_no_packet_raises(version, data, size):
    made = line(version)
    raw = bytearray(slot(data))
    raw[8:12] = struct.pack("=I", size)  # and a length that is not its own
    read(made, bytes(raw))
    assert made._board.settled == 0


@BOTH
@given(flips=st.lists(st.tuples(st.integers(0, 79), st.integers(1, 255)), min_size=1, max_size=4))
def test_a_damaged_answer_is_one_or_none(version, flips):
    """Whatever is changed on the way: it never is an answer for another port than that it acknowledges.

    Our own port is left as it is: packets to others do not pass the ring's filter.
    """
    packet, ours = bytearray(from_host(80, segment(80, 0x12), version=version)), (22 if version == 4 else 42)
    for at, change in flips:
        if at % len(packet) not in (ours, ours + 1):
            packet[at % len(packet)] ^= change
    board = read(line(version), slot(bytes(packet)))
    assert {cell for cell in (22, 443, 1 << 16 | 22, 1 << 16 | 80, 1 << 16 | 443) if board.code(cell)} == set()


# -- what cannot be sent


def test_a_firewall_of_our_own_is_told():
    made = line()
    made._not_sent(80, OSError(errno.EPERM, "Operation not permitted"))
    assert (made._board.code(80), made.forbidden) == (CODES["admin-prohibited"], {0})


def test_where_frames_go_past_the_firewall_it_decides_nothing():
    made = line()
    made._coming = [lambda: None]
    made._not_sent(80, OSError(errno.EPERM, "Operation not permitted"))
    assert (made._board.code(80), made.forbidden) == (SILENT, {0})


@pytest.mark.parametrize(("code", "reason"), [(errno.EHOSTUNREACH, "host-unreach"), (errno.ENETUNREACH, "net-unreach")])
def test_the_kernel_has_no_way(code, reason):
    made = line()
    made._not_sent(80, OSError(code, "scripted"))
    assert made._board.code(80) == CODES[reason]


@pytest.mark.parametrize("code", [errno.ENETDOWN, errno.ENODEV, errno.EINVAL])
def test_what_ends_the_whole_line(code):
    with pytest.raises(CannotLook):
        line()._not_sent(80, OSError(code, "scripted"))


class Raw:
    """A raw socket that takes so many packets."""

    def __init__(self, takes) -> None:
        self.takes, self.sent = takes, list[tuple[bytes, object]]()

    def sendto(self, packet, place):
        if len(self.sent) == self.takes:
            raise OSError(errno.ENOBUFS, "No buffer space available")
        self.sent.append((packet, place))


def test_the_kernel_has_no_room():
    made = line()
    made._raw, made._senders = Raw(2), []
    made._heads = [tcp.syn(OURS, host) for host in HOSTS4]
    made._names = [("10.77.0.2", 0), ("10.77.0.3", 0)]
    assert made.ask([22, 80, 443], 7) == 2
    (first, place), _ = made._raw.sent
    assert place == ("10.77.0.2", 0)
    assert struct.unpack_from("!HHI", first, 20) == (BASE + 7, 22, COOKIES.number(22))


# -- source ports


def test_source_ports_are_ours_alone_while_they_are_used():
    ports = Ports(5)
    try:
        assert FIRST <= ports.first <= LAST
        assert len(ports.sockets) == MARKS
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("0.0.0.0", ports.first + 3))
    finally:
        ports.close()
    assert ports.sockets == []


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_ports_in_use_are_left_alone(host):
    """Two scans at once, or a server that was put there."""
    with socket.socket() as other:
        other.bind((host, FIRST + 70))
        ports = Ports(20)
        assert not ports.first <= FIRST + 70 < ports.first + MARKS
        second = Ports(20)
        assert abs(second.first - ports.first) >= MARKS
        ports.close()
        second.close()


def test_no_range_is_free(monkeypatch):
    monkeypatch.setattr(Ports, "_bind", lambda _: False)
    with pytest.raises(CannotLook, match="no range of free source ports"):
        Ports(1)


@given(st.integers(0, 65535))
def test_any_seed_leads_into_the_range(seed):
    for attempt in range(64):
        first = FIRST + (seed + attempt * 131) % (LAST - FIRST)
        assert first >= FIRST
        assert first + MARKS <= 65536


# -- over a real link


@pytest.mark.root
@pytest.mark.slow
@pytest.mark.parametrize("framed", [True, False])
def test_questions_and_answers_over_a_link(framed):
    """Two rings for many packets, one for few, a raw socket where the kernel routes: the same answers."""
    with Network() as network:
        pair(network, (22, 443, 1500))
        codes, sent, heard = network.run("a", talked, framed)
    assert sent == [2000, 100]
    assert codes == {OPEN: [22, 443, 1500], CLOSED: [n for n in range(1, 2001) if n not in (22, 443, 1500)]}
    assert heard == [2000, 100]


def talked(framed):
    address, wanted = socket.inet_pton(socket.AF_INET, V4), list(range(1, 2001))
    board, ports = Board([address], wanted), Ports(1)
    with Ways() as ways:
        way = ways.way(address)
        assert isinstance(way, Way)
        made = Packets(board, Cookies(1, bytes(range(256)) * 1025), [way], ports, clock=time.monotonic, stamp=1)
        made.ask([1], 0)
        until(lambda: board.settled == 1, made)
        if framed:
            made.frame([ways.hardware([way])[way.device.index, address] or b""])
        sent = [steadily(made, wanted, 1), steadily(made, wanted[:100], 2)]
        until(lambda: board.heard[1:3] == [2000, 100], made)
    finish = made.close()
    finish()
    ports.close()
    return (
        {code: [cell for cell in wanted if board.code(cell) == code] for code in (OPEN, CLOSED)},
        sent,
        board.heard[1:3],
    )


def steadily(made, cells, mark):
    sent = 0
    for begin in range(0, len(cells), 500):
        sent += made.ask(cells[begin : begin + 500], mark)
        made.hear(0.01)
    return sent


def until(done, made):
    ends = time.monotonic() + 10
    while not done() and time.monotonic() < ends:
        made.hear(0.01)
    assert done()


@pytest.mark.root
@pytest.mark.slow
def test_liars_on_the_link_are_ignored():
    """A host that answers every SYN three times: with a wrong number, as a reset for another port, and rightly."""
    with Network() as network:
        pair(network, ())
        network.firewall("b", "input", "meta l4proto tcp drop")
        network.serve("b", frames, "v1", lying)
        settled, codes = network.run("a", lied_to)
    assert (settled, codes) == (100, {OPEN})


def lying(frame):
    right = tcp_answer(frame, 0x12, window=100)
    if not right:
        return []
    wrong = [tcp_answer(frame, 0x14, ack_plus=plus) for plus in (0, 2, 77)]
    return [*wrong, right, right]


def lied_to():
    address, wanted = socket.inet_pton(socket.AF_INET, V4), list(range(1, 101))
    board, ports = Board([address], wanted), Ports(1)
    with Ways() as ways:
        way = ways.way(address)
        assert isinstance(way, Way)
        made = Packets(board, Cookies(1, bytes(range(256)) * 1025), [way], ports, clock=time.monotonic, stamp=1)
        made.ask(wanted, 0)
        until(lambda: board.heard[0] == 200, made)
        made.close()()
    ports.close()
    return board.settled, set(board.codes[0])


@pytest.mark.root
def test_without_the_right_there_is_no_line():
    kit.needs_root()

    def attempt():
        with pytest.raises(CannotLook, match="no raw socket"):
            packets._raw_socket(4)
        with pytest.raises(CannotLook, match="no raw socket"):
            packets._raw_socket(6)
        return True

    assert kit.as_nobody(attempt)
