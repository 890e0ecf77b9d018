"""A quote proves nothing: it is named on its own port alone, and only where it looks like nobody else's greeting."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import qotd

QUOTE = b'"Wisdom begins in wonder."\r\nSocrates\r\n'


def test_a_sentence_on_port_17():
    told = named("qotd-echo")
    assert (told.name, told.proof, told.evidence) == ("qotd", "port", "Nothing is so easy as the proverb says.")


@pytest.mark.parametrize(
    ("heard", "ended", "port"),
    [
        (QUOTE[1:], "closed", 18),
        (QUOTE[1:], "silent", 17),
        (QUOTE, "closed", 17),
        (b"220 ready\r\n", "closed", 17),
        (b"SSH-2.0-OpenSSH_9\r\n", "closed", 17),
        (b"Wed Nov 25 18:52:29 2026\r\n", "closed", 17),
        (b"\0\1\2", "closed", 17),
        (b"  \r\n", "closed", 17),
        (b"a" * 5000, "closed", 17),
    ],
)
def test_near_misses(heard, ended, port):
    assert ask(qotd, Reply.of(heard, ended), port=port) is None
