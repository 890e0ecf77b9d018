"""A rule that takes from a listener is grave; one that publishes, or only passes on, is a remark."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities

from hb_engine.judge.rules import kernel_redirect as rule
from hb_engine.model.opening import Opening, Unowned

AWAY = ("leads to 192.0.2.9:443",)
HERE = ("leads to port 8443 of this machine",)
SOME = (*AWAY, "only under further conditions of the rule: ip saddr")
PASSING = (*AWAY, "for addresses that are not this machine's, whose traffic passes through it")


def way(*notes: str, port: int = 443, **changes: Any) -> Opening:
    fields = {"kind": "forward", "owners": (), "unowned": Unowned("kernel", "nftables ip nat PREROUTING"), **changes}
    return opening(port, notes=notes or AWAY, **fields)


NGINX = opening(443)
PROXY = opening(443, owner("/usr/bin/docker-proxy"))


@pytest.mark.parametrize(
    ("it", "siblings", "severity"),
    [
        (way(), (NGINX,), "high"),
        (way(*HERE, kind="redirect"), (NGINX,), "high"),
        (way(scope="private"), (opening(443),), "medium"),
        (way(addresses=("192.168.1.7",)), (opening(443, scope="private"),), "high"),
        (way(*SOME), (NGINX,), "low"),
        (way(), (PROXY, NGINX), "high"),
        (way("leads to 127.0.0.1:6379"), (), "info"),
        (way(), (), "info"),
        (way(*HERE, kind="redirect"), (), "info"),
        (way(container=BOX), (PROXY,), "info"),
        (way(*PASSING), (NGINX,), "info"),
        (way(), (opening(443, scope="loopback"),), "info"),
        (way(addresses=("192.168.1.8",)), (opening(443, scope="private"),), "info"),
        (way(), (opening(443, owners=(), unowned=Unowned("not-permitted")),), "info"),
        (way(transport="udp"), (opening(443, transport="udp", kind="bound", ephemeral=True),), "info"),
        (way("leads to port 6379 of 127.0.0.1", scope="loopback"), (), "info"),
    ],
)
def test_it_speaks(it, siblings, severity):
    assert severities(rule, it, siblings=siblings) == [severity]


@pytest.mark.parametrize(
    "it", [NGINX, PROXY, opening(None, kind="tap", transport="packet"), opening(4789, owners=(), kind="kernel")]
)
def test_it_is_silent(it):
    assert heard(rule, it, siblings=(way(),)) == []


def test_from_whom_and_to_where_is_told_and_it_lasts():
    (reason,) = rule.judge(facts(way(), siblings=(NGINX,)))
    assert reason.text == "what arrives for /usr/sbin/nginx at tcp 443 leads to 192.0.2.9:443"
    assert reason.evidence[0] == "by nftables ip nat PREROUTING"
    assert rule.RULE.lasting


def test_a_way_of_which_nothing_is_told_leads_elsewhere():
    (reason,) = rule.judge(facts(way("a note of another kind", unowned=None)))
    assert reason.text == "tcp 443 leads elsewhere"
    assert reason.evidence == ("a note of another kind",)
