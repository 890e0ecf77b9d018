"""Java RMI: an acknowledgement with our address, and the names in a registry."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import java_rmi

ACK, EMPTY = captured("java_rmi-registry")
JMX = captured("java_rmi-jmx")[1]
EXCEPTION = b"\x51\xac\xed\0\5\x77\x0f\2" + bytes(14) + b"sr\0\x23java.rmi.NotBoundException"


@pytest.mark.parametrize(
    ("listed", "product", "info"),
    [
        (EMPTY, "Java RMI Registry", ""),
        (JMX, "Java RMI Registry", "jmxrmi"),
        (EXCEPTION, "Java RMI", ""),
        (b"", "Java RMI", ""),
    ],
)
def test_registries(listed, product, info):
    named = hears(java_rmi, "tcp", ACK, listed)
    assert (named.name, named.product, named.info) == ("java-rmi", product, info)


def test_the_header_and_a_call_that_only_lists():
    assert sent(java_rmi.talk(peer())).hex() == "4a524d4900024b"
    assert java_rmi.LIST[6:7] == b"\x50"
    assert java_rmi.LIST.count(b"\0\0\0\1") == 1


def test_a_class_may_say_where_it_is_from():
    at = EMPTY.index(b"[Ljava.lang.String;") + len(b"[Ljava.lang.String;") + 11
    assert java_rmi._names(EMPTY[:at] + b"t\0\3abc" + EMPTY[at + 1 :]) == []


@pytest.mark.parametrize("cut", [8, 30, len(JMX) - 1])
def test_a_listing_that_is_not_whole(cut):
    assert java_rmi._names(JMX[:cut]) is None
    assert not java_rmi._listed(JMX[:cut])


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        ACK[:-1],
        ACK + b"\0",
        changed(ACK, 0),
        changed(ACK, 2),
        changed(ACK, 3, 200),
        changed(ACK, -4),
        b"N\0\0\0\0\0\0",
        b"N",
        b"NOTICE\r\n",
    ],
)
def test_what_is_no_acknowledgement(reply):
    assert hears(java_rmi, "tcp", reply) is None


def test_an_echo_is_no_registry():
    assert hears(java_rmi, "tcp", sent(java_rmi.talk(peer()))) is None


@given(damaged(ACK, EMPTY, JMX))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(java_rmi, "tcp", *replies))
    assert is_bounded(hears(java_rmi, "tcp", ACK, *replies))
