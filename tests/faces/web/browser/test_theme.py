"""Light, dark, or as the system has it: chosen in a menu, kept in a cookie, with JavaScript and without."""

from __future__ import annotations

import pytest
from tests.kit import browser as harness

pytestmark = pytest.mark.slow

LIGHT, DARK = "rgb(251, 251, 250)", "rgb(20, 24, 29)"
GROUND = "getComputedStyle(document.body).backgroundColor"


def choose(page, name):
    page.locator("details.choices summary").click()
    page.locator(f"form.theme button[value={name}]").click()


@pytest.mark.parametrize(("scheme", "ground"), [("light", LIGHT), ("dark", DARK)])
def test_as_the_system_has_it(chromium, address, reader, scheme, ground):
    with harness.opened(chromium, address, reader, scheme=scheme) as page:
        page.goto(f"{address}/ports/22")
        assert page.evaluate(GROUND) == ground


@pytest.mark.parametrize(("scheme", "chosen", "ground"), [("light", "dark", DARK), ("dark", "light", LIGHT)])
def test_a_choice_holds_at_once_and_on_the_next_page(address, opened, scheme, chosen, ground):
    with opened(scheme=scheme) as page:
        page.goto(f"{address}/ports/22?q=1")
        choose(page, chosen)
        assert page.url == f"{address}/ports/22?q=1"
        assert page.evaluate(GROUND) == ground
        assert page.locator(f"form.theme button[value={chosen}]").get_attribute("aria-pressed") == "true"
        page.goto(f"{address}/ports/23")
        assert page.evaluate(GROUND) == ground
        assert page.complaints == []


def test_a_choice_without_javascript(chromium, address, reader):
    with harness.opened(chromium, address, reader, scripts=False) as page:
        page.goto(f"{address}/de/ports/22?q=a%26b")
        choose(page, "dark")
        page.wait_for_url(f"{address}/de/ports/22?q=a%26b")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        choose(page, "system")
        page.wait_for_load_state()
        assert page.locator("html").get_attribute("data-theme") == "system"


def test_a_command_is_copied(chromium, address):
    """Whoever has no session sees one command, and may copy it."""
    with harness.opened(chromium, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page.goto(f"{address}/ports/22")
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.get_by_role("status").inner_text() == "Copied"
