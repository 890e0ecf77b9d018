"""Accepted, refused or unknown: what servers of this machine's library, and stranger ones, say to each version."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.handshakes import answer, certified

from hb_engine.identify.kit import Peer, Reply
from hb_engine.identify.versions import VERSIONS, accepted, certificate_of, talk
from hb_engine.wire.x509 import read

PEER = Peer("tcp", "hb.invalid", 443, b"0123456789abcdef")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates of these tests")


def said(version: str, reply: bytes) -> bool | None:
    """The outcome of a talk that got this reply."""
    conversation = talk(PEER, version)
    next(conversation)
    with pytest.raises(StopIteration) as end:
        conversation.send(reply)
    outcome: bool | None = end.value.value
    return outcome


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> tuple[str, str]:
    return certified(tmp_path_factory.mktemp("versions"))


@needs_openssl
@pytest.mark.parametrize(
    ("least", "most", "accepts"),
    [
        ("TLSv1", "TLSv1_3", ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
        ("TLSv1_2", "TLSv1_3", ["TLSv1.2", "TLSv1.3"]),
        ("TLSv1_3", "TLSv1_3", ["TLSv1.3"]),
        ("TLSv1", "TLSv1", ["TLSv1"]),
    ],
)
def test_each_version_is_asked_for_itself(least, most, accepts, server):
    found = []
    for version in VERSIONS:
        reply = answer(next(talk(PEER, version)).send, *server, least=least, most=most)
        outcome = said(version, Reply.of(reply))
        assert outcome is not None
        found += [version] * outcome
    assert found == accepts


@needs_openssl
def test_the_certificate_is_in_the_clear_flight(server):
    der = certificate_of(answer(next(talk(PEER, "TLSv1.2")).send, *server))
    assert der is not None
    assert read(der).subject == "CN=hb.invalid"
    assert certificate_of(answer(next(talk(PEER, "TLSv1.3")).send, *server)) is None


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply.of(b"", "closed"), False),
        (Reply.of(b"", "reset"), False),
        (Reply.of(b"", "silent"), None),
        (Reply.of(b"\x15\x03\x01\x00\x02\x02\x46"), False),
        (Reply.of(b"\x15\x03\x01\x00\x02\x01\x00"), False),  # close_notify
        (Reply.of(b"\x15\x03\x01\x00\x02\x02\x70"), None),  # it does not know the name: not about the version
        (Reply.of(b"\x15\x03\x01\x00\x02\x01\x70", "silent"), None),
        (Reply.of(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None),
        (Reply.of(b"\x16\x03\x01", "silent"), None),
    ],
)
def test_only_an_answer_is_a_refusal(reply, outcome):
    assert said("TLSv1", reply) is outcome


def test_one_hello_and_no_second_word():
    conversation = talk(PEER, "TLSv1.3")
    asked = next(conversation)
    assert b"hb.invalid" in asked.send
    with pytest.raises(StopIteration):
        conversation.send(Reply.of(b"", "silent"))


@given(st.binary(max_size=200), st.sampled_from(VERSIONS))
def test_no_reply_breaks_it(reply, version):
    assert said(version, Reply.of(reply)) in (True, False, None)
    assert accepted(reply, version) in (True, False, None)
    certificate_of(reply)
