"""The search page: straight to a port, groups with more, and words of strangers that are never markup."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from tests.faces.judged import AWKWARD
from tests.faces.web.api import asking
from tests.kit import browser as browsers

from hb_engine.app.hub.sight import NOTHING
from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.pages.search import PART

html5lib = pytest.importorskip("html5lib")


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


@contextmanager
def box(**more):
    """A tab before a site of its own, and the site's address."""
    with (
        browsers.chromium() as driven,
        browsers.served(asking.site()) as address,
        browsers.opened(driven, address, "reader-secret", **more) as page,
    ):
        yield page, address


def read(text):
    """A page as a strict parser reads it."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


@pytest.mark.parametrize(
    ("query", "to"),
    [
        ("q=1703", "/ports/1703"),
        ("q=tcp/22", "/ports/22/tcp"),
        ("q=port+22", "/ports/22"),
        ("q=%201703%20", "/ports/1703"),
        ("q=udp+53", "/ports/53/udp"),
    ],
)
def test_a_number_leads_straight_to_its_page(browser, query, to):
    said = browser.get(f"/search?{query}", follow_redirects=False)
    assert (said.status_code, said.headers["location"]) == (303, to)
    said = browser.get(f"/ro/search?{query}", follow_redirects=False)
    assert said.headers["location"] == f"/ro{to}"
    assert browser.get(f"/search?{query}&all", follow_redirects=False).status_code == 200
    assert browser.get(f"/search?{query}&all=1", follow_redirects=False).status_code == 200


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("query", ["", "?q=ssh", "?q=posgresql", "?q=8000-8100", "?q=70000", "?q=e&group=services"])
def test_every_kind_of_page_in_each_language(browser, code, query):
    said = browser.get(f"{'' if code == 'en' else '/' + code}/search{query}")
    assert said.status_code == 200
    assert len(said.content) < 100_000
    read(said.text)


def test_groups_are_cut_and_lead_to_the_rest(browser):
    page = read(browser.get("/search?q=e").text)
    lists = page.findall(".//section/ul")
    assert all(1 <= len(one.findall("li")) <= PART for one in lists)
    more = [one.get("href") for one in page.iter("a") if "page=2" in (one.get("href") or "")]
    assert "/search?q=e&group=services&page=2" in more
    second = browser.get("/search?q=e&group=services&page=2")
    assert "page=3" in second.text
    assert second.text.count("<li>") >= PART


def test_pages_beyond_the_end_and_groups_that_there_are_not(browser):
    assert browser.get("/search?q=e&group=services&page=99999").status_code == 200
    assert browser.get("/search?q=e&group=nothing&page=x").status_code == 200
    assert browser.get("/search?q=ssh&group=rules").status_code == 200


def test_what_was_probably_meant(browser):
    said = browser.get("/search?q=posgresql").text
    assert 'href="/search?q=postgresql"' in said


def test_a_number_that_is_no_port(browser):
    assert "65535" in browser.get("/search?q=65536").text


def test_before_the_first_look_that_is_said():
    with asking.client(asking.site(NOTHING)) as browser:
        assert "nobody has looked yet" in browser.get("/search?q=ssh").text


@pytest.mark.parametrize("text", AWKWARD)
def test_what_is_typed_never_becomes_markup(browser, text):
    said = browser.get("/search", params={"q": text.encode("utf-8", "surrogatepass"), "all": "1"})
    assert said.status_code == 200
    page = read(said.text)
    assert not [one for one in page.iter("script") if not one.get("src")]


@pytest.mark.slow
@pytest.mark.parametrize("text", AWKWARD)
def test_what_strangers_call_themselves_never_becomes_markup(text):
    with asking.client(asking.site(asking.saying(text))) as browser:
        said = browser.get("/search?q=root&all")
        assert said.status_code == 200
        read(said.text)
        assert "\u202e" not in said.text


@pytest.mark.slow
def test_the_box_suggests_while_one_types():
    with box() as (page, address):
        page.goto(f"{address}/search")
        page.focus("#search")
        page.keyboard.type("kwork")
        page.wait_for_selector('.search [role=option][data-href*="q=kwork&"]')  # of all that was typed
        typed = page.locator("#search")
        assert typed.get_attribute("role") == "combobox"
        assert typed.get_attribute("aria-expanded") == "true"
        assert page.locator(f"#{typed.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
        page.keyboard.press("ArrowDown")
        active = page.locator(f"#{typed.get_attribute('aria-activedescendant')}")
        assert active.get_attribute("aria-selected") == "true"
        assert "kworker" in active.inner_text()
        page.keyboard.press("Escape")
        assert typed.get_attribute("aria-expanded") == "false"
        assert typed.input_value() == "kwork"
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=kwork&all=1")


@pytest.mark.slow
def test_without_scripts_it_is_a_form():
    with box(scripts=False) as (page, address):
        page.goto(f"{address}/search")
        page.fill("#find", "redis")
        page.press("#find", "Enter")
        page.wait_for_url("**/search?q=redis")
        page.click("text=redis-server")
        page.wait_for_url("**/machines/**")
        page.fill("#search", "1703")
        page.press("#search", "Enter")
        page.wait_for_url("**/ports/1703")
