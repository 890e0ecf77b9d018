"""The record of scans: whole lines, bounded, put aside once, and a gap where it cannot be written."""

from __future__ import annotations

import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan import log
from hb_engine.scan.addresses import AddressSet, Range
from hb_engine.scan.log import NAME, Who, append, ended, last, started, who
from hb_engine.scan.scope import Allowance, Allowed, Line

ONE = AddressSet([Range(4, 10 << 24, (10 << 24) + 255)])
LINE = Line(True, "10.0.0.0/24", ONE, file="/x/scope.toml", number=4)
ALLOWED = Allowed(ONE, (Allowance(ONE.ranges[0], "ours", LINE),))
BY = Who("root", 0, "ana", "/dev/pts/3", 4711, "web-17")


def gap(folder, event):
    """What an event that cannot be written leaves."""
    found = append(folder, event)
    assert found is not None
    return found


def rows(folder, name=NAME):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_a_beginning_and_an_end(tmp_path):
    folder = str(tmp_path / "state" / "hb-engine")
    assert (
        append(folder, started("s1", 1.5, BY, ALLOWED, words=("10.0.0.0/24",), ports="22,80", engine="packet")) is None
    )
    assert append(folder, ended("s1", 2.5, "complete", open=3)) is None
    first, second = rows(folder)
    assert first == {
        "event": "start",
        "scan": "s1",
        "at": 1,
        "who": {"user": "root", "uid": 0, "sudo": "ana", "terminal": "/dev/pts/3", "pid": 4711, "host": "web-17"},
        "hosts": 256,
        "ranges": ["10.0.0.0/24"],
        "ranges_left_out": 0,
        "refused": 0,
        "allowed_by": ["/x/scope.toml:4 10.0.0.0/24"],
        "words": ["10.0.0.0/24"],
        "ports": "22,80",
        "engine": "packet",
    }
    assert (second["event"], second["outcome"], second["open"]) == ("end", "complete", 3)
    assert os.stat(os.path.join(folder, NAME)).st_mode & 0o777 == 0o600
    assert os.stat(folder).st_mode & 0o777 == 0o700


def test_a_record_is_bounded_and_says_what_it_left_out():
    many = AddressSet([Range(4, number * 2, number * 2) for number in range(1000)])
    made = started("s", 0.0, BY, Allowed(many), words=["x" * 999] * 100)
    assert (len(made["ranges"]), made["ranges_left_out"], made["hosts"]) == (256, 744, 1000)
    assert (len(made["words"]), made["words"][-1]) == (65, "and 36 more")
    assert len(made["words"][0]) == 200


@given(st.text(max_size=30))
def test_a_strangers_text_stays_one_line_of_ascii(text):
    line = json.dumps(started("s", 0.0, BY, ALLOWED, words=[text]))
    assert line.isascii()
    assert "\n" not in line


def test_a_full_file_is_put_aside_once(tmp_path):
    for number in range(40):
        assert append(str(tmp_path), {"event": "x", "n": number, "pad": "." * 80}, limit=1000) is None
    assert sorted(os.listdir(tmp_path)) == [NAME, f"{NAME}.1"]
    assert all(os.stat(tmp_path / name).st_size <= 1000 for name in os.listdir(tmp_path))
    numbers = [row["n"] for row in (*rows(tmp_path, f"{NAME}.1"), *rows(tmp_path))]
    assert numbers == list(range(numbers[0], 40))
    assert [row["n"] for row in last(str(tmp_path), 10)] == list(range(30, 40))


def test_one_record_larger_than_the_limit_is_written_all_the_same(tmp_path):
    assert append(str(tmp_path), {"pad": "." * 200}, limit=100) is None
    assert append(str(tmp_path), {"pad": "." * 200}, limit=100) is None
    assert len(rows(tmp_path)) == len(rows(tmp_path, f"{NAME}.1")) == 1


@pytest.mark.slow
def test_scans_at_the_same_time_lose_no_line(tmp_path):
    def write(worker):
        for number in range(25):
            append(str(tmp_path), {"worker": worker, "n": number})

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = rows(tmp_path)
    assert sorted((row["worker"], row["n"]) for row in found) == [(w, n) for w in range(4) for n in range(25)]


def test_what_cannot_be_written_is_a_gap(tmp_path):
    assert gap(None, {}).remedy == "Set XDG_STATE_HOME."
    (tmp_path / "file").write_text("")
    assert "Not a directory" in gap(str(tmp_path / "file" / "x"), {}).why
    assert gap(str(tmp_path / "file"), {}).what == "the record of this scan"


def test_a_link_or_a_file_of_others_is_not_written_to(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    (folder / NAME).symlink_to(victim)
    assert append(str(folder), {"x": 1}) is not None
    (folder / NAME).unlink()
    (folder / NAME).write_text("")
    (folder / NAME).chmod(0o666)
    assert "yours alone" in gap(str(folder), {"x": 1}).why
    (folder / NAME).unlink()
    folder.chmod(0o777)
    assert "yours alone" in gap(str(folder), {"x": 1}).why
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert append(str(link), {"x": 1}) is not None
    assert victim.read_text() == "untouched"


def test_a_pipe_in_the_place_of_the_record_does_not_hold_the_scan_up(tmp_path):
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    os.mkfifo(folder / NAME, 0o600)
    assert append(str(folder), {"x": 1}) is not None
    assert last(str(folder), 5) == ()


def test_half_lines_and_strangers_lines_are_left_out(tmp_path):
    (tmp_path / NAME).write_bytes(b'{"n": 1}\n[1]\n\xff\n' + b"[" * 100_000 + b'\n{"n": 2}\n{"n": ')
    assert [row["n"] for row in last(str(tmp_path), 5)] == [1, 2]
    assert last(str(tmp_path), 0) == ()
    assert last(None, 5) == ()


def test_only_the_end_of_a_long_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "TAIL", 25)
    (tmp_path / NAME).write_text("".join(f'{{"n": {number}}}\n' for number in range(10, 20)))
    assert [row["n"] for row in last(str(tmp_path), 9)] == [18, 19]


def test_who_is_asking():
    found = who({"SUDO_USER": "ana", "USER": "x"})
    assert (found.sudo, found.pid, found.uid) == ("ana", os.getpid(), os.getuid())
    assert found.user
    assert found.host == os.uname().nodename
