"""Tor's control port: one question that needs no authentication."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, damaged, hears, is_bounded

from hb_engine.identify.probes import http, tor_control

OPEN = b'250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.8.1-alpha"\r\n250 OK\r\n'
TO_A_BROWSER = b"HTTP/1.0 501 Tor ControlPort is not an HTTP proxy\r\nContent-Type: text/html\r\n\r\n<html>"


def test_nothing_but_the_question_is_sent():
    assert next(begin(tor_control)).send == b"PROTOCOLINFO 1\r\n"


def test_a_server():
    named = hears(tor_control, "tcp", *captured("tor_control-tor"))
    assert (named.name, named.version, named.guarded) == ("tor-control", "0.4.9.11", True)
    assert named.cpe == ("cpe:/a:torproject:tor:0.4.9.11",)


def test_a_server_that_lets_everybody_in():
    named = hears(tor_control, "tcp", OPEN)
    assert (named.version, named.info, named.guarded) == ("0.4.8.1-alpha", "authentication: NULL", False)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"514 Authentication required.\r\n",
        b"250 OK\r\n",
        b"250-PROTOCOLINFO 1\r\n",
        b"250-ESMTP\r\n250 OK\r\n",
        b"PROTOCOLINFO 1\r\n",
        TO_A_BROWSER,
    ],
)
def test_what_is_near(reply):
    assert hears(tor_control, "tcp", reply) is None


def test_its_words_to_a_browser_are_a_hint_and_make_it_no_web_server():
    assert tor_control.hint(TO_A_BROWSER)
    assert not http.hint(TO_A_BROWSER)
    assert not tor_control.hint(b"HTTP/1.0 501 Not Implemented\r\n\r\n")


def test_when_a_reply_is_whole():
    talk = begin(tor_control)
    until = next(talk).until
    assert until(OPEN)
    assert not until(OPEN[:-6])
    assert until(b"514 Authentication required.\r\n")
    assert not until(b"514 Auth")


@given(damaged(OPEN, TO_A_BROWSER))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(hears(tor_control, "tcp", *replies))
