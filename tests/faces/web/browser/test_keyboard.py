"""The keyboard alone: the way past the menu, where the focus is, menus that open and close, forms that are sent."""

from __future__ import annotations

import pytest
from tests.kit import browser as harness

pytestmark = pytest.mark.slow

FOCUSED = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: one.tagName, words: one.innerText || one.getAttribute("aria-label") || one.name || "", top: box.top,
    outline: style.outlineStyle, width: parseFloat(style.outlineWidth), seen: box.width > 0 && box.height > 0,
    svg: !!one.closest("svg"),
  };
})()"""


@pytest.fixture
def page(chromium, address, reader):
    with harness.opened(chromium, address, reader) as found:
        found.goto(f"{address}/ports/1703")
        yield found


def test_the_first_stop_leads_past_the_menu(page):
    page.keyboard.press("Tab")
    skip = page.evaluate(FOCUSED)
    assert skip["name"] == "A"
    assert skip["top"] >= 0  # it is seen when it has the focus
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('header.top').contains(document.activeElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_always_seen(chromium, address, pages, writer, scheme):
    unseen: dict[str, list[object]] = {}
    with harness.opened(chromium, address, writer, scheme=scheme) as page:
        for at in pages.html.values():
            page.goto(address + at)
            unseen[at] = []
            for _ in range(40):
                page.keyboard.press("Tab")
                stop = page.evaluate(FOCUSED)
                if stop["name"] == "BODY":
                    break
                if not (stop["seen"] and (stop["svg"] or (stop["outline"] != "none" and stop["width"] >= 2))):
                    unseen[at].append(stop)
    assert not {at: said for at, said in unseen.items() if said}


def test_languages_and_colours_by_keyboard(page):
    choices = page.locator("details.choices")
    choices.locator("summary").focus()
    page.keyboard.press("Enter")
    assert choices.get_attribute("open") is not None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hreflang") == "en"
    page.keyboard.press("Escape")
    assert choices.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_going_on_closes_the_menu(page):
    choices = page.locator("details.choices")
    choices.locator("summary").focus()
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
    assert choices.get_attribute("open") is None


def test_a_language_by_keyboard(page, address):
    page.locator("details.choices summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="日本語").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/ja/ports/1703")
    assert page.locator("html").get_attribute("lang") == "ja"


def test_search_by_keyboard(page, address):
    page.locator("header input[name=q]").focus()
    page.keyboard.type("ssh")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/search?q=ssh")
