"""NTS-KE: records up to the one that ends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ntske

CHRONY = captured("ntske-chrony")[0]
END = b"\x80\0\0\0"


def test_the_request_is_three_critical_records():
    assert sent(ntske.talk(peer(tls=True))) == b"\x80\1\0\2\0\0\x80\4\0\2\0\x0f\x80\0\0\0"
    assert ntske.PROBE.alpn == ("ntske/1",)


def test_cookies_are_counted_and_thrown_away():
    named = hears(ntske, "tcp", CHRONY, tls=True)
    assert (named.info, named.guarded) == ("8 cookies", False)
    assert not named.facts


def test_another_server_for_the_time_is_told():
    reply = b"\x80\1\0\2\0\0" + b"\x80\6\0\x10time.example.org" + b"\0\5\0\2ab" + END
    named = hears(ntske, "tcp", reply, tls=True)
    assert (named.info, named.facts) == ("1 cookies", (("time server", "time.example.org"),))


def test_an_error_proves_it_as_well():
    assert hears(ntske, "tcp", b"\x80\2\0\2\0\1" + END, tls=True).guarded


@pytest.mark.parametrize(
    "reply", [END, CHRONY[:-1], b"\x80\4\0\2\0\x0f" + END, b"HTTP/1.1 400 Bad Request\r\n\r\n", b""]
)
def test_what_is_not_its_answer(reply):
    assert hears(ntske, "tcp", reply, tls=True) is None


@pytest.mark.parametrize(
    ("data", "whole"), [(b"", False), (CHRONY[:50], False), (CHRONY, True), (b"\0\1\0\0" * 64, True)]
)
def test_when_it_has_heard_enough(data, whole):
    assert next(begin(ntske, tls=True)).until(data) == whole


@given(damaged(CHRONY))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ntske, "tcp", *replies))


def test_an_echo_is_no_server():
    assert hears(ntske, "tcp", sent(ntske.talk(peer(tls=True))), tls=True) is None


def test_a_server_without_our_protocol_says_so():
    assert hears(ntske, "tcp", b"\x80\1\0\0" + END, tls=True).guarded
