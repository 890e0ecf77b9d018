"""A draft: the block, the file, what would change, the commands; mistakes beside their fields, what was typed kept."""

from __future__ import annotations

import pytest
from tests.app.hub.site_kit import Served
from tests.baseline.seen import WEB, owner
from tests.faces.web import kit
from tests.faces.web.pages import forms
from tests.faces.web.pages.flowing import GOOD, ID, draft

from hb_engine.model.record import replace


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin()
    made.look()
    return made


def test_the_block_its_file_and_what_it_changes(desk):
    with desk.client() as browser:
        answer = draft(browser)
    assert answer.status_code == 200
    for told in ("id = &#34;nginx-443&#34;", "hb.d/accepted.toml", "git -C hb.d add accepted.toml",
                 "nginx-443: front end", WEB.key, "expected", "In a new file"):  # fmt: skip
        assert told in answer.text
    assert desk.files() == ["hb.toml"]


def test_who_may_only_look_may_draft_and_gets_no_button(desk):
    with desk.client(kit.READER) as browser:
        answer = draft(browser)
    assert answer.status_code == 200
    assert not forms.has(answer, f"/drift/{ID}/decision")
    assert "may look, and not write" in answer.text


def test_where_nothing_is_written_the_page_says_how_it_would_be(desk):
    desk.site.hub.writing = False
    try:
        with desk.client() as browser:
            answer = draft(browser)
    finally:
        desk.site.hub.writing = True
    assert not forms.has(answer, f"/drift/{ID}/decision")
    assert "--write" in answer.text


def test_mistakes_stand_beside_their_fields_and_what_was_typed_is_kept(desk):
    with desk.client() as browser:
        answer = draft(browser, decision="temporary", why="", owner="a <b> & c", until="2020-01-01", file="../x")
    assert answer.status_code == 422
    for told in ('id="problem-why"', 'id="problem-until"', 'id="problem-file"', "This day is past",
                 "a &lt;b&gt; &amp; c", 'value="2020-01-01"', "Nothing was written"):  # fmt: skip
        assert told in answer.text
    assert 'id="problem-owner"' not in answer.text
    assert forms.fields(answer, f"/drift/{ID}")["decision"] == "temporary"


def test_what_changed_meanwhile_is_shown(desk):
    with desk.client() as browser:
        fields = forms.fields(browser.get(f"/drift/{ID}"), f"/drift/{ID}")
        desk.opens(replace(WEB, owners=(owner("/opt/evil", None),)))
        answer = browser.post(f"/drift/{ID}", data={**fields, **GOOD})
    assert answer.status_code == 409
    assert "It is not as it was shown" in answer.text
    assert desk.files() == ["hb.toml"]


def test_rules_that_cannot_be_used_keep_what_was_typed(desk):
    with desk.client() as browser:
        fields = forms.fields(browser.get(f"/drift/{ID}"), f"/drift/{ID}")
        desk.write("bad.toml", "[[allow]\n")
        answer = browser.post(f"/drift/{ID}", data={**fields, **GOOD, "why": "kept whatever happens"})
    assert answer.status_code == 422
    assert "the baseline cannot be used" in answer.text
    assert "kept whatever happens" in answer.text


def test_a_form_from_elsewhere_is_refused(desk):
    with desk.client() as browser:
        answer = browser.post(f"/drift/{ID}", data={**GOOD, "csrf": "wrong"})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "\u202egpj", "a\x00b", "\ufffe", "</textarea><script>", "e" + "\u0301" * 40]
)
def test_odd_letters_are_text_and_do_no_harm(desk, text):
    with desk.client() as browser:
        answer = draft(browser, why=f"x{text}", owner=f"y{text}")
        assert answer.status_code == 200
        fields = forms.fields(answer, f"/drift/{ID}/decision")
        written = browser.post(f"/drift/{ID}/decision", data=fields, follow_redirects=False)
    assert written.status_code == 303, "what the draft showed is what was written"
    assert "<script>" not in answer.text
