"""TLS by hand: a ServerHello or an alert proves it, whatever this machine's library thinks of the server."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.handshakes import answer, certified
from tests.kit.talks import damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Ask, Reply, converse
from hb_engine.identify.probes import ssl

ALERT = b"\x15\x03\x01\x00\x02\x02\x46"  # protocol_version
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates of these tests")


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> tuple[str, str]:
    return certified(tmp_path_factory.mktemp("ssl"))


def talked(server: tuple[str, str], **more):
    """The outcome of a talk with a real library, and how many hellos it took."""
    talk, hellos = ssl.talk(peer()), 0
    try:
        command = next(talk)
        while True:
            if isinstance(command, Ask):
                hellos += 1
                command = talk.send(Reply.of(answer(command.send, *server, **more)))
            else:
                command = talk.send(True)
    except StopIteration as end:
        return end.value, hellos


@needs_openssl
@pytest.mark.parametrize(
    ("least", "most", "version", "hellos"),
    [("TLSv1", "TLSv1_3", "TLSv1.2", 1), ("TLSv1_3", "TLSv1_3", "TLSv1.3", 2), ("TLSv1", "TLSv1", "TLSv1", 1)],
)
def test_the_version_that_is_agreed_on(server, least, most, version, hellos):
    named, taken = talked(server, least=least, most=most)
    assert (named.name, named.info, named.tls.version, taken) == ("ssl", version, version, hellos)
    assert (named.tls.certificate is None) == (version == "TLSv1.3")


def test_alerts_all_the_way_down_are_tls_too():
    named = hears(ssl, "tcp", ALERT, True, ALERT, True, ALERT, True, ALERT)
    assert (named.name, named.guarded, named.tls.problem) == ("ssl", True, "protocol_version")


def test_a_server_that_takes_no_second_connection():
    assert hears(ssl, "tcp", ALERT).tls.problem == "protocol_version"


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n", b"\x16\x03\x01"])
def test_what_is_near(reply):
    assert hears(ssl, "tcp", Reply.of(reply, "closed")) is None
    assert not ssl.hint(reply)


def test_an_alert_to_anything_is_a_hint():
    assert ssl.hint(ALERT)


@given(damaged(ALERT, b"\x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03" + bytes(32) + b"\x00\xc0\x2f\x00"), st.booleans())
def test_no_reply_can_break_the_talk(replies, again):
    assert is_bounded(converse(ssl.talk(peer()), [part for reply in replies for part in (reply, again)]))
