"""The document beside a page: what hb port --json prints, with this network's openings."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.faces.kit import NOW
from tests.faces.web import kit

from hb_engine.app.hub.scanned import Kept
from hb_engine.app.hub.sight import NOTHING
from hb_engine.app.looking.port import Found, page_of
from hb_engine.faces.export import documents
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import language
from hb_engine.faces.web.page import Ask
from hb_engine.faces.web.ports import documented
from hb_engine.faces.web.ports.address import Asked
from hb_engine.model.assignment import Pressure
from hb_engine.model.errors import BadInput
from hb_engine.registry.pressure import Look
from hb_engine.registry.ranges import elsewhere


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as made:
        yield made


def read(said):
    assert said.status_code == 200
    assert said.headers["content-type"].startswith("application/json")
    return json.loads(said.text)


def made(port, sight=kit.SIGHT, answers=None):
    """The document without a server."""
    known = answers or {}

    async def answer(question, **words):
        if question not in known:
            raise BadInput(f"there is no question {question!r}", "")
        return known[question](**words)

    hub = Hub(kit.REGISTRY, kit.THREATS, answer, clock=lambda: NOW)
    hub.show(sight)
    ask = Ask(hub, language("en"), kit.READER, path="", params={}, query={}, form={}, now=NOW)
    told = asyncio.run(documented.document(ask, Asked(port, json=True)))
    assert told.media == documented.MEDIA
    return json.loads(told.body)


def test_it_is_the_command_line_s_document_and_machines_besides(browser):
    told = read(browser.get("/ports/1703.json"))
    plain = documents.port(Found("1703", page_of(1703, kit.REGISTRY), elsewhere=elsewhere(1703)))
    assert list(told) == [*json.loads(plain), "machines"]
    assert (told["schema"], told["kind"], told["port"], told["query"]) == ("hb/1", "port", 1703, "1703")
    assert [one["port"] for one in told["openings"]] == [1703]
    assert [(one["name"], one["source"], len(one["openings"])) for one in told["machines"]] == [
        ("web-17", None, 1),
        ("db-3", "db-3.json", 1),
    ]
    assert told["pressure"] is None


def test_one_transport(browser):
    told = read(browser.get("/ports/1703/udp.json"))
    assert (told["query"], told["transport"], told["openings"]) == ("udp/1703", "udp", [])


@pytest.mark.parametrize("code", ["ro", "ja"])
def test_no_language_changes_it(browser, code):
    assert read(browser.get(f"/{code}/ports/22.json")) == read(browser.get("/ports/22.json"))


def test_where_nobody_looked_it_says_so():
    told = made(22, sight=NOTHING)
    assert told["openings"] is None
    assert told["coverage"] is None
    assert told["machines"] == []


def test_what_is_kept_of_the_pressure_is_in_it():
    look = Look(22, (Pressure("2026-11-22", 5, 4, 3),), fetched_at=NOW)
    told = made(22, answers={"pressure-kept": lambda port: Kept(port, look, True, (22,))})
    assert told["pressure"]["days"] == [{"date": "2026-11-22", "records": 5, "targets": 4, "sources": 3}]
    assert "SANS" in told["pressure"]["attribution"]


@pytest.mark.parametrize("port", [0, 757, 49152, 65535, 80])
def test_every_port_has_one(port):
    assert made(port)["port"] == port
