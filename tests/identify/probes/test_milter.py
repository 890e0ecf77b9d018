"""Milters: options are negotiated, and the filter is sent home."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import milter

OPENDKIM = captured("milter-opendkim")[0]


def test_options_and_a_goodbye():
    talk: Any = milter.talk(peer())
    assert next(talk).send.hex() == "0000000d4f00000006000001ff001fffff"
    assert talk.send(Reply.of(OPENDKIM)).send == b"\0\0\0\1Q"
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(b"", "closed"))
    assert (end.value.value.name, end.value.value.info) == ("milter", "protocol 6")


def test_longer_answers_name_macros():
    body = b"O\0\0\0\6" + bytes(8) + b"\0\0\0\0{auth}\0"
    assert hears(milter, "tcp", len(body).to_bytes(4, "big") + body).info == "protocol 6"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        OPENDKIM[:-1],
        OPENDKIM + b"\0",
        changed(OPENDKIM, 3),
        changed(OPENDKIM, 4),
        changed(OPENDKIM, 8),
        b"\0\0\0\1O",
    ],
)
def test_what_is_no_answer(reply):
    assert hears(milter, "tcp", reply) is None


def test_an_echo_is_no_filter():
    assert hears(milter, "tcp", milter.NEGOTIATE) is None


def test_old_protocols_have_their_number():
    assert hears(milter, "tcp", changed(OPENDKIM, 8, -4)).info == "protocol 2"
    assert hears(milter, "tcp", changed(OPENDKIM, 8, -5)) is None


@given(damaged(OPENDKIM))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(milter, "tcp", *replies))
