"""What a browser chose, and what is kept of it."""

from __future__ import annotations

import os
from http.cookies import SimpleCookie

import pytest
from tests.faces.web import kit

from hb_engine.faces.web import assets
from hb_engine.faces.web.themes import COOKIE, SYSTEM, THEMES, YEAR, chosen, cookie


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_is_kept_as_it_was_chosen(theme):
    kept = SimpleCookie(cookie(theme))[COOKIE]
    assert chosen(kept.value) == theme
    assert kept["path"] == "/"
    assert kept["max-age"] == str(YEAR)
    assert kept["samesite"] == "Lax"


@pytest.mark.parametrize(
    "value", ["", "LIGHT", "pink", "light dark", "dark; Domain=hb.invalid", "\r\nSet-Cookie: a=b", "é" * 5000]
)
def test_another_is_the_systems(value):
    assert chosen(value) == SYSTEM
    assert cookie(value) == cookie(SYSTEM)


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_is_shown_in_it(theme):
    site = kit.site()
    with kit.client(site) as browser:
        browser.cookies.set(COOKIE, theme)
        said = browser.get("/ports/1703").text
    assert f'data-theme="{theme}"' in said
    assert f'value="{theme}" aria-pressed="true"' in said
    assert said.count('aria-pressed="true"') == 1


def test_a_strangers_cookie_is_not_shown():
    with kit.client(kit.site()) as browser:
        browser.cookies.set(COOKIE, "x onload=alert(1)")
        said = browser.get("/ports/1703").text
    assert 'data-theme="system"' in said
    assert "onload" not in said


def test_the_script_keeps_what_the_form_keeps():
    """The script writes the cookie itself: name, length and scope are those of cookie()."""
    with open(os.path.join(assets.HERE, "theme.js"), encoding="utf-8") as file:
        script = file.read()
    assert f"`{cookie('dark').replace('dark', '${button.value}')}`" in script
