"""Times as people type them, in any zone; what is none is told, never guessed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.cli.times import UNITS, moment, past
from hb_engine.model.errors import BadInput
from hb_engine.wire.dates import iso, seconds_of

NOW = 1795356311.0  # Sunday 2026-11-22 14:05:11 UTC
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia")


@pytest.fixture
def zone(monkeypatch):
    """Sets the zone of this process; conftest sets it back."""

    def use(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    return use


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", "2026-11-22T14:05:11Z"),
        ("2d", "2026-11-20T14:05:11Z"),
        ("-2d", "2026-11-20T14:05:11Z"),
        ("2d ago", "2026-11-20T14:05:11Z"),
        ("1d12h", "2026-11-21T02:05:11Z"),
        ("1d 12h", "2026-11-21T02:05:11Z"),
        ("90m", "2026-11-22T12:35:11Z"),
        ("1w", "2026-11-15T14:05:11Z"),
        ("45s", "2026-11-22T14:04:26Z"),
        ("today", "2026-11-22T00:00:00Z"),
        ("yesterday", "2026-11-21T14:05:11Z"),
        ("Yesterday 9:30", "2026-11-21T09:30:00Z"),
        ("today 14:00", "2026-11-22T14:00:00Z"),
        ("14:00", "2026-11-22T14:00:00Z"),
        ("14:00:05", "2026-11-22T14:00:05Z"),
        ("tuesday", "2026-11-17T00:00:00Z"),
        ("Tue 14:00", "2026-11-17T14:00:00Z"),
        ("sunday 14:00", "2026-11-22T14:00:00Z"),
        ("sunday 14:06", "2026-11-15T14:06:00Z"),
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        ("2026-11-20 14:00", "2026-11-20T14:00:00Z"),
        ("2026-11-20T14:00:05Z", "2026-11-20T14:00:05Z"),
        ("2026-11-20t14:00+01:00", "2026-11-20T13:00:00Z"),
        ("2026-11-20T14:00-0330", "2026-11-20T17:30:00Z"),
        ("2026-11-20T14:00+02", "2026-11-20T12:00:00Z"),
        ("  2026-11-20   14:00 ", "2026-11-20T14:00:00Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
    ],
)
def test_what_is_meant(text, meant):
    assert iso(moment(text, NOW)) == meant


def test_fractions_are_kept():
    assert moment("2026-11-20T14:00:05.25Z", NOW) % 1 == 0.25


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "soon",
            "2x",
            "d",
            "2",
            "1d2",
            "d2",
            "--2d",
            "14",
            "24:00",
            "14:60",
            "14:5",
            "2026-02-30",
            "2026-13-01",
        ),
        *(
            "2026-2-1",
            "20261122",
            "2026-11-22x14:00",
            "2026-11-22T",
            "2026-11-22T14:00+1x",
            "mo",
            "tuesday noon",
            "1e3d",
        ),
        *("2026-11-22 14:00 extra", "0000-01-01", "1960-01-01", "999999999w", "12345678901d", "\u0664d", "1:2:3:4"),
        *("tuesday 25:00", "14:00:05.", "14:00:05.1234567890123", "x" * 100, "nan", "inf", "yesterday yesterday"),
    ],
)
def test_what_is_none_is_told(text):
    with pytest.raises(BadInput, match="is no time") as caught:
        moment(text, NOW)
    assert "yesterday" in caught.value.remedy


def test_what_is_to_come_is_told():
    assert past("14:05:11", NOW) == NOW
    for text in ("14:06", "today 23:00", "2027-01-01", "2026-11-22T14:05:12Z"):
        with pytest.raises(BadInput, match="still to come"):
            past(text, NOW)


@pytest.mark.parametrize("name", ZONES)
def test_local_time_where_no_zone_is_said(zone, name):
    zone(name)
    local = time.localtime(NOW)
    for text in (time.strftime("%Y-%m-%d %H:%M:%S", local), time.strftime("%H:%M:%S", local), "now"):
        assert moment(text, NOW) == NOW
    assert moment("2026-11-22T14:05:11Z", NOW) == NOW
    assert time.localtime(moment("today", NOW))[:6] == (*local[:3], 0, 0, 0)
    yesterday = time.localtime(moment("yesterday", NOW))
    assert (yesterday.tm_hour, yesterday.tm_min) == (local.tm_hour, local.tm_min)
    for day in ("monday", "thu", "sunday"):
        found = moment(day, NOW)
        assert 0 <= NOW - found < 8 * 86400
        assert time.strftime("%A", time.localtime(found)).lower().startswith(day[:3])


def test_a_day_of_23_hours(zone):
    zone("Europe/Berlin")
    spring = 1774773000.0  # Sunday 2026-03-29 10:30 in Berlin, where the night was an hour short
    assert spring - moment("yesterday", spring) == 23 * 3600
    assert moment("2026-03-29 02:30", spring) in (
        moment("2026-03-29 01:30", spring),
        moment("2026-03-29 03:30", spring),
    )


@given(st.text(max_size=80))
def test_any_text_is_a_time_or_told(text):
    try:
        found = moment(text, NOW)
    except BadInput:
        return
    assert 0 <= found < 1e12


@given(st.integers(0, 253402300799))
def test_what_is_written_in_utc_is_read_again(seconds):
    assert moment(iso(seconds), NOW) == seconds == seconds_of(iso(seconds))


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(sorted(UNITS))), min_size=1, max_size=4))
def test_lengths_add_up(parts):
    text = "".join([f"{count}{unit}" for count, unit in parts])
    length = sum([count * UNITS[unit] for count, unit in parts])
    assert moment(text, NOW) == NOW - length
