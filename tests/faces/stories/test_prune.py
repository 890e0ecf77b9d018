"""The page of hb prune. Goldens: HB_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.deciding import CACHE, OLD, PRUNED, pruned
from tests.faces.kit import DAY, HOSTILE, golden, is_safe, said

from hb_engine.faces.stories.prune import tell
from hb_engine.model.record import replace


@pytest.mark.parametrize("width", [None, 60, 80, 120])
@pytest.mark.parametrize("name", PRUNED)
def test_the_page(name, width):
    golden(f"prune-{name}-{width or 'plain'}.txt", said(tell(PRUNED[name]), width))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ((), "hb.d: every one of 23 rules that allow or require covered something in 90 days"),
        ((CACHE,), "hb.d: 1 of 23 rules that allow or require covers nothing in 90 days"),
        ((CACHE, OLD), "hb.d: 2 of 23 rules that allow or require cover nothing in 90 days"),
    ],
)
def test_the_sentence(rules, sentence):
    assert said(tell(pruned(*rules))).splitlines()[0] == sentence


@pytest.mark.parametrize(
    ("rules", "of", "sentence"),
    [
        ((), 0, "hb.d has no rule that allows or requires, besides those of packs"),
        ((), 1, "hb.d: the one rule that allows or requires covered something in 90 days"),
        ((CACHE,), 1, "hb.d: the one rule that allows or requires covered nothing in 90 days"),
    ],
)
def test_the_sentence_of_one_rule_and_of_none(rules, of, sentence):
    assert said(tell(replace(pruned(*rules), of=of))).splitlines()[0] == sentence


def test_history_that_is_shorter_says_so():
    told = said(tell(pruned(CACHE, begins=3 * DAY)))
    assert "history is shorter than 90 days: it begins 3 days ago" in told
    assert "shorter" not in said(tell(pruned(CACHE)))


def test_each_rule_with_its_place_and_owner():
    told = said(tell(pruned(CACHE)))
    row = next(line for line in told.splitlines() if "cache" in line)
    assert row.split()[:3] == ["allow", "cache", "hb.d/db.toml:12:1"]
    assert "dba" in row
    assert "hb plan" in told


@given(st.sampled_from(HOSTILE))
def test_strangers_text_is_escaped(text):
    rule = replace(CACHE, id=text, why=text, owner=text, by_text=text)
    for width in (None, 60, 120):
        assert is_safe(said(tell(pruned(rule, hosts=(text,))), width))
