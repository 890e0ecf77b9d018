"""A reader of raw packets is honest by its package's file; the strange ones are said by how strange they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import raw_socket as rule


def raw(*owners: Owner, protocol: str = "icmp", **changes: Any) -> Opening:
    return opening(None, *owners, **{"kind": "bound", "transport": "raw", "protocol": protocol, **changes})


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (raw(stray("/srv/x")), "medium"),
        (raw(stray("/srv/ping")), "medium"),
        (raw(owner("/usr/bin/ping", exe_state="deleted")), "high"),
        (raw(stray(None, comm="x", exe_state="memfd")), "high"),
        (raw(owner("/usr/sbin/hans")), "medium"),
        (raw(owner("/usr/bin/python3", script="/root/listen.py")), "medium"),
        (raw(owner("/usr/sbin/strange")), "info"),
        (raw(stray("/app/agent", container=BOX)), "info"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        raw(owner("/usr/bin/ping")),
        raw(owner("/usr/lib/systemd/systemd-networkd"), protocol="ipv6-icmp"),
        raw(owner("/usr/sbin/NetworkManager"), protocol="ipv6-icmp"),
        raw(owner("/usr/sbin/ospfd"), protocol="ospf"),
        raw(owner("/usr/sbin/keepalived"), protocol="vrrp"),
        raw(owner("/usr/sbin/radvd"), protocol="ipv6-icmp"),
        raw(owner("/usr/bin/mtr-packet")),
        raw(owners=()),
        opening(80, stray()),
        opening(None, stray(), kind="tap", transport="packet"),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_without_packages_only_the_name_counts():
    assert severities(rule, raw(stray("/srv/x")), packages_asked=False) == ["info"]
    assert heard(rule, raw(stray("/usr/local/bin/fping")), packages_asked=False) == []


def test_it_says_which_protocol():
    (reason,) = rule.judge(facts(raw(stray("/srv/x"), notes=("a note",))))
    assert reason.text == "reads icmp packets, from no package"
    assert "a note" in reason.evidence
    (bare,) = rule.judge(facts(raw(stray("/srv/x"), protocol="")))
    assert bare.text == "reads raw packets, from no package"
