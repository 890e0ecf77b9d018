"""The picture for the README stands alone: it is an SVG that needs no other file, and shows what the page shows."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("litestar")

from tests.faces.kit import LOOK
from tests.faces.web import kit
from tests.faces.web.map import pngs

from tools import map_picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    return map_picture.picture(kit.SIGHT)


def test_it_is_an_image_of_its_own(drawn):
    top = ET.fromstring(drawn)  # noqa: S314 -- our own
    assert top.tag == f"{SVG}svg"
    assert (top.get("width"), top.get("height"), top.get("data-theme")) == ("1000", "1000", "dark")
    assert len(drawn) < 64_000


def test_it_needs_nothing_from_elsewhere(drawn):
    hrefs = re.findall(r'href="([^"]+)"', drawn)
    assert hrefs
    assert all(one.startswith(("data:image/png;base64,", "#map-")) for one in hrefs)
    assert "url(" not in drawn
    assert "@import" not in drawn
    assert "<script" not in drawn
    assert "<a " not in drawn


def test_its_ground_is_the_page_s(drawn):
    (inside,) = re.findall(r"data:image/png;base64,([^\"]+)", drawn)
    assert len(pngs.pixels(base64.b64decode(inside))) == 256


def test_every_opening_is_on_it_with_its_shape(drawn):
    marks = [one for one in ET.fromstring(drawn).iter(f"{SVG}g") if one.get("data-port")]  # noqa: S314 -- our own
    assert {int(one.get("data-port", "")) for one in marks} >= {
        one.port for one in LOOK.openings if one.port is not None
    }
    shapes = {one.get("id") for one in ET.fromstring(drawn).iter(f"{SVG}g") if one.get("id")}  # noqa: S314 -- our own
    used = {use.get("href", "")[1:] for one in marks for use in one.iter(f"{SVG}use")}
    assert used <= shapes
    assert {"map-alarm", "map-open"} <= used


def test_every_colour_of_its_rules_is_there(drawn):
    style = drawn.partition("<style>")[2].partition("</style>")[0]
    asked = {one for one in re.findall(r"var\((--[a-z-]+)\)", style) if one.startswith("--map-")}
    assert asked
    assert all(f"{one}:" in style for one in asked)
