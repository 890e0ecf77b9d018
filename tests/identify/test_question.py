"""The nouns of the room are values: equal, hashable, with the defaults that a caller may rely on."""

from __future__ import annotations

import pickle

import pytest

from hb_engine.identify.question import Finding, Question, Settings
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace


def test_a_question_is_a_value():
    first, second = Question("tcp", "192.0.2.1", 22), Question("tcp", "192.0.2.1", 22)
    assert first == second
    assert len({first, second}) == 1
    assert replace(first, sure=True) != second


def test_by_default_nothing_is_allowed_that_needs_a_word():
    question = Question("tcp", "192.0.2.1", 9100)
    assert (question.asked, question.expected, question.sure) == ((), (), False)


def test_a_finding_survives_being_stored():
    finding = Finding(Question("udp", "2001:db8::1", 53), Identity("domain"), spoke=True, notes=("one",))
    assert pickle.loads(pickle.dumps(finding)) == finding  # noqa: S301  our own bytes


def test_a_finding_says_nothing_that_it_was_not_told():
    finding = Finding(Question("tcp", "192.0.2.1", 1))
    assert finding.identity is None
    assert not any((finding.spoke, finding.silent, finding.untouched, finding.wrapped, finding.unprovable))


def test_frozen():
    with pytest.raises(AttributeError):
        Settings().wait = 3.0  # type: ignore[misc]


def test_the_defaults_are_polite_and_bounded():
    settings = Settings()
    assert settings.per_host <= 4
    assert settings.budget <= 3
    assert settings.slow <= 8
    assert not settings.udp_anywhere
