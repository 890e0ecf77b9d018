"""Zabbix's agents, by their frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import zabbix

AGENT = captured("zabbix-agent")[0]


def frame(value, flags=b"\1"):
    return b"ZBXD" + flags + len(value).to_bytes(8, "little") + value


def test_one_item_that_runs_nothing():
    assert sent(zabbix.talk(peer())) == frame(b"agent.version")


def test_versions():
    named = hears(zabbix, "tcp", AGENT)
    assert (named.name, named.version, named.cpe) == ("zabbix-agent", "6.0.14", ("cpe:/a:zabbix:zabbix:6.0.14",))


def test_an_agent_that_does_not_tell():
    named = hears(zabbix, "tcp", frame(b"ZBX_NOTSUPPORTED\0Unknown metric agent.version"))
    assert (named.version, named.info, named.cpe) == ("", "Unknown metric agent.version", ())


def test_the_second_agent_answers_alike():
    assert hears(zabbix, "tcp", captured("zabbix-agent2")[0]).version == "6.0.14"


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4, 5])
def test_one_byte_away(at):
    assert hears(zabbix, "tcp", changed(AGENT, at)) is None


@pytest.mark.parametrize("reply", [AGENT[:-1], AGENT + b"x", AGENT[:12], b"", b"ZBX"])
def test_other_lengths(reply):
    assert hears(zabbix, "tcp", reply) is None


def test_an_echo_is_no_agent():
    assert hears(zabbix, "tcp", sent(zabbix.talk(peer()))) is None


def test_its_frame_is_a_hint():
    assert zabbix.hint(frame(b"ZBX_NOTSUPPORTED"))
    assert not zabbix.hint(b"ZBX")


@given(damaged(AGENT))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(zabbix, "tcp", *replies))
