"""The numbers of a sight, and the map: counts that add up, and states that are never better than they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.faces.web.api import asking

from hb_engine.app.hub.sight import NOTHING
from hb_engine.model.record import replace


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def test_the_numbers(browser):
    told = browser.get("/api/v1/sight").json()
    assert (told["number"], told["machines"], told["judged"]) == (7, 3, 2)
    assert told["openings"] == sum([len(one.seen.openings) for one in asking.SIGHT.machines])
    assert (told["states"]["drift"], sum(told["severities"].values())) == (5, 5)
    assert told["writing"] is True
    assert [one["about"] for one in told["troubles"]].count(asking.BLIND.name) == 2


def test_before_the_first_look():
    with asking.client(asking.site(NOTHING)) as browser:
        told = browser.get("/api/v1/sight").json()
    assert (told["number"], told["taken_at"], told["machines"]) == (0, None, 0)
    assert told["troubles"][0]["message"] == "nobody has looked yet"


def test_the_map(browser):
    told = browser.get("/api/v1/map").json()
    states = {(one["transport"], one["port"]): one for one in told["ports"]}
    assert (states["tcp", 1703]["state"], states["tcp", 1703]["severity"]) == ("drift", "critical")
    assert (states["tcp", 1703]["openings"], states["tcp", 1703]["machines"]) == (2, 2)
    assert states["tcp", 443]["state"] == "drift"  # required and gone, though another machine has it
    assert states["tcp", 22]["state"] == "drift"  # expired
    assert states["tcp", 22]["openings"] == 6
    order = [(one["port"], one["transport"]) for one in told["ports"]]
    assert order == sorted(order)


def test_a_port_that_nobody_judged_is_open_and_not_expected():
    with asking.client(asking.site(replace(asking.SIGHT, machines=(asking.BLIND,)))) as browser:
        told = browser.get("/api/v1/map").json()
    assert {one["state"] for one in told["ports"]} == {"open"}


def test_registered_ranges(browser):
    spans = browser.get("/api/v1/map").json()["registered"]
    assert set(spans) == {"tcp", "udp"}
    for ranges in spans.values():
        flat = [number for span in ranges for number in span]
        assert flat == sorted(flat)
        assert all(left[1] + 1 < right[0] for left, right in pairwise(ranges))
    numbers = {number for first, last in spans["tcp"] for number in range(first, last + 1)}
    assert {22, 1703, 6000, 6063} <= numbers
    assert 65535 not in numbers
