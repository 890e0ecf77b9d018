"""Outcomes into hosts: few ports one by one, many alike as ranges, and every port exactly once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.answer import REASONS, STATES
from hb_engine.scan.board import CLOSED, LIMITED, MEANINGS, OPEN, SILENT, Shape, is_open, meaning
from hb_engine.scan.hosts import FEW, Outcome, Target, broken_note, limit_note

TARGET = Target(bytes((10, 0, 0, 1)), "10.0.0.1", ("web-1",))


def outcome(codes, ports=None, transport="tcp"):
    one = Outcome(TARGET, 5.0)
    one.rows[transport] = (ports or range(1, len(codes) + 1), bytes(codes))
    return one


def parsed(text):
    found = list[int]()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


@given(st.lists(st.sampled_from(sorted(MEANINGS)), max_size=200), st.sampled_from(("tcp", "udp")))
def test_every_port_is_told_exactly_once(codes, transport):
    host = outcome(codes, transport=transport).host()
    told = dict[int, tuple[str, str]]()
    for answer in host.answers:
        told.setdefault(answer.port, (answer.state, answer.reason))
    for rest in host.rest:
        ports = parsed(rest.ports)
        assert rest.count == len(ports)
        told |= dict.fromkeys(ports, (rest.state, rest.reason))
    assert len(host.answers) + sum(rest.count for rest in host.rest) == len(codes)
    assert told == {port: meaning(code, transport) for port, code in enumerate(codes, 1)}


@given(st.lists(st.sampled_from(sorted(MEANINGS)), max_size=200))
def test_words_are_the_models(codes):
    host = outcome(codes).host()
    for one in (*host.answers, *host.rest):
        assert one.state in STATES
        assert one.reason in REASONS


def test_few_are_listed_and_many_are_not():
    host = outcome([CLOSED] * FEW + [SILENT] * (FEW + 1)).host()
    assert [answer.port for answer in host.answers] == list(range(1, FEW + 1))
    assert [(rest.state, rest.count, rest.ports) for rest in host.rest] == [
        ("filtered", FEW + 1, f"{FEW + 1}-{2 * FEW + 1}")
    ]


def test_open_ports_are_always_listed():
    host = outcome([OPEN] * 500).host()
    assert len(host.answers) == 500
    assert host.rest == ()


def test_a_crowd_is_not_listed():
    one = outcome([OPEN] * 500)
    one.crowd["tcp"] = frozenset(range(21, 501))
    host = one.host()
    assert [answer.port for answer in host.answers] == list(range(1, 21))
    assert [(rest.state, rest.reason, rest.ports) for rest in host.rest] == [("open", "syn-ack", "21-500")]


def test_the_largest_rest_comes_first_and_ports_in_their_order():
    codes = [CLOSED] * 40 + [LIMITED] * 90 + [OPEN]
    host = outcome(codes, list(range(131, 0, -1))).host()
    assert [rest.count for rest in host.rest] == [90, 40]
    assert [answer.port for answer in host.answers] == [1]


def test_both_transports():
    one = outcome([OPEN, CLOSED])
    one.rows["udp"] = ([53, 1], bytes((9, SILENT)))
    told = [(answer.transport, answer.port, answer.state) for answer in one.host().answers]
    assert told == [("tcp", 1, "open"), ("udp", 1, "open|filtered"), ("tcp", 2, "closed"), ("udp", 53, "open")]


def test_what_else_a_host_carries():
    one = outcome([OPEN])
    one.shapes["tcp", 1] = Shape(57, 64240, 40)
    one.up, one.reason, one.rtt, one.mac, one.ended_at = True, "answered", 0.002, "02:00:00:00:00:01", 9.0
    one.notes.append("a note")
    host = one.host()
    assert (host.address, host.names, host.up, host.reason) == ("10.0.0.1", ("web-1",), True, "answered")
    assert (host.rtt, host.mac, host.notes) == (0.002, "02:00:00:00:00:01", ("a note",))
    assert (host.started_at, host.ended_at, host.answers[0].ttl) == (5.0, 9.0, 57)


def test_a_host_that_was_never_asked():
    host = Outcome(TARGET, 1.0).host()
    assert (host.answers, host.rest, host.up) == ((), (), None)


@pytest.mark.parametrize("udp", [False, True])
def test_a_limit_is_told_with_a_number_only_where_there_is_one(udp):
    assert "about 200 a second" in limit_note(200, 9, udp=udp)
    assert "0 a second" not in limit_note(0, 9, udp=udp)
    assert "9 silent" in limit_note(0, 9, udp=udp)


def test_why_a_host_was_not_asked_to_the_end():
    assert broken_note("the device went away").endswith(": the device went away")
    assert is_open(OPEN)
