"""What no list shows is said at once; what lists show is not, whatever else is odd about it."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, stray

from hb_engine.judge.rules import hidden_opening as rule
from hb_engine.model.opening import Unowned

NOTES = ("bind(2) said 6 times that tcp port 4444 is in use", "neither netlink nor /proc/net/tcp shows a socket there")


@pytest.mark.parametrize("scope", ["loopback", "private", "public"])
@pytest.mark.parametrize("kind", ["listener", "bound"])
def test_it_speaks(scope, kind):
    it = opening(4444, owners=(), unowned=Unowned("not-found"), scope=scope, kind=kind, flags=("hidden",), notes=NOTES)
    assert heard(rule, it) == [("critical", "tcp 4444 is in use, and no list of the kernel shows by whom")]


@pytest.mark.parametrize(
    "it",
    [
        opening(4444, owners=(), unowned=Unowned("not-found")),
        opening(4444, stray("/dev/shm/.x", exe_state="deleted")),
        opening(4444, flags=("reuseport", "transparent")),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_what_was_asked_and_answered_is_the_evidence_and_it_lasts():
    (reason,) = rule.judge(facts(opening(4444, flags=("hidden",), notes=NOTES)))
    assert reason.evidence == NOTES
    assert "hb why 4444" in reason.remedy
    assert rule.RULE.lasting
