"""A person decides in a real browser: with scripts and without, in light and dark, on a telephone's width."""

from __future__ import annotations

import os

import pytest
from tests.app.hub.site_kit import Served
from tests.faces.web import kit
from tests.kit import browser

from hb_engine.faces.web.decisions import kept

pytestmark = [pytest.mark.slow]
DRAFT, WRITE, BACK = "Show what would be written", "Write it into", "Take it back"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("DATA", "CACHE", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    kept._KEPT.clear()
    made = Served(tmp_path, monkeypatch)
    made.begin()
    made.look()
    return made


def press(page, name):
    page.get_by_role("button", name=name).click()


def fill(page):
    page.check("#decision-allow")
    page.fill("#field-why", "The shop's front end")
    page.fill("#field-owner", "team-web")


@pytest.mark.parametrize(
    ("scripts", "width", "scheme"), [(True, 1280, "light"), (False, 1280, "dark"), (False, 360, "light")]
)
def test_from_the_inbox_to_a_rule_and_back(chromium, desk, scripts, width, scheme):
    secret = kit.SECRETS[kit.WRITER]
    with (
        browser.served(desk.site) as address,
        browser.opened(chromium, address, secret, scripts=scripts, width=width, scheme=scheme) as page,
    ):
        page.goto(f"{address}/drift")
        page.get_by_role("link", name="tcp 443", exact=True).click()
        press(page, DRAFT)
        assert page.get_by_role("alert").is_visible()
        assert page.get_by_text("Say what it is needed for").first.is_visible()
        fill(page)
        press(page, DRAFT)
        assert "nginx-443" in page.inner_text("main")
        assert desk.files() == ["hb.toml"]
        press(page, WRITE)
        assert page.url == f"{address}/audit/1"
        assert "nginx-443" in desk.read("accepted.toml")
        desk.look()
        page.goto(f"{address}/drift")
        assert not page.get_by_role("link", name="tcp 443", exact=True).count()
        page.goto(f"{address}/audit/1")
        press(page, BACK)
        assert page.get_by_role("heading", name="Taken back").is_visible()
        assert desk.files() == ["hb.toml"]
        assert [said for said in page.complaints if "422" not in said] == []


@pytest.mark.parametrize("path", ["/drift", "/baseline", "/register", "/audit"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(chromium, desk, path, width):
    with (
        browser.served(desk.site) as address,
        browser.opened(chromium, address, kit.SECRETS[kit.READER], width=width) as page,
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.complaints == []


def test_a_form_can_be_filled_in_by_keyboard_alone(chromium, desk):
    with browser.served(desk.site) as address, browser.opened(chromium, address, kit.SECRETS[kit.WRITER]) as page:
        page.goto(f"{address}/drift")
        page.get_by_role("link", name="tcp 443", exact=True).press("Enter")
        page.focus("#decision-allow")
        page.keyboard.press("Space")
        page.focus("#field-why")
        page.keyboard.type("front end")
        page.focus("#field-owner")
        page.keyboard.type("team-web")
        page.keyboard.press("Enter")
        page.get_by_role("button", name=WRITE).press("Enter")
        page.wait_for_url(f"{address}/audit/1")
        assert "front end" in desk.read("accepted.toml")


def test_the_register_prints_across(chromium, desk, tmp_path):
    with browser.served(desk.site) as address, browser.opened(chromium, address, kit.SECRETS[kit.READER]) as page:
        page.goto(f"{address}/register")
        path = str(tmp_path / "register.pdf")
        page.pdf(path=path, prefer_css_page_size=True)
        with open(path, "rb") as file:
            data = file.read()
    assert os.path.getsize(path) > 1000
    boxes = [part.split(b"]")[0].split() for part in data.split(b"/MediaBox [")[1:]]
    assert boxes
    assert all(float(right) > float(top) for _, _, right, top in boxes), "wider than high: A4 landscape"
