"""Both sides of a port: differences first, with their sentence."""

from __future__ import annotations

import pytest
from tests.faces import scans
from tests.faces.kit import HOSTILE, golden, is_safe, said

from hb_engine.faces.stories.compared import severity, tell
from hb_engine.model.compared import WORDS, Compared


@pytest.mark.parametrize("width", [None, 60, 80, 120])
def test_the_table(width):
    golden(f"compared-{width or 'plain'}.txt", said(tell(scans.BOTH), width))


def test_differences_stand_above_what_agrees():
    ports = [line.split()[2] for line in said(tell(scans.BOTH)).splitlines()[2:]]
    assert ports == ["1703", "5432", "22"]


def test_no_difference_and_nothing():
    assert "1 port compared, no difference" in said(tell(scans.BOTH[:1]))
    assert said(tell(())) == "0 ports compared, no difference\n"


def test_only_what_nobody_meant_is_grave():
    found = {word: severity(Compared("tcp", 1, word=word)) for word in WORDS}
    assert found["no-listener"] == "high"
    assert found["filtered"] == "info"
    assert found["agreed"] == "none"
    assert severity(Compared("tcp", 1, word="new")) == "none"


def test_no_stranger_s_word_moves_a_terminal():
    found = tuple(Compared("tcp", 1, text, text, "filtered", text, text) for text in HOSTILE)
    assert is_safe(said(tell(found), 80))
