"""MonetDB: the challenge with which it greets, built from the MAPI client protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded

from hb_engine.identify.probes import monetdb


def block(words, last=1):
    return (len(words) << 1 | last).to_bytes(2, "little") + words


CHALLENGE = block(b"oRzY7XZr1EfNWETqU6b2:merovingian:9:RIPEMD160,SHA512,SHA384,SHA256,SHA224,SHA1:LIT:SHA512:")


def test_who_greets():
    named = hears(monetdb, "tcp", CHALLENGE)
    assert (named.name, named.info, named.guarded) == ("monetdb", "MAPI 9, merovingian", True)


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        CHALLENGE[:-1],
        CHALLENGE + b":",
        block(CHALLENGE[2:], 0),
        block(b"a:b:9:SHA1:LIT:SHA1:"),
        block(b"a:mserver:x:SHA1:LIT:SHA1:"),
        block(b"a:mserver:9:MD5:LIT:MD5:"),
        captured("mysql-mariadb")[0],
        b"220 x\r\n",
    ],
)
def test_what_is_no_challenge(heard):
    assert hears(monetdb, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert monetdb._whole(b"220 mail.hb.invalid\r\n")
    assert not monetdb._whole(CHALLENGE[:20])


@given(damaged(CHALLENGE))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(monetdb, "tcp", *replies))
