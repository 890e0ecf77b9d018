"""Bars of counts: to scale, inside the picture, and no bar where nothing is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.faces.web.ports.chart import HEIGHT, WIDTH, chart
from hb_engine.model.assignment import Pressure

counts = st.none() | st.integers(0, 10**17)
days = st.lists(counts, max_size=40).map(
    lambda told: tuple(
        [Pressure(f"2026-{1 + n // 28:02}-{1 + n % 28:02}", one, None, None) for n, one in enumerate(told)]
    )
)


def test_nothing_is_no_picture():
    assert chart(()) is None
    assert chart((Pressure("2026-11-22", None, 5, 5),)) is None


def test_the_highest_day_fills_the_picture_and_a_gap_is_none():
    told = chart(
        (Pressure("2026-11-22", 50, 1, 1), Pressure("2026-11-20", 100, 1, 1), Pressure("2026-11-21", None, 1, 1))
    )
    assert told is not None
    assert [bar.day.date for bar in told.bars] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert [bar.height for bar in told.bars] == [HEIGHT, 0, HEIGHT / 2]
    assert (told.most, told.middle) == (100, 50)


def test_a_day_with_few_reports_is_still_seen_and_one_without_is_not():
    told = chart(
        (Pressure("2026-11-21", 1_000_000, 1, 1), Pressure("2026-11-22", 1, 1, 1), Pressure("2026-11-23", 0, 0, 0))
    )
    assert told is not None
    assert [bar.height for bar in told.bars] == [HEIGHT, 1, 0]


@pytest.mark.slow
@settings(deadline=None)
@given(days)
def test_every_bar_is_inside(told):
    found = chart(told)
    if found is None:
        assert all(day.records is None for day in told)
        return
    assert len(found.bars) == len(told)
    assert found.middle <= found.most
    for bar in found.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH + 1
        assert bar.y >= 0
        assert abs(bar.y + bar.height - HEIGHT) < 0.11
