"""XMPP is proved by a stream in its namespace, with features or with an error."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import xmpp

STREAM = replies("xmpp-ejabberd-unknown")[0]


@pytest.mark.parametrize(
    ("capture", "starttls", "hostname"),
    [
        ("xmpp-prosody", "required", "mail.example"),
        ("xmpp-ejabberd", "offered", "mail.example"),
        ("xmpp-ejabberd-unknown", "", ""),
    ],
)
def test_real_servers(capture, starttls, hostname):
    told = named(capture)
    assert (told.name, told.starttls, told.hostname) == ("jabber", starttls, hostname)


def test_prosody_is_known_by_the_words_of_its_error():
    told = named("xmpp-prosody-unknown")
    assert (told.product, told.info) == ("Prosody", "host-unknown")


def test_mechanisms_are_told():
    assert ("mechanisms", "DIGEST-MD5 PLAIN SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 X-OAUTH2") in named(
        "xmpp-ejabberd"
    ).facts


def test_the_host_asked_for_is_named_and_nothing_else_gets_in():
    assert b"to='files.example'" in xmpp.header("files.example", b"jabber:client")
    assert b"to='hb.invalid'" in xmpp.header("a' xmlns='b", b"jabber:client")
    assert b"to='2001:db8::1'" in xmpp.header("2001:db8::1", b"jabber:client")


def test_what_a_server_says_to_a_get_is_a_hint():
    assert xmpp.hint(STREAM)
    assert not xmpp.hint(b"<html><body>400</body></html>")


@pytest.mark.parametrize(
    "reply",
    [
        STREAM.replace(b"etherx", b"ether"),
        STREAM.replace(b"<stream:stream", b"<stream:strea"),
        STREAM.replace(b"jabber:client", b"jabber:server"),
        STREAM[: STREAM.index(b"xmlns:stream")],
        first_words(xmpp),
        b"<?xml version='1.0'?><html/>",
        b"HTTP/1.1 400 Bad Request\r\n\r\n" + STREAM,
    ],
)
def test_near_misses(reply):
    assert ask(xmpp, reply) is None
