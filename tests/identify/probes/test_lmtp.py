"""LMTP is what takes LHLO, after a greeting that does not say it is somebody else's."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import lmtp

GREETING, LHLO = b"220 mail.example ready\r\n", b"250-mail.example\r\n250 8BITMIME\r\n"


def test_dovecot_is_named():
    told = named("lmtp-dovecot")
    assert (told.product, told.hostname, told.starttls, told.tls.version) == (
        "Dovecot lmtpd",
        "mail.example",
        "offered",
        "TLSv1.3",
    )


def test_a_server_that_calls_itself_smtp_is_asked_all_the_same():
    told = named("lmtp-aiosmtpd")
    assert (told.product, told.version, told.starttls) == ("aiosmtpd", "1.4.6", "absent")


def test_a_bare_greeting():
    told = ask(lmtp, GREETING, LHLO)
    assert (told.name, told.product, told.hostname) == ("lmtp", "", "mail.example")


def test_inside_tls_there_is_no_starttls():
    assert ask(lmtp, GREETING, LHLO, tls=True).starttls == ""


MISSES = {
    "ESMTP": [b"220 mail.example ESMTP Postfix\r\n", LHLO],
    "FTP": [b"220 (vsFTPd 3.0.3)\r\n", LHLO],
    "mail that does not know LHLO": [GREETING, b"500 5.5.1 command unrecognized\r\n"],
    "dict": [b"220 d.example dictd <auth> <1@d.example>\r\n", LHLO],
    "news": [b"200 news.example\r\n", LHLO],
    "closed": [GREETING],
    "half an answer": [GREETING, b"250-mail.example\r\n"],
}


@pytest.mark.parametrize("replies", MISSES.values(), ids=MISSES)
def test_near_misses(replies):
    assert ask(lmtp, *replies) is None
