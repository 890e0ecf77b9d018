"""An impostor in a SO_REUSEPORT group is seen; workers, inheritance and multicast are not called that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import shared_by_different_executables as rule

MINE = opening(443)


def other(*owners: Owner, **changes: Any) -> Opening:
    return opening(443, *owners, **{"inodes": (2000,), **changes})


@pytest.mark.parametrize(
    ("sibling", "severity"),
    [
        (other(owner("/usr/sbin/apache2")), "medium"),
        (other(stray("/dev/shm/.x")), "high"),
        (other(owner("/usr/sbin/apache2", uid=33, user="www-data")), "high"),
        (other(stray("/app/x", container=BOX)), "medium"),
        (other(owner("/usr/sbin/apache2", uid=None)), "medium"),
    ],
)
def test_it_speaks(sibling, severity):
    assert severities(rule, MINE, siblings=(sibling,)) == [severity]


@pytest.mark.parametrize(
    "sibling",
    [
        other(owner(pid=9)),
        other(owner("/usr/sbin/apache2"), inodes=MINE.inodes),
        other(owner("/usr/sbin/apache2"), inodes=()),
        other(owner("/usr/sbin/apache2"), addresses=("10.0.0.1",)),
        other(owner("/usr/sbin/apache2"), interface="eth1"),
        other(owner(None)),
        other(owners=()),
    ],
)
def test_it_is_silent(sibling):
    assert heard(rule, MINE, siblings=(sibling,)) == []


def test_nobody_is_shared_with():
    assert heard(rule, MINE) == []
    assert heard(rule, opening(443, owners=()), siblings=(other(),)) == []


@pytest.mark.parametrize(("port", "said"), [(5353, 0), (1900, 0), (53, 1)])
def test_multicast_ports_are_shared_by_design(port, said):
    one = opening(port, owner("/usr/sbin/avahi-daemon"), transport="udp")
    two = opening(port, owner("/usr/bin/chromium"), transport="udp", inodes=(2,))
    assert len(heard(rule, one, siblings=(two,))) == said


def test_both_sides_are_evidence():
    (reason,) = rule.judge(facts(MINE, siblings=(other(stray("/dev/shm/.x")),)))
    assert reason.text == "shares tcp 443 with /dev/shm/.x, and only one of them is in a package"
    assert reason.evidence[-1] == "both hold 0.0.0.0"
