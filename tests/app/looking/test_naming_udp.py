"""UDP ports that a scan found silent, and that answer from elsewhere: TFTP."""

from __future__ import annotations

import socket

import pytest
from tests.peers import serving

from hb_engine.app.looking.naming import Namer
from hb_engine.identify.question import Settings
from hb_engine.model.answer import Answer, ScannedHost

QUICK = Settings(wait=0.3, talk=1.0, udp_anywhere=True)


def namer():
    return Namer(lambda _transport, _port: (), QUICK, random=lambda size: b"\7" * size, clock=lambda: 1.0)


def silent(port, transport="udp"):
    return Answer(transport, port, "open|filtered", "no-response")


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (silent(69), True),
        (silent(40069), True),  # as people choose numbers
        (silent(53), False),  # whatever is there, the scan would have heard it
        (silent(40000), False),
        (Answer("tcp", 69, "filtered", "no-response"), False),
        (Answer("udp", 69, "closed", "port-unreach"), False),
        (Answer("udp", 9999, "open", "udp-response"), True),
    ],
)
def test_which_silence_is_asked(answer, asked):
    assert namer().asks(answer) is asked


def serves(_server, _data, sender, _seen):
    """An error of TFTP, from a port of its own choice (RFC 1350 4)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.sendto(b"\0\5\0\1File not found\0", sender)


def named_at(peer):
    made = namer()
    with serving.udp(peer) as seen:
        made._elsewhere[seen.port] = True  # as if its number suggested it
        host = ScannedHost("127.0.0.1", answers=(silent(seen.port),))
        told = list[Answer]()
        ((found,), complete) = made.named([host], lambda _address, answer: told.append(answer))
    assert complete
    assert told == list(found.answers)
    return found.answers[0]


def test_an_answer_from_elsewhere_opens_the_port():
    answer = named_at(serves)
    assert (answer.state, answer.reason) == ("open", "udp-response")
    assert answer.identity is not None
    assert answer.identity.name == "tftp"


@pytest.mark.slow
def test_silence_stays_what_it_was():
    answer = named_at(lambda *_: None)
    assert (answer.state, answer.reason, answer.identity) == ("open|filtered", "no-response", None)
