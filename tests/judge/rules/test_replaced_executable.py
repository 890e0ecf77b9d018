"""An update without a restart is a note; a replaced file of no package is worth a look."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import replaced_executable as rule


@pytest.mark.parametrize(
    ("who", "asked", "severity"),
    [
        (owner(exe_state="replaced"), True, "info"),
        (stray(exe_state="replaced"), True, "low"),
        (stray(exe_state="replaced"), False, "info"),
        (stray(exe_state="replaced", container=BOX), True, "info"),
    ],
)
def test_it_speaks(who, asked, severity):
    assert severities(rule, opening(80, who), packages_asked=asked) == [severity]


@pytest.mark.parametrize("state", ["present", "deleted", "memfd", "unreadable", "kernel"])
def test_it_is_silent(state):
    assert heard(rule, opening(80, owner(exe_state=state))) == []


def test_it_names_the_package_and_the_unit_to_restart():
    (reason,) = rule.judge(facts(opening(22, owner("/usr/sbin/sshd", exe_state="replaced", unit="ssh.service"))))
    assert reason.evidence[1] == "the file at that path is now of sshd-pkg 1.22.1-9"
    assert reason.remedy == "systemctl restart ssh.service"
    (reason,) = rule.judge(facts(opening(22, owner(exe_state="replaced"))))
    assert reason.remedy == "restart it"
