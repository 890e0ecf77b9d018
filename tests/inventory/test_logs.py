"""Logs read from their end, and wall clocks as text."""

from __future__ import annotations

import gzip
import os
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import logs
from hb_engine.inventory.linux.logs import Clock

NOON = 1_795_608_000.0  # 2026-11-25 12:00:00 UTC


def put(root, path, data, at=NOON):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_bytes(data if isinstance(data, bytes) else data.encode())
    os.utime(full, (at, at))
    return full


def test_a_log_and_its_rotated_files_come_in_order(tmp_path):
    put(tmp_path, "var/log/x.log", "five\nsix\n", NOON)
    put(tmp_path, "var/log/x.log.1", "three\n\nfour\n", NOON - 100)
    put(tmp_path, "var/log/x.log.2.gz", gzip.compress(b"one\ntwo\n"), NOON - 200)
    put(tmp_path, "var/log/x.log.3.gz", gzip.compress(b"too old\n"), NOON - 5000)
    put(tmp_path, "var/log/xy.log", "another\n")
    assert logs.lines(str(tmp_path), "var/log/x.log", NOON - 300) == (
        ["one", "two", "three", "four", "five", "six"],
        (),
    )
    assert logs.lines(str(tmp_path), "var/log/x.log", NOON + 1) == ([], ())
    assert logs.lines(str(tmp_path), "var/log/none", 0.0) == ([], ())


def test_names_of_rotated_files_with_dates(tmp_path):
    put(tmp_path, "var/log/secure", "b\n")
    put(tmp_path, "var/log/secure-20261122", "a\n", NOON - 9)
    assert logs.lines(str(tmp_path), "var/log/secure", 0.0)[0] == ["a", "b"]


def test_of_a_long_log_the_end_is_read_and_that_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "TAIL", 64)
    put(tmp_path, "x.log", "".join([f"line {at:03}\n" for at in range(100)]))
    found, (gap,) = logs.lines(str(tmp_path), "x.log", 0.0)
    assert found[-1] == "line 099"
    assert all(len(line) == 8 for line in found), "no line is cut at its beginning"
    assert gap.what == "the beginning of /x.log"


def test_what_unpacks_to_very_much_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "TAIL", 1000)
    put(tmp_path, "x.log.1.gz", gzip.compress(b"0123456789\n" * 100_000))
    found, (gap,) = logs.lines(str(tmp_path), "x.log", 0.0)
    assert sum(map(len, found)) <= 1000
    assert "beginning" in gap.what


@pytest.mark.parametrize(
    "data", [b"", b"no gzip", gzip.compress(b"x" * 999)[:20], gzip.compress(b"x")[:-6] + b"zzzzzz"]
)
def test_a_packed_file_that_is_broken_is_a_gap_or_empty(tmp_path, data):
    put(tmp_path, "x.log.1.gz", data)
    found, gaps = logs.lines(str(tmp_path), "x.log", 0.0)
    assert found == []
    assert [gap.what for gap in gaps] == (["what /x.log.1.gz tells"] if data else [])


def test_a_folder_or_a_pipe_of_that_name_keeps_nobody_waiting(tmp_path):
    (tmp_path / "x.log").mkdir()
    os.mkfifo(tmp_path / "x.log.1")
    found, gaps = logs.lines(str(tmp_path), "x.log", 0.0)
    assert found == []
    assert gaps


def test_when_a_log_was_written_last(tmp_path):
    put(tmp_path, "x.log", "", NOON)
    assert logs.written(str(tmp_path), "x.log") == NOON
    assert logs.written(str(tmp_path), "none") == 0.0


def test_times_without_a_zone_are_the_machines(tmp_path):
    zone = "/usr/share/zoneinfo/Europe/Berlin"
    if not os.path.exists(zone):
        pytest.skip("no zone files here")
    (tmp_path / "etc").mkdir()
    shutil.copy(zone, tmp_path / "etc/localtime")
    clock = Clock(str(tmp_path))
    assert clock.iso("2026-11-25 13:00:00") == NOON
    assert clock.iso("2026-07-25T14:00:00") == clock.iso("2026-07-25T12:00:00Z")
    assert clock.iso("2026-10-25 02:30:00") == clock.iso("2026-10-25T00:30:00Z"), "the first of two"
    assert Clock(str(tmp_path / "none")).iso("2026-11-25 12:00:00") == NOON


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-25T12:00:00Z", NOON),
        ("2026-11-25T13:00:00+01:00", NOON),
        ("2026-11-25T13:00:00+0100", NOON),
        ("2026-11-25T07:30:00-04:30", NOON),
        ("2026-11-25T12:00:00.5+00:00", NOON + 0.5),
        ("2026-11-25 12:00", NOON),
        ("2026-11-25 12:00:00,25", NOON + 0.25),
        ("2026-11-25", None),
        ("2026-13-25T12:00:00Z", None),
        ("2026-11-25T24:00:00Z", None),
        ("2026-11-25T12:00:00+1", None),
        ("25/11/2026 12:00", None),
        ("²026-11-25T12:00:00Z", None),
        ("", None),
    ],
)
def test_written_times(tmp_path, text, at):
    assert Clock(str(tmp_path)).iso(text) == at


def test_times_without_a_year_are_the_last_such_before_a_moment(tmp_path):
    clock = Clock(str(tmp_path))
    assert clock.yearless("Nov", "25", "12:00:00", NOON) == NOON
    assert clock.yearless("Dec", "31", "23:00:00", NOON) == clock.iso("2025-12-31T23:00:00Z")
    midnight = clock.iso("2026-12-31T23:59:00Z")
    assert midnight is not None
    assert clock.yearless("Jan", "1", "00:10:00", midnight) == clock.iso("2027-01-01T00:10:00Z")
    assert clock.yearless("Foo", "1", "00:10:00", NOON) is None
    assert clock.yearless("Nov", "x", "00:10:00", NOON) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_clock(text):
    clock = Clock("/nowhere")
    found = clock.iso(text)
    assert found is None or isinstance(found, float)
    assert clock.yearless(text, "1", "0:0", NOON) is None or text in logs.MONTHS
    clock.seconds(2026, 1, 1, text)
    clock.seconds(2026, 1, 1, "0:0:0", text)


@pytest.mark.parametrize(
    "data",
    [b"", b"TZif", b"TZif2" + bytes(30), b"TZif2" + bytes(15) + b"\xff" * 24 + bytes(60), b"no zone at all" * 20],
)
def test_a_damaged_zone_is_none(tmp_path, data):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/localtime").write_bytes(data)
    assert logs.Clock(str(tmp_path)).seconds(2026, 11, 25, "10:00:00") == 1795600800
