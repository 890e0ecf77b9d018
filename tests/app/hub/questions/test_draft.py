"""The question itself: its words, and that nothing is written; what drafts come to is held in test_deciding.py."""

from __future__ import annotations

import os

import pytest
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import WEB

from hb_engine.app.hub import wires
from hb_engine.app.hub.deciding import Draft, Refused
from hb_engine.app.hub.desk import check
from hb_engine.app.hub.questions import Place, load
from hb_engine.app.hub.questions.draft import QUESTION, answer
from hb_engine.app.ruling.baseline import BadBaseline
from hb_engine.model.errors import BadInput


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    return made


def test_it_writes_nothing_and_needs_no_right(desk):
    assert not QUESTION.writes
    desk.place = Place()
    assert isinstance(desk.draft(), Draft)
    assert desk.files() == ["hb.toml"]
    assert not os.path.exists(desk.audit)


def test_its_words_pass_the_desk_as_pages_send_them(desk):
    name, words = wires.asked(wires.question("draft", desk.wish(accepts=["a"])))
    check(load(name)[0], load(name)[1], words, writing=False)
    assert isinstance(answer(desk.place, **words), Refused)


@pytest.mark.parametrize("words", [{"key": 3}, {"accepts": "x"}, {"nonsense": "x"}])
def test_other_words_do_not(desk, words):
    with pytest.raises(BadInput):
        check(QUESTION, answer, {**desk.wish(), **words}, writing=False)


@pytest.mark.parametrize("words", [{"why": None}, {"accepts": (3,)}, {"key": "x" * 30_000}])
def test_and_what_the_desk_lets_through_is_checked_here(desk, words):
    with pytest.raises(BadInput, match="cannot say"):
        answer(desk.place, **{**desk.wish(), **words})


def test_rules_that_cannot_be_used_are_told(desk):
    desk.write("bad.toml", "[[allow]\n")
    with pytest.raises(BadBaseline, match="cannot be used"):
        desk.draft()


def test_without_rules_it_says_how_they_begin(desk, monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    desk.place = Place(baseline=str(tmp_path / "empty" / "hb.d"))
    with pytest.raises(BadInput, match="is not there") as told:
        desk.draft()
    assert "hb learn" in told.value.remedy


def test_the_answer_travels(desk):
    draft = desk.draft()
    assert wires.loaded(wires.dumped(draft)) == draft
    assert draft.asked.key == WEB.key
