"""What a form says: every field bounded and plainly visible, machines by their segments, boxes by their names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import BACKDOOR, NOW
from tests.faces.web import kit

from hb_engine.app.hub.wishes import Asked, Wrong
from hb_engine.faces.text import escape
from hb_engine.faces.web import addresses
from hb_engine.faces.web.decisions.form import LASTING, MOST, findings, form, hidden, plain, words
from hb_engine.faces.web.decisions.inbox import inbox
from hb_engine.faces.web.language import language
from hb_engine.faces.web.page import Ask
from hb_engine.model.record import replace

CARD = inbox(kit.SIGHT).by_id[addresses.short(BACKDOOR.key)]


def ask(**fields):
    hub: Any = SimpleNamespace(sight=kit.SIGHT, clock=lambda: NOW)
    return Ask(hub, language("en"), kit.WRITER, path="/", params={}, query={}, form=fields, now=NOW)


def test_only_lasting_findings_are_offered():
    assert [one.rule for one in findings(CARD)] == ["deleted-executable", "disguised-name"]
    assert {"deleted-executable", "disguised-name"} <= LASTING


def test_words_for_the_desk():
    told = words(ask(decision="allow", why="x", **{"accept-deleted-executable": "1"}), CARD)
    assert (told["key"], told["host"], told["decision"], told["why"]) == (BACKDOOR.key, "web-17", "allow", "x")
    assert told["accepts"] == ["deleted-executable"]


def test_a_machine_of_any_letters_can_be_chosen():
    name = "a/b\u202e<\udcff"
    card = replace(CARD, hosts=("web-17", name))
    assert words(ask(only=f"host:{addresses.segment(name)}"), card)["only"] == f"host:{name}"
    assert words(ask(only="host:nobody"), card)["only"] == "host:nobody"  # which the desk refuses


def test_very_many_boxes_are_cut():
    assert len(words(ask(**{f"accept-{number}": "1" for number in range(500)}), CARD)["accepts"]) == MOST


def test_mistakes_by_field():
    made = form(ask(why="kept"), CARD, (Wrong("why", "why"), Wrong("decision", "", "hidden from the lists", "hb why")))
    assert made.has("why")
    assert made.has("decision")
    assert not made.has("owner")
    assert made.values["why"] == "kept"
    assert made.english["decision"].message == "hidden from the lists"


def test_a_draft_sent_once_more_has_its_end_as_a_time():
    told = dict(hidden(ask(decision="temporary", days="3", why="x"), Asked(until="2026-12-01", accepts=("a",))))
    assert (told["until"], told["days"], told["accept-a"], told["decision"]) == ("2026-12-01", "", "1", "temporary")


@given(st.text(st.characters(), max_size=40))
def test_what_is_kept_is_plainly_visible(text):
    assert escape(plain(text)) == plain(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("text", ["front end, OPS-12", "\u00e9\u4e16\u754c", "<b> & \"x\" 'y'"])
def test_what_is_visible_is_kept_to_the_letter(text):
    assert plain(text) == text
