"""Each word of a record has words of a person."""

from __future__ import annotations

from hb_engine.faces.web.language import language
from hb_engine.faces.web.ports import words
from hb_engine.model.assignment import STATUSES
from hb_engine.model.report import DRIFTS
from hb_engine.registry.ranges import CLASSES
from hb_engine.registry.threats import CONFIDENCE, SORTS, USES, Threats

ENGLISH = language("en")


def test_every_status_is_named_and_explained():
    assert set(words.STATUS) == set(STATUSES)
    assert set(words.STATUS_MEANS) == set(STATUSES) - {"alias"}  # whose other name stands beside it


def test_every_range_verdict_and_claim_is_named():
    assert set(words.RANGES) == {name for name, _, _ in CLASSES}
    assert set(DRIFTS) <= set(words.VERDICTS)
    assert set(words.THREATS) == set(SORTS)
    assert set(words.DIRECTIONS) == set(USES)
    assert set(words.CONFIDENCE) == set(CONFIDENCE)


def test_every_platform_of_the_data_is_named():
    assert {claim.platform for claim in Threats.open().all()} - {""} <= set(words.PLATFORMS)


def test_a_word_of_tomorrow_stands_as_it_is():
    assert words.said(words.THREATS, "miner", ENGLISH) == "miner"
    assert words.said(words.THREATS, "worm", ENGLISH) == "a worm"


def test_nothing_says_that_a_machine_is_infected():
    told = " ".join([*words.THREATS.values(), *words.DIRECTIONS.values()]).lower()
    assert "infect" not in told
