"""Windows: weekly hours, past midnight, in zones that change their clocks, and single stretches."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.deciding.windows import holds
from hb_engine.model.baseline import Hours, Window
from hb_engine.wire.dates import seconds_of

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
ALL = tuple(range(7))


def offset(zone, seconds):
    """What a zone's clock shows, as files of the zone have it."""
    if zone == "Nowhere":
        return None
    moment = dt.datetime.fromtimestamp(seconds, zoneinfo.ZoneInfo(zone))
    offset = moment.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def at(text):
    found = seconds_of(text)
    assert found is not None
    return found


def weekly(days, start, end, zone="UTC"):
    return Window("w", every=(Hours(days, start, end, zone),))


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2027-01-15T07:59:59Z", False),
        ("2027-01-15T08:00:00Z", True),
        ("2027-01-15T09:59:59Z", True),
        ("2027-01-15T10:00:00Z", False),
        ("2027-01-16T09:00:00Z", False),  # a Saturday
        ("1970-01-01T09:00:00Z", True),  # a Thursday
    ],
)
def test_hours_of_working_days(when, inside):
    assert holds(weekly((0, 1, 2, 3, 4), 480, 600), at(when), offset) is inside


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2027-01-15T21:59:59Z", False),
        ("2027-01-15T22:00:00Z", True),  # Friday
        ("2027-01-16T01:59:59Z", True),  # Saturday, of Friday's window
        ("2027-01-16T02:00:00Z", False),
        ("2027-01-16T23:00:00Z", False),
        ("2027-01-15T01:00:00Z", False),  # Thursday has none
    ],
)
def test_past_midnight_belongs_to_the_day_it_began_on(when, inside):
    assert holds(weekly((4,), 22 * 60, 2 * 60), at(when), offset) is inside


def test_from_sunday_into_monday():
    assert holds(weekly((6,), 23 * 60, 60), at("2027-01-18T00:30:00Z"), offset)
    assert not holds(weekly((6,), 23 * 60, 60), at("2027-01-18T01:00:00Z"), offset)


@pytest.mark.parametrize("end", [0, 1440])
def test_a_whole_day(end):
    window = weekly((4,), 0, end)
    assert [holds(window, at(f"2027-01-{day}T12:00:00Z"), offset) for day in (14, 15, 16)] == [False, True, False]
    assert holds(window, at("2027-01-15T00:00:00Z"), offset)
    assert not holds(window, at("2027-01-16T00:00:00Z"), offset)


def test_a_zone_is_ahead_in_summer_by_another_hour():
    window = weekly(ALL, 60, 180, "Europe/Berlin")
    assert holds(window, at("2027-01-15T00:30:00Z"), offset)
    assert not holds(window, at("2027-01-15T02:30:00Z"), offset)
    assert holds(window, at("2027-07-14T23:30:00Z"), offset)
    assert not holds(window, at("2027-07-15T01:30:00Z"), offset)


def test_hours_that_a_clock_skips_do_not_come():
    """2027-03-28, Berlin: 01:59:59 is followed by 03:00."""
    window = weekly(ALL, 120, 180, "Europe/Berlin")
    assert not any(holds(window, at("2027-03-28T00:00:00Z") + minute * 60, offset) for minute in range(180))


def test_hours_that_a_clock_shows_twice_hold_twice():
    """2027-10-31, Berlin: 02:59:59 is followed by 02:00."""
    window = weekly(ALL, 120, 180, "Europe/Berlin")
    inside = [holds(window, at("2027-10-30T23:00:00Z") + minute * 60, offset) for minute in range(240)]
    assert inside == [False] * 60 + [True] * 120 + [False] * 60


def test_one_stretch():
    window = Window("w", start=100, end=200)
    assert [holds(window, now, offset) for now in (99, 100, 199.9, 200)] == [False, True, True, False]
    assert holds(Window("w", start=100), 1e9, offset)
    assert holds(Window("w", end=100), 0, offset)


def test_weekly_hours_within_a_stretch():
    window = Window("w", every=(Hours(ALL, 0, 60),), start=at("2027-01-15"), end=at("2027-01-16"))
    assert holds(window, at("2027-01-15T00:30:00Z"), offset)
    assert not holds(window, at("2027-01-16T00:30:00Z"), offset)
    assert not holds(window, at("2027-01-15T02:00:00Z"), offset)


def test_a_window_without_a_time_or_in_no_zone_never_holds():
    assert not holds(Window("w"), 1e9, offset)
    assert not any(holds(weekly(ALL, 0, 0, "Nowhere"), 1e9 + hour * 3600, offset) for hour in range(24))


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(0, 1440),
    st.integers(0, 4_000_000_000),
)
def test_hours_are_those_of_a_calendar(days, start, end, now):
    moment = dt.datetime.fromtimestamp(now, BERLIN)
    minute, today = moment.hour * 60 + moment.minute, moment.weekday()
    if start < end:
        expected = today in days and start <= minute < end
    else:
        expected = (today in days and minute >= start) or ((today - 1) % 7 in days and minute < end)
    assert holds(weekly(tuple(sorted(days)), start, end, "Europe/Berlin"), now, offset) is expected
