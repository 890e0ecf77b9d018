"""What a person started from afar and left open is worth a look; a desktop's programs are a remark."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import login_session_public as rule
from hb_engine.model.owner import Origin, Owner

FAR = Origin("login", "sshd session 3", "ann", "192.0.2.7")
NEAR = Origin("login", "session 2", "ann")


def by_hand(exe: str = "/usr/bin/app", origin: Origin = FAR, **changes: Any) -> Owner:
    return owner(exe, origin=origin, **changes)


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(8000, by_hand()), "low"),
        (opening(8000, by_hand(), scope="private"), "low"),
        (opening(8000, by_hand(origin=NEAR)), "info"),
        (opening(8000, by_hand(), transport="udp", kind="bound"), "low"),
        (opening(50000, by_hand(), ephemeral=True), "low"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(8000, by_hand(), scope="loopback"),
        opening(8000, by_hand(origin=Origin("service", "app.service"))),
        opening(8000, owner("/usr/bin/app")),
        opening(51234, by_hand(), transport="udp", kind="bound", ephemeral=True),
        opening(8000, by_hand(), flags=("not-listening",)),
        opening(None, by_hand("/usr/bin/ping"), transport="raw", kind="bound"),
        opening(2222, by_hand("/usr/bin/ssh")),
        opening(2222, by_hand("/usr/sbin/sshd", cmdline=("sshd: ann@pts/0",))),
        opening(8000, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_says_whose_login_it_was_and_from_where():
    (reason,) = rule.judge(facts(opening(8000, by_hand())))
    assert reason.text == "was started by hand, from a login of ann from 192.0.2.7"
    assert reason.evidence[1] == "the session is sshd session 3"


def test_a_login_of_which_little_is_known_is_told_with_little():
    (reason,) = rule.judge(facts(opening(8000, by_hand(origin=Origin("login")))))
    assert reason.text == "was started by hand, from a login of somebody"
    assert len(reason.evidence) == 1
