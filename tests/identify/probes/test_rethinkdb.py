"""RethinkDB: the answer to its magic number, built from the drivers' handshake."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import rethinkdb

ANSWER = (
    b'{\n  "max_protocol_version": 0,\n  "min_protocol_version": 0,\n'
    b'  "server_version": "2.3.6",\n  "success": true\n}\0'
)


def test_the_version():
    named = hears(rethinkdb, "tcp", ANSWER)
    assert (named.name, named.version) == ("rethinkdb", "2.3.6")
    assert sent(rethinkdb.talk(peer())).hex() == "c3bdc234"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        ANSWER[:-1],
        changed(ANSWER, 0),
        b"{}\0",
        b'{"server_version":"1"}\0',
        b'{"server_version":1,"max_protocol_version":0}\0',
        b'{"a":' * 5000 + b"\0",
        b"ERROR: bad magic\0",
    ],
)
def test_what_is_no_answer(reply):
    assert hears(rethinkdb, "tcp", reply) is None


@given(damaged(ANSWER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(rethinkdb, "tcp", *replies))
