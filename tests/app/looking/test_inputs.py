"""Files in the place of this machine: whatever the format, what was not seen stays unseen."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app.looking import inputs
from hb_engine.faces.export import documents
from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.coverage import would_show
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.identity import Identity
from hb_engine.model.inventory import Coverage, Host, Inventory
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
    found = list(inputs.read_all([str(tmp_path)]))
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


def machine(called: str) -> str:
    return documents.inventory(Inventory(Host(called, ""), 1000.0, Coverage(privileged=True), (opening(22),)))


def told(files: inputs.Files) -> list[str]:
    return [name(one) for one in files]


def name(one: inputs.Given | inputs.Broken) -> str:
    return one.error.message if isinstance(one, inputs.Broken) else one.inventory.host.name


def test_machines_a_line_are_read_one_after_the_other(tmp_path, monkeypatch):
    path = tmp_path / "fleet.ndjson"
    path.write_text("".join([machine(f"web-{number}") for number in range(5)]))
    monkeypatch.setattr(inputs, "LARGEST", len(machine("web-0")))  # the file is larger, and no line of it is
    files = inputs.Files([str(path)])
    read = ((name(one), files.total) for one in files)
    assert (next(read), next(read)) == (("web-0", 1), ("web-1", 5))
    assert [one for one, _ in read] == ["web-2", "web-3", "web-4"]


def test_a_broken_line_takes_no_other_with_it(tmp_path):
    path = tmp_path / "fleet.ndjson"
    cut = machine("web-4")[:200]
    path.write_text(machine("web-1") + "{}\n\n" + machine("web-3") + cut)
    first, second, third, last = told(inputs.Files([str(path)]))
    assert (first, third) == ("web-1", "web-3")
    assert second.startswith(f"{path}: line 2: ")
    assert last.startswith(f"{path}: line 5: ")


def test_a_broken_first_line_takes_no_other_with_it(tmp_path):
    path = tmp_path / "fleet.ndjson"
    path.write_text(machine("web-1").replace('"openings"', '"shut"') + machine("web-2"))
    first, second = told(inputs.Files([str(path)]))
    assert first == f"{path}: line 1: openings is missing"
    assert second == "web-2"


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_one_machine_may_have_many_lines(tmp_path, indent):
    path = tmp_path / "web-1.json"
    path.write_text(json.dumps(json.loads(machine("web-1")), indent=indent).replace(', "openings"', '\n, "openings"'))
    assert told(inputs.Files([str(path)])) == ["web-1"]


def test_a_broken_file_takes_no_other_with_it(tmp_path):
    for file, text in (("a.json", machine("web-1")), ("b.json", "hello"), ("c.json", machine("web-3"))):
        (tmp_path / file).write_text(text)
    files = inputs.Files([str(tmp_path)])
    assert files.total == 3
    first, second, third = told(files)
    assert (first, third) == ("web-1", "web-3")
    assert second == f"{tmp_path / 'b.json'}: the file is in no format that hb reads"
    with pytest.raises(DataError, match="no format"):
        list(inputs.read_all([str(tmp_path)]))


def test_a_name_that_is_not_there_is_told_before_any_file_is_read(tmp_path):
    (tmp_path / "a.json").write_text(machine("web-1"))
    with pytest.raises(BadInput, match="none"):
        inputs.Files([str(tmp_path / "a.json"), str(tmp_path / "none")])


def test_a_fleet_out_of_a_pipe_is_read_a_line_at_a_time(tmp_path):
    reading, writing = os.pipe()
    kept = os.dup(0)
    try:
        os.dup2(reading, 0)
        os.write(writing, (machine("web-1") + machine("web-2")).encode())
        os.close(writing)
        assert told(inputs.Files(["-"])) == ["web-1", "web-2"]
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)


@given(st.lists(st.sampled_from([machine("web-1").encode(), b"{}\n", b"\n", b"x\n", b"\xff\n", b"{"]), max_size=6))
def test_no_mixture_of_lines_raises(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("mixed") / "fleet"
    path.write_bytes(b"".join(lines))
    assert len(told(inputs.Files([str(path)]))) <= max(len(lines), 1)


def test_what_openings_said_is_read_with_them(tmp_path):
    one = Opening("listener", "tcp", 22, ("0.0.0.0",), ("ipv4",), "public", Netns(0, "", "host"))
    seen = Inventory(Host("web-1", ""), 5.0, Coverage(True), (one,))
    said = {one.key: Answer("tcp", 22, "open", "syn-ack", identity=Identity("ssh"))}
    path = tmp_path / "web.hbsnap"
    path.write_text(documents.inventory(seen, said))
    (given,) = inputs.read_all([str(path)])
    assert {key: each.identity.name for key, each in given.answers.items() if each.identity} == {one.key: "ssh"}
    path.write_text(documents.inventory(seen))
    assert [each.answers for each in inputs.read_all([str(path)])] == [{}]
