"""Pictures of every page for people to look at, and what pictures tell by themselves: nothing sticks out at the side,
nothing is said on the console, and without JavaScript there is the same page.

They are kept in the folder that HB_SCREENS names, else in one of pytest's.
"""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from tests.kit import browser as harness
from tests.kit import html

pytestmark = pytest.mark.slow

VARIANTS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"scheme": "dark"},
    "narrow": {"width": 360, "height": 740},
    "narrow-dark": {"width": 360, "height": 740, "scheme": "dark"},
    "wide": {"width": 1600, "height": 1000},
    "plain": {"scripts": False},
}
SIDEWAYS = """[...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !one.closest(".scroll, .hidden, svg, pre, .choice");
}).map((one) => one.tagName + "." + one.className + " " + one.getBoundingClientRect().right)"""


def named(at: str, variant: str) -> str:
    """The file of a page's picture."""
    return f"{re.sub(r'[^a-z0-9]+', '-', at.lower()).strip('-') or 'home'}.{variant}.png"


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_page_in_a_picture(address, pages, shown, opened, variant):
    wrong = {}
    with opened(**VARIANTS[variant]) as page:
        for at in pages.html.values():
            page.goto(address + at)
            file = os.path.join(shown, named(at, variant))
            page.screenshot(path=file, full_page=True)
            wrong[at] = list(page.complaints)
            page.complaints.clear()
            if variant != "plain":  # a page without JavaScript cannot be asked
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wrong[at] += [f"{wide} px too wide", *page.evaluate(SIDEWAYS)] if wide > 0 else []
            assert os.path.getsize(file) > 1000
    assert not {at: said for at, said in wrong.items() if said}


def test_pages_of_trouble_in_pictures(chromium, address, reader, shown):
    with harness.opened(chromium, address, reader) as page:
        page.goto(f"{address}/nothing")
        page.screenshot(path=os.path.join(shown, "trouble.light.png"))
        assert page.get_by_role("heading", level=1).is_visible()
    with harness.opened(chromium, address) as page:
        page.goto(f"{address}/")
        page.screenshot(path=os.path.join(shown, "no-session.light.png"))
        assert page.get_by_text("hb serve").first.is_visible()


def test_without_javascript_there_is_the_same_page(chromium, address, pages, writer):
    """Everything that a script adds is more than the page's own words: none is missing without."""
    missing = {}
    with harness.opened(chromium, address, writer) as page:
        for at in pages.html.values():
            page.goto(address + at)
            with_scripts = "".join(page.inner_text("main").split()).lower()
            plain = html.read(harness.fetched(address, at, writer)[2]).all("main")[0]
            missing[at] = [
                one.text
                for one in plain.all("h1", "h2", "h3", "caption")
                if "".join(one.text.split()).lower() not in with_scripts
            ]
    assert not {at: said for at, said in missing.items() if said}


def test_print_is_dark_on_white_and_without_menus(chromium, address, pages, reader, shown):
    with harness.opened(chromium, address, reader, scheme="dark") as page:
        for at in pages.html.values():
            page.goto(address + at)
            page.emulate_media(media="print", color_scheme="dark")
            assert not page.locator("header.top").is_visible(), at
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == "rgb(255, 255, 255)", at
            page.pdf(path=os.path.join(shown, named(at, "print").replace(".png", ".pdf")), prefer_css_page_size=True)
            page.emulate_media(media="screen")
