"""Programs and scripts in other people's hands are named; ordinary places are not."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import writable_path as rule

PYTHON = "/usr/bin/python3.11"


@pytest.mark.parametrize(
    ("who", "severity"),
    [
        (stray("/tmp/x"), "high"),
        (stray("/dev/shm/.x"), "high"),
        (stray("/tmp/x", container=BOX), "high"),
        (stray("/run/user/1000/x"), "medium"),
        (stray(r"C:\Users\ann\AppData\Local\Temp\x.exe"), "medium"),
        (stray(r"C:\Windows\Temp\x.exe"), "high"),
        (stray("/home/deploy/x"), "high"),
        (stray("/home/deploy/x", user="www-data", uid=33), "medium"),
        (owner(PYTHON, script="/var/tmp/s.py"), "high"),
        (owner(PYTHON, script="/home/deploy/s.py"), "high"),
    ],
)
def test_it_speaks(who, severity):
    assert severities(rule, opening(8000, who)) == [severity]


@pytest.mark.parametrize(
    "who",
    [
        owner(),
        stray("/srv/app/server"),
        stray("/opt/x/tmp/server"),
        stray("/home/ann/bin/x", user="ann", uid=1000),
        stray("/home/ann/bin/x", user=""),
        stray("/home/node/app", container=BOX),
        stray(None),
        owner(PYTHON, script="/srv/app/s.py"),
    ],
)
def test_it_is_silent(who):
    assert heard(rule, opening(8000, who)) == []


def test_where_nobody_else_reaches_it_is_milder():
    assert severities(rule, opening(8000, stray("/tmp/x"), scope="loopback")) == ["medium"]


def test_program_and_script_are_told_apart():
    both = stray("/tmp/python", script="/tmp/s.py")
    assert [reason.text for reason in rule.judge(facts(opening(8000, both)))] == [
        "runs /tmp/python: everyone may write to /tmp",
        "runs the script /tmp/s.py: everyone may write to /tmp",
    ]
