"""A decision says a word of a closed list, and how it came to it."""

from __future__ import annotations

from hb_engine.model.baseline import Rule
from hb_engine.model.decision import OUTCOMES, WORDS, Decision, Step
from hb_engine.model.opening import Netns, Opening

ONE = Opening("listener", "tcp", 1, ("0.0.0.0",), ("ipv4",), "public", Netns(1))
WEB = Rule("allow", "web", ())


def test_words_and_outcomes_are_closed_lists():
    assert len(set(WORDS)) == len(WORDS)
    assert len(set(OUTCOMES)) == len(OUTCOMES)
    assert (WORDS[0], OUTCOMES[0]) == ("expected", "covers")


def test_a_decision_may_have_no_rule():
    assert Decision(ONE, "unmatched").rule is None
    assert Decision(ONE, "unmatched").steps == ()


def test_steps_are_values():
    assert Step(WEB, "covers") == Step(WEB, "covers", "")
    assert Decision(ONE, "expected", WEB, steps=(Step(WEB, "covers"),)).steps[0].rule is WEB
