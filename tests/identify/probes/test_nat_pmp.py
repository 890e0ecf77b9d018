"""NAT-PMP and PCP: the external address, or why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import nat_pmp

MINIUPNPD = captured("nat_pmp-miniupnpd")[0]
ADDRESS = b"\0\x80\0\0" + b"\0\0\1\0" + b"\xc6\x33\x64\7"


def test_two_bytes_are_sent_and_no_mapping_is_asked_for():
    assert sent(nat_pmp.talk(peer("udp"))) == b"\0\0"


@pytest.mark.parametrize(
    ("reply", "info", "facts"),
    [
        (ADDRESS, "", (("external address", "198.51.100.7"),)),
        (b"\0\x80\0\3" + bytes(8), "network failure", ()),
        (b"\0\x80\0\2" + bytes(8), "not authorised", ()),
        (b"\2\x80\0\1" + bytes(20), "PCP only", ()),
        (b"\0\x80\0\1" + bytes(4), "PCP only", ()),
    ],
)
def test_answers(reply, info, facts):
    named = hears(nat_pmp, "udp", reply)
    assert (named.name, named.info, named.facts) == ("nat-pmp", info, facts)


def test_a_real_router():
    assert hears(nat_pmp, "udp", MINIUPNPD).facts[0][0] == "external address"


@pytest.mark.parametrize(
    "reply",
    [
        ADDRESS[:-1],
        ADDRESS + b"\0",
        b"\0\x81" + ADDRESS[2:],
        b"\0\x80\0\x09" + bytes(8),
        b"\0\0",
        b"\2\x80\0\0" + bytes(20),
        b"",
    ],
)
def test_what_is_not_its_answer(reply):
    assert hears(nat_pmp, "udp", reply) is None


@given(damaged(MINIUPNPD, ADDRESS))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(nat_pmp, "udp", *replies))
