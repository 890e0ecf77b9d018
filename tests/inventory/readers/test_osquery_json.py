"""osquery's results become openings: of a snapshot, of a differential log, of osqueryi."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory import reading
from hb_engine.inventory.readers import osquery_json
from hb_engine.model.errors import DataError

ROW = {"address": "0.0.0.0", "family": "2", "pid": "871", "port": "22", "protocol": "6", "socket": "20", "name": "sshd",
       "path": "/usr/sbin/sshd"}  # fmt: skip
OTHER = {**ROW, "port": "443", "pid": "9", "path": "/usr/sbin/nginx", "name": "nginx", "address": "127.0.0.1"}


def line(row: dict[str, Any], action: str = "added", host: str = "web-1", at: int = 1000) -> str:
    entry = {"name": "pack_ports", "hostIdentifier": host, "unixTime": at, "action": action, "columns": row}
    return json.dumps(entry)


def read(*lines: str):
    return osquery_json.read("\n".join(lines).encode(), "file", 5.0)


def ports(seen) -> list[int]:
    return [opening.port for opening in seen.openings]


def test_osqueryi():
    (seen,) = read(json.dumps([ROW, OTHER, {**ROW, "port": "0", "protocol": "0"}]))
    assert [opening.key for opening in seen.openings] == [
        "tcp/public/22/exe:/usr/sbin/sshd/host",
        "tcp/loopback/443/exe:/usr/sbin/nginx/host",
    ]
    assert (seen.host.name, seen.taken_at) == ("file", 5.0)


def test_kinds_of_sockets_without_a_row_may_not_have_been_asked_for():
    def unasked(*rows):
        shot = {"action": "snapshot", "snapshot": list(rows), "hostIdentifier": "web-1", "unixTime": "2000"}
        (seen,) = read(json.dumps(shot))
        return [gap.about for gap in seen.coverage.gaps if "about them" in gap.why]

    assert unasked(ROW) == ["udp"]
    assert unasked({**ROW, "protocol": "17"}) == ["tcp"]
    assert unasked() == ["tcp udp"]  # of any table
    assert unasked(ROW, {**ROW, "protocol": "17"}) == []


def test_a_differential_log_tells_the_state_at_its_end():
    (seen,) = read(line(ROW), line(OTHER, at=1001), line(ROW, "removed", at=1002))
    assert ports(seen) == [443]
    assert (seen.host.name, seen.taken_at) == ("web-1", 1002.0)


def test_a_log_that_begins_in_the_middle_says_so():
    (seen,) = read(line(ROW, "removed"), line(OTHER))
    assert osquery_json.FROM_THE_MIDDLE in seen.coverage.gaps
    assert ports(seen) == [443]


def test_a_snapshot_takes_the_place_of_what_was():
    shot = {"action": "snapshot", "snapshot": [OTHER], "hostIdentifier": "web-1", "unixTime": "2000"}
    (seen,) = read(line(ROW), json.dumps(shot))
    assert ports(seen) == [443]
    assert seen.taken_at == 2000.0


def test_a_batch():
    batch = {"hostIdentifier": "web-1", "diffResults": {"added": [ROW, OTHER], "removed": []}}
    gone = {"hostIdentifier": "web-1", "diffResults": {"added": [], "removed": [ROW, OTHER]}}
    assert ports(read(json.dumps(batch))[0]) == [22, 443]
    assert ports(read(json.dumps(batch), json.dumps(gone))[0]) == []
    assert osquery_json.FROM_THE_MIDDLE in read(json.dumps(gone))[0].coverage.gaps


def test_many_hosts():
    assert [(seen.host.name, ports(seen)) for seen in read(line(ROW), line(OTHER, host="db-1"))] == [
        ("web-1", [22]),
        ("db-1", [443]),
    ]


def test_a_process_that_was_not_seen_is_nobody():
    (seen,) = read(line({**ROW, "pid": "-1", "path": "", "name": ""}))
    assert seen.openings[0].owners == ()
    assert seen.openings[0].unowned is not None


def test_a_container_and_a_user():
    row = {**ROW, "container_id": "4f1d", "image": "redis:7", "username": "redis", "uid": "999", "cmdline": "sshd -D"}
    (owner,) = read(line(row))[0].openings[0].owners
    assert owner.container is not None
    assert (owner.container.image, owner.user, owner.uid, owner.cmdline) == ("redis:7", "redis", 999, ("sshd -D",))


def test_udp_is_bound_and_an_empty_address_is_a_wildcard():
    (seen,) = read(line({**ROW, "protocol": "17", "address": "", "family": "10"}))
    assert (seen.openings[0].kind, seen.openings[0].addresses) == ("bound", ("::",))


def test_a_last_line_that_breaks_off_is_a_gap():
    (seen,) = read(line(ROW), line(OTHER)[:30])
    assert ports(seen) == [22]
    assert osquery_json.CUT in seen.coverage.gaps
    assert osquery_json.CUT not in read(line(ROW))[0].coverage.gaps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"port": 1', "line 1: this is not JSON, or breaks off"),
        ("[1]", "the array holds something else than rows"),
        ('{"hostIdentifier": "x"\n{}', "line 1: this is not JSON"),
        ("[]\n", "the file holds no result of osquery"),
        (
            '{"hostIdentifier": "x", "columns": {"name": "a"}, "action": "added"}',
            "line 1: a row has no port and protocol",
        ),
        ('{"hostIdentifier": "x", "action": "added"}', "line 1: the result has no columns"),
        ("1\n2", "line 1: this is no object"),
    ],
)
def test_what_is_wrong_is_told(text, said):
    with pytest.raises(DataError) as caught:
        read(text)
    assert caught.value.message == said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["columns", "action", "snapshot", "diffResults", "added", "removed", "port", "protocol"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_no_json_breaks_it(values):
    try:
        read(*[json.dumps(value) for value in values])
    except DataError:
        return


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data):
    try:
        osquery_json.read(data, "x", 0.0)
    except DataError:
        return


def test_it_is_told_by_its_content():
    assert reading.read(line(ROW).encode(), "w", 1.0)[0].host.name == "web-1"
    assert reading.read(json.dumps([ROW]).encode(), "w", 1.0)[0].host.name == "w"
