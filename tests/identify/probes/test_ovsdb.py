"""OVSDB: an echo of ours, then the names of databases."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ovsdb

ECHO, NAMES = captured("ovsdb-openvswitch")


def test_an_echo_and_the_databases():
    named = hears(ovsdb, "tcp", ECHO, NAMES)
    assert (named.name, named.product, named.info, named.proof) == (
        "ovsdb",
        "Open vSwitch",
        "Open_vSwitch, _Server",
        "nonce",
    )
    other = hears(ovsdb, "tcp", ECHO, NAMES.replace(b"Open_vSwitch", b"OVN_Northbound"))
    assert (other.product, other.info) == ("", "OVN_Northbound, _Server")


def test_who_lists_nothing_is_named_by_the_echo():
    assert hears(ovsdb, "tcp", ECHO).info == ""


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        ECHO[:-1],
        changed(ECHO, 7),
        changed(ECHO, 40),
        ECHO.replace(b"null", b'"no"'),
        sent(ovsdb.talk(peer())),
        b"[1]",
        b'{"id":' * 3000,
    ],
)
def test_what_is_no_echo_of_ours(reply):
    assert hears(ovsdb, "tcp", reply, NAMES) is None


@given(damaged(ECHO, NAMES))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ovsdb, "tcp", *replies))
