"""IMAP is proved by its untagged greeting and a tag of ours that comes back."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import imap

TAG = b"h303132"
GREETING = b"* OK ready\r\n"
CAPABILITY = b"* CAPABILITY IMAP4rev1 ID\r\n" + TAG + b"1 OK done\r\n"


@pytest.mark.parametrize(
    ("capture", "product", "starttls"),
    [
        ("imap-dovecot", "Dovecot imapd", "offered"),
        ("imap-dovecot-plain", "Dovecot imapd", "absent"),
        ("imap-dovecot-tls", "Dovecot imapd", ""),
        ("imap-courier", "Courier imapd", "offered"),
    ],
)
def test_real_servers(capture, product, starttls):
    told = named(capture)
    assert (told.product, told.starttls, told.proof) == (product, starttls, "nonce")


def test_id_tells_more_than_the_greeting():
    who = b'* ID ("name" "Cyrus IMAP" "version" "3.6.1-4+deb12u3" "os" "Linux" "os-version" "6.1" "x" NIL)\r\n'
    told = ask(imap, GREETING, CAPABILITY, who + TAG + b"2 OK done\r\n")
    assert (told.product, told.version, told.system) == ("Cyrus imapd", "3.6.1-4+deb12u3", "Linux 6.1")
    assert told.cpe == ("cpe:/a:cyrus:imap:3.6.1-4+deb12u3",)


def test_an_unknown_name_in_id_is_the_product():
    who = b'* ID ("name" "Mailbox of ours" "version" "7")\r\n' + TAG + b"2 OK\r\n"
    told = ask(imap, GREETING, CAPABILITY, who)
    assert (told.product, told.version, told.cpe) == ("Mailbox of ours", "7", ())


def test_login_disabled_means_that_tls_is_required():
    words = b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + TAG + b"1 OK done\r\n"
    told = ask(imap, GREETING, words, TAG + b"3 OK begin\r\n", None)
    assert (told.starttls, told.tls) == ("required", None)


def test_a_refusal_is_guarded_where_it_says_imap():
    assert ask(imap, b"* BYE IMAP4rev1 too many connections\r\n").guarded
    assert ask(imap, b"* BYE bye\r\n") is None


@pytest.mark.parametrize("line", [b"* PREAUTH welcome\r\n", b"* ok lower case\r\n"])
def test_other_greetings(line):
    assert ask(imap, line, CAPABILITY).name == "imap"


@pytest.mark.parametrize(
    "replies",
    [
        [GREETING],
        [GREETING, b"* CAPABILITY IMAP4rev1\r\nh000001 OK done\r\n"],
        [GREETING, b"BAD\r\n"],
        [b"+OK ready\r\n", CAPABILITY],
        [b"*OK ready\r\n", CAPABILITY],
        [b"* OKAY ready\r\n"],
        [b"* OK\r\n", TAG + b"1\r\n"],
        [b'OK "Dovecot ready."\r\n', CAPABILITY],
    ],
)
def test_near_misses(replies):
    assert ask(imap, *replies) is None
