"""Telnet is told by its options, or by a prompt in plain text; every option is refused once."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.kit import Ask, Peer, Reply
from hb_engine.identify.probes import telnet
from hb_engine.identify.transcript import NONCE

DO_TYPE, WILL_ECHO = b"\xff\xfd\x18", b"\xff\xfb\x01"


def test_inetutils_is_led_to_its_prompt():
    told = named("telnet-inetutils")
    assert (told.hostname, told.system, told.proof) == ("mail.example", "Linux", "structure")


def test_netkit_shows_its_system():
    assert named("telnet-netkit").system == "Debian GNU/Linux"


def test_do_is_refused_with_wont_and_will_with_dont():
    talk = telnet.talk(Peer("tcp", "hb.invalid", 23, NONCE))
    next(talk)
    answer = talk.send(Reply.of(DO_TYPE + WILL_ECHO + b"\xff\xfc\x03"))
    assert isinstance(answer, Ask)
    assert answer.send == b"\xff\xfc\x18\xff\xfe\x01"


def test_options_alone_are_enough():
    told = ask(telnet, DO_TYPE)
    assert (told.name, told.evidence, told.hostname) == ("telnet", "IAC and options", "")


def test_a_server_that_insists_gets_no_second_answer():
    assert ask(telnet, *[DO_TYPE] * 20).name == "telnet"


def test_a_subnegotiation_is_passed_over():
    told = ask(telnet, DO_TYPE + b"\xff\xfa\x18\x01\xff\xf0router login: ")
    assert (told.evidence, told.hostname) == ("router login:", "router")


def test_a_prompt_in_plain_text_is_a_likeness():
    told = ask(telnet, b"\r\nWelcome to the switch\r\nUsername: ")
    assert (told.name, told.proof) == ("telnet", "pattern")


@pytest.mark.parametrize(
    "heard",
    [
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x13\x04",
        b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f",
        b"\xff\xfa\x18",
        b"\xff\xfd",
        b"hello there\r\n",
        b"login\r\n",
        b"\x00\x01login:",
        b"220 ready\r\n",
        b"",
    ],
)
def test_near_misses(heard):
    assert ask(telnet, heard) is None
