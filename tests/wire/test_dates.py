"""Dates by arithmetic agree with the library's calendar, everywhere that people's dates are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import dates


@given(st.dates())
def test_days_agree_with_the_calendar(day):
    count = dates.days(day.year, day.month, day.day)
    assert count == (day - date(1970, 1, 1)).days
    assert dates.date(count) == (day.year, day.month, day.day)


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_text_goes_there_and_back(moment):
    whole = moment.replace(microsecond=0)
    text = dates.iso(moment.timestamp())
    assert text in (whole.strftime("%Y-%m-%dT%H:%M:%SZ"), dates.iso(whole.timestamp()))
    assert dates.seconds_of(text) == int(whole.timestamp())
    assert dates.seconds_of(dates.iso_day(moment.timestamp())) == int(whole.timestamp()) // 86400 * 86400


@given(st.text())
def test_no_text_breaks_the_reader(text):
    found = dates.seconds_of(text)
    assert found is None or text in (dates.iso(found), dates.iso_day(found))


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-31",
        "2026-13-01",
        "2026-00-10",
        "2026-1-1",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:00",
        "2026-11-22T10:00Z",
        "22.11.2026",
        "",
        "٢٠٢٦-11-22",
    ],
)
def test_what_is_no_time_is_none(text):
    assert dates.seconds_of(text) is None


def test_leap_days():
    assert dates.seconds_of("2024-02-29") == 1709164800
    assert dates.seconds_of("2023-02-29") is None
    assert dates.iso(-1.5) == "1969-12-31T23:59:58Z"


@pytest.mark.parametrize(
    ("end", "over"),
    [
        ("2026-12-01T18:00:00Z", "2026-12-01T18:00:00Z"),
        ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        ("2026-12-01T23:59:59Z", "2026-12-02T00:00:00Z"),  # a whole day
        ("2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
    ],
)
def test_an_end_is_over_at_its_second_and_a_day_with_the_day(end, over):
    ends, then = dates.seconds_of(end), dates.seconds_of(over)
    assert ends is not None
    assert then is not None
    assert not dates.is_over(int(ends), then - 0.001)
    assert dates.is_over(int(ends), then)
