"""The pace alone: fed with stretches and shares by hand, it grows, falls, waits, believes, and keeps its bounds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan import pace as paces
from hb_engine.scan.board import MARKS
from hb_engine.scan.pace import BLIND, FLOOR, GENTLE, LEAST, Limits, Pace


class Way:
    """Feeds a pace: stretches of `size` packets, of which a share is answered after `rtt`."""

    def __init__(self, limits=None, rtt=0.001) -> None:
        self.heard, self.now, self.rtt = [0] * MARKS, 0.0, rtt
        self.pace = Pace(limits or Limits(), 0.0, rtt, self.heard)
        self.marks = set[int]()

    def stretch(self, share, size=LEAST * 4, late=0.0):
        """One stretch, its answers, and what comes of it; `late` is the share that comes when all is judged."""
        mark = self.pace.mark
        self.marks.add(mark)
        self.pace.sent(size, self.now)
        self.now += 0.03
        self.pace.sent(0, self.now)
        self.heard[mark] += round(share * size)
        self.pace.judge(self.now + self.rtt)
        self.now += self.rtt + 0.1
        self.pace.judge(self.now)
        self.heard[mark] += round(late * size)
        return self.pace.rate


def test_it_grows_while_everything_is_answered():
    way = Way()
    rates = [way.stretch(1.0) for _ in range(12)]
    assert rates == sorted(rates)
    assert rates[-1] == paces.FASTEST


def test_a_share_that_is_usual_is_no_loss():
    """Half of the ports filtered: half of the answers are all that there are."""
    way = Way()
    for _ in range(12):
        way.stretch(0.5)
    assert way.pace.rate == paces.FASTEST
    assert way.pace.cuts == 0


def test_a_stretch_that_lost_falls_to_what_came_through():
    way = Way()
    for _ in range(3):
        way.stretch(1.0)
    before = way.pace.rate
    after = way.stretch(0.25)
    assert after == pytest.approx(before * 0.25 * paces.THROUGH)
    assert way.pace.cuts == 1


def test_a_little_loss_halves_at_least():
    way = Way()
    for _ in range(3):
        way.stretch(1.0)
    before = way.pace.rate
    assert way.stretch(0.9) == pytest.approx(before / 2)


def test_it_never_falls_below_the_floor():
    way = Way()
    way.stretch(1.0)
    for _ in range(20):
        way.stretch(0.0)
        assert way.pace.rate >= FLOOR


def test_after_a_fall_it_grows_carefully_and_gets_bolder():
    way = Way()
    for _ in range(3):
        way.stretch(1.0)
    way.stretch(0.2)
    rates = [way.stretch(1.0) for _ in range(60)]
    steps = [after / before for before, after in itertools.pairwise(rates) if after < paces.FASTEST]
    assert max(steps) <= paces.CARELESS + 0.02
    assert rates[-1] > rates[0] * 20, "and it does recover"


def test_a_lower_share_is_believed_when_slower_is_no_better():
    """A part of the net became silent: that is no reason to crawl for ever."""
    way = Way()
    for _ in range(4):
        way.stretch(1.0)
    for _ in range(40):
        way.stretch(0.6)
    assert way.pace.usual == pytest.approx(0.6, abs=0.05)
    assert way.pace.cuts <= paces.DOUBTS + 1
    assert way.pace.rate > FLOOR * 10


def test_where_nothing_answers_it_stays_blind():
    way = Way()
    for _ in range(10):
        way.stretch(0.0)
    way.pace.allowed(way.now)
    assert way.pace.rate <= BLIND


def test_stragglers_make_it_more_patient():
    """Answers that wait in a queue on the way are no loss: they only take longer than they should."""
    way = Way()
    for _ in range(4):
        way.stretch(1.0)
    patience = way.pace.patience
    for _ in range(4):
        way.stretch(0.3, late=0.7)
        way.now += 0.2
        way.pace.judge(way.now)
    assert way.pace.patience > patience


def test_marks_do_not_run_into_those_of_trials():
    way = Way()
    for _ in range(3 * MARKS):
        way.stretch(1.0)
    assert way.marks == set(range(MARKS - paces.TRIALS))


def test_refusals_by_the_device_slow_it_down():
    way = Way()
    before = way.pace.rate
    way.pace.refused(0.0)
    assert way.pace.rate == before / 2


def test_limited_refusals_are_no_loss():
    way = Way()
    for _ in range(3):
        way.stretch(1.0)
    way.pace.distrust(way.now)
    for _ in range(10):
        way.stretch(0.05)
    way.pace.allowed(way.now)
    assert (way.pace.cuts, way.pace.rate) == (0, BLIND)


def test_what_is_asked_again_goes_unmeasured_at_a_proven_rate():
    way = Way()
    for _ in range(4):
        way.stretch(1.0)
    proven = way.pace.rate
    way.pace.again(way.now)
    for _ in range(5):
        assert way.stretch(0.0) == proven


def test_what_is_asked_again_after_loss_goes_slower():
    way = Way()
    for _ in range(4):
        way.stretch(1.0)
    rate = way.stretch(0.5)
    way.pace.again(way.now)
    assert way.pace.rate == pytest.approx(rate * paces.THROUGH)
    way.pace.again(way.now, 0.5)
    assert way.pace.rate == pytest.approx(rate * paces.THROUGH / 2)
    way.pace.again(way.now, 0.5)
    assert way.pace.rate == pytest.approx(rate * paces.THROUGH / 2), "the round before went at the faster rate"


@pytest.mark.parametrize("limits", [GENTLE, Limits(500.0, 500.0, 500.0), Limits(10.0, 20.0, 5.0)])
def test_what_a_person_allows_is_kept(limits):
    way = Way(limits)
    for share in (1.0, 1.0, 0.0, 1.0, 0.5, 1.0, 1.0):
        way.stretch(share)
        way.pace.allowed(way.now)
        assert way.pace.rate <= max(limits.most, FLOOR if way.pace.cuts else 0)


@given(st.lists(st.floats(0.0001, 0.2), min_size=5, max_size=40), st.integers(100, 20_000))
def test_no_more_than_the_rate_is_allowed_over_any_time(pauses, rate):
    limits, now, sent = Limits(float(rate), float(rate), float(rate)), 0.0, 0
    pace = Pace(limits, 0.0, 0.01, [0] * MARKS)
    for pause in pauses:
        now += pause
        number = pace.allowed(now)
        pace.sent(number, now)
        sent += number
    assert sent <= rate * now + max(16.0, rate * paces.STRETCH) + 1


def test_a_person_who_allows_little_is_not_sped_up_by_the_floor():
    """FLOOR is where falling ends, and no licence to be faster than was allowed."""
    way = Way(Limits(20.0, 20.0, 20.0))
    way.pace.refused(0.0)
    assert way.pace.allowed(0.0) <= 20
    assert way.pace.rate <= 20.0
