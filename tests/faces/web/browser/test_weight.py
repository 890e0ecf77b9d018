"""How much a page weighs, as a browser with nothing kept asks for it: HTML, style and scripts under 100 kB together.

Pictures are weighed too and not counted; nothing is asked of anywhere but the server, and what may be kept is asked for
once.
"""

from __future__ import annotations

import pytest
from tests.kit import browser as harness

pytestmark = pytest.mark.slow

MOST = 100_000  # bytes of bodies as they are sent
TRANSFERRED = """performance.getEntriesByType("resource")
.filter((one) => one.name.includes("/assets/") && one.transferSize).length"""
COUNTED = ("document", "stylesheet", "script")


def weighed(chromium, address, at, secret):
    """Bytes of bodies by kind, and all addresses that were asked, of one page in a browser with nothing kept."""
    with harness.opened(chromium, address, secret) as page:
        answers = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright looks into functions
        page.goto(address + at, wait_until="load")
        sums: dict[str, int] = {}
        for answer in answers:
            kind = answer.request.resource_type
            if kind != "eventsource":  # it never ends
                sums[kind] = sums.get(kind, 0) + answer.request.sizes()["responseBodySize"]
        return sums, [answer.url for answer in answers]


def test_no_page_weighs_too_much(chromium, address, pages, reader):
    heavy = {}
    for at in pages.html.values():
        sums, asked = weighed(chromium, address, at, reader)
        whole = sum([sums.get(kind, 0) for kind in COUNTED])
        assert whole > 1000, f"{at} weighs nothing: {sums}"
        assert all(url.startswith(address) for url in asked)
        if whole > MOST:
            heavy[at] = sums
    assert not heavy


def test_assets_are_asked_for_once(chromium, address, reader):
    with harness.opened(chromium, address, reader) as page:
        for port in (21, 22):  # a browser may keep what it got a moment after a page has loaded
            page.goto(f"{address}/ports/{port}", wait_until="load")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/ports/23", wait_until="load")
        from_server = [url for url in asked if "/assets/" in url]
        kept = page.evaluate(TRANSFERRED)
    assert from_server
    assert kept == 0
