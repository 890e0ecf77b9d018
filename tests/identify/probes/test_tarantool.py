"""Tarantool: its greeting of 128 bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded

from hb_engine.identify.probes import tarantool

GREETING = captured("tarantool-open")[0]


def test_the_version_of_who_greets():
    named = hears(tarantool, "tcp", GREETING)
    assert (named.name, named.version) == ("tarantool", "2.6.0")
    assert len(dict(named.facts)["instance"]) == 36
    assert tarantool.hint(GREETING)


def test_the_console_says_lua():
    console = b"Tarantool 2.6.0 (Lua console)".ljust(63) + b"\n" + b"type 'help' for interactive help".ljust(63) + b"\n"
    assert hears(tarantool, "tcp", console).version == "2.6.0"


@pytest.mark.parametrize(
    "heard", [b"", GREETING[:-1], GREETING + b"x", *[changed(GREETING, at) for at in (0, 63, 127)], b" " * 128]
)
def test_what_is_no_greeting_of_tarantool(heard):
    assert hears(tarantool, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert tarantool._whole(b"220 x")
    assert not tarantool._whole(GREETING[:5])
    assert not tarantool._whole(GREETING[:127])


@given(damaged(GREETING))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(tarantool, "tcp", *replies))
