"""The table opens in a spreadsheet: as many cells in each row, no formula, no machine lost."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from tests.faces import judged
from tests.faces.kit import NOW, is_safe

from hb_engine.faces.export.reports import csv as export
from hb_engine.faces.export.scan_csv import FORMULA, safe


def rows(*found):
    return list(csv.DictReader(io.StringIO(export.write(found, "1.2.3", NOW), newline=""), strict=True))


def test_a_row_a_verdict_and_one_for_a_quiet_machine():
    found = rows(*judged.MANY)
    assert len(found) == len(judged.DRIFTED.verdicts) + 1 + 1
    new = found[0]
    assert [new[name] for name in ("machine", "kind", "state", "severity", "transport", "port", "scope")] == [
        "web-17", "new", "drift", "critical", "tcp", "1703", "public",
    ]  # fmt: skip
    assert new["since"] == "2026-11-22T14:02:11Z"
    assert new["cause"].startswith("login of alice from 192.0.2.7 (/var/log/wtmp); ")
    widened = found[1]
    assert (widened["rule"], widened["where"], widened["owner"]) == ("cache", "hb.d/web.toml:31:10", "team-web")
    gone = found[2]
    assert (gone["key"], gone["port"]) == ("tcp/public/443", "")
    assert (found[-1]["machine"], found[-1]["kind"]) == ("web-18", "")


@given(judged.hostile_reports)
def test_every_row_has_every_cell_and_none_is_a_formula(report):
    text = export.write((report,), "1.2.3", NOW)
    cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [len(row) for row in cells] == [len(export.HEADER)] * 2
    assert text.count("\n") == 2
    assert is_safe(text)
    assert cells[1][export.HEADER.index("reason")] == safe(report.verdicts[0].reason)
    assert not any(cell.lstrip(" ").startswith(FORMULA) and not cell.startswith("'") for cell in cells[1])
