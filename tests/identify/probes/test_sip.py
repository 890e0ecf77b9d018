"""SIP: any status with our Call-ID."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import sip

CALL = NONCE.hex().encode()
KAMAILIO = captured("sip-kamailio")[0]


def response(status=b"200 OK", fields=b"", call=CALL, name=b"Call-ID"):
    return (
        b"SIP/2.0 " + status + b"\r\nVia: x\r\n" + name + b": " + call + b"\r\nCSeq: 1 OPTIONS\r\n" + fields + b"\r\n"
    )


def test_the_request_is_for_the_server_and_goes_nowhere_else():
    lines = sent(sip.talk(peer("udp", 5060, host="192.0.2.1"))).split(b"\r\n")
    assert lines[0] == b"OPTIONS sip:192.0.2.1:5060 SIP/2.0"
    assert b"Max-Forwards: 0" in lines
    assert b"Content-Length: 0" in lines
    assert lines[1].startswith(b"Via: SIP/2.0/UDP hb.invalid;branch=z9hG4bK")


@pytest.mark.parametrize(
    ("tls", "start"), [(False, b"OPTIONS sip:[2001:db8::1]:5061"), (True, b"OPTIONS sips:[2001:db8::1]:5061")]
)
def test_addresses_of_ipv6_and_tls(tls, start):
    query = sent(sip.talk(peer("tcp", 5061, host="2001:db8::1", tls=tls)))
    assert query.startswith(start)
    assert (b"SIP/2.0/TLS" in query) == tls


@pytest.mark.parametrize(
    ("field", "product", "version", "cpe"),
    [
        (b"Server: kamailio (5.6.3 (x86_64/linux))", "Kamailio", "5.6.3", ("cpe:/a:kamailio:kamailio:5.6.3",)),
        (b"Server: OpenSIPS (3.2.9 (x86_64/linux))", "OpenSIPS", "3.2.9", ("cpe:/a:opensips:opensips:3.2.9",)),
        (b"User-Agent: Asterisk PBX 18.10.0~dfsg", "Asterisk", "18.10.0~dfsg", ()),
        (b"Server: Asterisk PBX 20.5.0", "Asterisk", "20.5.0", ("cpe:/a:digium:asterisk:20.5.0",)),
        (b"User-Agent: FreeSWITCH-mod_sofia/1.10.9", "FreeSWITCH", "1.10.9", ("cpe:/a:freeswitch:freeswitch:1.10.9",)),
        (b"Server: Twinkle/1.10.2", "Twinkle", "1.10.2", ()),
        (b"Server: my phone", "my", "", ()),
        (b"", "", "", ()),
    ],
)
def test_products(field, product, version, cpe):
    named = hears(sip, "udp", response(fields=field + b"\r\n" if field else b""))
    assert (named.product, named.version, named.cpe) == (product, version, cpe)


@pytest.mark.parametrize(
    "status", [b"404 Not Found", b"483 Too Many Hops", b"401 Unauthorized", b"503 Service Unavailable"]
)
def test_every_status_proves_it(status):
    named = hears(sip, "udp", response(status))
    assert (named.proof, named.guarded) == ("nonce", status.startswith(b"401"))


def test_the_short_form_of_the_field():
    assert hears(sip, "udp", response(name=b"i")).name == "sip"


@pytest.mark.parametrize(
    "reply",
    [
        response(call=CALL[:-1] + b"0"),
        response().replace(b"SIP/2.0 ", b"SIP/2.1 ", 1),
        response(b"OK"),
        response(b"200"),
        b"SIP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nCall-ID: " + CALL + b"\r\n\r\n",
        captured("rtsp-gstreamer")[0],
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(sip, "udp", reply) is None


def test_an_echo_is_no_server():
    assert hears(sip, "udp", sent(sip.talk(peer("udp")))) is None


def test_its_answer_to_other_requests_is_a_hint():
    assert sip.hint(b"SIP/2.0 400 Bad Request\r\n")
    assert not sip.hint(b"HTTP/1.1 400 Bad Request\r\n")


@given(damaged(KAMAILIO, response()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(sip, "udp", *replies))
