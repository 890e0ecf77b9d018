"""TFTP is proved by an error, from another port, to a name that cannot exist."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.kit import Ask, Peer
from hb_engine.identify.probes import tftp
from hb_engine.identify.transcript import NONCE


@pytest.mark.parametrize("capture", ["tftp-hpa", "tftp-atftpd"])
def test_the_file_is_not_found(capture):
    told = named(capture)
    assert (told.name, told.info, told.guarded) == ("tftp", "file not found", False)


def test_the_answer_comes_from_another_port():
    command = next(tftp.talk(Peer("udp", "hb.invalid", 69, NONCE)))
    assert isinstance(command, Ask)
    assert command.other_port


def test_a_refused_access_is_guarded():
    assert ask(tftp, b"\0\5\0\2Access violation\0", transport="udp").guarded


def test_a_server_that_serves_any_name():
    told = ask(tftp, b"\0\3\0\1" + b"x" * 512, transport="udp")
    assert (told.info, told.evidence) == ("any name is served", "data, block 1 of 512 bytes")


@pytest.mark.parametrize(
    "reply",
    [
        b"\0\5\0\1File not found",
        b"\0\5\0\x09other\0",
        b"\0\5\0\0",
        b"\0\3\0\2x",
        b"\0\3\0\1" + b"x" * 513,
        b"\0\4\0\0",
        first_words(tftp, "udp"),
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(tftp, reply, transport="udp") is None
