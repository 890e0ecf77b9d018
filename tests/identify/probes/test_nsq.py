"""NSQ: IDENTIFY's answer, built from its protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import nsq


def frame(data, kind=0):
    return (4 + len(data)).to_bytes(4, "big") + kind.to_bytes(4, "big") + data


ANSWER = frame(
    b'{"max_rdy_count":2500,"version":"1.2.1","max_msg_timeout":900000,"tls_v1":false,"auth_required":false}'
)


def test_the_version():
    named = hears(nsq, "tcp", ANSWER)
    assert (named.name, named.version, named.guarded) == ("nsq", "1.2.1", False)
    assert hears(nsq, "tcp", frame(b'{"max_rdy_count":1,"version":"1","auth_required":true}')).guarded


def test_the_question_is_as_long_as_it_says():
    question = sent(nsq.talk(peer()))
    head, _, body = question.partition(b"\n")
    assert head == b"  V2IDENTIFY"
    assert int.from_bytes(body[:4], "big") == len(body) - 4


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        ANSWER[:-1],
        ANSWER + b"x",
        changed(ANSWER, 7),
        changed(ANSWER, 8),
        frame(b"OK"),
        frame(b"{}"),
        frame(b"{" * 3000),
    ],
)
def test_what_is_no_answer(reply):
    assert hears(nsq, "tcp", reply) is None


def test_what_an_http_request_gets():
    assert nsq.hint(frame(b"E_BAD_PROTOCOL", 1))
    assert not nsq.hint(frame(b"E_INVALID", 1))


@given(damaged(ANSWER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(nsq, "tcp", *replies))
