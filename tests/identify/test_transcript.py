"""Conversations as text: written, read back, and refused where they are broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.kit import Ask, Peer, Reconnect, Reply, StartTls
from hb_engine.identify.transcript import NONCE, NOW, Turn, differs, outcome_of, read, turn_of, write
from hb_engine.model.errors import DataError
from hb_engine.model.identity import Identity, Tls

PEER = Peer("tcp", "hb.invalid", 6379, NONCE, False, NOW)
TURNS = [
    Turn("ask", b"PING\r\n", Reply.of(b"+PONG\r\n")),
    Turn("starttls", b"", Tls("TLSv1.3", how="starttls")),
    Turn("starttls", b"", None),
    Turn("reconnect", b"", True),
    Turn("reconnect", b"", False),
    Turn("ask", b"", Reply.of(b"", "silent")),
    Turn("ask", b"", Reply.of(b"half", "closed")),
]
NAMED = Identity("redis", "Redis key-value store", "7.0.15")


def test_what_is_written_is_read_back():
    kept = read(write("redis 7.0.15, captured", PEER, TURNS, NAMED))
    assert (kept.source, kept.peer, kept.outcome) == ("redis 7.0.15, captured", PEER, outcome_of(NAMED))
    assert kept.turns == tuple(TURNS)
    assert [turn.reply.ended for turn in kept.turns if isinstance(turn.reply, Reply)] == ["", "silent", "closed"]


def test_nothing_named_is_an_outcome_too():
    assert read(write("x, captured", PEER, [], None)).outcome == ()


def test_a_talk_inside_tls_is_one():
    assert read(write("x, captured", Peer("tcp", "h", 1, NONCE, True, NOW), [], None)).peer.tls


@given(st.binary(max_size=64), st.sampled_from(("", "silent", "closed", "reset", "limit")))
def test_any_bytes_survive(data, ended):
    turn = Turn("ask", data, Reply.of(data, ended))
    (kept,) = read(write("x, captured", PEER, [turn], None)).turns
    assert isinstance(kept.reply, Reply)
    assert (kept.sent, bytes(kept.reply), kept.reply.ended) == (data, data, ended)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# only a comment\n",
        "peer tcp 1 host=h nonce=00 now=1\n",  # no outcome
        "= none\n",  # no peer
        "peer tcp 1 host=h nonce=00\n> not bytes\n= none\n",
        "peer tcp 1 host=h nonce=00\n> 'text'\n= none\n",
        "peer tcp 1 host=h nonce=00\n< b'reply to nothing'\n= none\n",
        "peer tcp 1 host=h nonce=00\nnonsense\n= none\n",
    ],
)
def test_what_cannot_be_read_is_said(content):
    with pytest.raises(DataError):
        read(content)


def test_what_a_talk_wants_otherwise_is_said():
    asked = TURNS[0]
    assert differs(asked, Ask(b"PING\r\n")) == ""
    assert "b'QUIT'" in differs(asked, Ask(b"QUIT"))
    assert "starttls" in differs(asked, StartTls())
    assert "reconnect" in differs(TURNS[1], Reconnect())


def test_commands_become_turns():
    assert turn_of(Ask(b"x"), Reply.of(b"y")) == Turn("ask", b"x", Reply.of(b"y"))
    assert turn_of(StartTls(), None).kind == "starttls"
    assert turn_of(Reconnect(), True) == Turn("reconnect", b"", True)
