"""STOMP: servers that accept and servers that say why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import stomp

ACTIVEMQ = captured("stomp-activemq")[0]
RABBIT = captured("stomp-rabbitmq")[0]
REFUSED = b"ERROR\nmessage:Bad CONNECT\ncontent-type:text/plain\nversion:1.0,1.1,1.2\n\nAccess refused for user\n\0"


@pytest.mark.parametrize(
    ("reply", "product", "version", "guarded"),
    [
        (ACTIVEMQ, "ActiveMQ", "5.17.2", False),
        (RABBIT, "RabbitMQ", "3.10.8", False),
        (REFUSED, "", "", True),
        (
            b"CONNECTED\r\nserver:ActiveMQ-Artemis/2.31.2 ActiveMQ Artemis\r\nversion:1.2\r\n\r\n\0",
            "ActiveMQ-Artemis",
            "2.31.2",
            False,
        ),
        (b"CONNECTED\nversion:1.0\n\n\0", "", "", False),
    ],
)
def test_who_answers(reply, product, version, guarded):
    named = hears(stomp, "tcp", reply)
    assert (named.name, named.product, named.version, named.guarded) == ("stomp", product, version, guarded)


def test_a_session_is_ended_at_once_and_a_refusal_needs_no_end():
    assert b"login" not in sent(stomp.talk(peer()))
    talk: Any = stomp.talk(peer())
    next(talk)
    assert talk.send(Reply.of(ACTIVEMQ)).send == b"DISCONNECT\n\n\0"
    talk = stomp.talk(peer())
    next(talk)
    with pytest.raises(StopIteration):
        talk.send(Reply.of(REFUSED))


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"CONNECTED\n",
        ACTIVEMQ.rstrip(b"\n\0"),
        changed(ACTIVEMQ, 0),
        b"ERROR\r\n",
        b"ERROR\n\n\0",
        b"ERROR\nno colon\n\n\0",
    ],
)
def test_what_is_no_frame_of_a_server(reply):
    assert hears(stomp, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(stomp, "tcp", sent(stomp.talk(peer()))) is None


@given(damaged(ACTIVEMQ, RABBIT, REFUSED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(stomp, "tcp", *replies))
