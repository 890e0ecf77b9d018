"""In which time each drift came: by history, by the last look, by the lock, and never further back than a month."""

from __future__ import annotations

import pytest
from tests.app import kit

from hb_engine.app.remembering import spans
from hb_engine.baseline.facts import observed
from hb_engine.model.baseline import Lock, LockedHost
from hb_engine.model.errors import DataError
from hb_engine.model.record import replace
from hb_engine.model.report import Verdict
from hb_engine.store.memory import Memory

DAY = 86400.0
SEEN = kit.inventory(kit.SSH, kit.DNS)
NOW = SEEN.taken_at
NEW = Verdict("new", "drift", "medium", kit.DNS.key, "why", opening=kit.DNS)
GONE = Verdict("gone", "drift", "medium", "tcp/public/22", "why")


@pytest.fixture
def store(monkeypatch):
    """A history in memory in the place of this machine's; looks are put into it as (days ago, openings)."""
    made = Memory()
    monkeypatch.setattr("hb_engine.app.remembering.history.open_store", lambda **_: made)

    def looked(ago, *openings):
        made.record(replace(SEEN, taken_at=NOW - ago * DAY, openings=openings))

    return looked


def asked(*verdicts, lock=None):
    found = spans.spans(verdicts, SEEN, lock or Lock())
    return {kind: ((NOW - after) / DAY, (NOW - until) / DAY) for (kind, _), (after, until) in found.items()}


def locked(ago, *more):
    return Lock((LockedHost("web-17", "", int(NOW - ago * DAY), None, (observed(kit.SSH), *map(observed, more))),))


@pytest.fixture
def _no_store(monkeypatch):
    monkeypatch.setattr("hb_engine.app.remembering.history.open_store", lambda **_: None)


@pytest.mark.usefixtures("_no_store")
def test_without_any_memory_it_is_a_week():
    assert asked(NEW) == {"new": (7.0, 0.0)}


@pytest.mark.usefixtures("_no_store")
@pytest.mark.parametrize(("ago", "after"), [(3, 3.0), (20, 20.0), (300, 30.0)])
def test_the_lock_says_when_it_was_not_there_yet(ago, after):
    assert asked(NEW, lock=locked(ago)) == {"new": (pytest.approx(after, abs=1e-4), 0.0)}


def test_the_last_look_says_it_better(store):
    store(2, kit.SSH)
    assert asked(NEW, lock=locked(9)) == {"new": (2.0, 0.0)}


def test_what_history_saw_come_came_between_two_looks(store):
    store(5, kit.SSH)
    store(4, kit.SSH, kit.DNS)
    store(1, kit.SSH, kit.DNS)
    assert asked(NEW) == {"new": (5.0, 4.0)}


def test_what_was_there_at_the_first_look_came_before(store):
    store(4, kit.DNS)
    assert asked(NEW) == {"new": (30.0, 4.0)}


def test_what_is_gone_went_between_two_looks(store):
    store(5, kit.SSH)
    store(4)
    store(1)
    assert asked(GONE) == {"gone": (5.0, 4.0)}


def test_what_came_again_came_the_last_time(store):
    for ago, openings in ((9, (kit.SSH,)), (8, (kit.DNS,)), (6, (kit.SSH,)), (3, (kit.SSH, kit.DNS))):
        store(ago, *openings)
    assert asked(NEW) == {"new": (6.0, 3.0)}


def test_another_reach_is_another_key(store):
    store(5, replace(kit.DNS, scope="loopback", addresses=("127.0.0.1",)))
    assert asked(replace(NEW, kind="widened")) == {"widened": (5.0, 0.0)}


def test_no_more_drifts_than_a_person_reads_are_asked_about(store, monkeypatch):
    store(5, kit.SSH)
    store(4, kit.SSH, kit.DNS)
    monkeypatch.setattr(spans, "MOST", 0)
    assert asked(NEW) == {"new": (4.0, 0.0)}


def test_history_that_is_damaged_is_done_without(monkeypatch):
    def damaged(**_):
        raise DataError("damaged", "")

    monkeypatch.setattr("hb_engine.app.remembering.history.open_store", damaged)
    assert asked(NEW) == {"new": (7.0, 0.0)}


def test_history_that_breaks_on_the_way_is_done_without(monkeypatch):
    class Broken(Memory):
        def looks(self, *_, **__):
            raise DataError("damaged", "")

    monkeypatch.setattr("hb_engine.app.remembering.history.open_store", lambda **_: Broken())
    assert asked(NEW) == {"new": (7.0, 0.0)}


@pytest.mark.usefixtures("_no_store")
def test_a_key_without_a_port_has_its_time_too():
    tap = replace(NEW, key="packet/public/any%eth0/x/host")
    assert asked(tap) == {"new": (7.0, 0.0)}
    assert spans.spans([], SEEN, Lock()) == {}


def test_a_fact_of_what_was_there_all_along_changed_between_two_looks(store):
    package = kit.DNS.owners[0].package
    other = replace(kit.DNS, owners=(replace(kit.DNS.owners[0], package=replace(package, version="9.9")),))
    store(9, kit.DNS)
    store(5, kit.DNS)
    store(4, other)
    store(1, other)
    for kind in ("pinned-changed", "owner-changed", "suspicious"):
        assert asked(replace(NEW, kind=kind), lock=locked(8, kit.DNS)) == {kind: (5.0, 4.0)}
    assert asked(replace(NEW, kind="speaks-else"), lock=locked(8, kit.DNS)) == {
        "speaks-else": (pytest.approx(8, abs=1e-4), 0.0)
    }
    assert asked(NEW, lock=locked(8, kit.DNS)) == {"new": (30.0, 9.0)}


def test_a_fact_that_no_look_showed_changed_since_the_last(store):
    store(9, kit.DNS)
    store(2, kit.DNS)
    assert asked(replace(NEW, kind="owner-changed"), lock=locked(8, kit.DNS)) == {"owner-changed": (2.0, 0.0)}


def test_what_came_after_the_lock_came_when_it_was_first_seen(store):
    store(5, kit.SSH)
    store(4, kit.SSH, kit.DNS)
    for lock in (locked(8), locked(8, kit.DNS)):
        assert asked(replace(NEW, kind="owner-changed"), lock=lock) == {"owner-changed": (5.0, 4.0)}


def test_what_the_lock_knew_before_history_began(store):
    store(7, kit.DNS)
    store(2, kit.DNS)
    assert asked(replace(NEW, kind="owner-changed"), lock=locked(8, kit.DNS)) == {"owner-changed": (2.0, 0.0)}
