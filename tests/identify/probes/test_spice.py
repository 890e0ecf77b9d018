"""SPICE is proved by a link reply with a key, or with an error of its list."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import spice

[REPLY] = replies("spice-qemu")


def error(code):
    return REPLY[:16] + bytes((code, 0, 0, 0)) + REPLY[20:]


def test_qemu_gives_its_key():
    told = named("spice-qemu")
    assert (told.info, told.guarded) == ("protocol 2.2", False)


def test_a_server_that_wants_tls():
    told = ask(spice, error(5))
    assert (told.info, told.guarded) == ("protocol 2.2, TLS required", True)


@pytest.mark.parametrize(
    "reply",
    [
        error(77),
        b"REDX" + REPLY[4:],
        REPLY[:20] + b"xx" + REPLY[22:],
        REPLY[:19],
        REPLY[:4] + b"\xff" + REPLY[5:],
        first_words(spice),
    ],
)
def test_near_misses(reply):
    assert ask(spice, reply) is None
