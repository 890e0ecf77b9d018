"""Every page in every language, the assets, and the pages of trouble."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.serving import SCOPE


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


@pytest.mark.parametrize("path", ["/ports/70000.json", "/ro/ports/x.json", "/ports/1703/xyz.json"])
def test_whoever_asks_for_json_is_told_in_json(browser, path):
    said = browser.get(path)
    assert said.status_code == 404
    assert said.headers["content-type"].startswith("application/problem+json")
    assert said.json()["remedy"]


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


def test_a_stranger_s_form_is_not_waited_for():
    """Somebody without a session could hold connections with bodies that never end."""

    async def never():
        pytest.fail("nobody asked who it is first")

    sent, site = [], kit.site()

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:1703"), (b"content-length", b"9")]
    for path in ("/leave", "/theme", "/ports/22/useful", "/drift/x/decision"):
        scope: Any = {
            **SCOPE,
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "headers": headers,
            "state": {},
        }
        asyncio.run(site.litestar(scope, never, send))
        assert sent.pop(0)["status"] == 401
        sent.clear()


def test_no_page_leads_to_another_host(browser):
    for path in ("//evil.example/x", "/de//evil.example", "/%2f/evil.example", "///evil.example"):
        said = browser.get(f"http://127.0.0.1:1703{path}")
        assert said.status_code == 404
        assert not re.findall(r'(?:href|action|value)="(//[^"]*)"', said.text)
