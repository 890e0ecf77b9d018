"""Greetings over a simulated network: times from each host's own first question, bounded waits, an even pace."""

from __future__ import annotations

import pytest
from tests.scan.kit import Host, Net, Path

from hb_engine.scan.board import Board
from hb_engine.scan.greeting import AT_ONCE, Greeting

PORTS = list(range(1, 9))
SILENT_HOST = frozenset(PORTS)


def greeted(hosts, path=None, *, wait=0.4, rate=20_000.0, enough=lambda _: False, stop=lambda: False, picks=None):
    board = Board([bytes((10, 0, 1, number)) for number in range(len(hosts))], PORTS)
    net = Net(board, hosts, path or Path(rtt=0.02))
    greeting = Greeting(board, net, rate, net.clock, stop)
    began = net.now
    greeting.greet(picks or dict.fromkeys(range(len(hosts)), PORTS), wait, enough)
    return greeting, net, net.now - began


def test_times_are_round_trips():
    greeting, _, _ = greeted([Host(), Host(frozenset((3,)))])
    assert greeting.times == {0: pytest.approx(0.02, abs=0.002), 1: pytest.approx(0.02, abs=0.002)}


def test_times_count_from_a_hosts_own_question():
    """At 100 a second the last of 50 hosts is asked half a second after the first."""
    greeting, _, _ = greeted([Host() for _ in range(50)], rate=100.0)
    assert len(greeting.times) == 50
    assert max(greeting.times.values()) < 0.2


def test_a_person_who_allows_little_is_heeded():
    _, net, seconds = greeted([Host() for _ in range(50)], rate=100.0)
    assert net.sent == 400
    assert net.sent <= 100 * seconds + AT_ONCE


def test_hosts_are_asked_in_turns():
    asked = []
    net = greeted([Host(), Host(), Host()])[1]
    asked = list(net.asked)
    assert [cell >> 16 for cell in asked[:6]] == [0, 1, 2, 0, 1, 2]


def test_silence_is_waited_for_so_long_and_no_longer():
    greeting, _, seconds = greeted([Host(), Host(frozenset(), SILENT_HOST)], wait=0.4)
    assert list(greeting.times) == [0]
    assert seconds == pytest.approx(0.4, abs=0.05)


def test_enough_ends_the_wait_for_the_silent():
    asked = []

    def enough(hosts):
        asked.append(hosts)
        return True

    _, _, seconds = greeted([Host(), Host(frozenset(), SILENT_HOST)], wait=5.0, enough=enough)
    assert asked == [[1]]
    assert seconds < 0.3


def test_enough_is_not_asked_while_nothing_has_answered():
    _, _, seconds = greeted([Host(frozenset(), SILENT_HOST)], wait=1.0, enough=lambda _: True)
    assert seconds >= 1.0


def test_it_ends_when_all_have_answered():
    _, _, seconds = greeted([Host(), Host()], wait=60.0)
    assert seconds < 0.1


def test_a_stop_ends_it():
    _, net, seconds = greeted([Host(frozenset(), SILENT_HOST)] * 20, wait=60.0, stop=lambda: True)
    assert (net.sent, seconds) == (0, 0.0)


def test_a_line_that_takes_nothing_is_given_up():
    greeting, net, seconds = greeted([Host()] * 5, Path(refuses=0), wait=0.5)
    assert (net.sent, greeting.sent, greeting.times) == (0, 0, {})
    assert seconds < 4


def test_what_was_known_before_is_no_answer():
    """A resumed scan knows ports of a host that may be gone by now."""
    board = Board([bytes((10, 0, 1, 1))], PORTS)
    board.note(1, 2)
    net = Net(board, [Host(frozenset(), SILENT_HOST)], Path())
    greeting = Greeting(board, net, 1000.0, net.clock, lambda: False)
    greeting.greet({0: PORTS[1:]}, 0.2, lambda _: False)
    assert greeting.times == {}


def test_hosts_without_ports_are_left_out():
    greeting, net, _ = greeted([Host(), Host()], picks={0: [], 1: [5]})
    assert list(greeting.times) == [1]
    assert list(net.asked) == [1 << 16 | 5]
