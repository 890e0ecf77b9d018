"""WS-Discovery: matches that relate to our message."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ws_discovery

WSDD2 = captured("ws_discovery-wsdd2")[0]
OURS = b"urn:uuid:30313233-3435-3637-3839-616263646566"


def matches(types=b"dn:NetworkVideoTransmitter", to=OURS):
    return (
        b'<?xml version="1.0"?><SOAP-ENV:Envelope><SOAP-ENV:Header><wsa:RelatesTo a="b"> ' + to + b" </wsa:RelatesTo>"
        b"</SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><d:Types>" + types + b"</d:Types>"
        b"<d:Scopes>onvif://www.onvif.org/name/cam</d:Scopes></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )


def test_one_probe_with_our_message_id():
    query = sent(ws_discovery.talk(peer("udp")))
    assert query.count(OURS) == 1
    assert b"<wsd:Probe>" in query


@pytest.mark.parametrize(
    ("types", "device"),
    [
        (b"dn:NetworkVideoTransmitter", "camera"),
        (b"wsdp:Device wprt:PrintDeviceType", "printer"),
        (b"wsdp:Device pub:Computer", "computer"),
        (b"wsdp:Device", ""),
    ],
)
def test_devices(types, device):
    named = hears(ws_discovery, "udp", matches(types))
    assert (named.device, named.info, named.proof) == (device, types.decode(), "nonce")


def test_what_else_is_told():
    assert ("scopes", "onvif://www.onvif.org/name/cam") in hears(ws_discovery, "udp", matches()).facts


def test_a_real_one():
    assert hears(ws_discovery, "udp", WSDD2).device == "computer"


@pytest.mark.parametrize(
    "reply",
    [
        matches(to=OURS[:-1] + b"7"),
        matches(to=b""),
        matches().replace(b"ProbeMatches", b"ResolveMatches"),
        matches().replace(b"Envelope", b"Envelop"),
        b"<RelatesTo>" + OURS,
        b"",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(ws_discovery, "udp", reply) is None


def test_an_echo_is_no_match():
    assert hears(ws_discovery, "udp", sent(ws_discovery.talk(peer("udp")))) is None


@pytest.mark.parametrize(
    ("document", "found"),
    [(b"<a:X>1</a:X>", b"1"), (b"<X/>", b""), (b"<X", b""), (b"< >", b""), (b"</X>2", b""), (b"<XY>3<X>4", b"4")],
)
def test_elements(document, found):
    assert ws_discovery._element(document, b"X") == found


@given(damaged(WSDD2, matches()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ws_discovery, "udp", *replies))
