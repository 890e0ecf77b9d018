"""SOCKS 5: two bytes behind the greeting."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import socks5

GRANTED = b"\5\0\0\1" + bytes(6)


def test_one_method_is_offered_and_nothing_is_asked_for():
    assert sent(socks5.talk(peer())) == b"\5\1\0"


@pytest.mark.parametrize("server", ["socks5-microsocks", "socks5-tor", "socks5-dante"])
def test_servers(server):
    named = hears(socks5, "tcp", *captured(server))
    assert (named.info, named.guarded, named.proof) == ("no authentication", False, "structure")


def test_a_server_that_wants_a_password():
    named = hears(socks5, "tcp", *captured("socks5-microsocks-password"))
    assert (named.info, named.guarded, named.proof) == ("wants authentication", True, "structure")


def test_the_second_question_is_no_command_for_no_address():
    talk = begin(socks5)
    next(talk)
    assert talk.send(Reply.of(b"\5\0")).send == b"\5\x7f\0\1\0\0\0\0\0\0"


@pytest.mark.parametrize("refused", [b"", b"\5", GRANTED, b"\4\7\0\1" + bytes(6), b"\5\x09\0\1" + bytes(6)])
def test_without_its_refusal_it_is_a_likeness(refused):
    assert hears(socks5, "tcp", b"\5\0", refused).proof == "pattern"


@pytest.mark.parametrize("reply", [b"\5", b"\5\0\0", b"\5\1", b"\5\2", b"\4\0", b"\0\x5b", b"\5\1\0", b""])
def test_what_is_not_its_answer(reply):
    assert hears(socks5, "tcp", reply) is None


def test_hanging_up_on_no_command_is_an_answer_too():
    assert hears(socks5, "tcp", b"\5\0", Reply.of(b"", "closed")).proof == "structure"


def test_what_tor_says_to_http():
    assert socks5.hint(b"HTTP/1.0 501 Tor is not an HTTP Proxy\r\n")
    assert not socks5.hint(b"HTTP/1.0 501 Not Implemented\r\n")


@given(damaged(b"\5\0", b"\5\xff"))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(socks5, "tcp", *replies))
