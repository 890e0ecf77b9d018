"""IRC is proved by what a server says to CAP or PING before anybody has registered."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, kept, named

from hb_engine.identify.probes import irc


@pytest.mark.parametrize(
    ("capture", "product", "proof"),
    [
        ("irc-ngircd", "ngIRCd", "structure"),
        ("irc-inspircd", "InspIRCd", "structure"),
        ("irc-bitlbee", "BitlBee", "nonce"),
    ],
)
def test_real_servers(capture, product, proof):
    told = named(capture)
    assert (told.name, told.product, told.proof) == ("irc", product, proof)
    assert told.hostname in ("irc.example", "mail.example")


def test_capabilities_are_told():
    assert named("irc-ngircd").facts == (("capabilities", "multi-prefix"),)


def test_nobody_registers():
    for capture in ("irc-ngircd", "irc-inspircd", "irc-bitlbee"):
        sent = b"".join([turn.sent for turn in kept(capture).turns])
        assert b"NICK" not in sent
        assert b"USER" not in sent


def test_a_server_that_knows_no_cap_refuses_it():
    told = ask(irc, b"", b":irc.example 451 * :You have not registered\r\n")
    assert (told.name, told.hostname) == ("irc", "irc.example")


def test_a_closed_link_is_guarded():
    told = ask(irc, b"ERROR :Closing Link: [192.0.2.1] (Too many connections)\r\n")
    assert (told.guarded, told.proof) == (True, "banner")


def test_hint():
    assert irc.hint(b":irc.example 421 * GET :Unknown command\r\n")
    assert not irc.hint(b"HTTP/1.1 421 Misdirected Request\r\n")


@pytest.mark.parametrize(
    "replies",
    [
        [b"220 ready\r\n"],
        [b"", b"CAP LS 302\r\nPING :hb303132333435\r\n"],
        [b"", b"451 not registered\r\n"],
        [b"", b":irc.example 001 x :Welcome\r\n"],
        [b"ERROR :nothing to do with it\r\n"],
        [b"-ERR unknown command 'CAP'\r\n"],
        [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"],
        [b":x\r\n"],
        [b"", b": :\r\n"],
    ],
)
def test_near_misses(replies):
    assert ask(irc, *replies) is None
