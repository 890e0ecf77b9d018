"""A client's end of TLS, played against a server's end in memory; broken bytes end it with a word, never a crash."""

from __future__ import annotations

import contextlib
import ssl
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.tls import CLOSED, Endpoint, Failed, context, early_certificate, is_fatal, is_tls, server_name


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tls.invalid", "-days", "30"]
    subprocess.run([*command, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


class Server:
    """A server's end in memory."""

    def __init__(self, certificate, alpn=(), newest=None) -> None:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*certificate)
        if newest:
            made.maximum_version = newest
        if alpn:
            made.set_alpn_protocols(alpn)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.object = made.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def answer(self, data):
        self.incoming.write(data)
        with contextlib.suppress(ssl.SSLWantReadError):
            self.object.do_handshake()
        return self.outgoing.read()


def shaken(endpoint, server):
    for _ in range(6):
        if endpoint.shake():
            break
        endpoint.feed(server.answer(endpoint.pending()))
    endpoint.feed(server.answer(endpoint.pending()))  # tickets, in TLS 1.3
    return endpoint


@pytest.mark.parametrize(
    ("newest", "version"), [(None, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")], ids=["1.3", "1.2"]
)
def test_a_handshake(certificate, newest, version):
    endpoint = shaken(Endpoint("hb.invalid", ("one", "two")), Server(certificate, ["two"], newest))
    told = endpoint.told("implicit")
    assert (told.version, told.alpn, told.problem) == (version, "two", "")
    assert told.cipher
    assert told.certificate is not None
    assert told.certificate.self_signed


def test_words_inside(certificate):
    server = Server(certificate)
    endpoint = shaken(Endpoint("hb.invalid", ()), server)
    endpoint.write(b"question")
    server.incoming.write(endpoint.pending())
    assert server.object.read(100) == b"question"
    server.object.write(b"answer")
    assert endpoint.read(100) is None
    endpoint.feed(server.outgoing.read())
    assert endpoint.read(100) == b"answer"
    endpoint.feed(b"")
    assert endpoint.read(100) == b""


def test_the_certificate_of_a_handshake_that_is_not_done(certificate):
    """TLS 1.2 sends it in clear: a server that then wants ours, or breaks off, has shown its own."""
    server = Server(certificate, newest=ssl.TLSVersion.TLSv1_2)
    endpoint = Endpoint("hb.invalid", ())
    assert not endpoint.shake()
    endpoint.feed(server.answer(endpoint.pending()))
    assert not endpoint.done
    found = endpoint.told("implicit").certificate
    assert found is not None
    assert "tls.invalid" in found.subject
    assert early_certificate(b"") is early_certificate(b"HTTP/1.1 400") is early_certificate(b"\x16\x03\x03") is None


@pytest.mark.parametrize(
    ("answer", "plain", "problem"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True, "wrong version number"),
        (b"220 mail\r\n", True, "wrong version number"),
        (b"\x15\x03\x01\x00\x02\x02\x28", False, "handshake failure"),
        (b"\x15\x03\x03\x00\x02\x02\x46", False, "protocol version"),
        (b"", False, CLOSED),
    ],
)
def test_what_went_wrong(answer, plain, problem):
    endpoint = Endpoint("hb.invalid", ())
    assert not endpoint.shake()
    endpoint.feed(answer)
    with pytest.raises(Failed):
        endpoint.shake()
    assert endpoint.plain is plain
    assert problem in endpoint.problem
    assert not endpoint.told("implicit").version


def test_protocols_that_were_refused():
    endpoint = Endpoint("hb.invalid", ("one",))
    endpoint.shake()
    endpoint.feed(b"\x15\x03\x03\x00\x02\x02\x78")
    with pytest.raises(Failed):
        endpoint.shake()
    assert endpoint.wants_no_alpn


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("hb.invalid", "hb.invalid"),
        ("hb.invalid.", "hb.invalid"),
        ("bücher.invalid", "bücher.invalid"),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("fe80::1%eth0", None),
        ("[::1]", None),
        ("", None),
        (".", None),
        (".hb.invalid", None),
        ("a" * 64 + ".invalid", None),
        ("a..b", None),
    ],
)
def test_only_names_are_sent(host, name):
    assert server_name(host) == name
    Endpoint(host, ()).shake()


def test_contexts_are_made_once_and_accept_what_is_old():
    assert context(("a",)) is context(("a",)) is not context(("b",))
    made = context(())
    assert made.verify_mode == ssl.CERT_NONE
    assert made.minimum_version == ssl.TLSVersion.MINIMUM_SUPPORTED


@given(st.binary(max_size=300))
def test_no_bytes_can_break_it(data):
    endpoint = Endpoint("hb.invalid", ("one",))
    endpoint.shake()
    endpoint.feed(data)
    try:
        assert not endpoint.shake()
    except Failed:
        assert endpoint.problem
    told = endpoint.told("implicit")
    assert told.version == ""
    assert is_tls(data) or told.certificate is None


@pytest.mark.parametrize(
    ("data", "fatal"),
    [
        (b"\x15\3\1\0\2\2\x28", True),
        (b"\x15\3\3\0\2\2", True),  # its code is on the way
        (b"\x15\3\3\0\2\1\0", False),  # close_notify, a warning
        (b"\x15\3\3\0\3\2\0", False),
        (b"\x16\3\3\0\2\2\0", False),
        (b"", False),
    ],
)
def test_an_alert_that_ends_a_handshake(data, fatal):
    assert is_fatal(data) is fatal
