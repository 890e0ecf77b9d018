"""The rules were written on Linux; ordinary macOS and Windows machines must not set them off either."""

from __future__ import annotations

import pytest
from tests.inventory.portable.recordings import MACHINES, machine

from hb_engine.app.looking.look import rule_names
from hb_engine.inventory.portable.collect import Replay, collect
from hb_engine.judge import kit
from hb_engine.judge.judgement import judge_inventory

RULES = kit.load(rule_names())
WORTH_A_LOOK = {
    "macos_user": set(),
    "macos_root": {("tcp", 5900, "look")},  # screen sharing, for everyone
    "windows_user": {("tcp", 139, "look"), ("tcp", 445, "look"), ("tcp", 9200, "alarm")},
    "windows_admin": {("tcp", 139, "look"), ("tcp", 445, "look"), ("tcp", 9200, "alarm")},
}


@pytest.mark.parametrize("name", MACHINES)
def test_only_what_is_worth_a_look_stands_out(name):
    judged = judge_inventory(collect(MACHINES[name], Replay(machine(name))), RULES)
    said = {(it.transport, it.port, it.verdict.word) for it in judged if it.verdict and it.verdict.word != "quiet"}
    assert said == WORTH_A_LOOK[name]
