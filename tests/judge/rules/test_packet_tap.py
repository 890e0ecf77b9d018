"""A reader of packets is honest by its package's file, never by the name that it gives itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import packet_tap as rule


def tap(*owners: Owner, flags: tuple[str, ...] = (), **changes: Any) -> Opening:
    changes = {"kind": "tap", "transport": "packet", "interface": "eth0", **changes}
    return opening(None, *owners, flags=flags, **changes)


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (tap(stray("/srv/x")), "high"),
        (tap(stray("/srv/x"), flags=("filter",)), "high"),
        (tap(stray("/srv/dhclient")), "high"),
        (tap(stray("/dev/shm/.x", exe_state="deleted")), "high"),
        (tap(owner("/usr/sbin/tcpdump", exe_state="deleted")), "high"),
        (tap(stray(None, comm="x", exe_state="memfd")), "high"),
        (tap(owner("/usr/sbin/strange")), "low"),
        (tap(owner("/usr/sbin/strange"), flags=("filter",)), "medium"),
        (tap(stray("/app/agent", container=BOX)), "low"),
        (tap(stray("/app/agent", container=BOX), flags=("filter",)), "medium"),
        (tap(owner("/usr/bin/python3.11", script="/root/x.py")), "high"),
        (tap(stray(None, comm="x", exe_state="unreadable")), "low"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        tap(owner("/usr/sbin/dhclient"), flags=("filter",)),
        tap(owner("/usr/lib/systemd/systemd-networkd"), flags=("filter",)),
        tap(owner("/usr/sbin/NetworkManager")),
        tap(owner("/usr/sbin/wpa_supplicant")),
        tap(owner("/usr/bin/tcpdump"), flags=("filter",)),
        tap(owner("/usr/sbin/keepalived")),
        tap(owner("/usr/bin/suricata")),
        tap(owner("/bin/busybox", cmdline=("udhcpc", "-i", "eth0"))),
        tap(owner("/usr/sbin/kea-dhcp4")),
        tap(stray("/usr/bin/suricata", container=BOX)),
        tap(stray(None, comm="dhclient", exe_state="unreadable")),
        tap(owners=()),
        opening(80, stray()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_where_packages_were_not_asked_a_known_name_is_enough():
    assert heard(rule, tap(stray("/sbin/dhclient")), packages_asked=False) == []
    assert severities(rule, tap(stray("/srv/x")), packages_asked=False) == ["low"]


def test_the_filter_and_its_notes_are_evidence():
    it = tap(stray("/srv/dhclient"), flags=("filter",), notes=("compares the port with 53", "b", "c", "d", "e"))
    (reason,) = rule.judge(facts(it))
    assert reason.text == "reads packets on eth0, under a known name, from no package"
    assert reason.evidence[1:3] == ("a filter waits for certain packets", "compares the port with 53")
    assert len(reason.evidence) == 6
    assert "on eth0" not in heard(rule, tap(stray("/srv/x"), interface=""))[0][1]
