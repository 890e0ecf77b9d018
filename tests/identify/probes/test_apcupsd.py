"""apcupsd: its records, up to the empty one."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import apcupsd

STATUS = captured("apcupsd-net")[0]


def record(line):
    return len(line).to_bytes(2, "big") + line


def test_it_asks_for_the_status():
    assert sent(apcupsd.talk(peer())) == b"\0\6status"


def test_what_the_status_tells():
    named = hears(apcupsd, "tcp", STATUS)
    assert (named.version, named.hostname, named.facts) == ("3.14.14", "server", (("ups", "rack"),))
    assert named.cpe == ("cpe:/a:apc:apcupsd:3.14.14",)


def test_a_model_is_told_where_there_is_one():
    reply = record(b"APC      : 001,036,0862\n") + record(b"MODEL    : Back-UPS ES 700G\n") + b"\0\0"
    assert hears(apcupsd, "tcp", reply).info == "Back-UPS ES 700G"


@pytest.mark.parametrize(
    "reply",
    [
        b"\0\0",
        record(b"APD      : 1\n") + b"\0\0",
        record(b"hello") + b"\0\0",
        STATUS[2:],
        changed(STATUS, 2),
        b"",
        b"\xff",
    ],
)
def test_what_is_not_its_answer(reply):
    assert hears(apcupsd, "tcp", reply) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"\0", False),
        (STATUS[:40], False),
        (STATUS, True),
        (b"HTTP/1.1", True),
        (record(b"x") * 100, True),
    ],
)
def test_when_it_has_heard_enough(data, whole):
    assert next(begin(apcupsd)).until(data) == whole


@given(damaged(STATUS))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(apcupsd, "tcp", *replies))
