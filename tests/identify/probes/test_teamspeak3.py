"""TeamSpeak 3: its query interface and its voice port. Built from its manual, no server was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, begin, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import teamspeak3

GREETING = b'TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface, type "help" for a list of commands.\n\r'
VERSION = b"version=3.13.7 build=1655727713 platform=Linux\n\rerror id=0 msg=ok\n\r"
VOICE = b"TS3INIT1\0\x65\x88\1" + bytes(16) + NONCE[:4][::-1]


def test_it_greets_first():
    assert sent(teamspeak3.talk(peer("tcp"))) == b""


def test_version_and_system():
    named = hears(teamspeak3, "tcp", GREETING, VERSION)
    assert (named.version, named.info, named.system, named.guarded) == ("3.13.7", "build 1655727713", "Linux", False)


def test_a_ban_hides_the_version_only():
    named = hears(teamspeak3, "tcp", GREETING, b"error id=3329 msg=connection\\sfailed\n\r")
    assert (named.name, named.version, named.guarded) == ("teamspeak3", "", True)


@pytest.mark.parametrize("greeting", [b"TS3\r\n", b"TS2\n\r", b"[TS]\r\n", b"220 x\r\n", b""])
def test_foreign_greetings(greeting):
    assert hears(teamspeak3, "tcp", greeting, VERSION) is None


@pytest.mark.parametrize(("data", "whole"), [(b"", False), (b"TS3", False), (b"TS3\n\r", True), (b"SS", True)])
def test_a_foreign_greeting_is_not_waited_for(data, whole):
    assert next(begin(teamspeak3, "tcp")).until(data) == whole


def test_the_voice_port_turns_our_number_round():
    query = sent(teamspeak3.talk(peer("udp")))
    assert len(query) == 34
    assert query[22:26] == NONCE[:4]
    assert hears(teamspeak3, "udp", VOICE).proof == "nonce"


@pytest.mark.parametrize(
    "reply", [changed(VOICE, 0), changed(VOICE, 10), changed(VOICE, 11), changed(VOICE, -1), VOICE[:-1], b""]
)
def test_what_is_not_our_answer(reply):
    assert hears(teamspeak3, "udp", reply) is None


def test_an_echo_is_no_server():
    assert hears(teamspeak3, "udp", sent(teamspeak3.talk(peer("udp")))) is None


@given(damaged(GREETING, VERSION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(teamspeak3, "tcp", *replies))


@given(damaged(VOICE))
def test_no_replies_break_it_on_udp(replies):
    assert is_bounded(hears(teamspeak3, "udp", *replies))
