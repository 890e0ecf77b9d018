"""MGCP: a code and our transaction number."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import mgcp

OSMO = captured("mgcp-osmo")[0]
NUMBER = OSMO.split()[1]


def test_no_endpoint_that_could_ring():
    assert sent(mgcp.talk(peer("udp"))) == b"AUEP " + NUMBER + b" hb-engine@hb.invalid MGCP 1.0\r\n"


@pytest.mark.parametrize(
    "line", [OSMO, b"500 " + NUMBER + b" Unknown endpoint\r\n", b"200 " + NUMBER + b" OK\nZ: *\n", b"510 " + NUMBER]
)
def test_codes(line):
    named = hears(mgcp, "udp", line)
    assert (named.name, named.proof) == ("mgcp-gateway", "nonce")


@pytest.mark.parametrize(
    "line",
    [
        OSMO.replace(NUMBER, NUMBER[:-1] + b"9"),
        b"5000 " + NUMBER + b" x\r\n",
        b"abc " + NUMBER + b"\r\n",
        b"500\r\n",
        b"SIP/2.0 400 Bad Request\r\n",
        b"",
    ],
)
def test_what_is_not_our_answer(line):
    assert hears(mgcp, "udp", line) is None


def test_an_echo_is_no_gateway():
    assert hears(mgcp, "udp", sent(mgcp.talk(peer("udp")))) is None


@given(damaged(OSMO))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mgcp, "udp", *replies))
