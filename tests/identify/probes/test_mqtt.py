"""MQTT: accepted, refused, and spoken only in version 5."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import mqtt

ACCEPTED, TOLD = captured("mqtt-open")[:2]
RABBIT = captured("mqtt-rabbitmq")[1]


def test_nothing_but_a_fresh_name_is_told():
    question = sent(mqtt.talk(peer()))
    assert question[:2] == bytes([0x10, len(question) - 2])
    assert question[2:12] == b"\0\4MQTT\4\2\0\x3c"  # a clean session; no user, no password, no will
    assert question[12:] == b"\0\x13hb-3031323334353637"


def test_mosquitto_tells_its_version_and_the_session_ends():
    talk: Any = mqtt.talk(peer())
    next(talk)
    assert talk.send(Reply.of(ACCEPTED)).send[0] == 0x82  # SUBSCRIBE, which only reads
    assert talk.send(Reply.of(TOLD)).send == b"\xe0\0"  # DISCONNECT
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(b"", "closed"))
    named = end.value.value
    assert (named.name, named.product, named.version, named.proof) == ("mqtt", "mosquitto", "2.0.11", "nonce")
    assert named.cpe == ("cpe:/a:eclipse:mosquitto:2.0.11",)


def test_a_broker_that_keeps_its_version():
    named = hears(mqtt, "tcp", ACCEPTED, RABBIT)
    assert (named.product, named.version, named.proof) == ("", "", "nonce")
    assert hears(mqtt, "tcp", ACCEPTED).proof == "structure"


def test_a_version_that_is_only_a_number():
    published = b"\x30\x1e\0\x17$SYS/brokers/a@/version" + b"5.3.2"
    named = hears(mqtt, "tcp", ACCEPTED, published)
    assert (named.product, named.version) == ("", "5.3.2")


@pytest.mark.parametrize(
    ("reply", "info", "guarded"),
    [
        (captured("mqtt-auth")[0], "MQTT 3.1.1, not authorized", True),
        (b"\x20\2\0\4", "MQTT 3.1.1, bad user name or password", True),
        (b"\x20\2\0\1", "MQTT 3.1.1, protocol version refused", False),
        (b"\x20\3\0\x84\0", "MQTT 5, protocol version refused", False),
        (b"\x20\3\0\x87\0", "MQTT 5, not authorized", True),
    ],
)
def test_a_refusal_names_it_too(reply, info, guarded):
    named = hears(mqtt, "tcp", reply)
    assert (named.info, named.guarded) == (info, guarded)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\x20",
        b"\x20\2\0",
        b"\x20\2\0\6",
        b"\x20\2\2\0",
        b"\x21\2\0\0",
        b"\x20\2\1\5",
        b"\x20\2\0\0\0",
        b"\x20\3\0\x80\0",
    ],
)
def test_what_is_no_connack(reply):
    assert hears(mqtt, "tcp", reply) is None


def test_an_echo_is_no_broker():
    assert hears(mqtt, "tcp", sent(mqtt.talk(peer()))) is None


@given(damaged(ACCEPTED, TOLD, RABBIT))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mqtt, "tcp", *replies))
    assert is_bounded(hears(mqtt, "tcp", ACCEPTED, *replies))
