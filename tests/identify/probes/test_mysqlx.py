"""MySQL X: capabilities with and without the notice before them, and TLS where it is one of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply, StartTls
from hb_engine.identify.probes import mysqlx
from hb_engine.wire.protobuf import number, octets

NOTICE = bytes.fromhex("050000000b08051a00")


def message(kind, body=b""):
    return (1 + len(body)).to_bytes(4, "little") + bytes([kind]) + body


def capabilities(*names):
    """Built from mysqlx_connection.proto: names with a boolean each."""
    value = number(1, 1) + octets(2, number(1, 7) + number(7, 0))
    return message(2, b"".join(octets(1, octets(1, name) + octets(2, value)) for name in names))


USUAL = capabilities(b"tls", b"authentication.mechanisms", b"doc.formats", b"client.interactive")


@pytest.mark.parametrize("before", [b"", NOTICE])
def test_what_the_server_can_do(before):
    named = hears(mysqlx, "tcp", before + USUAL)
    assert (named.name, named.starttls) == ("mysqlx", "offered")
    assert named.evidence == "tls, authentication.mechanisms, doc.formats, client.interactive"


def test_tls_begins_only_behind_an_ok():
    for answer, expected in ((message(0), True), (message(1, b"\x08\x01"), False)):
        talk: Any = mysqlx.talk(peer())
        assert next(talk).send == b"\1\0\0\0\1"
        request = talk.send(Reply.of(USUAL)).send
        assert request[4] == 2
        assert b"tls" in request
        assert len(request) == 4 + int.from_bytes(request[:4], "little")
        if expected:
            assert talk.send(Reply.of(answer)) == StartTls()
        else:
            with pytest.raises(StopIteration):
                talk.send(Reply.of(answer))


def test_inside_tls_nothing_more_is_asked():
    assert hears(mysqlx, "tcp", USUAL, tls=True).starttls == "offered"


def test_without_tls():
    assert hears(mysqlx, "tcp", capabilities(b"doc.formats")).starttls == "absent"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        NOTICE,
        USUAL[:-1],
        changed(USUAL, 4),
        changed(USUAL, 0),
        capabilities(b"tls"),
        message(1, b"\x08\x01"),
        b"+OK\r\n",
    ],
)
def test_what_is_no_answer(reply):
    assert hears(mysqlx, "tcp", reply) is None


def test_a_notice_alone_is_waited_past():
    assert not mysqlx._whole(NOTICE)
    assert mysqlx._whole(NOTICE + USUAL)
    assert mysqlx.hint(NOTICE)
    assert not mysqlx.hint(USUAL)


@given(damaged(NOTICE + USUAL, USUAL, sent(mysqlx.talk(peer()))))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mysqlx, "tcp", *replies))
