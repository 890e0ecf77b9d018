"""History as JSON: every field, times as times, and strangers' text as JSON has it."""

from __future__ import annotations

import json

from tests.faces import kit, past
from tests.faces.kit import NOW

from hb_engine.faces.export import history_json
from hb_engine.model.history import Change, Span
from hb_engine.model.record import replace
from hb_engine.wire.inventory_json import opening


def test_a_look_that_was_kept():
    told = json.loads(history_json.kept(past.KEPT))
    assert list(told) == ["schema", "kind", "host", "path", "taken_at", "before", "count", "changes"]
    assert (told["schema"], told["kind"], told["host"], told["path"]) == ("hb/1", "record", "web-17", past.PATH)
    assert (told["taken_at"], told["before"], told["count"]) == ("2026-11-22T14:05:11Z", "2026-11-22T14:00:11Z", 11)
    first, second = told["changes"]
    assert list(first) == ["change", "at", "after", "opening", "previous"]
    assert (first["change"], first["at"], first["after"]) == ("opened", "2026-11-22T14:03:11Z", "2026-11-22T13:58:11Z")
    assert first["previous"] is None
    assert second["previous"]["scope"] == "loopback"
    assert opening(first["opening"]) == kit.BACKDOOR
    assert json.loads(history_json.kept(replace(past.KEPT, before=None)))["before"] is None


def test_a_repair():
    assert json.loads(history_json.repaired(past.REPAIRED)) == {
        "schema": "hb/1",
        "kind": "repair",
        "path": past.PATH,
        "aside": past.REPAIRED.aside,
        "problem": past.REPAIRED.problem,
        "looks": 812,
    }


def test_a_story():
    told = json.loads(history_json.story(replace(past.STORY, spans=past.SPANS), "6379", None))
    assert (told["kind"], told["query"], told["since"], told["changes"]) == ("history", "6379", None, [])
    assert (told["first_look"], told["last_look"]) == ("2026-10-23T14:05:11Z", "2026-11-22T14:03:11Z")
    now, then, lost = told["spans"]
    assert list(now) == ["open", "before", "first_seen", "last_seen", "gone_at", "opening"]
    assert (now["open"], now["gone_at"]) == (True, None)
    assert (then["open"], then["before"], then["gone_at"]) == (False, None, "2026-11-21T18:05:11Z")
    assert lost["open"] is True
    told = json.loads(history_json.story(replace(past.STORY, changes=past.CHANGES), "", NOW))
    assert [change["change"] for change in told["changes"]] == [
        *("opened", "widened", "closed", "facts", "owner", "narrowed")
    ]
    assert told["since"] == "2026-11-22T14:05:11Z"


def test_nobody_looked_yet():
    told = json.loads(history_json.story(replace(past.STORY, first=None, last=None), "", None))
    assert (told["first_look"], told["last_look"], told["spans"]) == (None, None, [])


def test_a_snapshot():
    told = json.loads(history_json.snapshot(kit.LOOK, "/tmp/x\udcff.hbsnap"))
    assert (told["kind"], told["host"], told["count"]) == ("snapshot", "web-17", 11)
    assert told["path"] == "/tmp/x\\xff.hbsnap"


def test_a_hostile_machine():
    openings = kit.hostile_look().openings
    changes = tuple([Change(NOW, "opened", one, one, None) for one in openings])
    spans = tuple([Span("x", one, NOW, NOW) for one in openings])
    text = history_json.story(replace(past.STORY, host="\x1b\udc80", changes=changes, spans=spans), "\n", None)
    assert text.isascii()
    assert text.count("\n") == 1
    told = json.loads(text)
    assert len(told["changes"]) == len(told["spans"]) == len(kit.HOSTILE)
    assert told["host"] == "\x1b\\x80"
