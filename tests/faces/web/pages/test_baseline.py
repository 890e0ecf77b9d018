"""The rules as a table with filters; their mistakes as the page where they cannot be used; how a baseline begins."""

from __future__ import annotations

import time

import pytest
from tests.app.flow import FIRST
from tests.app.hub.site_kit import Served
from tests.faces.web import kit

from hb_engine.faces.web.decisions import kept
from hb_engine.wire.dates import DAY, iso_day


def rule(name, listen, kind="allow", **more):
    words = {"by": "unit:nginx.service", "why": f"why {name}", "owner": f"team-{name}", **more}
    lines = [f'{key} = "{value}"' if not value[:2].isdigit() else f"{key} = {value}" for key, value in words.items()]
    return "\n".join([f"\n[[{kind}]]", f'id = "{name}"', f'listen = "{listen}"', *lines, ""])


RULES = FIRST + rule("shop", "tcp/443") + rule("idle", "tcp/9", accepted=iso_day(time.time() - 30 * DAY)) + rule(
    "soon", "tcp/8443", until=iso_day(time.time() + 10 * DAY)
) + rule("late", "tcp/8444", review="2026-01-02", accepted="2026-01-01") + rule("never", "tcp/23", "forbid")  # fmt: skip # noqa: E501


@pytest.fixture
def desk(tmp_path, monkeypatch):
    kept._KEPT.clear()
    made = Served(tmp_path, monkeypatch)
    made.begin(RULES)
    made.look()
    return made


def shown(desk, path="/baseline"):
    with desk.client(kit.READER) as browser:
        answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


def named(text):
    return [name for name in ("shop", "idle", "soon", "late", "never") if f'/baseline/rules/{name}"' in text]


def test_every_rule_with_its_place_and_what_it_covers(desk):
    text = shown(desk)
    assert named(text) == ["shop", "idle", "soon", "late", "never"]
    for told in ("hb.d/hb.toml", "team-shop", "why shop", "one opening", "tcp/443", "unit:nginx.service", "web-*"):
        assert told in text
    assert "2 openings were never reviewed" not in text  # what came after no lock is drift


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("view=idle", ["idle", "soon", "late"]),
        ("view=expiring", ["soon", "late"]),
        ("view=late", ["late"]),
        ("kind=forbid", ["never"]),
        ("q=team-idle", ["idle"]),
        ("view=expiring&days=5", ["late"]),
        ("view=nonsense&kind=x&days=x", ["shop", "idle", "soon", "late", "never"]),
        ("q=nothing-has-this", []),
    ],
)
def test_filters(desk, query, names):
    assert named(shown(desk, f"/baseline?{query}")) == names


def test_where_nobody_knows_what_was_used_that_is_said(desk):
    assert "Nobody knows which rules were used" in shown(desk, "/baseline?view=unused")


def test_conflicts_and_warnings_stand_with_their_lines(desk):
    text = shown(desk)
    assert "this rule was to be reviewed by 2026-01-02" in text
    assert "review = 2026-01-02" in text


def test_rules_that_cannot_be_used_are_the_page(desk):
    desk.write("bad.toml", '[[allow]]\nlisten = "tcp/70000"\n')
    desk.look()
    text = shown(desk)
    assert "The rules cannot be used" in text
    assert "hb.d/bad.toml:2:" in text
    assert "listen = &#34;tcp/70000&#34;" in text


def test_without_a_baseline_it_says_how_one_begins(tmp_path, monkeypatch):
    kept._KEPT.clear()
    desk = Served(tmp_path, monkeypatch)
    monkeypatch.setattr("hb_engine.app.ruling.located.locate", lambda *_: None)
    monkeypatch.setattr("hb_engine.app.ruling.baseline.locate", lambda *_: None)
    desk.look()
    text = shown(desk)
    assert "There is no baseline in use." in text
    assert "hb learn --now" in text


def test_rules_of_packs_that_cover_nothing_are_counted_and_shown_where_asked_for(desk):
    desk.write("packs.toml", '[defaults]\npacks = ["debian"]\n')
    desk.look()
    assert "of packs under which nothing is open" in shown(desk)
    assert "debian/dhclient" not in shown(desk)
    assert "debian/dhclient" in shown(desk, "/baseline?packs=1")
