"""A file that a user laid over a path is grave where the path is a server's, and told in any case."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, owner

from hb_engine.judge.rules import executable_elsewhere as rule
from hb_engine.model.owner import EXE_STATES, Container


@pytest.mark.parametrize(
    ("exe", "box", "severity"),
    [
        ("/usr/sbin/nginx", None, "high"),
        ("/opt/app/server", None, "high"),
        ("/app/bin/player", None, "medium"),
        ("/usr/sbin/nginx", Container("podman", "a" * 64), "medium"),
    ],
)
def test_it_speaks_of_files_that_a_user_laid_over_others(exe, box, severity):
    ((heard_severity, text),) = heard(rule, opening(443, owner(exe, exe_state="elsewhere", container=box)))
    assert (heard_severity, text) == (severity, f"runs a file of a user's own under the path {exe}")


@pytest.mark.parametrize("state", [state for state in EXE_STATES if state != "elsewhere"])
def test_it_is_silent_of_all_others(state):
    assert heard(rule, opening(443, owner(exe_state=state))) == []


def test_no_baseline_silences_it_by_allowing_the_path():
    assert rule.RULE.lasting


def test_workers_are_one_reason_with_evidence_and_a_remedy():
    workers = [owner("/usr/sbin/nginx", pid=pid, exe_state="elsewhere") for pid in (7, 8, 9)]
    (reason,) = rule.judge(facts(opening(443, *workers)))
    assert reason.evidence == (
        'pid 7 "nginx" as root, and 2 more runs /usr/sbin/nginx, where this machine has another file, or none',
    )
    assert "cp /proc/7/exe" in reason.remedy
    assert "hb why 443" in reason.remedy
