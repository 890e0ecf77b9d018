"""The table opens in a spreadsheet: as many cells in each row, nothing that is run, no host lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import scans
from tests.faces.kit import is_safe

from hb_engine.faces.export import scan_csv
from hb_engine.model.record import replace


def rows(seen):
    return list(csv.DictReader(io.StringIO(scan_csv.scan(seen), newline=""), strict=True))


def test_one_row_a_port():
    found = rows(scans.ONE)
    assert len(found) == len(scans.HOST.answers)
    wrong = next(row for row in found if row["port"] == "443")
    assert (wrong["address"], wrong["names"], wrong["transport"], wrong["state"]) == (
        "10.0.0.5",
        "web-17.example",
        "tcp",
        "open",
    )
    assert (wrong["service"], wrong["product"], wrong["registered"], wrong["held"]) == (
        "ssh",
        "OpenSSH",
        "https",
        "other-service",
    )
    assert wrong["mismatch"] == "registered as https, and ssh speaks there"


def test_tls_and_the_certificate():
    row = next(row for row in rows(scans.ONE) if row["port"] == "8443")
    assert (row["tls"], row["certificate"], row["certificate_ends"]) == (
        "TLSv1.3",
        "CN=web-17.example",
        "2026-11-19T14:05:11Z",
    )


def test_no_host_is_lost_and_what_said_the_same_is_text():
    found = {row["address"]: row for row in rows(scans.MANY)}
    assert set(found) == {host.address for host in scans.MANY.hosts}
    assert (found["10.0.0.7"]["port"], found["10.0.0.7"]["rest"], found["10.0.0.7"]["up"]) == (
        "",
        "1000 tcp closed (reset)",
        "up",
    )
    assert found["10.0.0.8"]["up"] == ""


def test_every_row_has_every_cell_and_a_line_is_a_row():
    text = scan_csv.scan(scans.hostile())
    cells = [len(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    assert set(cells) == {len(scan_csv.HEADER)}
    assert text.count("\n") == len(cells)
    assert is_safe(text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "  =1", "\uff1d1", "'=1", "=cmd|' /C calc'!A0"],
)
def test_no_stranger_s_word_is_a_formula(text):
    assert scan_csv.safe(text) == f"'{text}"
    answer = replace(scans.SSH, identity=replace(scans.OPENSSH, product=text))
    seen = replace(scans.ONE, hosts=(replace(scans.HOST, answers=(answer,)),))
    assert rows(seen)[0]["product"] == f"'{text}"


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1"])
def test_controls_are_escaped_and_so_stand_before_nothing(text):
    assert scan_csv.safe(text).startswith("\\")


@given(st.text())
def test_a_cell_never_begins_as_a_formula_and_is_read_as_it_was_written(text):
    cell = scan_csv.safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert next(csv.reader([scan_csv.row((cell, "x"))], strict=True)) == [cell, "x"]
