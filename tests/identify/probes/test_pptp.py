"""PPTP: a reply of the fixed form."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import pptp

PPTPD = captured("pptp-pptpd")[0]


def test_the_request_has_the_fixed_form():
    query = sent(pptp.talk(peer()))
    assert len(query) == 156
    assert query[:10] == b"\0\x9c\0\1\x1a\x2b\x3c\x4d\0\1"


def test_names_and_firmware():
    named = hears(pptp, "tcp", PPTPD)
    assert (named.product, named.hostname, named.info, named.guarded) == ("linux", "local", "firmware 1", False)


def test_names_end_at_their_zero():
    reply = PPTPD[:28] + b"host\0xx".ljust(64, b"x") + b"v" * 64
    named = hears(pptp, "tcp", reply)
    assert (named.hostname, named.product) == ("host", "v" * 64)


def test_a_refusal_is_told():
    assert hears(pptp, "tcp", PPTPD[:14] + b"\4" + PPTPD[15:]).guarded


@pytest.mark.parametrize("at", range(10))
def test_one_byte_away(at):
    assert hears(pptp, "tcp", changed(PPTPD, at)) is None


@pytest.mark.parametrize("reply", [PPTPD[:-1], PPTPD + b"\0", b"HTTP/1.1 400 Bad Request\r\n\r\n".ljust(156)])
def test_other_lengths_and_protocols(reply):
    assert hears(pptp, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(pptp, "tcp", sent(pptp.talk(peer()))) is None


@given(damaged(PPTPD))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(pptp, "tcp", *replies))
