"""The texts of a port for Recog's databases: what is taken off a greeting, and what is only there with a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.opinions.recog_fields import GREETINGS, LINES, LONGEST, Fields
from hb_engine.model.identity import Certificate, Identity, Tls

PAGE = (
    b"HTTP/1.1 401 Unauthorized\r\nServer: Lampd/1.5\r\nWWW-Authenticate: Basic realm=lamp\r\nSet-Cookie: lamp=1\r\n"
    b"X-Powered-By: Light\r\nContent-Length: 34\r\n\r\n<html><title>The  lamp</title></html>"
)
SIP = b"SIP/2.0 200 OK\r\nServer: Lamp PBX 3\r\nUser-Agent: Lamp phone\r\nContent-Length: 0\r\n\r\nServer: none"
NAMES = (*GREETINGS, "ssh.banner", "telnet.banner", "html_title", "mysql.banner", "dns.versionbind", "ntp.readvar")


@pytest.mark.parametrize(
    ("matches", "name", "greeting", "texts"),
    [
        ("ssh.banner", "ssh", b"SSH-2.0-Lamp_1.0 more\r\n", ("Lamp_1.0 more",)),
        ("ssh.banner", "", b"hello\r\nSSH-1.99-Cisco-1.25\r\n", ("Cisco-1.25",)),
        ("ssh.banner", "", b"SSH-2.0\r\n", ()),
        ("ftp.banner", "ftp", b"220 Lamp FTP\r\n", ("Lamp FTP",)),
        ("ftp.banner", "ftp", b"220-Welcome\r\n220 Lamp FTP\r\n", ("Welcome", "Lamp FTP")),
        ("ftp.banner", "", b"220 Lamp FTP\r\n", ()),
        ("ftp.banner", "smtp", b"220 Lamp FTP\r\n", ()),
        ("smtp.banner", "smtp", b"220 mx ESMTP Lamp\r\n", ("mx ESMTP Lamp",)),
        ("nntp.banner", "nntp", b"200 Lamp news\r\n", ("Lamp news",)),
        ("pop3.banner", "pop3", b"+OK Lamp POP3 ready <1.2@mx>\r\n", ("Lamp POP3 ready <1.2@mx>",)),
        ("pop3.banner", "", b"+OK Lamp\r\n", ("Lamp",)),
        ("imap4.banner", "imap", b"* OK [CAPABILITY IMAP4rev1] Lamp\r\n", ("Lamp", "[CAPABILITY IMAP4rev1] Lamp")),
        ("imap4.banner", "imap", b"* OK Lamp ready\r\n", ("Lamp ready",)),
        ("telnet.banner", "telnet", b"\xff\xfd\x18\xff\xfd\x20\r\nLamp login: ", ("Lamp login:",)),
        ("telnet.banner", "", b"Lamp login: ", ()),
        ("lamp.banner", "lamp", b"Lamp", ()),
    ],
)
def test_greetings(matches, name, greeting, texts):
    assert Fields((("listen", greeting),), Identity(name) if name else None).of(matches) == texts


def test_only_greetings_are_greetings():
    assert Fields((("ftp", b"220 Lamp FTP\r\n"),), Identity("ftp")).of("ftp.banner") == ()
    assert Fields((("tls listen", b"220 Lamp FTP\r\n"),), Identity("ftp")).of("ftp.banner") == ("Lamp FTP",)


@pytest.mark.parametrize(
    ("matches", "texts"),
    [
        ("http_header.server", ("Lampd/1.5",)),
        ("http_header.wwwauth", ("Basic realm=lamp",)),
        ("http_header.cookie", ("lamp=1",)),
        ("http_header.x-powered-by", ("Light",)),
        ("http_header.via", ()),
        ("html_title", ("The lamp",)),
    ],
)
@pytest.mark.parametrize("label", ["http", "tls http", "ipp"])
def test_web_pages(label, matches, texts):
    assert Fields(((label, PAGE),), Identity("http")).of(matches) == texts


@pytest.mark.parametrize(
    ("label", "matches", "texts"),
    [
        ("sip", "sip_header.server", ("Lamp PBX 3",)),
        ("sip", "sip_header.user_agent", ("Lamp phone",)),
        ("rtsp", "rtsp_header.server", ("Lamp PBX 3",)),
        ("upnp", "ssdp_header.server", ("Lamp PBX 3",)),
        ("upnp", "sip_header.server", ()),
    ],
)
def test_headers_of_other_protocols(label, matches, texts):
    assert Fields(((label, SIP),), None).of(matches) == texts


@pytest.mark.parametrize(
    ("matches", "identity", "texts"),
    [
        ("mysql.banner", Identity("mysql", evidence="8.0.36-lamp"), ("8.0.36-lamp",)),
        ("mysql.banner", Identity("mysql", evidence="Host is not allowed"), ()),
        ("mysql.banner", Identity("ssh", evidence="8.0.36"), ()),
        ("dns.versionbind", Identity("domain", evidence="version.bind Lamp 9"), ("Lamp 9",)),
        ("dns.versionbind", Identity("domain", evidence="version.bind REFUSED", guarded=True), ()),
        ("dns.versionbind", Identity("domain", evidence="something"), ()),
        ("dns.versionbind", None, ()),
        ("x509.subject", Identity("ssl", tls=Tls(certificate=Certificate("CN=lamp", "CN=maker"))), ("CN=lamp",)),
        ("x509.issuer", Identity("ssl", tls=Tls(certificate=Certificate("CN=lamp", "CN=maker"))), ("CN=maker",)),
        ("x509.issuer", Identity("ssl", tls=Tls()), ()),
        ("x509.subject", None, ()),
    ],
)
def test_what_a_talk_has_read(matches, identity, texts):
    assert Fields((), identity).of(matches) == texts


def test_the_variables_of_a_time_server():
    answer = b"\x16\x82\0\1\0\0\0\0\0\0\0\x0b" + b'version="lampd 1"'
    assert Fields((("ntp_control", answer),), Identity("ntp")).of("ntp.readvar") == ('version="lampd 1"',)


def test_a_text_is_told_once_and_bounded():
    greeting = b"220-same\r\n" * 50 + b"220 " + b"x" * 5000
    assert Fields((("listen", greeting),), Identity("ftp")).of("ftp.banner") == ("same",)
    assert len(Fields((("listen", greeting[-5004:]),), Identity("ftp")).of("ftp.banner")[0]) == LONGEST
    assert LINES == 8


ANSWERS = st.lists(
    st.tuples(st.sampled_from(["listen", "http", "sip", "ntp_control"]), st.binary(max_size=80)), max_size=4
)


@given(ANSWERS, st.sampled_from(["", "ftp", "smtp", "telnet", "imap", "pop3", "nntp"]), st.sampled_from(NAMES))
def test_any_answers_have_texts(heard, name, matches):
    texts = Fields(tuple(heard), Identity(name) if name else None).of(matches)
    assert all(text and len(text) <= LONGEST for text in texts)
