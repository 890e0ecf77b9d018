"""Scan pressure: the latest day, the period, its shape, and always whose figures they are."""

from __future__ import annotations

import pytest
from tests.faces.kit import ATTRIBUTION, PRESSURE, said

from hb_engine.faces.document import Document, Fields
from hb_engine.faces.stories import pressure
from hb_engine.model.assignment import Pressure
from hb_engine.model.record import replace


def told(days, width=None):
    return said(Document((Fields((pressure.field(tuple(days), ATTRIBUTION),)),)), width)


def test_the_latest_day_whatever_the_order():
    assert "32 reports, 41 sources on 2026-11-21" in told(reversed(PRESSURE))


def test_the_period_and_its_shape():
    assert "21 days from 2026-11-01: half of the days at most 43 reports" in told(PRESSURE)
    assert pressure.shape([Pressure("a", 0, 0, 0), Pressure("b", None, 0, 0), Pressure("c", 70, 0, 0)]) == "▁ █"
    assert "▁" not in told(PRESSURE)  # bars are for eyes
    assert "▁" in told(PRESSURE, 100)


@pytest.mark.parametrize(
    "days", [(), PRESSURE[:1], PRESSURE, [replace(PRESSURE[0], records=None, targets=None, sources=None)]]
)
def test_the_attribution_always_stands(days):
    assert ATTRIBUTION in told(days)


def test_days_without_figures():
    blank = [replace(day, records=None, targets=None, sources=None) for day in PRESSURE]
    assert "nothing known on 2026-11-21" in told(blank)
    assert "no figures" in told(blank)
    assert "no reports of this port" in told(())
    assert "0 reports" in told([replace(day, records=0) for day in PRESSURE])
