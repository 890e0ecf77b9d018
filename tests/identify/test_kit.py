"""The kit: whole replies, bounded texts, and a conversation played to a talk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.kit import (
    EVIDENCE,
    LIMIT,
    Ask,
    Peer,
    Probe,
    Reconnect,
    Reply,
    StartTls,
    at_least,
    converse,
    framed,
    text,
)
from hb_engine.model.identity import Identity, Tls


def test_a_reply_knows_how_it_ended():
    assert Reply.of(b"x").ended == ""
    assert Reply.of(b"x", "closed").ended == "closed"
    assert Reply.of(b"+OK\r\n").startswith(b"+OK")


def test_a_reply_is_whole_by_its_size():
    whole = at_least(4)
    assert [whole(b"x" * size) for size in (0, 3, 4, 5)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("whole", "short", "long"),
    [
        (framed(0, 2, 2), b"\0\x03ab", b"\0\x03abc"),
        (framed(2, 4, 6, "little"), b"--\x02\0\0\0a", b"--\x02\0\0\0ab"),
        (framed(0, 1), b"\x03a", b"\x03ab"),
    ],
)
def test_a_reply_is_whole_by_the_length_that_it_promises(whole, short, long):
    assert (whole(b""), whole(short), whole(long)) == (False, False, True)


def test_nobody_waits_for_more_than_the_limit():
    assert framed(0, 4)(b"\xff\xff\xff\xff" + bytes(LIMIT))


@given(st.binary(max_size=4 * EVIDENCE))
def test_strangers_text_is_one_bounded_line(data):
    told = text(data)
    assert len(told) <= EVIDENCE
    assert told.isprintable()
    assert told == told.strip()


def test_what_is_no_utf8_is_kept():
    assert text(b"caf\xc3\xa9") == "caf\u00e9"
    assert text(b"caf\xe9") == "caf\u00e9"
    assert text(b"a\x1b[31m\r\nb\0c") == "a [31m b c"


def talk():
    """A talk that uses every command."""
    hello = yield Ask()
    if hello.ended == "silent":
        return None
    met = yield StartTls()
    again = yield Reconnect()
    reply = yield Ask(b"?", until=b"!")
    return Identity("x", info=f"{hello!r} {met is not None} {again} {bytes(reply)!r}")


def test_a_conversation_is_played_in_order():
    named = converse(talk(), [b"hi", Tls("TLSv1.3"), True, b"yes!"])
    assert named == Identity("x", info="b'hi' True True b'yes!'")


def test_what_is_not_played_is_silence_refusal_and_no_connection():
    assert converse(talk(), []) is None
    assert converse(talk(), [b"hi"]) == Identity("x", info="b'hi' False False b''")


def test_a_reply_that_does_not_fit_its_command_is_none():
    assert converse(talk(), [Tls("TLSv1.3"), b"x"]) is None
    assert converse(talk(), [b"hi", b"no handshake", False, b"!"]) == Identity("x", info="b'hi' False False b'!'")


def test_a_talk_without_an_end_is_ended():
    def endless():
        while True:
            yield Ask(b"x")

    with pytest.raises(AssertionError, match="never ends"):
        converse(endless(), [])


def test_a_probe_is_safe_and_asks_first_unless_it_says_otherwise():
    probe = Probe("x")
    assert (probe.care, probe.speaks, probe.anywhere, probe.unprovable) == ("safe", "client", True, "")
    assert Peer("tcp", "h", 1, b"n").tls is False
