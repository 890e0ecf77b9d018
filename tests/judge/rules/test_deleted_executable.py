"""A deleted file that serves is grave, and graver where anyone could have put it."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, owner

from hb_engine.judge.rules import deleted_executable as rule


@pytest.mark.parametrize(
    ("exe", "severity"),
    [
        ("/dev/shm/.x (deleted)", "critical"),
        ("/tmp/x", "critical"),
        ("/opt/app/server", "high"),
        ("/usr/lib/postgresql/15/bin/postgres", "high"),
        (None, "high"),
    ],
)
def test_it_speaks(exe, severity):
    ((heard_severity, text),) = heard(rule, opening(1703, owner(exe, exe_state="deleted")))
    assert heard_severity == severity
    assert text.startswith("runs a deleted file")
    assert "(deleted)" not in text


@pytest.mark.parametrize("state", ["present", "replaced", "memfd", "unreadable", "kernel"])
def test_it_is_silent(state):
    assert heard(rule, opening(80, owner(exe_state=state))) == []


def test_workers_are_one_reason_with_evidence_and_a_remedy():
    workers = [owner("/dev/shm/.x", pid=pid, exe_state="deleted") for pid in (7, 8, 9)]
    (reason,) = rule.judge(facts(opening(1703, *workers)))
    assert reason.evidence == (
        'pid 7 ".x" as root, and 2 more runs /dev/shm/.x (deleted)',
        "/dev/shm is writable by everyone",
    )
    assert "cp /proc/7/exe" in reason.remedy
    assert "hb why 1703" in reason.remedy
