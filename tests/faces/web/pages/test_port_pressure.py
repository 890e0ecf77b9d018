"""SANS ISC is asked when a person presses the button, and never otherwise. Numbers are made up."""

from __future__ import annotations

from typing import Any

import pytest
from tests.faces.kit import NOW
from tests.faces.web import kit
from tests.kit import html

from hb_engine.app.hub.scanned import Kept
from hb_engine.model.assignment import Pressure
from hb_engine.model.errors import TooSoon, Unreachable
from hb_engine.registry.pressure import Look


class Service:
    def __init__(self) -> None:
        self.asked: list[int] = []
        self.error: Any = None

    def pressure(self, port):
        self.asked.append(port)
        if self.error:
            raise self.error
        return self.kept(port)

    def kept(self, port):
        look = (
            Look(port, (Pressure("2026-11-22", 5, 4, 3),), fetched_at=NOW)
            if port in self.asked and not self.error
            else None
        )
        return Kept(port, look, True, tuple(self.asked))


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def browser(service):
    with kit.client(kit.site(answers={"pressure": service.pressure, "pressure-kept": service.kept})) as made:
        yield made


def post(browser, path="/ports/1703/pressure", csrf=kit.READER.csrf):
    return browser.post(path, data={"csrf": csrf}, follow_redirects=False)


def test_the_button_asks_once_and_the_page_shows_it(browser, service):
    assert "port-bar" not in browser.get("/ports/1703").text
    assert service.asked == []
    said = post(browser)
    assert (said.status_code, said.headers["location"]) == (303, "/ports/1703#pressure")
    assert service.asked == [1703]
    assert "port-bar" in browser.get("/ports/1703").text
    assert service.asked == [1703]


@pytest.mark.parametrize(("error", "status"), [(TooSoon, 503), (Unreachable, 502)])
def test_what_goes_wrong_stands_where_the_button_is(browser, service, error, status):
    service.error = error("SANS ISC has asked to be left alone", "Ask again in 5 minutes.")
    said = post(browser)
    assert said.status_code == status
    assert html.complaints(said.content) == []
    assert "Ask again in 5 minutes." in said.text
    assert "hb-engine" in said.text  # and the rest of the page is there


@pytest.mark.parametrize("path", ["/ports/0/pressure", "/ports/65536/pressure", "/ports/ssh/pressure"])
def test_only_ports_have_counts(browser, service, path):
    assert post(browser, path).status_code == 404
    assert service.asked == []


def test_a_form_from_elsewhere_asks_nobody(browser, service):
    assert post(browser, csrf="guessed").status_code in (400, 403)
    assert service.asked == []


def test_looking_at_pages_asks_nobody(browser, service):
    for port in (1, 22, 1703, 65535):
        browser.get(f"/ports/{port}")
        browser.get(f"/ports/{port}.json")
    assert service.asked == []
