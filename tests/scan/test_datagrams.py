"""Datagrams as questions: answers from the very port, refusals that quote ours, and nothing else counts."""

from __future__ import annotations

import errno
import select
import socket
import struct
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.network import Network, udp_echo
from tests.scan.scanning import V4, V6, no_limits, pair, states, swept

from hb_engine.model.errors import CannotLook
from hb_engine.scan import datagrams, sweep
from hb_engine.scan.board import MEANINGS, SILENT, Board, meaning
from hb_engine.scan.datagrams import EXTENDED, Datagrams, offender

LOCAL = bytes((127, 0, 0, 1))
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="IP_RECVERR is Linux's")


def line_to(ports, payloads=lambda _: (b"hi",), hosts=(LOCAL,)):
    board = Board(hosts, ports, "udp")
    return board, Datagrams(board, [0] * len(hosts), time.monotonic, payloads)


def heard(line, board, cells, seconds=5.0):
    ends = time.monotonic() + seconds
    while board.silent(cells) and time.monotonic() < ends:
        line.hear(0.05)


@pytest.fixture
def server():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        one.settimeout(5)
        yield one


def test_an_answer_means_open(server):
    port = server.getsockname()[1]
    board, line = line_to([port], lambda port: (b"for %d" % port,))
    assert line.ask([port], 5) == 1
    data, place = server.recvfrom(100)
    assert data == b"for %d" % port
    server.sendto(b"yes", place)
    heard(line, board, [port])
    assert meaning(board.code(port), "udp") == ("open", "udp-response")
    assert board.heard[5] == 1
    line.close()


def test_an_answer_from_another_port_is_none(server):
    """It comes from somebody: whether that is the service, nobody can say."""
    port = server.getsockname()[1]
    board, line = line_to([port])
    line.ask([port], 0)
    _, place = server.recvfrom(100)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.sendto(b"yes", place)
        while not select.select(list(line._sockets.values()), [], [], 5)[0]:
            pass
    line.hear(0)
    assert board.code(port) == SILENT
    line.close()


@linux
def test_a_refusal_means_closed(server):
    port = server.getsockname()[1]
    server.close()
    board, line = line_to([port])
    line.ask([port], 3)
    heard(line, board, [port])
    assert meaning(board.code(port), "udp") == ("closed", "port-unreach")
    assert board.heard[3] == 1
    assert board.alive == {0}, "loopback's kernel said so itself"
    line.close()


def test_questions_take_turns(server):
    port = server.getsockname()[1]
    board, line = line_to([port], lambda _: (b"one", b"two"))
    for mark in range(3):
        line.ask([port], mark)
    assert [server.recv(10) for _ in range(3)] == [b"one", b"two", b"one"]
    line.close()
    assert board.code(port) == SILENT


def test_nothing_to_say_is_an_empty_datagram(server):
    port = server.getsockname()[1]
    _, line = line_to([port], lambda _: ())
    line.ask([port], 0)
    assert server.recv(10) == b""
    line.close()


def test_every_mark_has_a_port_of_its_own(server):
    port = server.getsockname()[1]
    _, line = line_to([port])
    for mark in (0, 1, 0):
        line.ask([port], mark)
    sources = [server.recvfrom(10)[1] for _ in range(3)]
    assert sources[0] == sources[2] != sources[1]
    line.close()


def test_a_flood_is_read_in_parts(server, monkeypatch):
    monkeypatch.setattr(datagrams, "AT_ONCE", 3)
    port = server.getsockname()[1]
    board, line = line_to([port])
    line.ask([port], 0)
    _, place = server.recvfrom(100)
    for _ in range(10):
        server.sendto(b"flood", place)
    while not select.select(list(line._sockets.values()), [], [], 5)[0]:
        pass
    line.hear(0)
    assert board.heard[0] <= 3
    line.close()


class Refusing:
    """A socket that sends nothing."""

    def __init__(self, code) -> None:
        self.code = code

    def sendto(self, *_):
        raise OSError(self.code, "scripted")


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.EPERM, ("filtered", "admin-prohibited")), (errno.ENETUNREACH, ("unreachable", "net-unreach"))],
)
def test_what_the_kernel_will_not_send(code, words):
    board, line = line_to([9])
    line._sockets[0] = Refusing(code)
    assert line.ask([9], 0) == 1
    assert MEANINGS[board.code(9)] == words


def test_no_room_is_told():
    _, line = line_to([9, 10])
    line._sockets[0] = Refusing(errno.ENOBUFS)
    assert line.ask([9, 10], 0) == 0


def test_a_device_that_goes_away():
    _, line = line_to([9])
    line._sockets[0] = Refusing(errno.ENETDOWN)
    with pytest.raises(CannotLook, match="went away"):
        line.ask([9], 0)


# -- what the kernel says in its queue


def error(kind, code, origin=2, number=errno.ECONNREFUSED, behind=b""):
    return EXTENDED.pack(number, origin, kind, code, 0, 0, 0) + behind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (error(3, 3), ("closed", "port-unreach")),
        (error(3, 1), ("unreachable", "host-unreach")),
        (error(3, 13), ("filtered", "admin-prohibited")),
        (error(11, 0), ("unreachable", "time-exceeded")),
        (error(1, 4, origin=3), ("closed", "port-unreach")),
        (error(0, 0, origin=1, number=errno.EHOSTUNREACH), ("unreachable", "host-unreach")),
        (error(0, 0, origin=1, number=errno.EMSGSIZE), ("open|filtered", "no-response")),
        (error(3, 4), ("unreachable", "host-unreach")),
        (error(8, 0), ("open|filtered", "no-response")),
        (error(3, 3)[:15], ("open|filtered", "no-response")),
        (b"", ("open|filtered", "no-response")),
    ],
)
def test_errors(data, words):
    board, line = line_to([9])
    line._error(("127.0.0.1", 9), data, 0)
    assert meaning(board.code(9), "udp") == words


@pytest.mark.parametrize("place", [("10.9.9.9", 9), ("127.0.0.1", 10), ("nonsense", 9)])
def test_errors_about_others_are_nobodys(place):
    board, line = line_to([9])
    line._error(place, error(3, 3), 0)
    assert (board.code(9), board.settled) == (SILENT, 0)


V4_SOCKADDR = struct.pack("=HH4s8x", socket.AF_INET, 0, bytes((10, 0, 0, 7)))
V6_SOCKADDR = struct.pack("=HHI16sI", socket.AF_INET6, 0, 0, bytes(range(16)), 0)


def test_whose_error_it_is():
    assert offender(b"xx" + V4_SOCKADDR, 2) == bytes((10, 0, 0, 7))
    assert offender(V6_SOCKADDR, 0) == bytes(range(16))
    for size in range(8):
        assert offender(V4_SOCKADDR[:size], 0) == b""
    for size in range(24):
        assert offender(V6_SOCKADDR[:size], 0) == b""


@given(st.binary(max_size=40), st.integers(0, 20))
def test_no_offender_raises(data, at):
    assert len(offender(data, at)) in (0, 4, 16)


def test_a_router_that_refuses_does_not_make_a_host_alive():
    board, line = line_to([9])
    line._error(("127.0.0.1", 9), error(3, 3, behind=V4_SOCKADDR), 0)
    assert board.alive == set()
    assert not board.speaks(0)


# -- a whole sweep


@linux
@pytest.mark.root
@pytest.mark.slow
def test_open_closed_and_silent_ports_of_a_host():
    with Network() as network:
        pair(network, ())
        no_limits(network, "b")
        network.serve("b", udp_echo, (53, 123), (161,))
        network.firewall("b", "input", "udp dport 200-209 drop")
        found = network.run("a", both)
    expected = {
        ("open", "udp-response"): [53, 123],
        ("open|filtered", "no-response"): [161, *range(200, 210)],
        ("closed", "port-unreach"): [n for n in range(50, 220) if n not in (53, 123, 161, *range(200, 210))],
    }
    assert found == {V4: expected, V6: expected}


def both():
    found = {}
    for text in (V4, V6):
        (one,), _ = swept("connect", [text], range(50, 220), transport="udp", payloads=lambda _: (b"hi",))
        found[text] = states(one, "udp")
    return found


@linux
@pytest.mark.root
@pytest.mark.slow
def test_a_kernels_own_limit_is_said_and_nothing_is_called_closed_for_it():
    """Linux refuses six datagrams of one address at once, then one a second (net.ipv4.icmp_ratelimit)."""
    with Network() as network:
        pair(network, ())
        network.serve("b", udp_echo, (53,))
        found, notes, up = network.run("a", limited)
    assert found["open", "udp-response"] == [53]
    assert len(found["open|filtered", "no-response"]) > 50
    assert len(found["closed", "port-unreach"]) >= 6
    assert up
    assert any("limits its ICMP refusals" in note for note in notes)


def limited():
    sweep.WORTH = 1.5  # this child's alone
    (one,), _ = swept("connect", [V4], range(1, 121), transport="udp", payloads=lambda _: (b"hi",))
    return states(one, "udp"), one.notes, one.up
