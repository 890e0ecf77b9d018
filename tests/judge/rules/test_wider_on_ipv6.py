"""The same owner, the same port, and IPv6 wider than IPv4: that is the slip, and nothing less is."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import wider_on_ipv6 as rule
from hb_engine.model.opening import Netns, Opening

APP = owner("/usr/bin/app", unit="app.service")
OTHER = owner("/usr/bin/other", unit="other.service")


def six(*addresses: str, who: Any = APP, **changes: Any) -> Opening:
    changes = {"families": ("ipv6",), "scope": "public", "addresses": addresses or ("::",), **changes}
    return opening(8000, who, **changes)


def four(scope: str, *addresses: str, who: Any = APP, **changes: Any) -> Opening:
    more = {"addresses": addresses} if addresses else {}
    return opening(8000, who, scope=scope, **more, **changes)


@pytest.mark.parametrize(
    ("wide", "narrow", "severity"),
    [
        (six(flags=("v6only",)), four("loopback"), "medium"),
        (six(), four("private"), "medium"),
        (six(), four("link", "169.254.1.1"), "medium"),
        (six("2001:db8::7"), four("loopback"), "medium"),
        (six("2001:db8::7"), four("private"), "info"),
        (six(netns=Netns(7, kind="container")), four("loopback"), "low"),
    ],
)
def test_it_speaks(wide, narrow, severity):
    assert severities(rule, wide, siblings=(narrow,)) == [severity]


@pytest.mark.parametrize(
    ("it", "siblings"),
    [
        (six(), ()),
        (six(), (four("public"),)),
        (six(), (four("loopback"), four("public"))),
        (six(), (four("loopback", who=OTHER),)),
        (six(families=("ipv4", "ipv6")), (four("loopback"),)),
        (six("fd00::7", scope="private"), (four("loopback"),)),
        (six(), (six("::1", scope="loopback"),)),
        (six(flags=("not-listening",)), (four("loopback"),)),
        (six(), (four("loopback", flags=("not-listening",)),)),
        (four("loopback"), (six(),)),
    ],
)
def test_it_is_silent(it, siblings):
    assert heard(rule, it, siblings=siblings) == []


def test_nobody_is_not_the_same_as_nobody():
    wide = opening(8000, owners=(), families=("ipv6",), addresses=("::",))
    assert heard(rule, wide, siblings=(opening(8000, owners=(), scope="loopback"),)) == []


def test_both_addresses_are_the_evidence():
    (reason,) = rule.judge(facts(six(), siblings=(four("loopback"),)))
    assert reason.text == "is loopback on IPv4 and public on IPv6"
    assert reason.evidence == ("tcp 8000 of the same owner: 127.0.0.1 and ::",)
