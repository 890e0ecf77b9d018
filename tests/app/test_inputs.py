"""Files in the place of this machine: whatever the format, what was not seen stays unseen."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app import inputs
from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.coverage import would_show
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.identity import Identity
from hb_engine.model.opening import Netns, Opening

SSH = Answer("tcp", 22, "open", "syn-ack", identity=Identity("ssh", "OpenSSH"))
HOST = ScannedHost(
    "10.0.0.7",
    ("web-1",),
    up=True,
    answers=(SSH, Answer("tcp", 443, "open", "syn-ack"), Answer("udp", 53, "open", "udp-response")),
    rest=(Rest("tcp", "closed", "reset", 3, "21,23-24"), Rest("tcp", "filtered", "no-response", 2, "25-26")),
    ended_at=1000.0,
)
SS = "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* ino:1 cgroup:/system.slice/ssh.service <->\n"


def scan(*hosts: ScannedHost) -> Scan:
    return Scan(hosts, ScanStats(), 1.0, 2.0)


def opening(port: int, transport: str = "tcp", scope: str = "private") -> Opening:
    return Opening("listener", transport, port, ("10.0.0.7",), ("ipv4",), scope, Netns(0))


def test_a_scan_is_an_inventory_of_each_host():
    (found,) = inputs.of_scan(scan(HOST, ScannedHost("10.0.0.8", up=False)))
    seen = found.inventory
    assert (seen.host.name, seen.host.addresses, seen.taken_at) == ("web-1", ("10.0.0.7",), 1000.0)
    assert [one.key for one in seen.openings] == [
        "tcp/private/22/unknown/host",
        "tcp/private/443/unknown/host",
        "udp/private/53/unknown/host",
    ]
    assert found.answers["tcp/private/22/unknown/host"].identity == SSH.identity
    assert list(found.answers) == ["tcp/private/22/unknown/host"]


@pytest.mark.parametrize(
    ("port", "transport", "scope", "shown"),
    [
        (22, "tcp", "private", True),
        (23, "tcp", "private", True),  # closed: it would have been shown
        (25, "tcp", "private", False),  # filtered
        (80, "tcp", "private", False),  # not asked
        (53, "udp", "private", True),
        (54, "udp", "private", False),
        (23, "tcp", "loopback", False),
        (23, "sctp", "private", False),
    ],
)
def test_gone_may_be_said_only_of_a_port_that_was_closed(port, transport, scope, shown):
    (found,) = inputs.of_scan(scan(HOST))
    assert would_show(found.inventory.coverage, opening(port, transport, scope)) is shown


def test_a_port_that_a_file_tells_twice_is_one():
    twice = ScannedHost("10.0.0.7", answers=(SSH, SSH))
    assert len(inputs.of_scan(scan(twice))[0].inventory.openings) == 1


@given(st.sets(st.integers(1, 65535), max_size=50))
def test_ranges_hold_the_same_ports(ports):
    spans = inputs.ranges(sorted(ports))
    assert inputs._numbers(",".join(spans)) == ports


def test_files_of_every_format(tmp_path):
    (tmp_path / "web-1.txt").write_text(SS)
    (tmp_path / "db-1.json").write_text(json.dumps([{"port": "5432", "protocol": "6", "address": "::1", "pid": "-1"}]))
    (tmp_path / ".hidden").write_text("x")
    found = inputs.read_all([str(tmp_path)])
    assert [one.inventory.host.name for one in found] == ["db-1", "web-1"]
    assert found[1].source == str(tmp_path / "web-1.txt")
    assert found[1].inventory.taken_at > 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("hello", "the file is in no format that hb reads"),
        ("tcp LISTEN 0 128 0.0.0.0:ssh 0.0.0.0:*", "the port of a socket is no number"),
        ('{"schema": "hb/1", "kind": "inventory"}', "is missing"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_files_name(tmp_path, content, said):
    path = tmp_path / "x.txt"
    path.write_text(content)
    with pytest.raises(DataError) as caught:
        inputs.read(str(path))
    assert str(path) in caught.value.message
    assert said in caught.value.message


def test_what_is_no_file_is_said(tmp_path):
    for path, said in ((tmp_path / "none", "No such file"), (tmp_path, "holds no file")):
        with pytest.raises(BadInput) as caught:
            inputs.read_all([str(path)])
        assert said in caught.value.message
    with pytest.raises(BadInput):
        inputs.read("a\0b")
