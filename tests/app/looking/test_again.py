"""What was asked is judged by what it said too; what nobody asked stays as it was."""

from __future__ import annotations

import pytest
from tests.judge.builders import opening, owner

from hb_engine.app.looking.again import again
from hb_engine.app.looking.look import Bench
from hb_engine.app.remembering.history import Known
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Identity
from hb_engine.model.inventory import Coverage, Host, Inventory

REDIS = opening(7000, owner("/usr/local/lib/cache"), addresses=("192.168.1.7",))
OPEN = Answer("tcp", 7000, "open", "conn-accepted", identity=Identity("redis", evidence="+PONG"), held="unregistered")


@pytest.fixture
def seen(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    look = Inventory(Host("here", "Debian"), 1.8e9, Coverage(privileged=True), (opening(80), REDIS))
    return Bench().judged(look)


def rules(of):
    return {reason.rule for reason in of.verdict.reasons}


def test_an_answer_is_judged(seen):
    before = seen.openings[1]
    (after,) = again(seen, [before], {before.key: OPEN})
    assert "open-without-password" in rules(after) - rules(before)


def test_without_answers_nothing_is_judged_again(seen):
    assert again(seen, seen.openings, {}) == seen.openings
    assert again(seen, seen.openings, {})[0] is seen.openings[0]


def test_what_history_knows_counts_without_any_answer(seen):
    before = seen.openings[1]
    (after,) = again(seen, [before], {}, Known({before.key: 1.8e9 - 86400.0}, 1.8e9 - 30 * 86400.0))
    assert rules(after) - rules(before) == {"opened-later"}
    assert again(seen, [before], {}, Known({}))[0] is before


def test_the_order_is_that_of_what_was_given(seen):
    turned = again(seen, seen.openings[::-1], {REDIS.key: OPEN})
    assert [one.port for one in turned] == [7000, 80]


def test_what_is_not_of_this_look_is_left_alone(seen):
    other = opening(81)
    assert again(seen, [other], {REDIS.key: OPEN})[0] is other
