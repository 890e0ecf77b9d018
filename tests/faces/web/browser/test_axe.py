"""axe-core looks at every page in a real browser, in both themes, wide and narrow: nothing keeps anybody out.

All of axe's rules are asked, best practices included. Links and inputs are opened as far as they open without asking a
server: what a menu hides is looked at too.
"""

from __future__ import annotations

import pytest
from tests.kit import browser as harness

AXE = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.slow

OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"
EVERYTHING = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": True}}}


def violations(page) -> list[str]:
    found = AXE.Axe().run(page, options=EVERYTHING).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} ({node.get('failureSummary', '')[:300]})"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_no_violations(address, pages, opened, scheme, width):
    with opened(scheme=scheme, width=width, strict=False) as page:
        wrong = {}
        for at in pages.html.values():
            page.goto(address + at)
            page.evaluate(OPEN)
            wrong[at] = violations(page)
    assert not {at: said for at, said in wrong.items() if said}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violations_where_there_is_no_way_in(chromium, address, scheme):
    with harness.opened(chromium, address, "", scheme=scheme, strict=False) as page:
        page.goto(f"{address}/ports/22")
        page.evaluate(OPEN)
        assert violations(page) == []


def test_no_violations_on_a_page_of_trouble(chromium, address, reader):
    with harness.opened(chromium, address, reader, strict=False) as page:
        page.goto(f"{address}/ports/99999")
        page.evaluate(OPEN)
        assert violations(page) == []


def test_what_is_wrong_would_be_found(chromium, address, reader):
    with harness.opened(chromium, address, reader, strict=False) as page:
        page.goto(f"{address}/ports/22")
        page.evaluate("document.querySelector('h1').style.color = '#eee'; document.documentElement.lang = ''")
        said = " ".join(violations(page))
    assert "color-contrast" in said
    assert "html-has-lang" in said
