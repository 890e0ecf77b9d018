"""The pictures of the country, over HTTP: kept for ever under their own address, and only those that there are."""

from __future__ import annotations

import re

import pytest
from tests.faces.web import kit
from tests.faces.web.map import pngs

from hb_engine.faces.web.assets import KEPT
from hb_engine.faces.web.map.base import NAMES, base_of

DIGEST = base_of(kit.REGISTRY, kit.THREATS).digest


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as found:
        yield found


def test_every_picture_is_served(browser):
    for name in NAMES:
        answer = browser.get(f"/map/base/{DIGEST}/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["cache-control"] == KEPT
        assert len(pngs.pixels(answer.content)) == 256


def test_the_page_asks_for_pictures_that_there_are(browser):
    asked = re.findall(r'<image [^>]*href="([^"]+)"', browser.get("/map").text)
    assert len(asked) == 2
    for address in asked:
        assert browser.get(address).headers["cache-control"] == KEPT


def test_an_old_address_leads_to_the_picture_of_today_and_is_not_kept(browser):
    answer = browser.get("/map/base/0123456789ab/dark-all.png")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["hb.css", "dark-all.gif", "dark-all-registered-threats", "..%2fhb.css", "%00.png"])
def test_there_are_no_others(browser, name):
    assert browser.get(f"/map/base/{DIGEST}/{name}").status_code == 404
