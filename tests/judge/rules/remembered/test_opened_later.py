"""What came after the first day of looking is told with its day; doubt makes it worth a look for a week."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules.remembered import opened_later as rule

DAY = 86400.0
BEGAN = 1_790_000_000.0


def known(days: float, ago: float = 1.0) -> dict[str, Any]:
    """First seen some days after history began; looked at some days after that."""
    first = BEGAN + days * DAY
    return {"first_seen": first, "looking_since": BEGAN, "now": first + ago * DAY}


@pytest.mark.parametrize(
    ("it", "when", "severity"),
    [
        (opening(80), known(1), "info"),
        (opening(80), known(400, 300), "info"),
        (opening(7000, stray()), known(20), "low"),
        (opening(7000, stray()), known(20, 7), "low"),
        (opening(7000, stray()), known(20, 8), "info"),
        (opening(7000, stray(), scope="loopback"), known(20), "info"),
        (opening(7000, stray()), {**known(20), "now": None}, "info"),
    ],
)
def test_it_speaks(it, when, severity):
    assert severities(rule, it, **when) == [severity]


@pytest.mark.parametrize(
    ("it", "when"),
    [
        (opening(80), {}),
        (opening(80), {"first_seen": BEGAN + 20 * DAY}),
        (opening(80), {"looking_since": BEGAN}),
        (opening(80), known(0)),
        (opening(80), known(0.9)),
        (opening(80), known(-3)),
        (opening(50000, owner(), ephemeral=True), known(20)),
    ],
)
def test_it_is_silent(it, when):
    assert heard(rule, it, **when) == []


def test_both_days_are_told():
    (reason,) = rule.judge(facts(opening(7000, stray()), **known(20)))
    assert reason.text.startswith("was opened later: history first shows it at 2026-10-")
    assert reason.text.endswith("runs /srv/app/server, which is in no package")
    assert reason.evidence == ("this machine's history begins at 2026-09-21T14:13:20Z",)
