"""A ClientHello that a real library answers, and a reader of answers that no bytes break."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit.handshakes import answer, certified

from hb_engine.model.errors import DataError
from hb_engine.wire import tls
from hb_engine.wire.x509 import read as read_certificate

RANDOM = bytes(range(32))
OLD_AND_NEW = {"TLSv1": "TLSv1", "TLSv1.1": "TLSv1_1", "TLSv1.2": "TLSv1_2", "TLSv1.3": "TLSv1_3"}
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates of these tests")


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> tuple[str, str]:
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def flight(server) -> bytes:
    return answer(tls.client_hello("TLSv1.2", RANDOM, "hb.invalid", ("h2", "http/1.1")), *server, alpn=["http/1.1"])


@needs_openssl
@pytest.mark.parametrize("version", OLD_AND_NEW)
def test_a_server_accepts_the_version_that_it_speaks(version, server):
    heard = tls.read(answer(tls.client_hello(version, RANDOM, "hb.invalid"), *server))
    assert (heard.version, heard.whole, heard.alert, heard.retry) == (version, True, "", False)
    assert heard.cipher.startswith("TLS_" if version == "TLSv1.3" else "ECDHE-ECDSA-AES")
    chain = [read_certificate(der).subject for der in heard.certificates]
    assert chain == ([] if version == "TLSv1.3" else ["CN=hb.invalid"])


@needs_openssl
@pytest.mark.parametrize(("asked", "only"), [("TLSv1.3", "TLSv1_2"), ("TLSv1.2", "TLSv1_3"), ("TLSv1", "TLSv1_2")])
def test_a_server_refuses_the_version_that_it_does_not_speak(asked, only, server):
    heard = tls.read(answer(tls.client_hello(asked, RANDOM, "hb.invalid"), *server, least=only, most=only))
    assert (heard.version, heard.alert, heard.fatal, heard.whole) == ("", "protocol_version", True, True)


@needs_openssl
def test_a_server_that_speaks_only_something_older_says_so(server):
    """Up to TLS 1.2 a server does not refuse what is too new: it chooses less."""
    heard = tls.read(answer(tls.client_hello("TLSv1.2", RANDOM), *server, most="TLSv1_1"))
    assert heard.version == "TLSv1.1"


@needs_openssl
def test_ssl_3_is_refused_by_this_machines_library(server):
    heard = tls.read(answer(tls.client_hello("SSLv3", RANDOM), *server))
    assert (heard.version, heard.fatal) == ("", True)
    assert heard.alert in ("protocol_version", "handshake_failure")


@needs_openssl
def test_the_protocol_that_was_chosen(flight):
    assert tls.read(flight).alpn == "http/1.1"


@needs_openssl
def test_a_server_that_wants_another_group_asks_again(server):
    heard = tls.read(answer(tls.client_hello("TLSv1.3", RANDOM), *server, groups="secp384r1"))
    assert (heard.version, heard.retry, heard.whole) == ("TLSv1.3", True, True)


@needs_openssl
def test_a_server_that_wants_a_certificate(server):
    heard = tls.read(answer(tls.client_hello("TLSv1.2", RANDOM), *server, ask_client=True))
    assert (heard.version, heard.asks_certificate) == ("TLSv1.2", True)


@needs_openssl
def test_every_beginning_is_read_and_only_the_end_is_whole(flight):
    for size in range(1, len(flight)):
        assert not tls.read(flight[:size]).whole
        assert not tls.is_whole(flight[:size])
    assert tls.is_whole(flight)


@pytest.mark.parametrize("version", tls.NUMBERS)
@pytest.mark.parametrize("name", ["", "hb.invalid", "a." * 100 + "invalid"])
def test_a_hello_has_the_lengths_that_it_promises(version, name):
    hello = tls.client_hello(version, RANDOM, name, ("h2", "http/1.1") if name else ())
    assert hello[0] == tls.HANDSHAKE
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    assert RANDOM in hello
    assert not 256 <= len(hello) - 5 < 512
    assert (name.rstrip(".").encode() in hello) == (version != "SSLv3" or not name)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "::1", "", ".", "b\u00fccher.invalid", "x" * 300])
def test_what_is_no_name_is_no_sni(host):
    assert tls.server_name(host) == b""


def test_a_name_is_sni_without_its_last_dot():
    assert tls.server_name("hb.invalid.") == b"hb.invalid"


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n", b"\x16\x05\x00\x00\x00", b"\x17\x03\x03\x00",
             b"\x00", b"\x16\x03\x03\xff\xff", b"\x15\x03\x03\x00\x09" + bytes(9)]
)  # fmt: skip
def test_what_is_no_tls(data):
    with pytest.raises(DataError):
        tls.read(data)
    assert tls.is_whole(data)


@pytest.mark.parametrize(
    ("data", "alert", "fatal", "whole"),
    [
        (b"\x15\x03\x01\x00\x02\x02\x28", "handshake_failure", True, True),
        (b"\x15\x03\x01\x00\x02\x01\x70", "unrecognized_name", False, False),  # a warning: the hello is still to come
        (b"\x15\x03\x01\x00\x02\x01\x00", "close_notify", False, True),
        (b"\x15\x03\x01\x00\x02\x02\xfe", "alert 254", True, True),
        (b"\x15\x03\x01\x00\x02\x02", "", False, False),
    ],
)
def test_alerts(data, alert, fatal, whole):
    heard = tls.read(data)
    assert (heard.alert, heard.fatal, heard.whole) == (alert, fatal, whole)


def message(kind: int, body: bytes) -> bytes:
    inner = bytes((kind,)) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + len(inner).to_bytes(2, "big") + inner


HELLO = b"\x03\x03" + bytes(32) + b"\x00\xc0\x2f\x00"


def test_a_server_hello_without_extensions():
    heard = tls.read(message(2, HELLO))
    assert (heard.version, heard.cipher, heard.whole) == ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", False)


def test_messages_may_be_cut_into_records_anywhere():
    whole = message(2, HELLO)[5:] + message(14, b"")[5:]
    records = b"".join([b"\x16\x03\x03\x00\x01" + whole[at : at + 1] for at in range(len(whole))])
    heard = tls.read(records)
    assert (heard.version, heard.whole) == ("TLSv1.2", True)


@pytest.mark.parametrize(
    "data",
    [
        message(11, b"\x00\x00\x00"),  # a certificate before any hello
        message(2, HELLO[:20]),
        message(2, HELLO + b"\xff\xff"),
        message(2, b"\x02\x00" + HELLO[2:]),
        message(2, HELLO) + message(11, b"\x00\x00\x09\x00\x00\x09"),
    ],
)
def test_messages_that_lie_about_their_length(data):
    with pytest.raises(DataError):
        tls.read(data)


def test_an_endless_chain_is_cut():
    chain = b"\x00\x00\x01x" * 1000
    listed = len(chain).to_bytes(3, "big") + chain
    assert len(tls.read(message(2, HELLO) + message(11, listed)).certificates) == tls.MOST_CERTIFICATES


@needs_openssl
@settings(max_examples=300)
@given(flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes_never_break_the_reader(flight, flips):
    broken = bytearray(flight)
    for at, value in flips:
        broken[at % len(broken)] = value
    try:
        tls.read(bytes(broken))
    except DataError:
        assert tls.is_whole(bytes(broken))


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x16\x03\x03\x00\x40", b"\x16\x03\x03\x00\x80\x02\x00\x00\x40"])
)
def test_no_bytes_break_the_reader(data, start):
    try:
        tls.read(start + data)
    except DataError:
        assert tls.is_whole(start + data)
