"""The register as a page: what nobody approved first, needs and owners named or missing, gaps told, pages."""

from __future__ import annotations

import pytest
from tests.app.flow import FIRST
from tests.app.hub.site_kit import Served
from tests.baseline.seen import DB, SSH
from tests.faces.web import kit

from hb_engine.app.hub.sight import Sight

RULES = (
    FIRST
    + '\n[[allow]]\nid = "shop"\nlisten = "tcp/443"\nby = "unit:nginx.service"\nwhy = "the shop"\nowner = "web"\naccepted = 2026-01-01\nreview = 2026-01-02\n\n[[allow]]\nid = "plain"\nlisten = "tcp/80"\nby = "unit:nginx.service"\nwhy = "x"\nowner = "y"\n\n[[forbid]]\nid = "no"\nlisten = "tcp/23"\nwhy = "clear text"\nowner = "sec"\n'  # noqa: E501
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin(RULES)
    made.look()
    return made


def shown(desk, path="/register"):
    with desk.client(kit.READER) as browser:
        answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


def test_what_nobody_approved_stands_first(desk):
    text = shown(desk)
    assert text.index("Open without approval") < text.index("Allowed ports")
    for one in (SSH, DB):
        assert one.identity in text


def test_needs_owners_reviews_and_what_is_insecure(desk):
    text = shown(desk)
    for told in (
        *("the shop", "overdue by", "http: nothing is encrypted", "no security feature is recorded", "anywhere"),
        'tcp/443 <span translate="yes">everyone</span> unit:nginx.service',
        "PCI DSS 4.0.1, 1.2.5",
    ):
        assert told in text


def test_it_links_its_files(desk):
    text = shown(desk)
    assert all(f'href="/register.{ending}"' in text for ending in ("csv", "md", "json", "html"))


def test_without_rules_there_is_none_and_it_says_how_to_begin(desk):
    desk.site.hub.show(Sight(desk.site.hub.sight.number + 1, 0.0, desk.site.hub.sight.machines))
    assert "hb learn --now" in shown(desk)


@pytest.mark.parametrize("code", ["ro", "de", "fr", "es", "ja"])
def test_in_every_language(desk, code):
    assert "PCI DSS" in shown(desk, f"/{code}/register")
