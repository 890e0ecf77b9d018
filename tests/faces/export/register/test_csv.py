"""The register's table opens in a spreadsheet: as many cells in each row, no formula, every rule once."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from tests.faces import judged, registers
from tests.faces.kit import is_safe

from hb_engine.faces.export.register import csv as export
from hb_engine.faces.export.scan_csv import FORMULA


def rows(register):
    return list(csv.DictReader(io.StringIO(export.write(register, "1.2.3"), newline=""), strict=True))


def test_every_rule_and_every_opening_without_one():
    found = rows(registers.ONE)
    assert [row["status"] for row in found].count("allowed") == 8
    assert [row["rule"] for row in found if row["status"] == "without owner or need"] == ["time", "debug"]
    assert [row["rule"] for row in found if row["status"] == "forbidden"] == ["no-clear-text", "no-docker"]
    assert [row["ports"] for row in found if row["status"].startswith("not approved")] == [
        "tcp/1703",
        "tcp/6379",
        "tcp/5432",
    ]
    new = next(row for row in found if row["ports"] == "tcp/1703")
    assert (new["need"], new["owner"], new["reach"], new["by"]) == ("", "", "public", "unit:cron.service")
    assert new["known"].startswith("open to everyone, and no rule is about it; pid 4117")


def test_what_could_not_be_judged_is_not_said_to_be_unapproved():
    found = [row for row in rows(registers.MANY) if row["status"].startswith("not judged")]
    assert [(row["ports"], row["machines"], row["rule"]) for row in found] == [("tcp/443", "db-3", "web-https")]


def test_cells():
    row = next(row for row in rows(registers.ONE) if row["rule"] == "web-https")
    assert (row["ports"], row["protocols"], row["reach"], row["by"]) == (
        "tcp/443",
        "https",
        "public",
        "unit:nginx.service and pkg:nginx",
    )
    assert (row["need"], row["owner"], row["approved"], row["review"], row["overdue"]) == (
        "Shop front end",
        "team-web",
        "2026-10-13",
        "2027-04-11",
        "",
    )
    assert (row["where"], row["machines"], row["open_now"]) == (
        "hb.d/web.toml:3:1",
        "web-17",
        "tcp/443 public by unit:nginx.service",
    )
    late = next(row for row in rows(registers.ONE) if row["rule"] == "shop-db")
    assert late["overdue"] == "2026-11-02, overdue by 20 days"
    ftp = next(row for row in rows(registers.ONE) if row["rule"] == "old-ftp")
    assert (ftp["until"], ftp["insecure"][:4], ftp["security_features"]) == ("2026-12-22", "ftp:", "")


@given(judged.anything | judged.surrogates)
def test_every_row_has_every_cell_and_none_is_a_formula(text):
    written = export.write(registers.saying(text), "1.2.3")
    cells = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert {len(row) for row in cells} == {len(export.HEADER)}
    assert written.count("\n") == len(cells)
    assert is_safe(written)
    assert not any(cell.lstrip(" ").startswith(FORMULA) and not cell.startswith("'") for row in cells for cell in row)
