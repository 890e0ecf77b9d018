"""Hosts with everything open: recognised from what was asked, what differs is listed, and it takes no time."""

from __future__ import annotations

import pytest

from hb_engine.scan.board import CLOSED, OPEN, SILENT, UNASKED, Shape
from hb_engine.scan.hosts import Outcome, Target
from hb_engine.scan.tricks import LEAST, LISTED, judge

BOX, OWN = Shape(255, 0, 20), Shape(64, 64240, 40)


def outcome(codes, shapes=None, transport="tcp"):
    one = Outcome(Target(bytes(4), "10.0.0.1"), 0.0)
    one.rows[transport] = (range(1, len(codes) + 1), bytes(codes))
    one.shapes = {(transport, port): shape for port, shape in (shapes or {}).items()}
    return one


def test_an_ordinary_host_is_no_trick():
    for codes in ([OPEN] * 5 + [CLOSED] * 95, [OPEN] * (LEAST - 1), [SILENT] * 200, []):
        one = outcome(codes)
        assert not judge(one)
        assert (one.notes, one.crowd) == ([], {})


@pytest.mark.parametrize("code", [OPEN, 11])
def test_everything_open_is_said_and_not_listed(code):
    one = outcome([code] * 65535)
    assert judge(one)
    assert len(one.crowd["tcp"]) == 65535 - LISTED
    assert one.notes[0].startswith("65535 of 65535 asked ports say that they are open")
    assert len(one.host().answers) == LISTED


def test_a_tarpits_window_is_told():
    one = outcome([OPEN] * 100, dict.fromkeys(range(1, 101), BOX))
    judge(one)
    assert "with a window of 0 and no options" in one.notes[0]
    one = outcome([OPEN] * 100, dict.fromkeys(range(1, 101), OWN))
    judge(one)
    assert "window" not in one.notes[0]


def test_what_answers_unlike_the_crowd_is_listed():
    """The machine behind the box has another distance and another stack."""
    shapes = dict.fromkeys(range(1, 65536), BOX) | {8080: OWN, 50_000: OWN}
    one = outcome([OPEN] * 65535, shapes)
    judge(one)
    listed = {answer.port for answer in one.host().answers}
    assert listed == {*range(1, LISTED + 1), 8080, 50_000}
    assert "2 answered unlike the rest" in one.notes[0]


def test_a_mixed_crowd_has_no_odd_ones():
    shapes = {port: BOX if port % 2 else OWN for port in range(1, 101)}
    one = outcome([OPEN] * 100, shapes)
    judge(one)
    assert len(one.host().answers) == LISTED


def test_a_shard_sees_it_as_well():
    """Of eight shards each asks an eighth; the rest was not asked, and says nothing."""
    one = outcome([OPEN if port % 8 == 0 else UNASKED for port in range(8000)])
    assert judge(one)
    assert one.notes[0].startswith("1000 of 1000 asked ports")


def test_most_is_enough():
    assert judge(outcome([OPEN] * 61 + [CLOSED] * 39))
    assert not judge(outcome([OPEN] * 59 + [CLOSED] * 41))


def test_udp_has_other_likely_reasons():
    one = outcome([9] * 100, transport="udp")
    assert judge(one, "udp")
    assert "SYN" not in one.notes[0]
    assert len(one.crowd["udp"]) == 100 - LISTED
