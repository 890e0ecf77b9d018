"""AJP: CPong, and nothing that is nearly one."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ajp13

CPONG = captured("ajp13-tomcat")[0]


def test_cpong():
    assert sent(ajp13.talk(peer())) == bytes.fromhex("123400010a")
    assert hears(ajp13, "tcp", CPONG).name == "ajp13"


@pytest.mark.parametrize(
    "reply", [b"", CPONG[:-1], CPONG + b"\0", bytes.fromhex("123400010a"), *[changed(CPONG, at) for at in range(5)]]
)
def test_what_is_no_cpong(reply):
    assert hears(ajp13, "tcp", reply) is None


@given(damaged(CPONG))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ajp13, "tcp", *replies))
