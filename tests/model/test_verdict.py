"""Severities and the word that a person sees first."""

from __future__ import annotations

import pytest

from hb_engine.model.verdict import SEVERITIES, WORDS, Judgement, Reason


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        ("none", "quiet"),
        ("info", "quiet"),
        ("low", "look"),
        ("medium", "look"),
        ("high", "alarm"),
        ("critical", "alarm"),
    ],
)
def test_each_severity_has_its_word(severity, word):
    assert Judgement(severity).word == word


def test_words_grow_with_severities():
    ranks = [WORDS.index(Judgement(severity).word) for severity in SEVERITIES]
    assert ranks == sorted(ranks)
    assert set(ranks) == set(range(len(WORDS)))


def test_nothing_said_is_quiet():
    assert (Judgement().word, Judgement().reasons) == ("quiet", ())


def test_a_severity_that_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="not in tuple"):
        _ = Judgement("dreadful").word


def test_reasons_are_values():
    said = Reason("relay-tool", "medium", "nc listens", ("pid 7",), "hb why 1703")
    assert said == Reason("relay-tool", "medium", "nc listens", ("pid 7",), "hb why 1703")
    assert len({said, Reason("relay-tool", "medium", "nc listens", ("pid 7",), "hb why 1703")}) == 1
