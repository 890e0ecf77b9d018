"""Only a comparison that was made and failed speaks."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, owner, package, severities

from hb_engine.judge.rules import modified_executable as rule

BAD = package(verified=False, detail="md5 differs")
PYTHON = "/usr/bin/python3.11"


@pytest.mark.parametrize(
    "who",
    [
        owner(package=BAD),
        owner(PYTHON, script="/usr/bin/fail2ban-server", script_package=BAD),
    ],
)
def test_it_speaks(who):
    assert severities(rule, opening(80, who)) == ["high"]


@pytest.mark.parametrize(
    "who",
    [
        owner(),
        owner(package=None),
        owner(package=package(verified=None)),
        owner(package=BAD, exe_state="replaced"),
        owner(package=BAD, exe_state="deleted"),
        owner(PYTHON, script_package=BAD),
        owner(PYTHON, script="/usr/bin/x", script_package=package(verified=None)),
    ],
)
def test_it_is_silent(who):
    assert heard(rule, opening(80, who)) == []


@pytest.mark.parametrize(
    ("manager", "command"),
    [("dpkg", "dpkg --verify nginx-common"), ("rpm", "rpm -V nginx-common"), ("pkg", "reinstall nginx-common")],
)
def test_it_says_how_to_compare(manager, command):
    bad = package(verified=False, detail="md5 differs", manager=manager)
    (reason,) = rule.judge(facts(opening(80, owner(package=bad))))
    assert command in reason.remedy
    assert reason.evidence[1] == "md5 differs"


def test_program_and_script_are_two_reasons():
    who = owner(PYTHON, package=BAD, script="/usr/bin/x", script_package=BAD)
    assert len(heard(rule, opening(80, who))) == 2
