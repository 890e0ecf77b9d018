"""DTLS is proved by its records; a cookie is said back once, and a flight is listened to until it is whole."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from tests.kit.handshakes import certified
from tests.kit.talks import damaged, hears, is_bounded, peer
from tests.wire.test_dtls import FLIGHT, VERIFY, message, record

from hb_engine.identify.kit import Ask, Reply, converse
from hb_engine.identify.probes import dtls

COOKIE = record(message(3, VERIFY, 0), version=0xFEFF)
ALERT = record(b"\x02\x28", kind=21)


def test_a_server_that_wants_its_cookie_back():
    talk = dtls.talk(peer("udp", 5684))
    next(talk)
    again: Any = talk.send(Reply.of(COOKIE))
    assert b"\x04cook" in again.send
    listening: Any = talk.send(Reply.of(FLIGHT[0]))
    assert listening.send == b""
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(b"".join(FLIGHT[1:])))
    named = end.value.value
    assert (named.name, named.info, named.evidence) == ("dtls", "DTLSv1.2", "HelloVerifyRequest")
    assert (named.tls.version, named.tls.cipher) == ("DTLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256")
    assert named.tls.certificate is None  # what these bytes carry is none


def test_a_server_that_wants_no_cookie():
    named = hears(dtls, "udp", b"".join(FLIGHT))
    assert (named.info, named.evidence, named.guarded) == ("DTLSv1.2", "ServerHello", False)


@pytest.mark.parametrize("replies", [(COOKIE,), (COOKIE, ALERT), (COOKIE, b"noise"), (COOKIE, COOKIE)])
def test_a_cookie_alone_is_dtls_without_a_version(replies):
    named = hears(dtls, "udp", *replies)
    assert (named.name, named.info, named.evidence) == ("dtls", "", "HelloVerifyRequest")
    assert named.tls.problem == ("handshake_failure" if ALERT in replies else "")


def test_a_refusal_is_dtls_too():
    named = hears(dtls, "udp", ALERT)
    assert (named.evidence, named.guarded) == ("alert handshake_failure", True)


def test_a_flight_that_never_ends_is_left():
    assert hears(dtls, "udp", *[FLIGHT[0]] * 50).info == "DTLSv1.2"


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate of this test")
def test_the_certificate_is_told(tmp_path):
    path, _ = certified(tmp_path)
    command = ["openssl", "x509", "-in", path, "-outform", "der"]
    der = subprocess.run(command, capture_output=True, check=True).stdout
    chain = (len(der) + 3).to_bytes(3, "big") + len(der).to_bytes(3, "big") + der
    half = len(chain) // 2
    parts = [record(message(11, chain, 2, 0, half)), record(message(11, chain, 2, half))]
    named = hears(dtls, "udp", FLIGHT[0], *parts, FLIGHT[2] + FLIGHT[3])
    assert named.tls.certificate.subject == "CN=hb.invalid"


@pytest.mark.parametrize("reply", [b"", b"\x00", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x03\x03\x00\x02\x01\x00"])
def test_what_is_near(reply):
    assert hears(dtls, "udp", reply) is None


def test_our_own_hello_is_no_servers():
    command = next(dtls.talk(peer("udp", 5684)))
    assert isinstance(command, Ask)
    assert hears(dtls, "udp", *[command.send] * 12) is None


@given(damaged(COOKIE, *FLIGHT, ALERT))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(dtls.talk(peer("udp", 5684)), replies))
