"""The map's page: by links and forms alone, whatever the address says, in every language; and what it may weigh."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.faces.kit import HOST, HOSTILE, LOOK, NOBODY, NOW, hostile_look, opening
from tests.faces.web import kit
from tests.kit import html

from hb_engine.app.hub.sight import NOTHING, Machine, Sight
from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.map.overlay import DRAWN
from hb_engine.faces.web.pages import map as page
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as found:
        yield found


def crowd(count, number=1):
    ports = [1 + (number * 40503) % 65535 for number in range(count)]
    seen = Inventory(HOST, NOW, LOOK.coverage, tuple([opening(port) for port in ports]))
    return Sight(number, NOW, (Machine("web-17", seen),))


def view(body):
    (box,) = re.findall(r'viewBox="([-\d. ]+)" role="group"', body)
    return [float(part) for part in box.split()]


def test_the_map_shows_what_is_open(browser):
    body = browser.get("/map").text
    assert '<a href="/ports/1703" class="map-mark" data-port="1703" data-state="alarm"' in body
    assert "1703 hb-engine · tcp · look first" in body
    assert body.count("<image ") == 2  # one for each theme
    assert view(body) == [-600, -600, 26800, 26800]


@pytest.mark.parametrize(
    "address",
    ["/map", "/map?at=1703&zoom=4", "/map?at=1703&zoom=32", "/map?find=https", "/map?find=htps", "/map?transport=udp",
     "/map?chosen=1", "/map?chosen=1&open=1&threats=1", "/map?machine=db-3", "/map?at=0&zoom=32&page=2"],
)  # fmt: skip
def test_it_is_good_html(browser, address):
    assert html.complaints(browser.get(address).content) == []


@pytest.mark.parametrize("code", CODES)
def test_it_is_there_in_every_language(browser, code):
    answer = browser.get("/map" if code == "en" else f"/{code}/map")
    assert answer.status_code == 200
    assert html.complaints(answer.content) == []
    prefix = "" if code == "en" else f"/{code}"
    assert f'href="{prefix}/ports/1703"' in answer.text


def test_a_link_zooms_and_names_the_cells(browser):
    body = browser.get("/map?at=1703&zoom=32").text
    assert 'class="map-number"' in body
    assert ">1704</text>" in body
    assert ">hb-engine</text>" in body
    assert view(body)[2] == pytest.approx(26800 / 32)


def test_a_form_finds_a_port_by_number_and_by_name(browser):
    for asked in ("1703", "hb-engine", "HB-Engine", " 1703 "):
        body = browser.get("/map", params={"find": asked}).text
        assert 'data-map-here="1703"' in body
        assert view(body)[2] == pytest.approx(26800 / 8)


def test_a_name_that_nobody_knows_is_said_with_near_ones(browser):
    body = browser.get("/map?find=htps").text
    assert "No port is registered under this name." in body
    assert "?find=https" in body
    assert "data-map-here" not in body


def test_what_is_found_says_what_is_known_of_it(browser):
    body = browser.get("/map?find=1703").text
    card = body[body.index("data-map-here") :].partition("</section>")[0]
    assert "look first" in card
    assert "One threat has been linked with it." in card
    quiet = browser.get("/map?find=61234").text
    assert "It is not known to be open." in quiet


@pytest.mark.parametrize(
    ("chosen", "there", "gone"),
    [("&drift=1", 'data-state="alarm"', 'data-state="open"'), ("&open=1", 'data-state="open"', 'data-state="alarm"'),
     ("&registered=1", "dark-all-registered.png", 'class="map-mark"'), ("", "dark-all.png", 'class="map-mark"')],
)  # fmt: skip
def test_only_what_was_chosen_is_shown(browser, chosen, there, gone):
    body = browser.get(f"/map?chosen=1{chosen}").text
    assert there in body
    assert gone not in body


def test_a_choice_stays_while_one_moves(browser):
    body = browser.get("/map?chosen=1&drift=1&transport=tcp&machine=db-3&at=22&zoom=4").text
    for name in ("closer", "further", "left", "right", "up", "down"):
        (link,) = re.findall(rf'href="([^"]+)" data-map="{name}"', body)
        for word in ("chosen=1", "drift=1", "transport=tcp", "machine=db-3"):
            assert word in link, name


def test_the_buttons_lead_on_and_back(browser):
    body = browser.get("/map").text
    for way, zoom in (("closer", 2), ("closer", 4), ("further", 2), ("further", 1)):
        (link,) = re.findall(rf'href="([^"]+)" data-map="{way}"', body)
        body = browser.get(link.replace("&amp;", "&")).text
        assert view(body)[2] == pytest.approx(26800 / zoom)
    assert re.search(r'data-map="further"[^>]*aria-disabled="true"', body)


def test_one_machine(browser):
    body = browser.get("/map?machine=db-3").text
    assert '<option value="db-3" selected="selected">' in body
    assert "/machines/web-17/openings/" not in body
    assert browser.get("/map?machine=nobody").text.count("/machines/web-17/openings/") > 3


def test_the_same_is_a_table(browser):
    body = browser.get("/map").text
    table = body[body.index('id="map-table"') :]
    for one in LOOK.openings:
        if one.port is not None:
            assert f'/ports/{one.port}">{one.port}</a>' in table
    assert "/machines/web-17/openings/" in table


def test_what_was_not_seen_is_said():
    sight = Sight(1, NOW, (Machine("web-17", replace(LOOK, coverage=NOBODY)),))
    with kit.client(kit.site(sight)) as browser:
        body = browser.get("/map").text
    for gap in NOBODY.gaps:
        assert gap.what in body
        assert gap.remedy in body
    assert "2 openings have no port" in body or "One opening has no port" in body


def test_many_gaps_are_counted():
    gaps = tuple([replace(NOBODY.gaps[0], what=f"gap {number}") for number in range(page.GAPS + 5)])
    sight = Sight(1, NOW, (Machine("web-17", replace(LOOK, coverage=replace(NOBODY, gaps=gaps))),))
    with kit.client(kit.site(sight)) as browser:
        assert "5 more things were not seen" in browser.get("/map").text


def test_nobody_has_looked_yet():
    with kit.client(kit.site(NOTHING)) as browser:
        answer = browser.get("/map")
    assert answer.status_code == 200
    assert "nobody has looked yet" in answer.text
    assert "No port is known to be open." in answer.text
    assert html.complaints(answer.content) == []


@pytest.mark.slow
def test_strangers_text_is_text():
    sight = Sight(1, NOW, tuple([Machine(text, hostile_look()) for text in HOSTILE]))
    with kit.client(kit.site(sight)) as browser:
        for address in ("/map", "/map?at=2000&zoom=32"):
            answer = browser.get(address)
            assert answer.status_code == 200
            assert html.complaints(answer.content) == []
            assert "\u202e" not in answer.text
        values = re.findall(r'<option value="([^"]*)"', answer.text)
        for value in values[-len(HOSTILE) :]:
            told = browser.get("/map", params={"machine": value})
            assert f'<option value="{value}" selected="selected">' in told.text


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["at", "zoom", "find", "machine", "transport", "page", "chosen", "open", "x"]),
        st.text(max_size=30) | st.integers(-10, 70000).map(str),
    )
)
def test_any_question_has_an_answer(browser, asked):
    answer = browser.get("/map", params={name: text.encode("utf-8", "replace") for name, text in asked.items()})
    assert answer.status_code == 200
    assert html.complaints(answer.content) == []


@pytest.mark.slow
@pytest.mark.parametrize("count", [DRAWN, 900, 20_000])
def test_a_page_of_a_crowd_is_small(count):
    with kit.client(kit.site(crowd(count))) as browser:
        answer = browser.get("/map")
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    if count > DRAWN:
        assert "drawn as cells only" in answer.text
    assert html.complaints(answer.content) == []


def test_strangers_are_not_shown_the_map():
    with kit.client(kit.site(), None) as browser:
        assert browser.get("/map").status_code == 401


def test_what_is_written_once_is_written_for_each_language_view_and_sight():
    site = kit.site()
    with kit.client(site) as browser:
        english, german = browser.get("/map").text, browser.get("/de/map").text
        assert browser.get("/map").text == english
        assert 'href="/ports/1703" class="map-mark"' in english
        assert 'href="/de/ports/1703" class="map-mark"' in german
        assert ">1704</text>" in browser.get("/map?at=1703&zoom=32").text
        site.hub.show(replace(kit.SIGHT, number=2, machines=(kit.OTHER,)))
        assert "/machines/web-17/openings/" not in browser.get("/map").text
