"""XMPP between servers has a namespace of its own."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import xmpp_server


@pytest.mark.parametrize("capture", ["xmpp_server-prosody", "xmpp_server-ejabberd"])
def test_real_servers(capture):
    told = named(capture)
    assert (told.name, told.starttls, told.hostname) == ("xmpp-server", "offered", "mail.example")
    assert told.tls.version == "TLSv1.3"


def test_the_namespace_is_that_of_servers():
    assert b"xmlns='jabber:server'" in first_words(xmpp_server)


def test_a_stream_for_clients_is_not_one_for_servers():
    assert ask(xmpp_server, *replies("xmpp-prosody")) is None


def test_our_own_words_sent_back_are_nothing():
    assert ask(xmpp_server, Reply.of(first_words(xmpp_server))) is None
