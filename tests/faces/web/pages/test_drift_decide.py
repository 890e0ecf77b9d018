"""A decision over its form: written once, as it was shown, by who may; and the second of two is told."""

from __future__ import annotations

import pytest
from tests.app.hub.site_kit import Served
from tests.baseline.seen import WEB, owner
from tests.faces.web import kit
from tests.faces.web.pages import forms
from tests.faces.web.pages.flowing import ID, decide, draft

from hb_engine.app.hub import audit
from hb_engine.model.record import replace

ACTION = f"/drift/{ID}/decision"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin()
    made.look()
    return made


def test_from_card_to_rule(desk):
    with desk.client() as browser:
        answer = decide(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/audit/1")
        assert "nginx-443" in desk.read("accepted.toml")
        desk.look()
        assert browser.get(f"/drift/{ID}").status_code == 404
        shown = browser.get("/audit/1")
        assert "accepted.toml" in shown.text
    entry = audit.read(desk.audit, None)[1][0]
    assert (entry.user, entry.uid) == (kit.WRITER.user, kit.WRITER.uid)


def test_sent_twice_it_is_written_once_also_after_the_next_look(desk):
    with desk.client() as browser:
        fields = forms.fields(draft(browser), ACTION)
        first = browser.post(ACTION, data=fields, follow_redirects=False)
        again = browser.post(ACTION, data=fields, follow_redirects=False)
        desk.look()
        late = browser.post(ACTION, data=fields, follow_redirects=False)
    assert {one.headers["location"] for one in (first, again, late)} == {"/audit/1"}
    assert desk.read("accepted.toml").count("[[allow]]") == 1


def test_who_may_only_look_gets_nothing_written(desk):
    with desk.client() as browser:
        fields = forms.fields(draft(browser), ACTION)
    with desk.client(kit.READER) as browser:
        answer = browser.post(ACTION, data={**fields, "csrf": kit.READER.csrf})
    assert answer.status_code == 403
    assert desk.files() == ["hb.toml"]


def test_of_two_at_once_the_second_is_told_by_whom(desk):
    with desk.client() as browser:
        first, second = forms.fields(draft(browser), ACTION), forms.fields(draft(browser, owner="team-b"), ACTION)
        browser.post(ACTION, data=first, follow_redirects=False)
        answer = browser.post(ACTION, data=second)
    assert answer.status_code == 409
    assert "Somebody has decided it meanwhile." in answer.text
    assert "team-web" in answer.text
    assert desk.read("accepted.toml").count("[[allow]]") == 1


def test_a_draft_that_is_old_is_shown_anew_and_can_be_written_then(desk):
    with desk.client() as browser:
        fields = forms.fields(draft(browser), ACTION)
        desk.write("x.toml", '[[allow]]\nid = "nginx-443"\nlisten = "tcp/9"\nby = "unit:x"\nwhy = "x"\nowner = "y"\n')
        answer = browser.post(ACTION, data=fields)
        assert answer.status_code == 409
        assert "look at it once more" in answer.text
        again = browser.post(ACTION, data=forms.fields(answer, ACTION), follow_redirects=False)
    assert again.status_code == 303
    assert 'id = "nginx-443-2"' in desk.read("accepted.toml")


@pytest.mark.parametrize("name", ["mark", "ticket", "seen"])
def test_a_field_that_somebody_changed_writes_nothing(desk, name):
    with desk.client() as browser:
        fields = {**forms.fields(draft(browser), ACTION), name: ""}
        answer = browser.post(ACTION, data=fields, follow_redirects=False)
    assert answer.status_code in (409, 422)
    assert desk.files() == ["hb.toml"]


def test_another_owner_of_the_port_is_not_let_in_by_an_old_form(desk):
    with desk.client() as browser:
        fields = forms.fields(draft(browser), ACTION)
        desk.opens(replace(WEB, owners=(owner("/opt/evil", "nginx"),)))
        answer = browser.post(ACTION, data=fields, follow_redirects=False)
    assert answer.status_code == 409
    assert desk.files() == ["hb.toml"]


def test_a_log_that_cannot_be_written_keeps_the_rules_and_says_so(desk):
    import os

    with desk.client() as browser:
        fields = forms.fields(draft(browser), ACTION)
        os.mkdir(desk.audit)
        answer = browser.post(ACTION, data=fields)
    assert answer.status_code == 503
    assert "audit log" in answer.text
    assert desk.files() == ["hb.toml"]


def test_in_another_language_it_leads_on_in_that_language(desk):
    with desk.client() as browser:
        fields = forms.fields(draft(browser), ACTION)
        answer = browser.post(f"/ro{ACTION}", data=fields, follow_redirects=False)
    assert answer.headers["location"] == "/ro/audit/1"
