"""A recording is read whole or refused with the field that is wrong; nothing in between."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inventory.portable.recordings import MACHINES, document, machine, process, socket, udp

from hb_engine.inventory.portable.collect import Replay, collect
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.errors import DataError


@pytest.mark.parametrize("name", MACHINES)
def test_recorded_machines_are_read(name):
    recording = parse(machine(name))
    assert recording.system == MACHINES[name]
    assert recording.rows
    assert recording.processes


def test_a_socket_is_read():
    (row,) = parse(document("darwin", socket("::1", 631, pid=9, fd=3))).rows
    assert (row.transport, row.family, row.address, row.port) == ("tcp", "ipv6", "::1", 631)
    assert (row.status, row.connected, row.pid, row.fd) == ("LISTEN", False, 9, 3)


@pytest.mark.parametrize(
    "row",
    [
        socket(family=1, laddr=["/tmp/s"]),  # a unix socket
        socket(type=5),  # SOCK_SEQPACKET
        socket(laddr=[]),  # not bound
    ],
)
def test_what_is_no_socket_of_ours_is_left_out(row):
    assert parse(document("darwin", row)).rows == ()


def test_the_numbers_of_ipv6_are_those_of_three_systems():
    rows = [udp("::", 53, family=family) for family in (10, 23, 30)]
    assert [row.family for row in parse(document("linux", *rows)).rows] == ["ipv6"] * 3


def test_what_was_denied_is_none():
    denied = process(exe=None, cmdline=None, username=None, uid=None, create_time=None, name=None)
    found = parse(document("windows", processes=[denied])).processes[7]
    assert (found.name, found.exe, found.cmdline, found.username, found.created) == ("", None, None, None, None)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("text", "Where the recording should be"),
        (None, "Where the recording should be"),
        ({}, "The field format is missing"),
        (document(format="hb-psutil/2"), "This is no recording of the kind hb-psutil/1."),
        (document("beos"), "system 'beos' cannot be read"),
        (document(listed_at="noon"), "The field listed_at of the recording: expected a number, found 'noon'"),
        (document(listed_at=True), "expected a number"),
        (document(listed_at=10**400), "expected a time"),
        (document(privileged=1), "expected true or false"),
        (document(ephemeral=[60000, 50000]), "expected a range of ports"),
        (document(ephemeral=[]), "expected a range of ports"),
        (document(interfaces=[[1]]), "expected pairs of number and name"),
        (document(denied=["x"]), "expected a whole number"),
        (document(connections=[5]), "Where a connection should be"),
        (document("darwin", socket(port=65536)), "expected an address and a port"),
        (document("darwin", socket(laddr=["x"])), "expected a whole number"),
        (document("darwin", socket(laddr=[1, 2])), "expected an address and a port"),
        (document("darwin", socket(pid="7")), "The field pid of a connection"),
        (document(processes=[process(cmdline="httpd")]), "The field cmdline of a process: expected a list"),
        (document(processes=[{}]), "The field pid is missing from a process"),
    ],
)
def test_what_is_broken_is_named(broken, said):
    with pytest.raises(DataError) as caught:
        parse(broken)
    assert said in caught.value.message
    assert caught.value.remedy


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_any_document_is_read_or_refused(value):
    with pytest.raises(DataError):
        parse(value)


def read_or_refuse(broken: dict[str, Any]) -> None:
    """Read a machine to its end; a DataError is the one thing that may come instead."""
    with contextlib.suppress(DataError):
        collect(str(broken["system"]), Replay(broken))


@given(st.sampled_from(sorted(document())), json_values)
def test_any_field_is_read_or_refused(name, value):
    read_or_refuse({**document("darwin", socket(), udp("fe80:b::1")), name: value})


@given(st.sampled_from(sorted(socket())), json_values, st.sampled_from(["darwin", "windows", "linux"]))
def test_any_field_of_a_socket_is_read_or_refused(name, value, system):
    read_or_refuse(document(system, {**socket(), name: value}))


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-f:.]{1,20}%[0-9]{1,12}"), st.sampled_from(["darwin", "windows"]))
def test_any_address_is_read_or_refused(address, system):
    read_or_refuse(document(system, socket(laddr=[address, 80])))


@given(st.sampled_from(sorted(process())), json_values)
def test_any_field_of_a_process_is_read_or_refused(name, value):
    read_or_refuse(document("windows", socket(), processes=[{**process(), name: value}]))
