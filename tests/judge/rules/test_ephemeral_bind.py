"""A fixed place among the kernel's own ports is a remark; what the kernel chose, or may not meet, is none."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import facts, heard, opening, owner

from hb_engine.judge.rules import ephemeral_bind as rule
from hb_engine.model.opening import Netns, Opening, Registered, Unowned

PORTS = (32768, 60999)


def udp(port: int, **changes: Any) -> Opening:
    return opening(port, **{"transport": "udp", "kind": "bound", **changes})


@pytest.mark.parametrize(
    "it",
    [
        opening(33060),
        opening(32768),
        opening(60999),
        opening(50000, scope="loopback"),
        opening(50000, kind="activation"),
        udp(51820, owners=(), unowned=Unowned("kernel", "wireguard wg0"), kind="kernel"),
        udp(34567, registered=(Registered("some-service"),)),
    ],
)
def test_it_speaks(it):
    place = f"{it.transport} {it.port}"
    assert heard(rule, it, local_ports=PORTS) == [
        ("info", f"{place} is among the ports that outgoing connections are given")
    ]


@pytest.mark.parametrize(
    "it",
    [
        opening(80),
        opening(32767),
        opening(61000),
        opening(50000, ephemeral=True),
        opening(50000, netns=Netns(7, kind="container")),
        opening(50000, flags=("not-listening",)),
        opening(50000, kind="redirect"),
        opening(None, kind="tap", transport="packet"),
        udp(45678, owners=(owner("/usr/sbin/unbound"),)),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it, local_ports=PORTS) == []


def test_a_range_that_was_not_read_is_no_evidence():
    assert heard(rule, opening(50000)) == []


def test_the_way_out_is_told_with_the_machines_own_range():
    (reason,) = rule.judge(facts(opening(33060), local_ports=(10000, 65535)))
    assert reason.evidence == ("the kernel hands out 10000 to 65535",)
    assert reason.remedy.startswith("add 33060 to net.ipv4.ip_local_reserved_ports")
