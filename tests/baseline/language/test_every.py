"""`every`: weekly hours, and what is said of sentences that are none, at which character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.mistakes import is_told_well

from hb_engine.baseline.language import every
from hb_engine.baseline.language.nodes import LONGEST, Mistake
from hb_engine.model.baseline import Hours

ZONES = ("Europe/Berlin", "America/New_York")


def parse(text):
    return every.parse(text, lambda name: name in ZONES)


def refused(text):
    with pytest.raises(Mistake) as raised:
        parse(text)
    return raised.value.at, f"{raised.value.message} | {raised.value.remedy}"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mon-Fri 01:00-03:00 Europe/Berlin", (Hours((0, 1, 2, 3, 4), 60, 180, "Europe/Berlin"),)),
        ("Sun 02:00-04:00 UTC", (Hours((6,), 120, 240),)),
        ("Sun 22:00-02:00", (Hours((6,), 1320, 120),)),
        ("Fri-Mon 1:00-2:00", (Hours((0, 4, 5, 6), 60, 120),)),
        ("Mon, Wed 01:00-02:00", (Hours((0, 2), 60, 120),)),
        ("Mon Tuesday fri 01:00-02:00", (Hours((0, 1, 4), 60, 120),)),
        ("01:00-02:00", (Hours(every.WEEK, 60, 120),)),
        ("weekends 00:00-24:00", (Hours((5, 6), 0, 1440),)),
        ("Mon 01:00-02:00 gmt", (Hours((0,), 60, 120),)),
        (
            "Mon 01:00-02:00 UTC, Sun 03:00-04:00 America/New_York",
            (Hours((0,), 60, 120), Hours((6,), 180, 240, "America/New_York")),
        ),
    ],
)
def test_hours(text, hours):
    assert parse(text) == hours


def test_without_anybody_who_knows_zones_each_name_will_do():
    assert every.parse("Mon 01:00-02:00 Mars/Olympus")[0].zone == "Mars/Olympus"


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("Mon 01:00", 4, "'01:00' says no end | Write 01:00-03:00, without spaces."),
        ("Mon 01:00 - 03:00", 4, "'01:00' says no end | Write 01:00-03:00, without spaces."),
        ("Mon 1-3", 4, "'1' is no time | Write 01:00."),
        ("Mon 01:00-25:00", 10, "there is no time 25:00 | Times are 00:00 to 23:59; 24:00 may end a day."),
        ("Mon 01:00-01:00", 4, "these hours end when they begin | Write 00:00-24:00 for a whole day."),
        ("Mno 01:00-02:00", 0, "'Mno' is no day | Did you mean Mon?"),
        (
            "Mon 01:00-02:00 Europe/Berln",
            16,
            (
                "there is no time zone 'Europe/Berln' | "
                "Names are those of the IANA time zone database, such as Europe/Berlin."
            ),
        ),
        (
            "Mon 01:00-02:00 CET+1",
            16,
            "there is no time zone 'CET+1' | Names are those of the IANA time zone database, such as Europe/Berlin.",
        ),
        ("Mon 01:00-02:00 +02:00", 16, "'+02:00' is no zone's name | Write one such as Europe/Berlin, or UTC."),
        (
            "Mon 01:00-02:00 local",
            16,
            "local time is another on every machine | Name it, such as Europe/Berlin: machines may stand in several.",
        ),
        ("Mon", 0, "hours are missing here | Write such as Mon-Fri 01:00-03:00 Europe/Berlin."),
        ("Mon,", 3, "there is a comma here with nothing beside it | Write such as Mon-Fri 01:00-03:00 Europe/Berlin."),
        ("", 0, "every says nothing | Write such as Mon-Fri 01:00-03:00 Europe/Berlin."),
        ("Mon 01:00-02:00 UTC Tue 01:00-02:00", 20, "'Tue' says nothing here | A comma begins the next hours."),
        ("Europe/Berlin Mon 01:00-02:00", 0, "the zone 'Europe/Berlin' stands before the hours | Write it after them."),
        (
            "Mon 01:00-02:00 UTC, Tue 03:00-04:00",
            25,
            "other hours here name a zone, and these do not | Write UTC after it.",
        ),
        ("Mon 1am-3pm", 4, "'1am' is no time as they are written here | Write 01:00."),
        ("Mon 01:60-02:00", 4, "there is no time 01:60 | Times are 00:00 to 23:59; 24:00 may end a day."),
        ("every Mon 01:00-02:00", 0, "'every' is no day | Days are Mon to Sun."),
        ("M 01:00-02:00", 0, "'M' is no day | Days are Mon to Sun."),
        ("Mon 24:00-01:00", 4, "there is no time 24:00 | Times are 00:00 to 23:59; 24:00 may end a day."),
        ("Mon 01:00-", 4, "'01:00-' says no end | Write 01:00-03:00, without spaces."),
    ],
)
def test_sentences_that_are_none(text, at, told):
    assert refused(text) == (at, told)


def test_too_much():
    assert refused("x" * (LONGEST + 1))[1].startswith("every has more than")
    assert "more than 64 times" in refused(", ".join(["01:00-02:00"] * 65))[1]


@given(
    st.sets(st.integers(0, 6), min_size=1), st.integers(0, 1439), st.integers(1, 1440), st.sampled_from(["", *ZONES])
)
def test_what_is_written_is_what_is_read(days, start, end, zone):
    if start == end:
        return
    named = " ".join([every.DAYS[day][:3].capitalize() for day in sorted(days)])
    text = f"{named} {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d} {zone}".strip()
    assert parse(text) == (Hours(tuple(sorted(days)), start, end, zone or "UTC"),)


@given(st.text("MonTueSat0123456789:-, UTC/Europ", max_size=40) | st.text(max_size=20))
def test_no_text_raises_anything_but_a_mistake_inside_of_it(text):
    assert is_told_well(parse, text)
