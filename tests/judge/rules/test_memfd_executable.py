"""What runs from memory only is always said, wherever it listens; what runs from a file never."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import memfd_executable as rule


@pytest.mark.parametrize("scope", ["loopback", "private", "public"])
def test_it_speaks(scope):
    it = opening(1703, owner("/memfd:x (deleted)", exe_state="memfd", package=None), scope=scope)
    assert severities(rule, it) == ["critical"]


@pytest.mark.parametrize("state", ["present", "replaced", "deleted", "unreadable", "kernel"])
def test_it_is_silent(state):
    assert heard(rule, opening(80, owner(exe_state=state))) == []


def test_it_names_who_even_without_a_path():
    (reason,) = rule.judge(facts(opening(1703, owner(None, comm="x", exe_state="memfd"))))
    assert reason.evidence == ('pid 4117 "x" as root runs a memfd',)
    assert "cp /proc/4117/exe" in reason.remedy
