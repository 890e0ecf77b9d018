"""Finger counts only where the answer repeats our name in a finger daemon's words."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import finger

USER = first_words(finger).strip()


def test_the_daemon_knows_no_such_user():
    told = named("finger-fingerd")
    assert (told.name, told.proof) == ("finger", "nonce")


def test_another_daemon():
    assert ask(finger, b"Login name: " + USER + b"\tIn real life: ???\r\n").name == "finger"


def test_hint():
    assert finger.hint(b"finger: GET: no such user.\r\nfinger: /: no such user.\r\n")
    assert not finger.hint(b"HTTP/1.1 404 no such user GET\r\n")


@pytest.mark.parametrize(
    "reply",
    [
        USER + b"\r\n",
        b"finger: somebody: no such user.\r\n",
        b"HTTP/1.1 400 no such user " + USER,
        b"500 " + USER + b": not known\r\n",
        b"<html>not known " + USER,
        b"\r\n",
    ],
)
def test_near_misses(reply):
    assert ask(finger, reply) is None
