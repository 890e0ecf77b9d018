"""A way to loopback that others can take is said; one to elsewhere, or that only this machine takes, is not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import facts, heard, opening, severities

from hb_engine.judge.rules import loopback_exposed as rule
from hb_engine.model.opening import Netns, Opening, Unowned


def way(*notes: str, **changes: Any) -> Opening:
    fields = {"kind": "redirect", "owners": (), "unowned": Unowned("kernel", "nftables ip nat PREROUTING"), **changes}
    return opening(8081, notes=notes, **fields)


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (way("leads to port 6379 of 127.0.0.1"), "medium"),
        (way("leads to the same port of 127.0.0.53"), "medium"),
        (way("leads to port 6379 of ::1"), "medium"),
        (way("leads to 127.0.0.1:6379", kind="forward"), "medium"),
        (way("leads to [::1]:6379", kind="forward"), "medium"),
        (way("leads to 10.0.0.7:80", "leads to 127.0.0.1:80", kind="forward"), "medium"),
        (way("leads to port 6379 of 127.0.0.1", scope="private"), "low"),
        (way("leads to port 6379 of 127.0.0.1", netns=Netns(7, kind="container")), "low"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        way(),
        way("leads to port 8443 of this machine"),
        way("leads to port 80 of 192.168.1.7"),
        way("leads to 127.example:80", scope="loopback"),
        way("leads to 10.127.0.1:80", kind="forward"),
        way("leads to port 6379 of 127.0.0.1", scope="loopback"),
        way("taken by the transparent proxy at port 80 of this machine"),
        way("a note of 127 words"),
        way("leads to port 6379 of 127.0.0.1", kind="listener"),
        opening(80),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_the_rule_and_where_it_leads_are_told_once():
    (reason,) = rule.judge(facts(way("leads to port 6379 of 127.0.0.1", "leads to port 6380 of 127.0.0.1")))
    assert reason.text == "opens to others what listens on loopback: tcp 8081 leads to port 6379 of 127.0.0.1"
    assert reason.evidence == ("by nftables ip nat PREROUTING",)


def test_who_accepts_such_a_way_has_accepted_it():
    assert not rule.RULE.lasting
