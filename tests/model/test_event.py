"""Events are plain values with the words that causes are told by."""

from __future__ import annotations

from hb_engine.model.event import EVENTS, Event
from hb_engine.model.record import replace


def test_an_event_is_a_value():
    one = Event(1000.0, "package", "nginx upgraded", "/var/log/dpkg.log", "nginx")
    assert one == replace(one)
    assert one != replace(one, at=1001.0)
    assert len({one, replace(one), replace(one, user="deploy")}) == 2


def test_the_words_are_distinct():
    assert len(set(EVENTS)) == len(EVENTS)
    assert {"package", "unit", "config", "container", "login", "cron", "boot"} <= set(EVENTS)
