"""Times are told as the command line tells them, and nothing else is a time."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.api.times import Time
from hb_engine.wire.dates import iso


@given(st.integers(0, 250_000_000_000))
def test_whatever_is_written_is_a_time(seconds):
    assert msgspec.convert(iso(seconds), Time) == iso(seconds)


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "2026-11-22T14:02:11", "2026-11-22 14:02:11Z", "null", "1795356311"]
)
def test_what_is_none(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Time)


def test_the_document_says_the_format():
    assert msgspec.json.schema(Time)["format"] == "date-time"
