"""Every word of the records has words for people, and none is there for what no record says."""

from __future__ import annotations

import pytest

from hb_engine.app.hub.standing import STATES
from hb_engine.app.hub.wishes import DECISIONS
from hb_engine.faces.web.decisions import words
from hb_engine.model import decision, report
from hb_engine.model.baseline import RULE_KINDS
from hb_engine.model.verdict import SEVERITIES


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (words.MEANINGS, report.DRIFTS),
        (words.REMEDIES, report.DRIFTS),
        (words.MARKS, SEVERITIES),
        (words.DECISIONS, DECISIONS),
        (words.DECISIONS_MEAN, DECISIONS),
        (words.WORDS, decision.WORDS),
        (words.ATTEMPTS, STATES),
        (words.ATTEMPT_MARKS, STATES),
        (words.KINDS, (*RULE_KINDS, "temporary")),
        (words.STATES, ("drift", "debt")),
        (words.BROKEN, ("torn", "no-entry", "chain", "number")),
        (words.CHANGED, ("gone", "opening", "decided", "draft", "machine")),
    ],
)
def test_tables_are_whole(table, known):
    assert set(table) == set(known)


def test_marks_are_those_that_pages_draw():
    assert {*words.MARKS.values(), *words.ATTEMPT_MARKS.values()} <= {"ok", "look", "alarm", "note", "unseen"}


def test_the_line_of_a_broken_chain_has_its_place():
    assert all("%(line)s" in text for text in words.BROKEN.values())
