"""Owners are named where the system tells the truth, and the reason is named where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.inventory.portable.recordings import NOW, document, process, socket, udp

from hb_engine.inventory.portable.people import People
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.owner import Hold, Origin

if TYPE_CHECKING:
    from hb_engine.model.opening import Unowned
    from hb_engine.model.owner import Owner


def ask(system: str, row: dict[str, Any], *processes: dict[str, Any], **changes: Any) -> tuple[Any, ...]:
    """The owner, the reason and the notes of one socket."""
    recording = parse(document(system, row, processes=list(processes), **changes))
    return People(recording).of(recording.rows[0])


def owner_of(system: str, *processes: dict[str, Any], **changes: Any) -> Owner:
    owner: Owner = ask(system, socket(**changes), *processes)[0]
    return owner


def reason_of(system: str, row: dict[str, Any], *processes: dict[str, Any], **changes: Any) -> Unowned:
    owner, unowned, _ = ask(system, row, *processes, **changes)
    assert owner is None
    reason: Unowned = unowned
    return reason


def test_an_owner_is_what_was_read():
    owner = owner_of("darwin", process())
    assert (owner.pid, owner.comm, owner.exe, owner.exe_state) == (7, "httpd", "/usr/sbin/httpd", "present")
    assert (owner.cmdline, owner.uid, owner.user, owner.started_at) == (("httpd", "-D"), 0, "root", NOW - 50)
    assert owner.holds == (Hold("fd", "5"),)
    assert (owner.package, owner.container, owner.unit, owner.origin) == (None, None, None, None)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"exe_there": None}, "present"),
        ({"exe_there": False}, "deleted"),
        ({"exe": None}, "unreadable"),
        ({"exe": ""}, "unreadable"),
    ],
)
def test_the_state_of_the_executable(changes, state):
    assert owner_of("darwin", process(**changes)).exe_state == state


def test_what_was_denied_stays_empty():
    owner = owner_of("windows", process(cmdline=None, username=None, uid=None, create_time=None), fd=-1)
    assert (owner.cmdline, owner.user, owner.uid, owner.started_at, owner.holds) == ((), "", None, None, ())


def test_launchd_holds_sockets_on_demand():
    owner, _, notes = ask("darwin", socket(pid=1), process(1, name="launchd", exe="/sbin/launchd", ppid=0))
    assert owner.holds == (Hold("activation", "launchd, fd 5"),)
    assert "launchctl print system" in notes[0]
    assert ask("linux", socket(pid=1), process(1))[2] == ()


@pytest.mark.parametrize(
    ("row", "detail", "how"),
    [
        (socket(port=445, pid=4), "SMB server (srv2.sys)", "Get-SmbShare"),
        (socket(port=139, pid=4), "NetBIOS (netbt.sys)", "nbtstat -n"),
        (udp(port=137, pid=4), "NetBIOS (netbt.sys)", "nbtstat -n"),
        (socket(port=5985, pid=4), "HTTP.sys", "netsh http show servicestate"),
        (socket(port=8732, pid=4), "System", "netsh http show servicestate"),
        (udp(port=445, pid=4), "System", "netsh http show servicestate"),
    ],
)
def test_the_system_process_of_windows_is_the_kernel(row, detail, how):
    owner, unowned, notes = ask("windows", row, process(4, name="System"))
    assert owner is None
    assert (unowned.reason, unowned.detail) == ("kernel", detail)
    assert how in notes[0]


def test_pid_4_of_macos_is_a_process():
    assert owner_of("darwin", process(4), pid=4).pid == 4


@pytest.mark.parametrize(
    ("system", "pid", "privileged", "reason"),
    [
        ("windows", 9999, True, "vanished"),
        ("windows", 0, True, "vanished"),
        ("windows", None, False, "vanished"),
        ("linux", None, False, "not-permitted"),
        ("linux", None, True, "not-found"),
        ("darwin", 9999, False, "vanished"),
    ],
)
def test_why_nobody_is_named(system, pid, privileged, reason):
    assert reason_of(system, socket(pid=pid), privileged=privileged).reason == reason


def test_a_number_that_was_used_again_is_no_owner():
    young = reason_of("windows", socket(), process(create_time=NOW + 1))
    assert young.reason == "vanished"
    assert "another process's" in young.detail
    assert owner_of("windows", process(create_time=NOW + 0.01)).pid == 7


@pytest.mark.parametrize(
    ("exe", "services", "unit", "origin"),
    [
        ("spoolsv.exe", ["Spooler"], "Spooler", "Spooler"),
        ("svchost.exe", ["RpcSs", "RpcEptMapper"], "RpcEptMapper+RpcSs", "RpcEptMapper+RpcSs"),
        ("lsass.exe", ["SamSs", "KeyIso"], None, "KeyIso+SamSs"),
        ("svchost.exe", list("abcde"), None, "a+b+c+d+..."),
        ("node.exe", [], None, None),
    ],
)
def test_services_of_windows(exe, services, unit, origin):
    owner = owner_of("windows", process(name=exe, exe=f"C:\\Windows\\System32\\{exe}", services=services))
    assert owner.unit == unit
    assert owner.origin == (Origin("service", origin) if origin else None)


def test_parents_go_up_to_the_first():
    chain = [process(7, ppid=6), process(6, ppid=5, name="sh"), process(5, ppid=1, name="cron"), process(1, ppid=0)]
    assert [parent.pid for parent in owner_of("darwin", *chain).parents] == [6, 5, 1]


def test_a_parent_that_is_younger_than_its_child_is_none():
    chain = [process(7, ppid=6), process(6, ppid=1, create_time=NOW - 10)]
    assert owner_of("windows", *chain).parents == ()


def test_parents_in_a_circle_end():
    chain = [process(7, ppid=6), process(6, ppid=7)]
    assert [parent.pid for parent in owner_of("windows", *chain).parents] == [6]


def test_a_long_line_of_parents_is_cut():
    line = [process(pid, ppid=pid + 1) for pid in range(7, 100)]
    assert len(owner_of("darwin", *line).parents) == 32
