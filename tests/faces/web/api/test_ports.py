"""Ports: all of them in a list, and the page of each with what every machine has there."""

from __future__ import annotations

import json

import pytest
from tests.faces.web.api import asking
from tests.faces.web.kit import REGISTRY

from hb_engine.app.looking.port import Found, page_of
from hb_engine.faces.export import documents
from hb_engine.model.record import replace
from hb_engine.registry.ranges import elsewhere


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def numbers(browser, **words):
    return [one["port"] for one in asking.every(browser, "/ports", **words)[0]]


@pytest.mark.slow
def test_every_port_is_told_once(browser):
    found, parts = asking.every(browser, "/ports", limit=500)
    assert [one["port"] for one in found] == list(range(65536))
    assert parts == 132


def test_filters(browser):
    here = {one.port for machine in asking.SIGHT.machines for one in machine.seen.openings if one.port is not None}
    assert numbers(browser, open="true", limit=3) == sorted(here)
    assert numbers(browser, q="secure shell") == [22]
    assert numbers(browser, q="SECURE  Shell", range="user") == []
    assert 1703 in numbers(browser, q="hb-engine", registered="true")
    told = browser.get("/api/v1/ports?range=dynamic&registered=true").json()
    assert (told["total"], told["items"], told["next"]) == (0, [], None)
    assert browser.get("/api/v1/ports?range=system&limit=1").json()["total"] == 1024


def test_a_row(browser):
    row = browser.get("/api/v1/ports?q=hb-engine").json()["items"][0]
    assert (row["port"], row["range"]) == (1703, "user")
    assert {"transport": "tcp", "name": "hb-engine", "description": "hb-engine", "status": "assigned"} in row[
        "registered"
    ]
    assert (row["openings"], row["machines"], row["threats"]) == (2, 2, 1)


def test_the_page_of_a_port_is_that_of_the_command_line_and_more(browser):
    told = browser.get("/api/v1/ports/22").json()
    registry = REGISTRY
    first = asking.FIRST.seen
    here = tuple([one for one in first.openings if one.port == 22])
    theirs = Found("22", page_of(22, registry), (), (), here, first.coverage, elsewhere(22), registry.problem)
    asked = json.loads(documents.port(theirs))
    assert {name: told[name] for name in asked} == asked
    assert set(told) - set(asked) == {"machines"}
    assert [one["name"] for one in told["machines"]] == ["web-17", "db-3", asking.BLIND.name]


def test_what_each_machine_has_there(browser):
    machines = browser.get("/api/v1/ports/1703").json()["machines"]
    assert [len(one["openings"]) for one in machines] == [1, 1, 0]
    assert [one["judged"] for one in machines] == [True, True, False]
    assert machines[0]["verdicts"][0]["difference"] == "new"
    assert machines[2]["coverage"]["gaps"]


def test_what_is_required_and_missing_is_told_with_its_port(browser):
    machines = browser.get("/api/v1/ports/443").json()["machines"]
    assert "gone" in [one["difference"] for one in machines[0]["verdicts"]]


def test_a_transport(browser):
    told = browser.get("/api/v1/ports/68/udp").json()
    assert (told["query"], told["transport"]) == ("udp/68", "udp")
    assert {one["transport"] for one in told["openings"]} == {"udp"}
    assert browser.get("/api/v1/ports/68/tcp").json()["openings"] == []


def test_where_nobody_looked_nothing_is_called_closed():
    with asking.client(asking.site(replace(asking.SIGHT, machines=()))) as browser:
        told = browser.get("/api/v1/ports/22").json()
    assert (told["openings"], told["coverage"], told["machines"]) == (None, None, [])


@pytest.mark.parametrize("path", ["/ports/65536", "/ports/-1", "/ports/022", "/ports/x", "/ports/22/ip", "/ports/%00"])
def test_what_is_no_port(browser, path):
    assert browser.get(f"/api/v1{path}").status_code == 404
