"""The map in a real browser: keys, wheel, drag, names under the pointer, news; and the same without a script."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from tests.faces.kit import LOOK
from tests.faces.web import kit
from tests.kit import browser as harness

from hb_engine.faces.web.map.hilbert import CELLS
from hb_engine.model.record import replace

pytestmark = pytest.mark.slow

READY = "#port-map[data-ready]"
BOX = "document.querySelector('svg.map').getAttribute('viewBox').split(' ').map(Number)"
COUNTRIES = """[...document.querySelectorAll('.map-country')]
.filter((one) => getComputedStyle(one).display !== 'none').map((one) => one.getAttribute('href'))"""
STILL = """() => { const now = document.querySelector('svg.map').getAttribute('viewBox'), still = now === window.was;
window.was = now; return still && !document.querySelector('.map-names.wide') }"""
NAMES = """[...document.querySelectorAll('.map-names .map-name')].map((one) => {
const box = one.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom, one.textContent] })"""


@pytest.fixture
def page(chromium, address, reader):
    found: Any
    with harness.opened(chromium, address, reader, height=1000) as found:
        found.goto(f"{address}/map")
        found.wait_for_selector(READY)
        settle(found)
        yield found
        assert found.complaints == []


def settle(page):
    """Until the view stands still and its names are the script's own."""
    page.wait_for_function(STILL, polling=120)


def place(page, port):
    """Where a port's cell is on the screen."""
    left, top, wide, _ = page.evaluate(BOX)
    box = page.locator("svg.map").bounding_box()
    x, y = [(part + 0.5) * 100 for part in CELLS[port]]
    return box["x"] + (x - left) / wide * box["width"], box["y"] + (y - top) / wide * box["height"]


def heard(page):
    return page.inner_text("[data-map-voice]")


def test_the_pointer_names_what_is_under_it(page):
    page.mouse.move(*place(page, 1703))
    told = page.inner_text("[data-map-label]").splitlines()
    assert told[0] == "1703 hb-engine"
    assert "look first" in told[1]
    assert "Exploiter" in told[-1]
    page.mouse.move(*place(page, 61234))
    assert page.inner_text("[data-map-label]").splitlines() == [
        "61234", "not known to be open", "dynamic, never registered"
    ]  # fmt: skip
    page.mouse.move(2, 2)
    assert page.locator("[data-map-label]").is_hidden()


def test_a_press_on_a_mark_leads_to_its_port(page):
    page.mouse.click(*place(page, 1703))
    page.wait_for_url("**/ports/1703")


def test_a_press_on_the_country_chooses_a_cell_and_a_second_leads_there(page):
    page.mouse.click(*place(page, 61234))
    assert heard(page).startswith("61234, not known to be open")
    page.mouse.click(*place(page, 61234))
    page.wait_for_url("**/ports/61234")


def test_the_wheel_comes_closer_to_what_is_under_the_pointer(page):
    before = place(page, 1703)
    page.mouse.move(*before)
    for _ in range(4):
        page.mouse.wheel(0, -120)
    settle(page)
    assert page.evaluate(BOX)[2] < 26800 / 4
    after = place(page, 1703)
    assert abs(after[0] - before[0]) < 3
    assert abs(after[1] - before[1]) < 3
    for _ in range(12):
        page.mouse.wheel(0, 120)
    settle(page)
    assert page.evaluate(BOX)[2] == pytest.approx(26800, rel=0.01)


def test_dragging_moves_what_is_seen_with_the_pointer(page, address):
    page.goto(f"{address}/map?at=33434&zoom=4")
    page.wait_for_selector(READY)
    settle(page)
    x, y = place(page, 33434)
    page.mouse.move(x + 40, y + 40)
    page.mouse.down()
    page.mouse.move(x + 140, y + 90, steps=6)
    page.mouse.up()
    settle(page)
    after = place(page, 33434)
    assert (after[0] - x, after[1] - y) == (pytest.approx(100, abs=3), pytest.approx(50, abs=3))
    assert "/map" in page.url  # letting go is no press


def test_the_address_follows_and_leads_back(page):
    page.mouse.move(*place(page, 1703))
    for _ in range(5):
        page.mouse.wheel(0, -120)
    settle(page)
    page.wait_for_url(re.compile("zoom="))
    page.reload()
    page.wait_for_selector(READY)
    settle(page)
    x, y = place(page, 1703)
    box = page.locator("svg.map").bounding_box()
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]


def test_the_keyboard_walks_from_cell_to_cell_and_is_told_of_each(page):
    page.focus("[data-map-frame]")
    page.keyboard.press("n")
    assert heard(page).startswith("22 ssh")
    x, y = CELLS[22]
    page.keyboard.press("ArrowRight")
    right = CELLS.index((x + 1, y))
    assert heard(page).startswith(str(right))
    page.keyboard.press("ArrowDown")
    assert heard(page).startswith(str(CELLS.index((x + 1, y + 1))))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert heard(page).startswith("22 ssh")
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    assert heard(page).startswith(str(CELLS.index((0, y))))  # the edge holds


def test_the_keyboard_goes_through_the_openings_and_opens_one(page):
    page.focus("[data-map-frame]")
    wanted = sorted({one.port for each in kit.SIGHT.machines for one in each.seen.openings if one.port is not None})
    for port in [*wanted, wanted[0]]:
        page.keyboard.press("n")
        assert heard(page).startswith(f"{port}")
    page.keyboard.press("n")
    page.keyboard.press("p")
    assert heard(page).startswith(str(wanted[0]))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ports/{wanted[0]}")


def test_the_keyboard_zooms_and_the_chosen_port_stays_in_view(page):
    page.focus("[data-map-frame]")
    page.keyboard.press("n")
    for _ in range(5):
        page.keyboard.press("+")
    settle(page)
    assert page.evaluate(BOX)[2] == pytest.approx(26800 / 32)
    assert page.locator(".map-number", has_text=re.compile("^22$")).count() == 1
    page.keyboard.press("0")
    settle(page)
    assert page.evaluate(BOX)[2] == 26800


def test_the_buttons_do_without_loading_the_page(page):
    page.evaluate("window.same = true")
    page.click("[data-map=closer]")
    settle(page)
    assert page.evaluate(BOX)[2] == 13400
    page.click("[data-map=further]")
    settle(page)
    assert page.evaluate(BOX)[2] == 26800
    assert page.evaluate("window.same") is True
    assert page.get_attribute("[data-map=further]", "aria-disabled") == "true"


@pytest.mark.parametrize("width", [360, 1280])
def test_names_never_lie_on_one_another(chromium, address, reader, width):
    for query in ("", "?at=1703&zoom=2", "?at=443&zoom=4", "?at=443&zoom=8"):
        for scripts in (True, False):
            with harness.opened(chromium, address, reader, width=width, scripts=True) as page:
                if not scripts:
                    page.route("**/map.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
                page.goto(f"{address}/map{query}")
                if scripts:
                    page.wait_for_selector(READY)
                    settle(page)
                boxes = [one for one in page.evaluate(NAMES) if one[2] > one[0]]
            assert boxes
            for index, one in enumerate(boxes):
                for other in boxes[:index]:
                    beside = one[0] >= other[2] - 1 or other[0] >= one[2] - 1
                    apart = beside or one[1] >= other[3] - 3 or other[1] >= one[3] - 3
                    assert apart, (query, scripts, one, other)


def test_news_come_onto_the_map_and_the_view_stays(chromium, reader):
    site = kit.site()
    with harness.served(site) as address, harness.opened(chromium, address, reader) as page:
        page.goto(f"{address}/map?at=1703&zoom=4")
        page.wait_for_selector(READY)
        settle(page)
        page.focus("[data-map-frame]")
        page.keyboard.press("ArrowRight")
        settle(page)
        box, chosen = page.evaluate(BOX), heard(page)
        new = replace(LOOK.openings[0], port=2000)
        machine = replace(kit.MACHINE, seen=replace(LOOK, openings=(*LOOK.openings, new)))
        site.hub.show(replace(kit.SIGHT, number=kit.SIGHT.number + 1, machines=(machine,)))
        page.wait_for_selector(".map-mark[data-port='2000']", state="attached")
        settle(page)
        assert page.evaluate(BOX) == box
        assert page.locator(".map-cursor").count() == 1
        assert page.evaluate("document.activeElement.hasAttribute('data-map-frame')")
        assert page.locator(".map-mark title").count() == 0  # the label says it, also of what has come
        page.keyboard.press("ArrowLeft")
        assert heard(page) != chosen


def test_without_a_script_links_and_forms_do(chromium, address, reader, shown):
    with harness.opened(chromium, address, reader, scripts=False, scheme="dark") as page:
        page.goto(f"{address}/map")
        page.fill("#map-find", "hb-engine")
        page.press("#map-find", "Enter")
        page.wait_for_url("**find=hb-engine**")
        page.click("[data-map=closer]")
        page.wait_for_url("**zoom=16**")
        assert page.locator(".map-number", has_text=re.compile("^1703$")).count() == 1
        page.screenshot(path=os.path.join(shown, "map-near.plain.png"))
        page.click(".map-mark[data-port='1703']")
        page.wait_for_url("**/ports/1703")


def test_both_themes_have_their_own_country(chromium, address, reader):
    for scheme in ("light", "dark"):
        with harness.opened(chromium, address, reader, scheme=scheme) as page:
            page.goto(f"{address}/map")
            (href,) = page.evaluate(COUNTRIES)
            assert f"/{scheme}-all" in href
            page.evaluate("document.documentElement.dataset.theme = 'dark'")
            (href,) = page.evaluate(COUNTRIES)
            assert "/dark-all" in href


def test_touch_names_a_port_and_two_fingers_zoom(chromium, address, reader):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    try:
        context.add_cookies([{"name": f"hb_{address.rpartition(':')[2]}", "value": reader, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/map")
        page.wait_for_selector(READY)
        settle(page)
        page.touchscreen.tap(*place(page, 61234))
        assert heard(page)
        x, y = place(page, 30000)
        page.evaluate(
            """([x, y]) => { const frame = document.querySelector('[data-map-frame]');
            const send = (kind, id, dx) => frame.dispatchEvent(new PointerEvent(kind,
              { pointerId: id, clientX: x + dx, clientY: y, bubbles: true, pointerType: 'touch' }));
            send('pointerdown', 11, -20); send('pointerdown', 12, 20);
            for (let by = 20; by <= 60; by += 4) { send('pointermove', 11, -by); send('pointermove', 12, by); }
            send('pointerup', 11, -60); send('pointerup', 12, 60); }""",
            [x, y],
        )
        settle(page)
        assert page.evaluate(BOX)[2] < 26800 / 2
    finally:
        context.close()
