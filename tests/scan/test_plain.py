"""Sweeps by connections from beginning to end: who is there, who is left out, shards, and what an earlier run knew."""

from __future__ import annotations

import socket
import sys

import pytest
from tests.kit.network import Network
from tests.scan.scanning import V4, V6, job, outcome, pair, states, swept

from hb_engine.model.errors import CannotLook
from hb_engine.scan import plain
from hb_engine.scan.board import CLOSED, UNASKED
from hb_engine.scan.connections import Connections

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is Linux that is scanned here")


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one.getsockname()[1]


def ports_with(server, count=200):
    """Ports near the server's, itself included."""
    first = min(server, 65535 - count)
    return list(range(first, first + count))


def test_loopback(server):
    opened = []
    (one,), (told,) = swept(
        "connect", ["127.0.0.1"], ports_with(server), opened=lambda board: opened.extend(board.news)
    )
    assert server in states(one)["open", "conn-accepted"]
    assert (one.up, one.reason) == (True, "answered")
    assert 0 < one.rtt < 5
    assert told.rounds <= 4
    assert server in opened


def test_both_families_at_once(server):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    outcomes, told = swept("connect", ["127.0.0.1", "::1", "127.0.0.2"], ports_with(server, 30))
    assert [one.up for one in outcomes] == [True, True, True]
    assert len(told) == 2


def test_shards_are_the_whole(server):
    ports, words = ports_with(server, 60), {}
    for part in (1, 2, 3):
        outcomes, _ = swept("connect", ["127.0.0.1", "127.0.0.2"], ports, shard=(part, 3))
        for number, one in enumerate(outcomes):
            for (state, reason), found in states(one).items():
                for port in found:
                    if reason != "not-asked":
                        assert (number, port) not in words, "in one shard only"
                        words[number, port] = state
    assert len(words) == 120
    assert words[0, server] == "open"
    assert set(words.values()) == {"open", "closed"}


def test_what_an_earlier_run_knew_is_not_asked_again(server, monkeypatch):
    ports = ports_with(server, 50)
    known = [port for port in ports if port != server][:40]
    asked = list[int]()

    def remember(board):
        for port in known:
            board.note(port, CLOSED)

    class Listening(Connections):
        def ask(self, cells, mark):
            asked.extend(cells)
            return super().ask(cells, mark)

    monkeypatch.setattr("hb_engine.scan.plain.Connections", Listening)
    one = outcome("127.0.0.1")
    plain.sweep([one], job(ports, known=remember))
    assert set(asked) == set(ports) - set(known)
    assert len(states(one)["closed", "reset"]) == 40


def test_a_stop_at_once_asks_nothing(server):
    (one,), told = swept("connect", ["127.0.0.1"], ports_with(server), stop=lambda: True)
    assert set(one.rows["tcp"][1]) == {UNASKED}
    assert all(each.stopped for each in told)
    assert one.up is None


def test_udp_leaves_out_who_is_down():
    one = outcome("127.0.0.1")
    one.up = False
    assert plain.sweep([one], job([9], "udp")) == []
    assert one.rows == {}


def test_a_line_that_breaks_before_anything_was_found_out_is_an_error(monkeypatch):
    def broken(*_):
        raise CannotLook("the network device went away: Network is down", "See ip link.")

    monkeypatch.setattr(Connections, "ask", broken)
    with pytest.raises(CannotLook):
        swept("connect", ["127.0.0.1"], [1, 2, 3])


def test_a_line_that_breaks_later_leaves_what_is_known(monkeypatch, server):
    real, calls = Connections.ask, []

    def broken(self, cells, mark):
        calls.append(len(cells))
        if len(calls) > 1:
            raise CannotLook("the network device went away: Network is down", "See ip link.")
        return real(self, cells, mark)

    monkeypatch.setattr(Connections, "ask", broken)
    (one,), told = swept("connect", ["127.0.0.1"], ports_with(server))
    codes = one.rows["tcp"][1]
    assert codes.count(UNASKED) == 200 - calls[0]
    assert told[-1].broken
    assert one.notes == ["this host was not asked to the end: the network device went away: Network is down"]
    assert one.up


@linux
@pytest.mark.root
@pytest.mark.slow
def test_a_dead_neighbour_beside_a_live_one():
    with Network() as network:
        pair(network)
        found = network.run("a", dead_and_alive)
    assert found[V4] == (True, "answered", "closed", True)
    for text in ("10.77.0.9", "fd77::9"):
        assert found[text] == (False, "no-neighbour", "unreachable", False), "and its time is no round trip"
    assert found["10.99.0.1"] == (False, "net-unreach", "unreachable", False)


def dead_and_alive():
    outcomes, _ = swept("connect", [V4, "10.77.0.9", "fd77::9", "10.99.0.1"], range(1, 100))
    words = [max(states(one).items(), key=lambda item: len(item[1]))[0][0] for one in outcomes]
    return {
        one.target.text: (one.up, one.reason, word, one.rtt is not None)
        for one, word in zip(outcomes, words, strict=True)
    }


@linux
@pytest.mark.root
@pytest.mark.slow
def test_among_many_hosts_silent_ones_are_left_out_and_said_so():
    with Network() as network:
        pair(network)
        for number in range(20, 40):
            network.ip("b", "address", "add", f"10.77.0.{number}/24", "dev", "v1")
        network.firewall("b", "input", "ip daddr 10.77.0.30-10.77.0.39 drop")
        left, every = network.run("a", many)
    assert left == {"closed": 10, "not-asked": 10}
    assert every == {"closed": 10, "no-response": 10}


def many():
    texts, found = [f"10.77.0.{number}" for number in range(20, 40)], []
    plain.WAITS = (0.2, 0.2)  # this child's alone
    for wish in (False, True):
        outcomes, _ = swept("connect", texts, range(30, 60), every_host=wish)
        words = [next(iter(states(one))) for one in outcomes]
        found.append({"closed": words.count(("closed", "conn-refused")),
                      words[-1][1]: words.count(words[-1])})  # fmt: skip
    return found


@linux
@pytest.mark.root
@pytest.mark.slow
def test_a_firewall_that_refuses_the_first_ports_does_not_hide_the_rest():
    """Many refuse with "host unreachable" what they do not allow; the greetings are just that, and 8443 is open."""
    with Network() as network:
        pair(network, (8443,))
        network.firewall("b", "input", "tcp dport != 8443 reject with icmpx type host-unreachable")
        for text in (V4, V6):
            up, opened = network.run("a", behind, text)
            assert (up, opened) == (True, [8443])


def behind(text):
    (one,), _ = swept("connect", [text], [*range(1, 60), 8443])
    return one.up, states(one)["open", "conn-accepted"]
