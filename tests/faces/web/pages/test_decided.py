"""One decision: where it stands, who asked for it, and whether it can be taken back."""

from __future__ import annotations

import pytest
from tests.app.hub.site_kit import Served
from tests.faces.web import kit
from tests.faces.web.pages import forms
from tests.faces.web.pages.flowing import decide


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin()
    made.look()
    return made


def test_it_says_where_the_rule_stands_and_how_to_commit_it(desk):
    with desk.client() as browser:
        decide(browser)
        answer = browser.get("/audit/1")
    assert answer.status_code == 200
    for told in ("Written", "accepted.toml:3", "team-web", "front end", "commit -m", "nginx-443"):
        assert told in answer.text
    assert forms.has(answer, "/audit/1/undo")


def test_who_may_only_look_cannot_take_it_back(desk):
    with desk.client() as browser:
        decide(browser)
    with desk.client(kit.READER) as browser:
        assert not forms.has(browser.get("/audit/1"), "/audit/1/undo")


def test_what_somebody_changed_since_cannot_be_taken_back_from_here(desk):
    with desk.client() as browser:
        decide(browser)
        desk.write("accepted.toml", desk.read("accepted.toml") + "\n")
        assert not forms.has(browser.get("/audit/1"), "/audit/1/undo")


@pytest.mark.parametrize("number", ["0", "2", "99999999999", "x", "-1", "\u0663"])
def test_a_decision_that_there_is_not(desk, number):
    with desk.client() as browser:
        decide(browser)
        assert browser.get(f"/audit/{number}").status_code == 404
