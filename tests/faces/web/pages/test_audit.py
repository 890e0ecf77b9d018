"""The audit page: attempts in order, the chain's state in words, refusals, what was begun, strangers' text."""

from __future__ import annotations

import pytest
from tests.app.hub.site_kit import Served
from tests.faces import judged
from tests.faces.web import kit
from tests.faces.web.pages.flowing import decide

from hb_engine.app.hub.audit import Log


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin()
    made.look()
    return made


def shown(desk, path="/audit"):
    with desk.client(kit.READER) as browser:
        answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


def test_nothing_yet(desk):
    assert "There is no line yet" in shown(desk)


def test_who_did_what_and_that_the_chain_holds(desk):
    with desk.client() as browser:
        decide(browser)
    text = shown(desk)
    for told in ("the chain of 2 lines holds", "root", "uid 0", "nginx-443", "team-web", "written", desk.audit):
        assert told in text


def test_a_broken_chain_is_told_with_its_line(desk):
    with desk.client() as browser:
        decide(browser)
    with open(desk.audit, "r+b") as file:
        data = file.read().replace(b"team-web", b"team-bad", 1)
        file.seek(0)
        file.write(data)
    text = shown(desk)
    assert "The chain is broken." in text
    assert "Line 2 does not follow" in text
    assert "lines holds" not in text


def test_refusals_failures_and_what_was_begun(desk):
    with Log(desk.audit) as log:
        log.append("decide", "refused", kind="allow", detail="decided")
        log.append("decide", "failed", kind="allow", detail="the disk is full")
        log.append("decide", "begun", kind="allow", file=f"{desk.folder}/hb.toml", block="0" * 64)
    text = shown(desk)
    for told in ("Somebody has decided it meanwhile.", "the disk is full", "the rule is not in its file"):
        assert told in text


def test_pages(desk):
    with Log(desk.audit) as log:
        for number in range(120):
            log.append("decide", "refused", kind="allow", rule=f"rule-{number}-")
    assert "rule-119-" in shown(desk)
    assert "rule-0-" not in shown(desk)
    assert "rule-0-" in shown(desk, "/audit?page=3")
    assert shown(desk, "/audit?page=99").count("<tr>") == shown(desk, "/audit?page=3").count("<tr>")


def test_strangers_texts_stay_text(desk):
    with Log(desk.audit) as log:
        for text in judged.AWKWARD:
            log.append("decide", "refused", kind=text, user=text, key=text, host=text, rule=text, why=text, detail=text)
    for page in (1, 2):
        text = shown(desk, f"/audit?page={page}")
        assert "<script>alert" not in text
        assert "\u202e" not in text
