"""The last decision is taken back over its form; anything else is refused with what to do."""

from __future__ import annotations

import pytest
from tests.app.hub.site_kit import Served
from tests.faces.web import kit
from tests.faces.web.pages import forms
from tests.faces.web.pages.flowing import ID, decide

UNDO = "/audit/1/undo"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin()
    made.look()
    return made


def test_there_and_back(desk):
    with desk.client() as browser:
        decide(browser)
        desk.look()
        answer = browser.post(UNDO, data=forms.fields(browser.get("/audit/1"), UNDO))
        assert answer.status_code == 200
        assert "Taken back" in answer.text
        assert desk.files() == ["hb.toml"]
        desk.look()
        assert browser.get(f"/drift/{ID}").status_code == 200
        again = browser.post(UNDO, data={"csrf": kit.WRITER.csrf}, follow_redirects=False)
        assert again.status_code == 303


def test_who_may_only_look_may_not(desk):
    with desk.client() as browser:
        decide(browser)
    with desk.client(kit.READER) as browser:
        assert browser.post(UNDO, data={"csrf": kit.READER.csrf}).status_code == 403
    assert "accepted.toml" in desk.files()


def test_a_file_that_changed_is_left_alone(desk):
    with desk.client() as browser:
        decide(browser)
        desk.write("accepted.toml", desk.read("accepted.toml") + "# mine\n")
        answer = browser.post(UNDO, data={"csrf": kit.WRITER.csrf})
    assert answer.status_code == 503
    assert "was changed since" in answer.text
    assert "# mine" in desk.read("accepted.toml")


def test_what_is_not_the_last_is_refused(desk):
    with desk.client() as browser:
        answer = browser.post("/audit/7/undo", data={"csrf": kit.WRITER.csrf})
    assert answer.status_code == 400
    assert "only the last one is taken back" in answer.text
