"""Days, times and lengths of time: what each comes to, and what is said to those who write them otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.mistakes import is_told_well

from hb_engine.baseline.language import times
from hb_engine.baseline.language.nodes import Mistake
from hb_engine.wire.dates import iso


def told(function, *words, **more):
    with pytest.raises(Mistake) as raised:
        function(*words, **more)
    return raised.value.at, f"{raised.value.message} | {raised.value.remedy}"


def test_a_day_is_meant_whole():
    assert iso(times.moment("2027-06-30", ends=True)[0]) == "2027-06-30T23:59:59Z"
    assert iso(times.moment("2027-06-30", ends=False)[0]) == "2027-06-30T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "meant", "zoneless"),
    [
        ("2026-12-01T18:00:00Z", "2026-12-01T18:00:00Z", False),
        ("2026-12-01 18:00:00z", "2026-12-01T18:00:00Z", False),
        ("2026-12-01T18:00:00+02:00", "2026-12-01T16:00:00Z", False),
        ("2026-12-01T18:00:00.250-0130", "2026-12-01T19:30:00Z", False),
        ("2026-12-01T18:00", "2026-12-01T18:00:00Z", True),
        (" 2026-12-01 18:00:59 ", "2026-12-01T18:00:59Z", True),
    ],
)
def test_times(text, meant, zoneless):
    assert times.is_date(text)
    seconds, without = times.moment(text, ends=True)
    assert (iso(seconds), without) == (meant, zoneless)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("2027-13-01", 5, "there is no month 13 | Did you mean 2027-01-13?"),
        ("2027-00-01", 5, "there is no month 0 | Write such as 2027-06-30, or 2026-12-01T18:00:00Z."),
        ("2027-02-30", 8, "there is no day 30 in 2027-02 | It has 28 days."),
        ("2028-12-32", 8, "there is no day 32 in 2028-12 | It has 31 days."),
        ("1969-12-31", 0, "1969 is no year of a baseline | Years begin with 1970."),
        ("2027-06-30T25:00Z", 11, "there is no time 25:00 | Times are 00:00:00 to 23:59:59."),
        ("2027-06-30T12:00:61Z", 11, "there is no time 12:00:61 | Times are 00:00:00 to 23:59:59."),
        ("2027-6-30", 0, "'2027-6-30' is no day as they are written here | Write 2027-06-30."),
        ("2027/06/30", 0, "'2027/06/30' is no day as they are written here | Write 2027-06-30."),
        ("30.06.2027", 0, "'30.06.2027' is no day as they are written here | Write 2027-06-30."),
        ("06/30/2027", 0, "'06/30/2027' is no day as they are written here | Write 2027-06-30."),
        ("06/07/2027", 0, "'06/07/2027' may be two days | Write year-month-day, such as 2027-06-30."),
        ("180d", 0, "'180d' is no day | Write such as 2027-06-30, or 2026-12-01T18:00:00Z."),
        ("soon", 0, "'soon' is no day and no time | Write such as 2027-06-30, or 2026-12-01T18:00:00Z."),
        ("07:32:00", 0, "'07:32:00' is no day and no time | Write such as 2027-06-30, or 2026-12-01T18:00:00Z."),
    ],
)
def test_days_and_times_that_are_none(text, at, message):
    assert told(times.moment, text, ends=True) == (at, message)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("8h", 28800),
        ("180d", 180 * 86400),
        ("26w", 182 * 86400),
        ("1y", 365 * 86400),
        (" 90 days ", 90 * 86400),
        ("1 Week", 604800),
    ],
)
def test_lengths(text, seconds):
    assert times.is_length(text)
    assert times.length(text) == seconds


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("180", 3, "'180' of what? | Write 180d for days."),
        ("6mo", 1, "'mo' is no length that hb knows | Write 180d for months."),
        ("6 months", 1, "'months' is no length that hb knows | Write 180d for months."),
        ("5x", 1, "'x' is no length that hb knows | Write such as 8h, 180d, 26w or 1y."),
        ("d", 0, "'d' is no length of time | Write such as 8h, 180d, 26w or 1y."),
        ("0d", 0, "'0d' is no length that anybody means | It is between 1h and 100y."),
        ("101y", 0, "'101y' is no length that anybody means | It is between 1h and 100y."),
        ("9" * 5000 + "d", 0, None),
    ],
)
def test_lengths_that_are_none(text, at, message):
    found = told(times.length, text)
    assert found[0] == at
    assert found[1] == message if message else len(found[1]) < 150


def test_a_date_is_no_length():
    assert not times.is_length("2027-06-30")
    assert not times.is_length("never")


@given(st.dates(date(1970, 1, 1), date(9999, 12, 31)), st.booleans())
def test_every_day_is_what_the_calendar_says(day, ends):
    seconds, without = times.moment(day.isoformat(), ends=ends)
    clock = timedelta(hours=23, minutes=59, seconds=59) if ends else timedelta()
    assert datetime(1970, 1, 1) + timedelta(seconds=seconds) == datetime(day.year, day.month, day.day) + clock  # noqa: DTZ001
    assert not without


@given(st.datetimes(datetime(1971, 1, 1), datetime(9998, 12, 31)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_every_time_is_what_the_calendar_says(moment, minutes):
    from datetime import timezone

    there = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    seconds = int((there - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    assert times.moment(there.isoformat(), ends=True) == (seconds, False)


@given(st.text("0123456789-/.:TZ+dhwy ", max_size=24) | st.text(max_size=12))
def test_no_text_raises_anything_but_a_mistake_inside_of_it(text):
    for function in (times.length, lambda words: times.moment(words, ends=True)):
        assert is_told_well(function, text)


@pytest.mark.parametrize("text", ["31.12.2026", "31/12/2026", "2026-12-31", "2026.12.31"])
def test_days_in_other_orders_are_no_lengths(text):
    assert not times.is_length(text)
    if text != "2026-12-31":
        with pytest.raises(Mistake) as raised:
            times.moment(text, ends=True)
        assert raised.value.remedy == "Write 2026-12-31."
