"""A strip claims what history's letters say, and nothing more; its shapes cover each day once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import DAY, HTTPS, NOW
from tests.faces.web.machines.answers import DAYS, EDGES, PAST, key_past

from hb_engine.app.hub import past
from hb_engine.faces.web.machines import timeline
from hb_engine.model.history import Change
from hb_engine.model.record import replace

letters = st.text(st.sampled_from("oc-"), min_size=DAYS, max_size=DAYS)


def drawn(days, *changes):
    return timeline.of_key(PAST, key_past(HTTPS, days), changes)


def test_letters_are_those_of_history():
    assert {past.OPEN: "open", past.CLOSED: "closed"} == timeline.LETTERS
    assert drawn(past.NOBODY * DAYS).counts == {"open": 0, "closed": 0, "unseen": DAYS}


def test_days_of_one_state_are_one_rectangle():
    strip = drawn("-" * 30 + "o" * 40 + "-" * 3 + "c" * 2 + "o" * 15)
    assert [(run.state, run.x, run.width) for run in strip.runs] == [
        ("unseen", 0, 300), ("open", 300, 400), ("unseen", 700, 30), ("closed", 730, 20), ("open", 750, 150),
    ]  # fmt: skip
    assert strip.counts == {"open": 55, "closed": 2, "unseen": 33}


@given(letters)
def test_every_day_is_drawn_once_as_what_it_is(days):
    strip = drawn(days)
    assert strip.width == DAYS * timeline.WIDTH
    at = 0
    for run in strip.runs:
        assert run.x == at
        at += run.width
        part = {strip.days[number].state for number in range(run.x // timeline.WIDTH, at // timeline.WIDTH)}
        assert part == {run.state}
    assert at == strip.width
    assert [day.state for day in strip.days] == [timeline.LETTERS.get(letter, "unseen") for letter in days]


@given(st.text(min_size=DAYS, max_size=DAYS))
def test_a_letter_that_nobody_knows_is_never_closed(days):
    assert drawn(days.replace("o", "x").replace("c", "x")).counts["unseen"] == DAYS


def test_changes_stand_on_their_day():
    strip = drawn(
        "o" * DAYS, Change(NOW, "facts", HTTPS), Change(NOW - 1, "facts", HTTPS), Change(NOW - 5 * DAY, "facts", HTTPS)
    )
    assert [(tick.day.changes, tick.tall) for tick in strip.ticks] == [(1, 5), (2, 10)]
    assert strip.ticks[-1].x == (DAYS - 1) * timeline.WIDTH + timeline.WIDTH // 2
    assert strip.ticks[-1].day.name == timeline.day_name(NOW)


def test_changes_outside_of_the_days_are_on_none():
    assert sum(timeline.counted(EDGES, [Change(EDGES[0] - 1, "facts", HTTPS), Change(EDGES[-1], "facts", HTTPS)])) == 0
    assert sum(timeline.counted(EDGES, [Change(EDGES[0], "facts", HTTPS)])) == 1


def test_a_machines_strip_has_the_days_on_which_somebody_looked():
    strip = timeline.of_machine(PAST)
    assert strip.counts == {"open": 0, "closed": 57, "unseen": 33}
    assert sum([tick.day.changes for tick in strip.ticks]) == len(PAST.changes)


def test_no_days_are_no_strip_and_no_fault():
    assert timeline.of_machine(replace(PAST, edges=(NOW,), looked=(), changes=())).runs == ()


@pytest.mark.parametrize(
    "text", ["", "x", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "20261122x", "\u0662"]
)
def test_what_is_no_day_is_none_or_a_day(text):
    found = timeline.day_of(text)
    assert found is None or found[0] < found[1]


def test_a_day_by_its_name_holds_its_times():
    begins, ends = timeline.day_of(timeline.day_name(NOW)) or (0.0, 0.0)
    assert begins <= NOW < ends
    assert 23 * 3600 <= ends - begins <= 25 * 3600  # clocks are set
