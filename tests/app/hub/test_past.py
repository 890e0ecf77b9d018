"""Days are open, closed, or nobody looked: three states, and the third is never told as the second."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from tests.store.kit import BOX, NOBODY, ROOT, SSH, START, WEB, daemon, look

from hb_engine.app.hub import past
from hb_engine.app.hub.past import Calendar, days
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput
from hb_engine.model.history import Stay
from hb_engine.model.inventory import Coverage
from hb_engine.store.sqlite.glimpses import KeyTimes, Strip

DAY = 86400.0
EDGES = tuple([START + DAY * number for number in range(8)])  # seven days
WHOLE, BLIND = (1, ROOT), (2, NOBODY)
MISSING = (3, Coverage(True, (), (), "ports 22"))


def at(*times):
    """Stay in days since the first edge."""
    return [START + DAY * one for one in times]


def strip(*looks, kinds=(WHOLE,)):
    """Looks at times in days, of a kind where it is not the first."""
    told = [(one, 1) if isinstance(one, (int, float)) else one for one in looks]
    return Strip(tuple([(START + DAY * day, kind) for day, kind in told]), kinds, ())


def key(*spans, opening=SSH):
    """A key with spans in days: first, last, gone."""
    times = [
        Stay(at(first)[0], at(last)[0], None, at(gone)[0] if gone is not None else None) for first, last, gone in spans
    ]
    return KeyTimes(opening.key, opening, tuple(times))


def states(seen, one):
    return Calendar(EDGES, seen).states(one)


EVERY = tuple([day + 0.5 for day in range(7)])


@pytest.mark.parametrize(
    ("looks", "spans", "told"),
    [
        ((), [], "-------"),
        (EVERY, [], "ccccccc"),
        (EVERY, [(0.5, 6.5, None)], "ooooooo"),
        (EVERY, [(2.5, 3.5, 4.5)], "ccooccc"),
        (EVERY, [(1.5, 1.5, 2.5), (5.5, 5.5, 6.5)], "cocccoc"),
        (EVERY[3:], [], "---cccc"),
        (EVERY[:2] + EVERY[5:], [(0.5, 6.5, None)], "oo---oo"),
        (EVERY[:2], [(0.5, 1.5, None)], "oo-----"),
        (EVERY, [(-5.5, -2.5, -1.5)], "ccccccc"),
        (EVERY, [(-5.5, 2.5, 3.5)], "ooocccc"),
        ((0.25, 0.75), [(0.25, 0.25, 0.75)], "o------"),
    ],
    ids=[
        "nobody ever looked",
        "never there",
        "always there",
        "came and went",
        "came twice",
        "looks began late",
        "a span goes on over days without a look",
        "looks have ended",
        "gone before",
        "there before",
        "open for a part of a day",
    ],
)
def test_days(looks, spans, told):
    assert states(strip(*looks), key(*spans)) == told


def test_looks_that_would_not_have_shown_it_make_nothing_closed():
    """Somebody without rights sees no container's namespace."""
    looks = strip(*[(day, 2) for day in EVERY], kinds=(BLIND,))
    assert states(looks, key(opening=BOX)) == "-------"
    assert states(looks, key(opening=SSH)) == "ccccccc"


def test_and_what_they_showed_all_the_same_is_open():
    looks = strip(*[(day, 2) for day in EVERY], kinds=(BLIND,))
    assert states(looks, key((1.5, 3.5, None), opening=BOX)) == "-o-o---"


def test_a_look_at_some_ports_closes_none():
    looks = strip(*[(day, 3) for day in EVERY], (6.75, 1), kinds=(WHOLE, MISSING))
    assert states(looks, key()) == "------c"


def test_looks_are_counted_by_day_whatever_their_kind():
    looks = strip(0.5, 0.6, (3.5, 2), kinds=(WHOLE, BLIND))
    assert Calendar(EDGES, looks).looked == (2, 0, 0, 1, 0, 0, 0)
    assert Calendar(EDGES, strip(kinds=())).looked == (0,) * 7


def test_a_look_on_the_edge_is_of_the_day_that_begins():
    assert states(strip(0.0, 1.0), key((1.0, 1.0, None))) == "co-----"


# -- days


@pytest.mark.parametrize("zone", ["UTC", "Europe/Bucharest", "America/St_Johns"])
def test_days_are_local_and_the_last_one_is_today(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        edges = days(START, 365)
        assert len(edges) == 366
        assert edges[-2] <= START < edges[-1]
        assert all(time.localtime(edge)[3:6] == (0, 0, 0) for edge in edges)
        assert {round((later - one) / 3600) for one, later in pairwise(edges)} <= {23, 24, 25}
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


# -- asking


def test_without_history_it_is_said_how_to_have_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    with pytest.raises(BadInput, match="no history yet") as raised:
        past.asked(lambda store: store.hosts())
    assert "hb record" in raised.value.remedy
    assert not (tmp_path / "history.db").exists()


def test_the_file_is_closed_whatever_happens(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    history.remember(look(0, SSH, WEB))
    found = []

    def ask(store):
        found.append(store)
        raise BadInput("no", "")

    with pytest.raises(BadInput):
        past.asked(ask)
    with pytest.raises(Exception, match="closed"):
        found[0].hosts()


def test_machines_are_those_that_history_knows(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    history.remember(look(0, SSH))
    history.remember(look(0, daemon(80), host="db-3"))
    assert past.asked(lambda store: past.hosts(store, "")) == ("db-3", "web-17")
    assert past.asked(lambda store: past.hosts(store, "db-3")) == ("db-3",)
    with pytest.raises(BadInput, match="no machine 'db-4'"):
        past.asked(lambda store: past.hosts(store, "db-4"))
