"""States of scans in files: what goes in comes out, and whatever else a file holds is an error with its name."""

from __future__ import annotations

import json
import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput, DataError
from hb_engine.scan import resume
from hb_engine.scan.board import MEANINGS, SILENT, UNASKED, Shape
from hb_engine.scan.hosts import Outcome, Target

KEY = "10.0.0.0/24 1-100 (1, 1)"


def outcome(address=bytes((10, 0, 0, 1)), codes=(1, 2, 0, 12), ports=(22, 80, 443, 8080), **others):
    one = Outcome(Target(address, "10.0.0.1", ("web-1", "w\udcff"), 3), 1.5)
    one.rows["tcp"] = (ports, bytes(codes))
    one.shapes["tcp", 22] = Shape(64, 64240, 40)
    one.up, one.reason, one.rtt, one.mac = True, "answered", 0.01, "02:00:00:00:00:01"
    for name, value in others.items():
        setattr(one, name, value)
    return one


def facts(one):
    rows = {name: (list(ports), bytes(codes)) for name, (ports, codes) in one.rows.items()}
    return one.target, one.up, one.reason, one.rtt, one.mac, one.started_at, rows, one.shapes


def test_round_trip(tmp_path):
    path = str(tmp_path / "state")
    first, second = outcome(), outcome(bytes(15) + b"\1", up=None, rtt=None)
    resume.save(path, KEY, [first, second], complete=False)
    known = resume.load(path, KEY)
    assert [facts(one) for one in known.values()] == [facts(first), facts(second)]
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["state"]


@given(st.lists(st.sampled_from(sorted(set(MEANINGS) - {UNASKED})), max_size=300), st.booleans() | st.none())
def test_any_row_comes_back(codes, up):
    one = outcome(codes=codes, ports=range(1, len(codes) + 1), up=up)
    again = resume._outcome(json.loads(json.dumps(resume._host(one))))
    assert facts(again) == facts(one)


def test_what_was_never_asked_is_asked_next_time(tmp_path):
    path = str(tmp_path / "state")
    resume.save(path, KEY, [outcome(codes=(1, UNASKED, 0, 12))], complete=False)
    (one,) = resume.load(path, KEY).values()
    assert one.rows["tcp"][1] == bytes((1, SILENT, 0, 12))


def test_no_file_yet(tmp_path):
    assert resume.load(str(tmp_path / "nothing"), KEY) == {}


def test_a_complete_scan_takes_its_file_away(tmp_path):
    path = str(tmp_path / "state")
    resume.save(path, KEY, [outcome()], complete=False)
    resume.save(path, KEY, [outcome()], complete=True)
    assert os.listdir(tmp_path) == []
    resume.save(path, KEY, [outcome()], complete=True)


def test_a_file_that_cannot_be_removed_is_an_error(tmp_path):
    with pytest.raises(DataError, match="could not be removed"):
        resume.save(str(tmp_path), KEY, [], complete=True)


def test_another_scans_file_is_refused(tmp_path):
    path = str(tmp_path / "state")
    resume.save(path, KEY, [outcome()], complete=False)
    with pytest.raises(BadInput, match="another scan"):
        resume.load(path, KEY + "0")


def test_a_new_file_takes_the_old_ones_place_whole(tmp_path):
    path = str(tmp_path / "state")
    resume.save(path, KEY, [outcome()], complete=False)
    resume.save(path, KEY, [], complete=False)
    assert resume.load(path, KEY) == {}


@pytest.mark.parametrize("where", ["missing/state", ""])
def test_where_nothing_can_be_written(tmp_path, where):
    with pytest.raises(DataError, match="could not be written"):
        resume.save(str(tmp_path / where) if where else str(tmp_path), KEY, [outcome()], complete=False)
    assert os.listdir(tmp_path) == []


def test_a_link_is_not_followed_when_a_file_is_made(tmp_path):
    """Whoever may write here could otherwise have any file of ours overwritten."""
    path = str(tmp_path / "state")
    (tmp_path / "victim").write_text("kept")
    os.symlink(tmp_path / "victim", f"{path}.{os.getpid()}.new")
    with pytest.raises(DataError):
        resume.save(path, KEY, [outcome()], complete=False)
    assert (tmp_path / "victim").read_text() == "kept"


# -- broken files


def written(tmp_path, content):
    path = tmp_path / "state"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(path)


def document(**changes):
    host = resume._host(outcome()) | changes
    return {"schema": "hb/1", "kind": "scan-state", "of": resume._digest(KEY), "hosts": [host]}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", "ü".encode(), b"[" * 200_000, b'{"a":' * 100_000, b"9" * 5000,
     b'{"schema": "hb/1"}', b'{"schema": "hb/2", "kind": "scan-state"}'],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_no_state_of_a_scan(tmp_path, content):
    with pytest.raises(DataError, match="not the state of a scan"):
        resume.load(written(tmp_path, content), KEY)


def row(ports, codes):
    return {"tcp": [ports, zlib.compress(bytes(codes)).hex()]}


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "0a00"},
        {"address": "xyz"},
        {"address": None},
        {"address": 5},
        {"zone": "eth0"},
        {"zone": None},
        {"names": None},
        {"started_at": "yesterday"},
        {"started_at": int("9" * 400)},
        {"rtt": []},
        {"rows": []},
        {"rows": {"tcp": []}},
        {"rows": {"sctp": row([1], [1])["tcp"]}},
        {"rows": {"tcp": [[1], "00"]}},
        {"rows": {"tcp": [[1], "x"]}},
        {"rows": row([1, 2], [1])},
        {"rows": row([1], [1, 2])},
        {"rows": row([70_000], [1])},
        {"rows": row([-1], [1])},
        {"rows": row([1], [200])},
        {"rows": row(range(3), bytes(10_000_000))},
        {"shapes": [["tcp", 1]]},
        {"shapes": 7},
        {"shapes": [["tcp", "x", 1, 1, 1]]},
    ],
    ids=str,
)
def test_damaged_hosts(tmp_path, changes):
    changes = {name: {k: [list(v[0]), *v[1:]] if v and isinstance(v[0], range) else v for k, v in value.items()}
               if name == "rows" and isinstance(value, dict) else value for name, value in changes.items()}  # fmt: skip
    with pytest.raises(DataError, match="damaged"):
        resume.load(written(tmp_path, document(**changes)), KEY)


@pytest.mark.parametrize("hosts", [None, 5, [None], [5], [[]], [{}], "abc"])
def test_hosts_that_are_none(tmp_path, hosts):
    with pytest.raises(DataError, match="damaged"):
        resume.load(written(tmp_path, document() | {"hosts": hosts}), KEY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(resume._host(outcome()))), JSON)
def test_any_json_in_any_place_is_read_or_damaged(tmp_path_factory, field, value):
    path = written(tmp_path_factory.mktemp("state"), document(**{field: value}))
    try:
        known = resume.load(path, KEY)
    except DataError:
        return
    assert all(len(address) in (4, 16) for address in known)


def test_a_file_that_is_no_file(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        resume.load(str(tmp_path), KEY)


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(resume, "LARGEST", 10)
    with pytest.raises(DataError, match="too large"):
        resume.load(written(tmp_path, document()), KEY)
