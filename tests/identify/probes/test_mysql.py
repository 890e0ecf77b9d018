"""MySQL: MariaDB by its own name, who refuses us, TLS behind the greeting; and greetings that are somebody else's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Ask, Reply, StartTls
from hb_engine.identify.probes import mysql
from hb_engine.model.identity import Tls

MARIADB = captured("mysql-mariadb")[0]
SPHINX = captured("mysql-sphinx")[0]
REFUSED = captured("mysql-refused")[0]


def greeting(version, capabilities=0xFFFF, number=0):
    """Built from the connection phase of protocol 10."""
    body = b"\x0a" + version + b"\0" + b"\1\0\0\0" + b"saltsalt" + b"\0" + capabilities.to_bytes(2, "little")
    body += b"\x21\2\0\xff\xc1\x15" + bytes(10) + b"moresaltmore\0" + b"caching_sha2_password\0"
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def error(number, words, state=b""):
    body = b"\xff" + number.to_bytes(2, "little") + state + words
    return len(body).to_bytes(3, "little") + b"\0" + body


@pytest.mark.parametrize(
    ("version", "product", "number", "more"),
    [
        (b"8.0.36-0ubuntu0.22.04.1", "MySQL", "8.0.36", "0ubuntu0.22.04.1"),
        (b"5.7.44-log", "MySQL", "5.7.44", "log"),
        (b"5.5.5-10.11.6-MariaDB-0+deb12u1", "MariaDB", "10.11.6", "0+deb12u1"),
        (b"11.4.2-MariaDB", "MariaDB", "11.4.2", ""),
        (b"5.7.25-TiDB-v7.1.0", "TiDB", "7.1.0", ""),
        (b"8.0.30-Vitess", "Vitess", "8.0.30", "Vitess"),
    ],
)
def test_the_real_version_of_the_real_product(version, product, number, more):
    named = hears(mysql, "tcp", greeting(version, 0xFFFF & ~mysql.CLIENT_SSL))
    assert (named.name, named.product, named.version) == ("mysql", product, number)
    assert named.info == ", ".join(part for part in ("protocol 10", more) if part)
    assert named.starttls == "absent"


def test_search_servers_that_speak_like_mysql():
    named = hears(mysql, "tcp", SPHINX)
    assert (named.product, named.version, named.info) == ("Sphinx", "2.2.11", "protocol 10, id64-release-(95ae9a6)")
    manticore = SPHINX.replace(b"2.2.11-id64-release (95ae9a6)", b"6.2.12 dc5144d35@230822 (col)")
    assert hears(mysql, "tcp", manticore).product == "Manticore Search"
    assert hears(mysql, "tcp", SPHINX.replace(bytes(range(1, 9)), b"saltsalt", 1)).product == "MySQL"


def test_mariadb_of_debian_as_it_greets():
    named = hears(mysql, "tcp", MARIADB)
    assert named.product == "MariaDB"
    assert named.cpe == ("cpe:/a:mariadb:mariadb:10.11.19",)


def test_tls_begins_where_it_is_offered_and_nobody_logs_in():
    talk: Any = mysql.talk(peer())
    assert next(talk) == Ask(until=mysql._whole)
    request = talk.send(Reply.of(greeting(b"8.0.36")))
    assert request.send == mysql.SSL_REQUEST
    assert len(request.send) == 36  # a header and 32 bytes: no name, no password
    assert talk.send(Reply.of(b"", "silent")) == StartTls()
    with pytest.raises(StopIteration) as end:
        talk.send(Tls("TLSv1.3", how="starttls"))
    assert end.value.value.tls.version == "TLSv1.3"
    assert end.value.value.starttls == "offered"
    assert ("authentication", "caching_sha2_password") in end.value.value.facts


@pytest.mark.parametrize(
    ("packet", "product", "info"),
    [
        (REFUSED, "MariaDB", "error 1130"),
        (error(1130, b"Host '192.0.2.7' is not allowed to connect to this MySQL server"), "MySQL", "error 1130"),
        (error(1040, b"Too many connections", b"#08004"), "", "error 1040"),
        (error(1129, b"Host 'x' is blocked because of many connection errors"), "", "error 1129"),
    ],
)
def test_a_refusal_names_it_too(packet, product, info):
    named = hears(mysql, "tcp", packet)
    assert (named.name, named.product, named.info, named.guarded) == ("mysql", product, info, True)
    assert mysql.hint(packet)


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"220 mail.hb.invalid ESMTP\r\n",
        b"RFB 003.008\n",
        MARIADB[:-1],
        changed(MARIADB, 4),
        changed(MARIADB, 0),
        greeting(b"8.0.36", number=9),
        greeting(b"8.0\xff36"),
        greeting(b""),
        error(200, b"not a number of MySQL's"),
        error(1130, b"short"),
        b"\x05\0\0\0\x0b\x08\x05\x1a\0",  # MySQL X
    ],
)
def test_what_is_no_greeting_of_mysql(heard):
    assert hears(mysql, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert mysql._whole(b"SSH-2.0-x\r\n")
    assert mysql._whole(b"220 x\r\n")
    assert not mysql._whole(MARIADB[:20])
    assert mysql._whole(MARIADB)


@given(damaged(MARIADB, REFUSED, greeting(b"8.0.36")))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mysql, "tcp", *replies))
    assert all(mysql.hint(reply) in (True, False) for reply in replies)
