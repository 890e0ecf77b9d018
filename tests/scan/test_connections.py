"""Connections as questions: states of real kernels, bounded descriptors, bounded waits, and resets at the end."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time

import pytest
from tests.kit.network import Network
from tests.scan.scanning import V4, V6, no_limits, pair

from hb_engine.model.errors import CannotLook
from hb_engine.scan import connections
from hb_engine.scan.board import CODES, MEANINGS, SILENT, Board
from hb_engine.scan.connections import MEANT, Connections, descriptors

LOCAL = bytes((127, 0, 0, 1))
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these errors are Linux's")


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


def closed_port():
    """A port on which nobody listens: it was bound a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def asked(ports, hosts=(LOCAL,), *, most=0, seconds=5.0, zones=None):
    """The board after a connection to each port was begun and heard of."""
    board = Board(hosts, ports)
    line = Connections(board, zones or [0] * len(hosts), time.monotonic, most)
    line.patience = seconds
    cells = [host << 16 | port for host in range(len(hosts)) for port in ports]
    try:
        assert line.ask(cells, 7) == len(cells)
        ends = time.monotonic() + seconds
        while board.silent(cells) and time.monotonic() < ends:
            line.hear(0.05)
    finally:
        line.close()
    return board


def test_open_and_closed(server):
    port, other = server.getsockname()[1], closed_port()
    board = asked([port, other])
    assert MEANINGS[board.code(port)] == ("open", "conn-accepted")
    assert MEANINGS[board.code(other)] == ("closed", "conn-refused")
    assert board.heard[7] == 2
    assert board.last_heard > 0


def test_nothing_is_sent_and_the_connection_is_cut(server):
    server.settimeout(5)
    asked([server.getsockname()[1]])
    peer, _ = server.accept()
    with peer:
        peer.settimeout(5)
        with pytest.raises(ConnectionResetError):
            peer.recv(100)


def test_many_more_ports_than_descriptors(server):
    port = server.getsockname()[1]
    ports = [port, *[one for one in range(20_000, 20_300) if one != port]]
    board = asked(ports, most=16)
    assert board.silent(ports) == []
    assert MEANINGS[board.code(port)][0] == "open"


def test_descriptors_come_back(server):
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    asked([server.getsockname()[1], closed_port()])
    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after == before


def test_where_descriptors_end_no_more_are_wanted(monkeypatch):
    def full(*_):
        raise OSError(errno.EMFILE, "Too many open files")

    board = Board([LOCAL], [1, 2])
    line = Connections(board, [0], time.monotonic)
    monkeypatch.setattr("hb_engine.scan.connections._socket.socket", full)
    assert line.ask([1, 2], 0) == 0
    assert line.most == 8
    line.close()


class Sluggish:
    """A socket whose connection never comes about."""

    def __init__(self, code=errno.EINPROGRESS) -> None:
        self.code, self.inner = code, socket.socket()

    def __call__(self, *_) -> Sluggish:
        return self

    def connect_ex(self, place):
        return self.code

    def close(self):
        self.inner.close()

    def __getattr__(self, name) -> object:
        return getattr(self.inner, name)


def test_silence_is_given_up_after_its_time(monkeypatch):
    now = [10.0]
    board = Board([LOCAL], [1])
    line = Connections(board, [0], lambda: now[0])
    line.patience = 0.5
    slow = Sluggish()
    monkeypatch.setattr("hb_engine.scan.connections._socket.socket", slow)
    monkeypatch.setattr(line._selector, "select", lambda _wait: [])
    monkeypatch.setattr(line._selector, "register", lambda *_: None)
    monkeypatch.setattr(line._selector, "unregister", lambda *_: None)
    line.ask([1], 0)
    line.hear(0)
    assert len(line._pending) == 1
    now[0] += 0.6
    line.hear(0)
    assert (len(line._pending), slow.inner.fileno(), board.code(1)) == (0, -1, SILENT)
    line.close()


@pytest.mark.parametrize("code", [errno.ENETDOWN, errno.ENETUNREACH])
def test_a_device_that_goes_away_ends_it(monkeypatch, code):
    board = Board([LOCAL], [1, 2])
    board.note(1, CODES["conn-refused"])
    line = Connections(board, [0], time.monotonic)
    monkeypatch.setattr("hb_engine.scan.connections._socket.socket", Sluggish(code))
    with pytest.raises(CannotLook, match="went away"):
        line.ask([2], 0)
    line.close()


@pytest.mark.parametrize("code", [errno.EADDRNOTAVAIL, errno.ENOBUFS])
def test_where_the_kernel_has_no_room_the_pace_is_told(monkeypatch, code):
    line = Connections(Board([LOCAL], [1, 2]), [0], time.monotonic)
    monkeypatch.setattr("hb_engine.scan.connections._socket.socket", Sluggish(code))
    assert line.ask([1, 2], 0) == 0
    line.close()


def test_every_errno_that_means_something_has_a_code():
    assert set(MEANT.values()) <= set(CODES)


def test_a_pause_is_kept_with_nothing_under_way():
    line = Connections(Board([LOCAL], [1]), [0], time.monotonic)
    began = time.monotonic()
    line.hear(0.02)
    assert time.monotonic() - began >= 0.02
    assert line.dropped == 0
    line.close()


def test_as_many_descriptors_as_the_system_gives():
    assert 8 <= descriptors() <= connections.MOST


REFUSED = {
    "host-unreachable": ("unreachable", "host-unreach"),
    "admin-prohibited": ("filtered", "admin-prohibited"),
    "port-unreachable": ("filtered", "port-unreach"),
    "no-route": ("unreachable", "net-unreach"),
}


@linux
@pytest.mark.root
@pytest.mark.slow
@pytest.mark.parametrize("text", [V4, V6])
def test_a_firewalls_refusal_is_told_in_its_own_words(text):
    """The kernel's errno for a refusal by ICMP is that of a closed port; the error's queue says which it was."""
    with Network() as network:
        pair(network)
        no_limits(network, "b")
        rules = [f"tcp dport {n} reject with icmpx type {kind}" for n, kind in enumerate(REFUSED, 1)]
        network.firewall("b", "input", *rules, "tcp dport 9 reject with tcp reset")
        packed = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
        codes, alive = network.run("a", refused, packed)
    expected = [*REFUSED.values(), ("closed", "conn-refused"), ("open", "conn-accepted")]
    assert [MEANINGS[code] for code in codes] == expected
    assert alive == {0}, "the host's own kernel sent them"


def refused(packed):
    board = asked([*range(1, len(REFUSED) + 1), 9, 22], [packed])
    return bytes(board.codes[0]), board.alive


@linux
@pytest.mark.root
@pytest.mark.slow
def test_a_neighbour_that_is_not_there():
    with Network() as network:
        pair(network, ())
        found = network.run("a", nobody)
    assert found == (("unreachable", "host-unreach"), {0}, set())


def nobody():
    board = Board([bytes((10, 77, 0, 9))], [22])
    line = Connections(board, [0], time.monotonic)
    line.patience = 10.0
    line.ask([22], 0)
    while line._pending:
        line.hear(0.1)
    line.close()
    return MEANINGS[board.code(22)], line.no_neighbour, board.alive
