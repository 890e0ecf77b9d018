"""Every kept conversation, replayed: the talk asks today what it asked then, and makes of the answers what it should.

A capture's file is named after its probe: captures/redis-noauth.talk belongs to probes/redis.py.

"""

from __future__ import annotations

import importlib
import os

import pytest

from hb_engine.identify.transcript import differs, outcome_of, read

FOLDER = os.path.join(os.path.dirname(__file__), "captures")
FILES = sorted(name for name in os.listdir(FOLDER) if name.endswith(".talk"))


@pytest.mark.parametrize("name", FILES)
def test_a_capture_is_named(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        kept = read(file.read())
    probe = importlib.import_module(f"hb_engine.identify.probes.{name.removesuffix('.talk').partition('-')[0]}")
    talk = probe.talk(kept.peer)
    named = None
    try:
        command = next(talk)
        for turn in kept.turns:
            assert not differs(turn, command)
            command = talk.send(turn.reply)
        pytest.fail(f"the talk goes on where the capture ends: {command}")
    except StopIteration as end:
        named = end.value
    assert outcome_of(named) == kept.outcome


def test_every_capture_says_where_it_comes_from():
    for name in FILES:
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            source = read(file.read()).source
        assert "captured" in source or "built from" in source, name
