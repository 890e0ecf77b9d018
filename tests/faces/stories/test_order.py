"""The worst first; noise last, and never silently."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import LOOK

from hb_engine.faces.stories.order import SORTS, by_place, by_weight, in_order, is_noise
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement


def ports(openings):
    return [opening.port for opening in openings]


def test_severity_then_reach_then_port():
    assert ports(sorted(LOOK.openings, key=by_weight))[:4] == [1703, 6379, 22, 443]
    assert ports(sorted(LOOK.openings, key=by_weight))[-2:] == [5432, 8009]


def test_places_without_a_port_come_last():
    assert ports(sorted(LOOK.openings, key=by_place))[-1] is None


@pytest.mark.parametrize("sort", [*SORTS, ""])
def test_orders_are_the_same_whatever_the_order_before(sort):
    assert in_order(LOOK.openings, sort) == in_order(reversed(LOOK.openings), sort)
    assert in_order(LOOK.openings, sort, reverse=True) == in_order(LOOK.openings, sort)[::-1]


def test_orders():
    assert ports(in_order(LOOK.openings, "started"))[:2] == [1703, 6379]
    assert ports(in_order(LOOK.openings, "process"))[0] == 40123
    assert in_order(LOOK.openings, "scope")[0].scope == "public"


NOISE = {
    "a UDP client": (kit.CLIENT, True),
    "a socket that does not listen": (kit.IDLE, True),
    "a UDP service": (kit.DHCP, False),
    "a listener on a port of the kernel's choice": (replace(kit.SSH, ephemeral=True), False),
    "a client that a rule spoke of": (replace(kit.CLIENT, verdict=Judgement("medium")), False),
    "a client with a remark": (replace(kit.CLIENT, verdict=Judgement("info")), True),
    "a tap": (kit.TAP, False),
}


@pytest.mark.parametrize(("opening", "noise"), NOISE.values(), ids=NOISE)
def test_noise(opening, noise):
    assert is_noise(opening) is noise
