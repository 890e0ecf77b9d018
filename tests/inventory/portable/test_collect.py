"""Recorded machines, whole: what a person on macOS and Windows is told, with few rights and with all."""

from __future__ import annotations

from typing import Any

import pytest
from tests.inventory.portable.recordings import MACHINES, document, machine, socket

from hb_engine.inventory.portable.collect import Replay, collect
from hb_engine.model.errors import DataError


def look(name: str) -> Any:
    return collect(MACHINES[name], Replay(machine(name)))


def at(inventory: Any, transport: str, port: int, scope: str = "public") -> list[Any]:
    return [o for o in inventory.openings if (o.transport, o.port, o.scope) == (transport, port, scope)]


@pytest.mark.parametrize("name", MACHINES)
def test_every_opening_has_an_owner_or_a_reason(name):
    inventory = look(name)
    assert inventory.openings
    assert all(bool(it.owners) != bool(it.unowned) for it in inventory.openings)
    assert len(set(inventory.openings)) == len(inventory.openings)


def test_macos_as_a_user():
    inventory = look("macos_user")
    assert (inventory.host.name, inventory.host.system) == ("anns-air.local", "macOS 15.1")
    assert not inventory.coverage.privileged
    assert inventory.coverage.gaps[0].what == "the sockets of 16 processes of other users"
    assert {owner.user for it in inventory.openings for owner in it.owners} == {"ann"}
    (nginx,) = at(inventory, "tcp", 8081)
    assert [owner.pid for owner in nginx.owners] == [910, 911, 912]
    (node,) = at(inventory, "tcp", 3000)
    assert [parent.comm for parent in node.owners[0].parents] == ["zsh", "login", "Terminal", "launchd"]
    (airdrop,) = at(inventory, "tcp", 8770, "link")
    assert (airdrop.addresses, airdrop.interface) == (("fe80::4c1a:9bff:fe77:21d0",), "awdl0")
    assert not at(inventory, "tcp", 50999, "loopback")  # closed


def test_macos_as_root_sees_what_the_user_did_not():
    user, root = look("macos_user"), look("macos_root")
    assert {it.key for it in user.openings} < {it.key for it in root.openings}
    (ssh,) = at(root, "tcp", 22)
    assert (ssh.owners[0].pid, ssh.owners[0].holds[0].how, ssh.families) == (1, "activation", ("ipv4", "ipv6"))
    assert len(at(root, "tcp", 631, "loopback")) == 2  # launchd, and cupsd that it started
    assert not any("other users" in gap.what for gap in root.coverage.gaps)


@pytest.mark.parametrize("name", ["windows_user", "windows_admin"])
def test_windows_tells_the_kernel_the_ended_and_the_reused_apart(name):
    inventory = look(name)
    (smb,) = at(inventory, "tcp", 445)
    assert smb.key == "tcp/public/445/kernel:SMB server (srv2.sys)/host"
    (winrm,) = at(inventory, "tcp", 5985)
    assert winrm.unowned.detail == "HTTP.sys"
    (ended,) = at(inventory, "tcp", 4000)
    assert "has ended" in ended.unowned.detail
    (reused,) = at(inventory, "tcp", 6000, "loopback")
    assert "another process's" in reused.unowned.detail


def test_windows_as_a_user_lacks_users_and_keeps_every_key():
    user, admin = look("windows_user"), look("windows_admin")
    assert [it.key for it in user.openings] == [it.key for it in admin.openings]
    assert at(user, "tcp", 135)[0].owners[0].user == ""
    assert at(admin, "tcp", 135)[0].owners[0].user == "NT AUTHORITY\\NETWORK SERVICE"
    assert "elevated" in user.coverage.gaps[0].remedy


def test_services_are_identities_of_windows():
    keys = {it.key for it in look("windows_admin").openings}
    assert "tcp/public/135/unit:RpcEptMapper+RpcSs/host" in keys
    assert "tcp/public/ephemeral/unit:Spooler/host" in keys
    assert "tcp/public/ephemeral/exe:C:\\Windows\\System32\\lsass.exe/host" in keys


def test_the_look_is_dated_and_its_source_named():
    inventory = collect("darwin", Replay(document("darwin", socket())))
    assert inventory.taken_at == document()["listed_at"]
    assert inventory.coverage.sources == ("psutil 6.1.0 net_connections",)
    assert inventory.host.boot_id == "1795299900"
    assert collect("darwin", Replay(document(boot_time=None))).host.boot_id == ""


def test_a_recording_of_another_system_is_refused():
    with pytest.raises(DataError, match="a recording of darwin, not of windows"):
        collect("windows", Replay(document("darwin")))


@pytest.mark.parametrize(
    ("system", "release", "short"),
    [
        ("darwin", "macOS 15.1", "macos-15.1"),
        ("windows", "Windows 11 (10.0.26100)", "windows-11"),
        ("darwin", "", "macos"),
    ],
)
def test_the_system_in_short(system, release, short):
    assert collect(system, Replay(document(system, release=release))).host.os == short


def test_addresses_without_loopback_and_zones_links_last():
    texts = [
        "127.0.0.1",
        "fe80::1%lo0",
        "fe80::2%en0",
        "192.0.2.7",
        "192.0.2.7",
        "::1",
        "2001:db8::7",
        "a0:b0",
        "",
        "x",
    ]
    host = collect("darwin", Replay(document(addresses=texts))).host
    assert host.addresses == ("192.0.2.7", "2001:db8::7", "fe80::1", "fe80::2")
    assert collect("darwin", Replay(document())).host.addresses == ()


def test_the_ports_that_the_system_chooses():
    assert collect("darwin", Replay(document(ephemeral=[49152, 65535]))).host.local_ports == (49152, 65535)
    assert collect("darwin", Replay(document(ephemeral=None))).host.local_ports is None
