"""SMTP is proved by EHLO or HELO, asked after the greeting, and never where the greeting is somebody else's."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.kit import Ask, Peer, Reply
from hb_engine.identify.probes import smtp
from hb_engine.identify.transcript import NONCE

GREETING, EHLO = b"220 mail.example ready\r\n", b"250-mail.example\r\n250 SIZE\r\n"


@pytest.mark.parametrize(
    ("capture", "product", "starttls"),
    [
        ("smtp-postfix", "Postfix smtpd", "offered"),
        ("smtp-postfix-submission", "Postfix smtpd", "offered"),
        ("smtp-postfix-submissions", "Postfix smtpd", ""),
        ("smtp-postfix-plain", "Postfix smtpd", "absent"),
        ("smtp-exim", "Exim smtpd", "offered"),
        ("smtp-aiosmtpd", "aiosmtpd", "absent"),
    ],
)
def test_real_servers(capture, product, starttls):
    told = named(capture)
    assert (told.product, told.hostname, told.starttls) == (product, "mail.example", starttls)


def test_exim_tells_its_version_and_postfix_does_not():
    assert named("smtp-exim").cpe == ("cpe:/a:exim:exim:4.96",)
    assert named("smtp-postfix").cpe == ("cpe:/a:postfix:postfix",)


def test_nothing_is_said_before_the_greeting_is_whole():
    talk = smtp.talk(Peer("tcp", "hb.invalid", 25, NONCE))
    first = next(talk)
    assert isinstance(first, Ask)
    assert first.send == b""
    assert callable(first.until)
    assert not first.until(b"220-mail.example ESMTP\r\n220-We do not")
    assert first.until(b"220-mail.example ESMTP\r\n220 We do not relay.\r\n")
    second = talk.send(Reply.of(b"220 mail.example ESMTP\r\n"))
    assert isinstance(second, Ask)
    assert second.send == b"EHLO hb.invalid\r\n"


def test_an_old_server_takes_helo():
    told = ask(smtp, GREETING, b"500 what?\r\n", b"250 mail.example\r\n")
    assert (told.name, told.starttls) == ("smtp", "absent")


def test_a_server_that_wants_tls_before_ehlo_requires_it():
    told = ask(smtp, GREETING, b"530 5.7.0 Must issue a STARTTLS command first\r\n", b"220 go\r\n", None)
    assert told.starttls == "required"


def test_authentication_is_told():
    told = ask(smtp, GREETING, b"250-mail.example\r\n250 AUTH PLAIN LOGIN\r\n")
    assert told.facts == (("authentication", "PLAIN LOGIN"),)


@pytest.mark.parametrize(
    ("line", "product", "version"),
    [
        (b"220 mx.example ESMTP Sendmail 8.17.1/8.17.1; Wed, 1 Jan 2025\r\n", "Sendmail", "8.17.1"),
        (b"220 mx.example ESMTP OpenSMTPD\r\n", "OpenSMTPD", ""),
        (
            b"220 mx.example Microsoft ESMTP MAIL Service, Version: 10.0.17763.1697 ready\r\n",
            "Microsoft IIS smtpd",
            "10.0.17763.1697",
        ),
        (b"220 mx.example Microsoft ESMTP MAIL Service ready at Wed\r\n", "Microsoft Exchange smtpd", ""),
        (b"220 mx.example ESMTP Haraka/3.0.1 ready\r\n", "Haraka smtpd", "3.0.1"),
        (b"220 mx.example ESMTP\r\n", "", ""),
    ],
)
def test_greetings_of_other_servers(line, product, version):
    told = ask(smtp, line, EHLO)
    assert (told.product, told.version, told.hostname) == (product, version, "mx.example")


@pytest.mark.parametrize("line", [b"554 mail.example ESMTP not accepting\r\n", b"421 4.7.0 mail SMTP too busy\r\n"])
def test_a_refusal_that_says_smtp_is_guarded(line):
    told = ask(smtp, line)
    assert (told.guarded, told.proof) == (True, "banner")


MISSES = {
    "FTP, by its word": [b"220 FTP server ready\r\n", EHLO],
    "FTP without a word": [GREETING, b"530 Please login with USER and PASS.\r\n", b"530 Please login\r\n"],
    "LMTP, by its word": [b"220 mail.example LMTP ready\r\n", EHLO],
    "LMTP without a word": [GREETING, b"502 5.5.1 Unknown command\r\n", b"502 5.5.1 Unknown command\r\n"],
    "dict": [b"220 d.example dictd <auth> <1@d.example>\r\n", EHLO],
    "VMware": [b"220 VMware Authentication Daemon Version 1.10\r\n", EHLO],
    "news": [b"200 news.example\r\n", EHLO],
    "a refusal of anybody": [b"421 Service not available\r\n"],
    "one byte away": [b"22O mail.example ESMTP\r\n", EHLO],
    "closed": [GREETING],
}


@pytest.mark.parametrize("replies", MISSES.values(), ids=MISSES)
def test_near_misses(replies):
    assert ask(smtp, *replies) is None
