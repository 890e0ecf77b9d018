"""Events of every kind of record, in one row."""

from __future__ import annotations

import sys

from hb_engine.app.looking import events
from hb_engine.inventory.linux import records
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

GAP = Gap("logins", "no right", "run hb as root")


def told(*found, gaps=()):
    asked = []

    def tell(root, since):
        asked.append((root, since))
        return tuple(found), tuple(gaps)

    return tell, asked


def test_events_of_all_records_by_time_within_what_was_asked(monkeypatch):
    early, late, after = (Event(at, "package", f"{at}", "dpkg.log") for at in (5.0, 20.0, 99.0))
    login = Event(10.0, "login", "x", "wtmp")
    first, asked = told(late, early, after)
    second, _ = told(login, login, gaps=(GAP,))
    monkeypatch.setattr(records, "load", lambda: ((Record("a", ()), first), (Record("b", ()), second)))
    monkeypatch.setattr(sys, "platform", "linux")
    assert events.events(6.0, 50.0, "/r") == ((login, late), (GAP,))
    assert asked == [("/r", 6.0)]


def test_too_many_are_told(monkeypatch):
    many, _ = told(*[Event(float(at), "login", "x", "wtmp") for at in range(30)])
    monkeypatch.setattr(records, "load", lambda: ((Record("a", ()), many),))
    monkeypatch.setattr(events, "MOST", 10)
    found, gaps = events.events(0.0, 100.0)
    assert [event.at for event in found] == [float(at) for at in range(20, 30)]
    assert gaps[0].what.startswith("20 older")


def test_elsewhere_there_are_no_records_and_that_is_told(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert events.events(0.0, 1.0) == ((), (events.NOWHERE,))
