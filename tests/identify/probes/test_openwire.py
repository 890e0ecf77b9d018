"""OpenWire: ActiveMQ's wire format as it greets, with and without a version."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Ask
from hb_engine.identify.probes import openwire

ACTIVEMQ = captured("openwire-activemq")[0]


def greeting(properties=b"\0", protocol=12):
    body = b"\1ActiveMQ" + protocol.to_bytes(4, "big") + properties
    return len(body).to_bytes(4, "big") + body


def texts(**told):
    made = len(told).to_bytes(4, "big")
    for name, value in told.items():
        made += len(name).to_bytes(2, "big") + name.encode() + b"\x09" + len(value).to_bytes(2, "big") + value.encode()
    return b"\1" + len(made).to_bytes(4, "big") + made


def test_it_only_listens():
    assert next(openwire.talk(peer())) == Ask(until=openwire._whole)


def test_activemq_with_its_version():
    named = hears(openwire, "tcp", ACTIVEMQ)
    assert (named.name, named.product, named.version) == ("apachemq", "Apache ActiveMQ", "5.17.2")
    assert named.cpe == ("cpe:/a:apache:activemq:5.17.2",)
    assert openwire.hint(ACTIVEMQ)


def test_older_and_other_brokers():
    assert hears(openwire, "tcp", greeting(protocol=9)).info == "OpenWire 9"
    artemis = hears(openwire, "tcp", greeting(texts(ProviderName="ActiveMQ Artemis", ProviderVersion="2.31.2")))
    assert artemis.cpe == ("cpe:/a:apache:activemq_artemis:2.31.2",)


def test_a_kind_of_value_that_is_not_read_ends_the_properties():
    broken = b"\1\0\0\0\x20\0\0\0\2\0\1a\x0b\0" + b"\0\1b\x09\0\1c"
    assert hears(openwire, "tcp", greeting(broken)).version == ""


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        ACTIVEMQ[:-1],
        changed(ACTIVEMQ, 4),
        changed(ACTIVEMQ, 12),
        changed(ACTIVEMQ, 0),
        b"SSH-2.0-x\r\n",
        b"220 x\r\n",
    ],
)
def test_what_is_no_greeting_of_activemq(heard):
    assert hears(openwire, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert openwire._whole(b"220 mail\r\n")
    assert not openwire._whole(ACTIVEMQ[:20])
    assert openwire._whole(ACTIVEMQ)


@given(damaged(ACTIVEMQ, greeting(texts(ProviderName="x"))))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(openwire, "tcp", *replies))
