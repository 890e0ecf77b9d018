"""Words as they are compared: without case, accents and width; what other scripts mean is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import HOSTILE

from hb_engine.faces.web.searching.folding import LONGEST, MOST, folded, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SSH", "ssh"),
        ("Crème Brûlée", "creme brulee"),
        ("\uff33\uff33\uff28\u3000\uff11\uff17\uff10\uff13", "ssh 1703"),
        ("STRASSE", "stra\u00dfe"),
        ("Ștefan Țăran", "stefan taran"),
        ("Łódź", "lodz"),
        ("Ångström", "angstrom"),
        ("ΆΘΉΝΑ", "αθηνα"),
        ("\ufb01le", "file"),
        ("İstanbul", "istanbul"),
        (" a  b ", "a b"),
        ("サーバー", "\uff7b\uff70\uff8a\uff9e\uff70"),
    ],
)
def test_what_is_one_word(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("はは", "ばば"), ("パン", "バン"), ("שָׁלוֹם", "עולם"), ("tcp", "udp")])
def test_what_is_not(one, other):
    assert folded(one) != folded(other)


def test_bytes_that_are_no_text_are_found_as_they_are_shown():
    assert folded("a\udcff\x1b[2J") == "a\\xff\\x1b[2j"


@given(st.text(st.characters(), max_size=60) | st.sampled_from(HOSTILE))
def test_folding_twice_changes_nothing(text):
    once = folded(text)
    assert folded(once) == once
    assert "  " not in once
    assert once == once.strip()


@given(st.text(st.characters(), max_size=400) | st.sampled_from(HOSTILE))
def test_questions_are_bounded_and_have_no_hidden_characters(text):
    found = words(text)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    for word in found:
        assert word.isprintable()
        assert " " not in word
        assert len(word) <= LONGEST * 18  # some ligatures are whole sentences (NFKC)


def test_words():
    assert words("a  B a c") == ("a", "b", "c")
    assert words("\u202ehss\u202c x\x00y") == ("hss", "x", "y")
    assert words("") == ()
    assert len(words(" ".join(map(str, range(100))))) == MOST
