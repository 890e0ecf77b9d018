"""A list match alone never alarms: it takes an owner in doubt, an explicit port, and a listing of listeners."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, package, severities, stray, threat

from hb_engine.judge.rules import threat_listed_unexpected as rule
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Unowned

LISTED = (threat(),)
PYTHON = "/usr/bin/python3.11"


@pytest.mark.parametrize(
    "it",
    [
        opening(1703, stray()),
        opening(1703, owner(exe_state="deleted")),
        opening(1703, stray(None, exe_state="memfd")),
        opening(1703, owner("/usr/bin/nc.openbsd")),
        opening(1703, owner("/usr/bin/socat")),
        opening(1703, owner("/usr/bin/bash")),
        opening(1703, owner("/bin/busybox", cmdline=("nc", "-l", "1703"))),
        opening(1703, owner(PYTHON, script="/root/x.py")),
        opening(1703, owner(), stray()),
        opening(1703, owners=(), unowned=Unowned("not-found")),
    ],
)
def test_it_speaks(it):
    assert severities(rule, it, threats=LISTED) == ["medium"]


@pytest.mark.parametrize(
    "it",
    [
        opening(1703, owner()),
        opening(1703, stray(container=BOX)),
        opening(1703, stray("/snap/x/1/x")),
        opening(1703, stray(None)),
        opening(1703, stray(), ephemeral=True),
        opening(1703, owner(PYTHON, script="/usr/bin/x", script_package=package("x"))),
        opening(1703, owner(PYTHON)),
        opening(1703, owners=(), unowned=Unowned("kernel", "vxlan0")),
        opening(1703, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it, threats=LISTED) == []


@pytest.mark.parametrize("listed", [(), (threat(direction="outbound"),), (threat(direction="scan"),)])
def test_only_listings_of_listeners_count(listed):
    assert heard(rule, opening(1703, stray()), threats=listed) == []


def test_what_was_not_asked_is_no_doubt():
    assert heard(rule, opening(1703, stray()), threats=LISTED, packages_asked=False) == []
    gone = opening(1703, owners=(), unowned=Unowned("not-found"))
    assert heard(rule, gone, threats=LISTED, coverage=Coverage(privileged=False)) == []


def test_weak_lists_and_narrow_scopes_are_milder():
    assert severities(rule, opening(1703, stray()), threats=(threat(confidence="low"),)) == ["low"]
    assert severities(rule, opening(1703, stray(), scope="loopback"), threats=LISTED) == ["low"]


def test_the_wording_accuses_nobody():
    many = (threat("Old", confidence="low"), threat("Best", confidence="high"), threat("odd", confidence="?"))
    (reason,) = rule.judge(facts(opening(1703, stray()), threats=many))
    assert reason.text == (
        "tcp 1703 has been listed as used by Best (trojan, high confidence) and 2 more, "
        "and pid 4117 runs /srv/app/server, which is in no package"
    )
    assert "a match alone proves nothing: lists repeat each other" in reason.evidence
    assert "infected" not in repr(reason)
