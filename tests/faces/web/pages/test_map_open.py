"""The layer of openings that are not drawn one by one, over HTTP: of the sight of now, one machine, a transport."""

from __future__ import annotations

import re

import pytest
from tests.faces.web import kit
from tests.faces.web.map import pngs
from tests.faces.web.map.test_drawing import crowd

from hb_engine.faces.web.map.hilbert import CELLS, PORTS
from hb_engine.faces.web.map.overlay import overlay_of
from hb_engine.model.record import replace

SIGHT = crowd(300)


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site(SIGHT)) as found:
        yield found


def covered(body):
    rows = pngs.pixels(body)
    return {port for port in range(PORTS) if rows[CELLS[port][1]][CELLS[port][0]][3]}


def test_the_page_asks_for_a_layer_for_each_theme(browser):
    asked = [one for one in re.findall(r'<image [^>]*href="([^"]+)"', browser.get("/map").text) if "/open/" in one]
    assert [one.rpartition("/")[2] for one in asked] == ["dark.png", "light.png"]
    for address in asked:
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["cache-control"].startswith("private")  # it says what is open here
        assert covered(answer.content) == {one.port for one in overlay_of(SIGHT).rest}


def test_the_script_is_told_the_same(browser):
    (address,) = re.findall(r'data-rest="([^"]+)"', browser.get("/map").text)
    runs = browser.get(address).json()["runs"]
    told = {port for first, last in zip(runs[::3], runs[1::3], strict=True) for port in range(first, last + 1)}
    assert told == {one.port for one in overlay_of(SIGHT).rest}


def test_a_transport_of_which_nothing_is_open_has_an_empty_layer(browser):
    assert covered(browser.get("/map/open/0/dark.png?transport=udp").content) == set()


def test_one_machine_of_several():
    both = replace(SIGHT, machines=(*SIGHT.machines, kit.OTHER))
    with kit.client(kit.site(both)) as browser:
        assert covered(browser.get("/map/open/0/dark.png?machine=db-3").content) == set()
        assert covered(browser.get("/map/open/0/dark.png?machine=web-17").content)


def test_an_old_address_leads_to_the_picture_of_now_and_is_not_kept(browser):
    assert browser.get("/map/open/0/light.png").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["dark", "sepia.png", "cells.png", "dark.json", "%2e%2e"])
def test_there_are_no_others(browser, name):
    answer = browser.get(f"/map/open/0/{name}")
    assert answer.status_code == (200 if name == "dark" else 404)


def test_strangers_are_not_told_what_is_open():
    with kit.client(kit.site(SIGHT), None) as browser:
        assert browser.get("/map/open/0/dark.png").status_code == 401
        assert browser.get("/map/open/0/cells.json").status_code == 401
