"""MongoDB: versions, wire versions and what is not allowed, built from its wire protocol and BSON 1.1."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import mongodb
from hb_engine.identify.transcript import NONCE

HTTP = (
    b"HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 85\r\n\r\n"
    b"It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n"
)


def document(**told):
    made = b""
    for name, value in told.items():
        key = name.encode() + b"\0"
        if isinstance(value, str):
            made += b"\2" + key + (len(value) + 1).to_bytes(4, "little") + value.encode() + b"\0"
        elif isinstance(value, float):
            made += b"\1" + key + bytes(8)
        elif isinstance(value, bytes):
            made += b"\3" + key + value
        else:
            made += b"\x10" + key + value.to_bytes(4, "little")
    return (5 + len(made)).to_bytes(4, "little") + made + b"\0"


def framed(number, opcode, body):
    return (16 + len(body)).to_bytes(4, "little") + bytes(4) + number + opcode.to_bytes(4, "little") + body


def reply(told, number=NONCE[:4]):
    return framed(number, 1, b"\x08\0\0\0" + bytes(12) + b"\1\0\0\0" + told)


def message(told, number=NONCE[4:8]):
    return framed(number, 2013, bytes(4) + b"\0" + told)


HELLO = reply(document(ismaster=1, topologyVersion=document(), maxWireVersion=21, ok=1.0))
BUILD = message(document(version="7.0.5", gitVersion="x", modules=document(), ok=1.0))


def test_the_build_of_a_server():
    named = hears(mongodb, "tcp", HELLO, BUILD)
    assert (named.name, named.product, named.version, named.proof) == ("mongodb", "MongoDB", "7.0.5", "nonce")
    assert named.cpe == ("cpe:/a:mongodb:mongodb:7.0.5",)
    assert not named.guarded


def test_questions_are_as_long_as_they_say_and_only_read():
    talk: Any = mongodb.talk(peer())
    for question, name in ((next(talk).send, b"isMaster"), (talk.send(Reply.of(HELLO)).send, b"buildInfo")):
        assert len(question) == int.from_bytes(question[:4], "little")
        assert name in question


def test_old_servers_are_asked_in_their_own_way():
    talk: Any = mongodb.talk(peer())
    next(talk)
    question = talk.send(Reply.of(reply(document(ismaster=1, maxWireVersion=4))))
    assert int.from_bytes(question.send[12:16], "little") == 2004
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(reply(document(version="3.2.22", ok=1.0), NONCE[4:8])))
    assert end.value.value.version == "3.2.22"


def test_who_does_not_tell_is_narrowed_by_the_wire_version():
    named = hears(mongodb, "tcp", HELLO, message(document(ok=0.0, errmsg="command buildInfo requires authentication")))
    assert (named.version, named.info, named.guarded) == ("", "7.0 by its wire version", True)


def test_a_router_and_a_replica_set():
    told = document(ismaster=1, msg="isdbgrid", setName="rs0", maxWireVersion=17)
    named = hears(mongodb, "tcp", reply(told), BUILD)
    assert named.info == "mongos"
    assert named.facts == (("replica set", "rs0"),)


def test_ferretdb_is_not_mongodb():
    built = message(document(version="7.0.42", ferretdbVersion="v1.24.0", ok=1.0))
    named = hears(mongodb, "tcp", HELLO, built)
    assert (named.product, named.version) == ("FerretDB", "1.24.0")


def test_what_http_is_told():
    assert mongodb.hint(HTTP)
    assert not mongodb.hint(b"HTTP/1.0 200 OK\r\n\r\nMongoDB")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        HTTP,
        HELLO[:-1],
        HELLO + b"\0",
        changed(HELLO, 8),
        changed(HELLO, 12),
        changed(HELLO, 32),
        reply(document(ok=1.0)),
        reply(b"\5\0\0\0\1"),
    ],
)
def test_what_is_no_answer(answer):
    assert hears(mongodb, "tcp", answer) is None


def test_an_echo_is_no_server():
    assert hears(mongodb, "tcp", sent(mongodb.talk(peer()))) is None


@given(st.binary(max_size=100))
def test_documents_are_read_within_their_bounds(noise):
    told = mongodb._read(noise)
    assert told is None or len(told) <= len(noise)


@given(damaged(HELLO, BUILD))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mongodb, "tcp", *replies))
