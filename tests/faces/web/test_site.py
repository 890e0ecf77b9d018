"""Every page in every language, the assets, and the pages of trouble."""

from __future__ import annotations

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.language import CODES


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as found:
        yield found


@pytest.mark.parametrize("code", CODES)
def test_a_page_in_each_language(browser, code):
    said = browser.get("/ports/1703" if code == "en" else f"/{code}/ports/1703")
    assert said.status_code == 200
    assert f'<html lang="{code}"' in said.text
    assert said.headers["content-language"] == code


@pytest.mark.parametrize("path", ["/nothing", "/xx/ports/1703", "/ports/65536", "/ports/-1", "/ports/%00"])
def test_what_there_is_not(browser, path):
    said = browser.get(path)
    assert said.status_code == 404
    assert "<h1" in said.text


def test_a_stranger_is_told_how_to_come_in():
    with kit.client(kit.site(), None) as stranger:
        said = stranger.get("/ports/1703")
    assert said.status_code == 401
    assert "hb serve" in said.text


def test_assets_may_be_kept_for_ever(browser):
    site = kit.site()
    said = browser.get(site.assets.url("hb.css"))
    assert said.status_code == 200
    assert "immutable" in said.headers["cache-control"]
