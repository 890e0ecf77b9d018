"""The page of hb plan. Goldens: HB_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.deciding import BAD, CACHE, GOOD, HTTPS, MANY, PLANS, change, plan
from tests.faces.kit import HOSTILE, golden, is_safe, said

from hb_engine.app.ruling.plan import EFFECTS as ALL
from hb_engine.faces.stories.plan import EFFECTS, FIRST, tell
from hb_engine.model.record import replace

OTHER = [change("web-1", "other", kit.REDIS), change("web-1", "required", rule=HTTPS)]


@pytest.mark.parametrize("width", [None, 60, 80, 120])
@pytest.mark.parametrize("name", PLANS)
def test_the_page(name, width):
    golden(f"plan-{name}-{width or 'plain'}.txt", said(tell(PLANS[name]), width))


def first(*changes, **more):
    return said(tell(plan(*changes, **more))).splitlines()[0]


def test_every_effect_has_words():
    assert set(EFFECTS) == set(ALL)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([*GOOD, *BAD], "this edit makes 12 openings on 12 hosts expected and 2 new violations on 1 host"),
        (GOOD[:1], "this edit makes 1 opening on 1 host expected, and no new violation"),
        (BAD[:1], "this edit makes 1 new violation on 1 host"),
        (OTHER, "this edit makes no new violation: 1 opening drift in another way and 1 place required no longer"),
        (OTHER[:1], "this edit makes no new violation: 1 opening drift in another way"),
        ([], "the rules are the same: 60 openings on 1 host asked"),
    ],
)
def test_the_edit_in_a_sentence(changes, sentence):
    assert first(*changes) == sentence


def test_an_edit_that_changes_nothing_that_is_open():
    assert first(changed=("a",)) == "this edit changes nothing: 60 openings on 1 host asked"


def test_what_becomes_wrong_comes_first():
    rows = [line for line in said(tell(plan(*GOOD, *BAD))).splitlines() if "hb.d/" in line and ":1" in line]
    assert "becomes drift on web-3: allowed until" in rows[0]
    assert rows[-1].endswith("becomes expected on web-1, web-2, web-3 and 9 more")


def test_changes_that_are_alike_are_one_row():
    told = said(tell(plan(*GOOD)))
    assert told.count("web-https") == 1


def test_many_changes_of_one_rule_are_counted():
    told, every = said(tell(plan(*MANY))), said(tell(plan(*MANY), every=True))
    assert told.count("becomes drift") == FIRST
    assert f"and {len(MANY) - FIRST} more   hb plan --all" in told
    assert every.count("becomes drift") == len(MANY)


def test_rules_that_were_edited_are_named():
    names = tuple([f"r{number}" for number in range(12)])
    told = said(tell(plan(added=names, removed=("x",))))
    assert "added    r0, r1, r2, r3, r4, r5, r6, r7 and 4 more" in told
    assert "removed  x" in told


def test_a_change_without_a_rule():
    assert "no rule" in said(tell(plan(change("web-1", "violation", kit.REDIS, None))))


@given(st.sampled_from(HOSTILE))
def test_strangers_text_is_escaped(text):
    rule = replace(CACHE, id=text, why=text)
    changes = [change(text, "violation", seen, rule) for seen in kit.hostile_look().openings]
    found = plan(*changes, change(text, "gone", rule=replace(HTTPS, id=text)), added=(text,))
    for width in (None, 60, 120):
        assert is_safe(said(tell(found, every=True), width))
