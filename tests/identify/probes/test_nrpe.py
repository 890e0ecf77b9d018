"""NRPE: a response with a right check sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import nrpe

NRPE = captured("nrpe-tls")[0]


def packet(said, kind=nrpe.RESPONSE):
    rest = b"\0\0" + said.ljust(1026, b"\0")
    return kind + nrpe._crc(kind, rest) + rest


def test_its_own_version_is_all_that_is_asked_for():
    query = sent(nrpe.talk(peer()))
    assert len(query) == 1036
    assert query == packet(b"_NRPE_CHECK", nrpe.QUERY)


def test_versions():
    named = hears(nrpe, "tcp", NRPE)
    assert (named.product, named.version, named.cpe) == ("Nagios NRPE", "4.1.0", ("cpe:/a:nagios:nrpe:4.1.0",))
    assert hears(nrpe, "tcp", packet(b"I'm sorry")).version == ""


@pytest.mark.parametrize("at", [1, 3, 4, 7, 10, 600, -1])
def test_one_byte_away(at):
    assert hears(nrpe, "tcp", changed(NRPE, at)) is None


@pytest.mark.parametrize("reply", [NRPE[:-1], NRPE + b"\0", packet(b"NRPE v4", nrpe.QUERY), b""])
def test_what_is_not_our_answer(reply):
    assert hears(nrpe, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(nrpe, "tcp", sent(nrpe.talk(peer()))) is None


@given(damaged(NRPE))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(nrpe, "tcp", *replies))
