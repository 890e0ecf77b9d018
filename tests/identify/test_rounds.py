"""A round gives its jobs in order, changes the order when told, and begins nothing once its purse is empty."""

from __future__ import annotations

from hb_engine.identify.carrier import Job, Outcome
from hb_engine.identify.rounds import Round
from hb_engine.identify.talks import nothing


def job(label, **more):
    return Job(label, nothing(), **more)


def quiet(this, job, outcome):
    """Take note of nothing."""


def labels(this):
    found = []
    while (taken := this.take()) is not None:
        found.append(taken.label)
    return found


def test_in_order():
    this = Round([job("a"), job("b")], quiet)
    assert len(this) == 2
    assert labels(this) == ["a", "b"]
    assert len(this) == 0


def test_hints_change_the_order_and_keep_the_rest_in_it():
    this = Round([job("a"), job("b"), job("c"), job("d")], quiet)
    this.prefer({"c", "x"})
    assert this.left == ("c", "a", "b", "d")
    this.prefer([])
    assert this.left == ("c", "a", "b", "d")


def test_more_come_first():
    this = Round([job("a")], quiet)
    this.add([job("new"), job("newer")])
    assert labels(this) == ["new", "newer", "a"]


def test_the_purse_is_what_was_told_to_be_spent():
    told = []
    this = Round([job("a"), job("b"), job("c")], lambda *news: told.append(news), lanes=2, purse=lambda: 1.0)
    first, second = this.take(), this.take()
    assert first is not None
    assert second is not None
    this.tell(first, Outcome(), 0.6)
    this.tell(second, Outcome(), 0.5)
    assert this.take() is None
    assert [news[1].label for news in told] == ["a", "b"]


def test_a_purse_may_shrink_while_the_round_runs():
    size = [9.0]
    this = Round([job("a"), job("b")], quiet, purse=lambda: size[0])
    first = this.take()
    assert first is not None
    this.tell(first, Outcome(), 1.0)
    size[0] = 1.0
    assert this.take() is None


def test_without_a_purse_time_does_not_matter():
    this = Round([job("a"), job("b")], quiet)
    taken = this.take()
    assert taken is not None
    this.tell(taken, Outcome(), 1e9)
    assert this.take() is not None


def test_once_over_nothing_begins():
    this = Round([job("a")], quiet)
    this.stop()
    assert this.over
    assert this.take() is None


def test_whether_it_goes_on_with_the_open_connection():
    assert Round([job("a", kept=True), job("b")], quiet).on_kept
    assert not Round([job("b"), job("a", kept=True)], quiet).on_kept
    assert not Round([], quiet).on_kept
