"""A job that stays to listen is worth a look; its clients' sockets, and services, are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import scheduled_listener as rule
from hb_engine.model.owner import Origin, Owner


def job(kind: str = "cron", name: str = "crond", **changes: Any) -> Owner:
    return owner("/usr/local/bin/agent", origin=Origin(kind, name, "ann"), **changes)


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(7000, job()), "low"),
        (opening(7000, job("timer", "backup.timer")), "low"),
        (opening(7000, job("cron", "at"), scope="private"), "low"),
        (opening(7000, job(), scope="loopback"), "info"),
        (opening(7000, job(), transport="udp", kind="bound"), "low"),
        (opening(7000, owner(), job()), "low"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(7000, job("service", "agent.service")),
        opening(7000, job("login", "session 3")),
        opening(7000, job("socket", "agent.socket")),
        opening(7000, owner()),
        opening(51234, job(), transport="udp", kind="bound", ephemeral=True),
        opening(7000, job(), flags=("not-listening",)),
        opening(None, job(), transport="raw", kind="bound"),
        opening(7000, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_names_the_schedule_and_its_user():
    (reason,) = rule.judge(facts(opening(7000, job(), job(pid=7))))
    assert reason.text == "was started by crond, and stays to listen"
    assert reason.evidence[1] == "the job is of ann"
    assert "and 1 more" in reason.evidence[0]


def test_a_schedule_without_a_name_is_named_by_its_kind():
    (reason,) = rule.judge(facts(opening(7000, owner(origin=Origin("timer")))))
    assert reason.text.startswith("was started by timer")
    assert len(reason.evidence) == 1
