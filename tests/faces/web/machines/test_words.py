"""Every word of the records has a word for people, and one that nobody knows is shown as it is."""

from __future__ import annotations

import pytest

from hb_engine.faces.web.language import language
from hb_engine.faces.web.machines import rows, words
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.history import CHANGES
from hb_engine.model.report import KINDS
from hb_engine.model.verdict import SEVERITIES

ENGLISH = language("en")


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (words.SCOPES, SCOPES),
        (words.KINDS, KINDS),
        (words.SEVERITIES, SEVERITIES),
        (words.CHANGES, CHANGES),
        (words.STATES, rows.STATES),
        (words.MARKS, ("alarm", "look", "ok", "unseen", "note")),
    ],
)
def test_each_word_of_a_record_is_known(table, known):
    assert set(table) == set(known)
    assert all(table.values())


def test_reasons_for_no_owner_are_those_of_the_command_line():
    from hb_engine.faces.words import UNOWNED

    assert set(words.UNOWNED) == set(UNOWNED)


def test_a_word_is_said_and_an_unknown_one_shown():
    assert words.said(ENGLISH, words.SCOPES, "public") == "everyone"
    assert words.said(ENGLISH, words.SCOPES, "galaxy") == "galaxy"


def test_no_word_has_a_sign_that_a_sentence_would_take_for_a_value():
    for table in (words.SCOPES, words.KINDS, words.STATES, words.MARKS, words.SEVERITIES, words.CHANGES, words.UNOWNED):
        assert not any("%" in text for text in table.values())
