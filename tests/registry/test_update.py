"""hb update against a server that behaves, and ones that do not: the old data survives everything."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from hb_engine.model.errors import DataError, TooSoon, Unreachable
from hb_engine.registry import fields, files, update, web
from hb_engine.registry.assignments import FILE, Registry
from hb_engine.registry.update import STATE

from .conftest import ODD_CSV, reply

NOW = 1795348800.0  # 2026-11-22 12:00 UTC
MODIFIED = "Mon, 16 Nov 2026 08:00:00 GMT"


class Clock:
    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def as_csv(rows):
    """The packaged table as IANA would send it: the same cells, its header, its line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(fields.COLUMNS)
    for row in rows:
        number = "" if row.first is None else str(row.first) if row.first == row.last else f"{row.first}-{row.last}"
        people = [f"[{name}]" if name else "" for name in (row.assignee, row.contact)]
        references = "".join(f"[{part}]" for part in row.references)
        cells = [
            row.name,
            number,
            row.transport or "",
            row.description,
            *people,
            row.registered,
            row.modified,
            references,
        ]
        writer.writerow([*cells, row.service_code, row.unauthorized, row.notes])
    return text.getvalue().encode()


@pytest.fixture(scope="session")
def iana():
    """A whole table that a real server could send."""
    return as_csv(row for row in Registry.open(None).all() if row.status not in ("deassigned", "unconfirmed"))


@pytest.fixture
def run(peer, tmp_path, clock):
    def update_(**more):
        return update.update(str(tmp_path), url=peer.url + "ports.csv", clock=clock, **more)

    return update_


def send(peer, body, status=200, length=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    peer.answer = lambda handler: reply(handler, body, status, named, length)


@pytest.fixture
def before(tmp_path, odd_file):
    """Data from before, which every failure must leave alone."""
    return seed(tmp_path, odd_file)


def seed(folder, odd_file):
    (folder / FILE).write_bytes(odd_file)
    return {name: (folder / name).read_bytes() for name in os.listdir(folder)}


def left(folder):
    return {name: (folder / name).read_bytes() for name in os.listdir(folder) if name != STATE}


@pytest.mark.slow
def test_a_first_update_then_nothing_new_then_something(run, peer, clock, tmp_path, iana):
    send(peer, iana, ETag='"one"', Last_Modified=MODIFIED)
    told = []
    found = run(progress=lambda *pair: told.append(pair), mail="me@example.org")
    assert (found.state, found.as_of, found.checked_at, found.note) == ("updated", "2026-11-16", NOW, "")
    assert found.path == str(tmp_path / FILE)
    assert told[-1] == (len(iana), len(iana))
    assert found.removed >= 50  # the unconfirmed names are not in IANA's table of this test
    assert peer.asked[0][1]["user-agent"].endswith("(me@example.org)")
    assert "if-none-match" not in peer.asked[0][1]
    registry = Registry.open(str(tmp_path))
    assert (registry.origin, registry.problem, registry.rows_known) == (found.path, "", found.rows)
    assert registry.rows(1703)[0].details_as_of == registry.as_of == "2026-11-16"
    assert sorted(os.listdir(tmp_path)) == [FILE, STATE]

    assert run().state == "recent"
    assert len(peer.asked) == 1

    clock.now += update.DAY
    send(peer, b"", 304)
    found = run()
    assert (found.state, found.as_of, found.rows) == ("unchanged", "2026-11-16", registry.rows_known)
    headers = peer.asked[1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"one"', MODIFIED)
    assert run().state == "recent"

    clock.now += update.DAY
    more = iana.replace(b"hb-engine,1703,udp,hb-engine", b"hb-engine,1703,udp,Something else", 1)
    send(peer, more + b"new-one,1706,tcp,New,,,,,,,,\r\n", ETag='"two"', Last_Modified=MODIFIED)
    found = run()
    assert (found.state, found.added, found.removed, found.changed) == ("updated", 1, 0, 1)


@pytest.mark.slow
def test_without_a_date_from_the_server_the_newest_row_tells(run, peer, iana):
    send(peer, iana)
    assert run().as_of == "2015-07-24"


@pytest.mark.parametrize(
    "refusal",
    [(403, Unreachable, "refuses"), (404, Unreachable, "404"), (500, Unreachable, "500"), (503, TooSoon, "left alone")],
)
def test_refusals_leave_the_old_data(run, peer, before, tmp_path, refusal):
    status, kind, word = refusal
    send(peer, b"no", status)
    with pytest.raises(kind, match=word) as caught:
        run()
    assert caught.value.remedy
    assert left(tmp_path) == before


@pytest.mark.parametrize(
    "table",
    [
        (b"", "column"),
        (b"<!DOCTYPE html><title>Sign in</title>", "web page"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"Service Name,Port\r\na,1\r\n", "column"),
        (ODD_CSV.encode(), "only 21 rows"),
        (ODD_CSV.encode()[:-30], "cells"),
        (ODD_CSV.encode() + b'x,1,tcp,"cut', "broken"),
    ],
)
def test_what_is_not_the_table_leaves_the_old_data(run, peer, before, tmp_path, table):
    body, word = table
    send(peer, body)
    with pytest.raises(DataError, match=word) as caught:
        run()
    assert caught.value.remedy
    assert left(tmp_path) == before
    assert not (tmp_path / STATE).exists()


def test_a_table_cut_on_the_way(run, peer, tmp_path, odd_file):
    before = seed(tmp_path, odd_file)
    send(peer, ODD_CSV.encode(), length=len(ODD_CSV.encode()) + 100)
    with pytest.raises(Unreachable, match="ended after"):
        run()
    assert left(tmp_path) == before


def test_an_endless_table(run, peer, monkeypatch):
    monkeypatch.setattr(update, "LIMIT", 1000)
    send(peer, bytes(2000), length=-1)
    with pytest.raises(Unreachable, match="longer"):
        run()


@pytest.mark.slow
def test_a_table_cut_between_rows(iana):
    """Nothing in HTTP told that it is not whole: the names at its end are missing."""
    current = Registry.open(None)
    rows = fields.parse_csv(iana.decode())
    update.check(rows, current)
    named = [row for row in rows if row.first is not None]
    with pytest.raises(DataError, match="without a port"):
        update.check(named, current)
    with pytest.raises(DataError, match="names for tcp"):
        update.check(rows[2000:], current)
    with pytest.raises(DataError, match="lacks hb-engine"):
        update.check([row for row in rows if row.first != 1703], current)
    with pytest.raises(DataError, match="before port 49151"):
        update.check([row for row in rows if (row.last or 0) < 49000], current)


def test_a_wish_to_be_left_alone_is_remembered(run, peer, clock):
    send(peer, b"", 429, Retry_After="7200")
    with pytest.raises(TooSoon) as caught:
        run()
    assert "2 hours" in caught.value.remedy
    clock.now += 7000
    with pytest.raises(TooSoon, match="left alone"):
        run()
    assert len(peer.asked) == 1
    clock.now += 300
    send(peer, b"", 500)
    with pytest.raises(Unreachable):
        run()


def test_304_without_data_of_ours(run, peer, tmp_path):
    send(peer, b"", 304)
    with pytest.raises(DataError, match="no data from it"):
        run()
    assert os.listdir(tmp_path) == []


def test_no_conditions_when_the_old_data_is_broken(run, peer, tmp_path, odd_file):
    (tmp_path / FILE).write_bytes(odd_file[:-5])
    state = {"etag": '"one"', "last_modified": MODIFIED, "url": peer.url + "ports.csv", "checked_at": NOW}
    (tmp_path / STATE).write_text(json.dumps(state))
    send(peer, b"", 500)
    with pytest.raises(Unreachable):
        run()
    assert not {"if-none-match", "if-modified-since"} & set(peer.asked[0][1])


@pytest.mark.parametrize(
    "state", [b"", b"[]", b"{", b'{"checked_at":"x","url":7}', b'{"etag":"a\\r\\nX: y","until":"soon"}', b"[" * 99999]
)
def test_a_spoiled_memory_only_costs_a_question(run, peer, tmp_path, odd_file, state):
    seed(tmp_path, odd_file)
    (tmp_path / STATE).write_bytes(state)
    send(peer, b"", 500)
    with pytest.raises(Unreachable):
        run()
    assert "x" not in peer.asked[0][1]


def test_a_clock_that_went_back_does_not_stop_updates(run, peer, tmp_path, odd_file, clock):
    seed(tmp_path, odd_file)
    (tmp_path / STATE).write_text(
        json.dumps({"url": peer.url + "ports.csv", "checked_at": NOW + 9e6, "until": NOW + 9e6})
    )
    send(peer, b"", 500)
    with pytest.raises(Unreachable):
        run()
    assert len(peer.asked) == 1


def test_another_address_is_another_question(run, peer, tmp_path, odd_file):
    seed(tmp_path, odd_file)
    (tmp_path / STATE).write_text(json.dumps({"url": "http://other/", "checked_at": NOW, "etag": '"one"'}))
    send(peer, b"", 500)
    with pytest.raises(Unreachable):
        run()
    assert "if-none-match" not in peer.asked[0][1]


def test_scraps_of_a_killed_update_are_swept(run, peer, tmp_path):
    scrap = tmp_path / f".{FILE}.1{files.SUFFIX}"
    scrap.write_bytes(b"half")
    os.utime(scrap, (NOW - 7200, NOW - 7200))
    send(peer, b"", 500)
    with pytest.raises(Unreachable):
        run()
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
def test_rows_that_make_no_sense(run, peer, tmp_path, iana):
    send(peer, iana + b"odd,70000,tcp,x,,,,,,,,\r\n", Last_Modified=MODIFIED)
    found = run()
    assert found.state == "updated"
    assert "1 rows were left out" in found.note
    assert "70000" in found.note
    os.remove(tmp_path / STATE)
    send(peer, iana + b"odd,70000,tcp,x,,,,,,,,\r\n" * (update.ODDEST + 1))
    with pytest.raises(DataError, match="make no sense"):
        run()


def answer_of(body):
    def fetch(url, headers, **more):
        return web.Answer(200, (("last-modified", MODIFIED),), body)

    return fetch


@pytest.mark.slow
@pytest.mark.root
def test_a_full_disk(tmp_path, iana, odd_file, clock):
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    try:
        before = seed(tmp_path, odd_file)
        with pytest.raises(DataError, match="No space left on device") as caught:
            update.update(str(tmp_path), fetch=answer_of(iana), clock=clock)
        assert "Make room" in caught.value.remedy
        assert left(tmp_path) == before
        assert Registry.open(str(tmp_path)).problem == ""
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


LIMITED = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from hb_engine.model.errors import DataError
from hb_engine.registry import update, web
body = open(sys.argv[3], "rb").read()
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    update.update(sys.argv[2], fetch=lambda url, headers, **more: web.Answer(200, (), body))
except DataError as error:
    print(error.message)
"""


@pytest.mark.slow
def test_a_file_that_may_not_grow(tmp_path, iana, odd_file):
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "iana.csv").write_bytes(iana)
    before = seed(folder, odd_file)
    source = os.path.dirname(os.path.dirname(os.path.dirname(update.__file__)))
    command = [sys.executable, "-I", "-S", "-c", LIMITED, source, str(folder), str(tmp_path / "iana.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "File too large" in done.stdout
    assert left(folder) == before


@pytest.mark.slow
def test_a_memory_that_cannot_be_written_is_a_note(tmp_path, iana, clock):
    (tmp_path / STATE).mkdir()
    found = update.update(str(tmp_path), fetch=answer_of(iana), clock=clock)
    assert found.state == "updated"
    assert "fetch everything again" in found.note


@pytest.mark.parametrize(
    ("text", "date"),
    [(MODIFIED, "2026-11-16"), ("", ""), ("yesterday", ""), ("Mon, 99 Nov 2026 08:00:00 GMT", ""), ("\x00", "")],
)
def test_dates(text, date):
    assert update.date_of(text) == date


def test_differences(odd_rows):
    from hb_engine.model.record import replace

    assert update.difference(odd_rows, odd_rows) == (0, 0, 0)
    assert update.difference(odd_rows, odd_rows[1:]) == (0, 1, 0)
    later = [replace(row, as_of="2030-01-01") for row in odd_rows]
    assert update.difference(odd_rows, later) == (0, 0, 0)
    assert update.difference(odd_rows, [replace(odd_rows[0], notes="new"), *odd_rows[1:]]) == (0, 0, 1)
