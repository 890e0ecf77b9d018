"""POP3 is proved by its greeting and an answer to CAPA, whichever it is."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import pop3


def test_dovecot_is_named_by_its_greeting():
    told = named("pop3-dovecot")
    assert (told.product, told.info, told.starttls, told.proof) == ("Dovecot pop3d", "Debian", "offered", "structure")


def test_courier_is_named_by_its_capabilities():
    told = named("pop3-courier")
    assert (told.product, told.evidence, told.starttls) == ("Courier pop3d", "+OK Hello there.", "offered")


def test_without_capa_stls_is_tried():
    told = ask(pop3, b"+OK ready <1896.697@mail.example>\r\n", b"-ERR unknown\r\n", b"-ERR unknown\r\n")
    assert (told.name, told.hostname, told.starttls) == ("pop3", "mail.example", "absent")


def test_capabilities_without_stls():
    assert ask(pop3, b"+OK\r\n", b"+OK\r\nUSER\r\n.\r\n").starttls == "absent"


def test_a_list_that_never_ends_is_no_list():
    assert ask(pop3, b"+OK hi\r\n", b"+OK\r\nUSER\r\nSTLS\r\n", b"-ERR\r\n").starttls == "absent"


def test_a_greeting_that_says_pop_is_enough_where_nothing_follows():
    assert ask(pop3, b"+OK Qpopper (version 4.1.0) at mail.example starting\r\n").proof == "banner"


@pytest.mark.parametrize(
    "replies",
    [
        [b"+OK\r\n"],
        [b"+OK hello\r\n", b"what?\r\n"],
        [b"+KO Dovecot ready.\r\n", b"+OK\r\n.\r\n"],
        [b"+OKAY POP3\r\n", b"+OK\r\n.\r\n"],
        [b"* OK IMAP4 ready\r\n", b"+OK\r\n.\r\n"],
        [b"+PONG\r\n", b"-ERR unknown command\r\n"],
        [b"220 mail.example\r\n", b"+OK\r\n.\r\n"],
        [b'OK "Dovecot ready."\r\n', b"+OK\r\n.\r\n"],
    ],
)
def test_near_misses(replies):
    assert ask(pop3, *replies) is None
