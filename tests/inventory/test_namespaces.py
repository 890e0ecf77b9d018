"""Network namespaces: found by each source, entered and left, told apart without rights, and missed ones noticed."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit import sockets as kit

from hb_engine.inventory.linux import interfaces, namespaces, sockets, syscalls
from hb_engine.inventory.linux.namespaces import Mounted, Seat, describe
from hb_engine.model.errors import CannotLook
from hb_engine.model.opening import Netns
from hb_engine.wire.rtnetlink import Link

CLONE_NEWNS = 0x20000


def own_mounts():
    """A mount namespace of our own with an empty /run, so that nothing of the system is touched."""
    kit.unshare(CLONE_NEWNS)
    assert kit.libc.mount(b"none", b"/", None, 0x44000, None) == 0  # MS_REC | MS_PRIVATE
    assert kit.libc.mount(b"none", b"/run", b"tmpfs", 0, None) == 0


# -- where we are


def test_current_is_the_inode_of_the_link():
    assert f"net:[{namespaces.current()}]" == os.readlink("/proc/thread-self/ns/net")


def test_no_proc_is_an_error(tmp_path):
    with pytest.raises(CannotLook) as caught:
        namespaces.current(str(tmp_path / "net"))
    assert caught.value.remedy == "mount /proc"


# -- entering and leaving


def enter_and_leave():
    with kit.Lab() as lab:
        holder = lab.start(kit.idle_namespace)
        home = namespaces.current()
        fd = namespaces.open_seat(Seat(holder.pid, holder.pid))
        with namespaces.entered(fd):
            inside = namespaces.current()
            found = sockets.dump(inside)
        after = namespaces.current()
        open_before = len(os.listdir("/proc/self/fd"))
        for _ in range(3):
            with namespaces.entered(fd):
                pass
        return holder.facts, home, inside, after, found, len(os.listdir("/proc/self/fd")) - open_before


@pytest.mark.root
def test_the_thread_is_moved_and_comes_back():
    kit.needs_root()
    facts, home, inside, after, found, leaked = kit.in_namespace(enter_and_leave)
    assert inside == facts["netns"] != home == after
    assert [(row.port, row.inode, row.netns) for row in found.sockets] == [(6001, facts["inode"], inside)]
    assert leaked == 0


def error_inside():
    with kit.Lab() as lab:
        holder = lab.start(kit.idle_namespace)
        home = namespaces.current()
        fd = namespaces.open_seat(Seat(holder.pid, holder.pid))
        with pytest.raises(KeyError), namespaces.entered(fd):
            raise KeyError
        return home, namespaces.current()


@pytest.mark.root
def test_an_error_inside_does_not_keep_the_thread_there():
    kit.needs_root()
    home, after = kit.in_namespace(error_inside)
    assert home == after


def test_what_cannot_be_entered(tmp_path):
    file = tmp_path / "stale"
    file.write_text("")
    fd = namespaces.open_path(str(file))
    home = namespaces.current()
    try:
        with pytest.raises(CannotLook, match="not entered") as caught, namespaces.entered(fd):
            pytest.fail("it was entered")
    finally:
        os.close(fd)
    assert caught.value.remedy
    assert namespaces.current() == home


def test_a_thread_that_cannot_come_back_must_stop(monkeypatch):
    calls = []

    def setns(fd):
        calls.append(fd)
        if len(calls) == 2:
            raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(syscalls, "setns", setns)
    with pytest.raises(CannotLook, match="could not return"), namespaces.entered(7):
        pass
    with pytest.raises(OSError):
        os.fstat(calls[1])  # closed even then


@pytest.mark.root
def test_nobody_may_not_enter():
    kit.needs_root()

    def attempt():
        fd = namespaces.open_path(namespaces.HERE)
        with pytest.raises(CannotLook) as caught, namespaces.entered(fd):
            pass
        return caught.value.remedy

    assert kit.as_nobody(attempt) == "run as root"


def test_a_path_that_is_not_there():
    with pytest.raises(CannotLook):
        namespaces.open_path("/nonexistent/netns")
    with pytest.raises(CannotLook):
        namespaces.open_seat(Seat(1 << 30, 1 << 30))


# -- mounts


MOUNTINFO = (
    b"25 1 0:22 / /proc rw - proc proc rw\n"
    b"90 25 0:4 net:[4026532247] /run/netns/blue rw shared:1 - nsfs nsfs rw\n"
    b"91 25 0:4 net:[4026532316] /run/with\\040blank\\134x rw - nsfs nsfs rw\n"
    b"92 25 0:4 mnt:[4026532400] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw\n"
    b"93 25 0:4 net:[4026532247] /run/docker/netns/again rw - nsfs nsfs rw\n"
    b"94 25 0:4 net:[x] /run/bad rw\nshort\n"
)


def test_the_mount_table(tmp_path):
    file = tmp_path / "mountinfo"
    file.write_bytes(MOUNTINFO)
    assert namespaces.mounted(str(file), ()) == [
        Mounted("/run/netns/blue", 4026532247),
        Mounted("/run/with blank\\x", 4026532316),
    ]


def test_a_mount_table_that_cannot_be_read(tmp_path):
    assert namespaces.mounted(str(tmp_path / "none"), ("/nonexistent",)) == []


def test_a_path_that_leads_there_goes_before_one_that_is_hidden(tmp_path):
    here = namespaces.current()
    (tmp_path / "good").symlink_to(f"/proc/{os.getpid()}/ns/net")
    file = tmp_path / "mountinfo"
    lines = (
        f"90 25 0:4 net:[{here}] {path} rw - nsfs nsfs rw\n" for path in ("/gone", tmp_path / "good", "/also/gone")
    )
    file.write_text("".join(lines))
    assert namespaces.mounted(str(file), ()) == [Mounted(str(tmp_path / "good"), here)]


def test_plain_files_in_the_folders_are_no_namespaces(tmp_path):
    (tmp_path / "stale").write_text("")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert namespaces.mounted(str(tmp_path / "none"), (str(tmp_path),)) == []


def test_a_link_to_a_namespace_in_a_folder_counts(tmp_path):
    (tmp_path / "mine").symlink_to(f"/proc/{os.getpid()}/ns/net")
    assert namespaces.mounted(str(tmp_path / "none"), (str(tmp_path),)) == [
        Mounted(str(tmp_path / "mine"), namespaces.current())
    ]


@given(st.binary(max_size=300))
def test_any_mount_table(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("proc") / "mountinfo"
    file.write_bytes(data)
    assert all(one.inode >= 0 for one in namespaces.mounted(str(file), ()))


def named_namespaces():
    own_mounts()
    home = namespaces.current()
    kit.ip("netns", "add", "blue")
    fd = namespaces.open_path("/run/netns/blue")
    with namespaces.entered(fd):
        one = kit.tcp(6003)
        inside = namespaces.current()
    os.close(fd)
    found = namespaces.mounted()
    paths = {each.inode: each.path for each in found}
    with kit.Lab() as lab:
        outsider = lab.start(other_mounts)
        elsewhere = namespaces.mounted_elsewhere([outsider.pid, os.getpid()])
        red = next(each for each in elsewhere if each.inode == outsider.facts["netns"])
        fd = namespaces.open_path(red.path)
        same = os.fstat(fd).st_ino == red.inode
        os.close(fd)
        hidden = next(each for each in elsewhere if each.inode == inside)
        with pytest.raises(CannotLook):  # its mount point lies under the outsider's own /run
            namespaces.open_path(hidden.path)
    return inside, paths, describe(inside, host=home, paths=paths), kit.inode_of(one), same


def other_mounts(ready, wait):
    """A process with a mount namespace of its own, in which a namespace without processes is mounted."""
    own_mounts()
    kit.ip("netns", "add", "red")
    with open("/run/netns/red", "rb") as file:
        ready(netns=os.fstat(file.fileno()).st_ino)
    wait()


@pytest.mark.root
def test_namespaces_without_processes_are_found_by_their_mounts():
    kit.needs_root()
    inside, paths, described, _, elsewhere = kit.in_namespace(named_namespaces)
    assert paths[inside] == "/run/netns/blue"
    assert described == Netns(inside, "blue", "named")
    assert elsewhere


# -- processes and threads


def processes():
    with kit.Lab() as lab:
        one, two = lab.start(kit.idle_namespace), lab.start(kit.idle_thread)
        quick = namespaces.of_processes()
        full = namespaces.of_processes(threads=True)
        fd = namespaces.open_seat(full[two.facts["netns"]])
        with namespaces.entered(fd):
            ports = [row.port for row in sockets.dump(1).sockets]
        os.close(fd)
        return one.pid, one.facts, two.pid, two.facts, quick, full, ports, namespaces.of_processes([one.pid])


@pytest.mark.root
def test_namespaces_of_processes_and_of_threads():
    kit.needs_root()
    first, one, second, two, quick, full, ports, single = kit.in_namespace(processes)
    assert quick[one["netns"]] == Seat(first, first)
    assert two["netns"] not in quick
    assert full[two["netns"]] == Seat(second, two["tid"])
    assert ports == [6002]
    assert single == {one["netns"]: Seat(first, first)}


def test_a_process_that_is_gone_has_no_namespace(tmp_path):
    assert namespaces.of_processes([1 << 30]) == {}
    assert namespaces.of_processes(proc=str(tmp_path / "none")) == {}


# -- without privileges


def as_stranger():
    with kit.Lab() as lab:
        holder = lab.start(kit.idle_namespace)
        one = kit.tcp(6100)
        here = os.getpid()

        def look():
            tables = namespaces.tables_of_processes([here, holder.pid])
            other, found = namespaces.dump_of_process(holder.pid)
            own, mine = namespaces.dump_of_process(here)
            return tables, other, found, own, mine, namespaces.of_processes([here, holder.pid])

        return here, holder.pid, holder.facts, kit.inode_of(one), *kit.as_nobody(look)


@pytest.mark.root
def test_a_stranger_can_tell_namespaces_apart_and_read_their_tables():
    kit.needs_root()
    here, there, facts, inode, tables, other, found, own, mine, readable = kit.in_namespace(as_stranger)
    assert readable == {}
    assert sorted(tables.values()) == sorted([here, there])
    assert [(row.port, row.inode, row.netns) for row in found.sockets] == [(6001, facts["inode"], other)]
    assert [row.inode for row in mine.sockets] == [inode]
    assert other != own
    assert {other, own} == set(tables)


def as_owner():
    with kit.Lab() as lab:
        holder = lab.start(kit.idle_namespace)
        return holder.facts["netns"], namespaces.dump_of_process(holder.pid)[0]


@pytest.mark.root
def test_with_privileges_the_number_is_the_namespaces_own():
    kit.needs_root()
    netns, number = kit.in_namespace(as_owner)
    assert netns == number


def test_a_process_whose_tables_cannot_be_read():
    with pytest.raises(CannotLook) as caught:
        namespaces.dump_of_process(1 << 30)
    assert caught.value.remedy


# -- names


def fake_proc(tmp_path, *, link=None, tables=("a", "b")):
    for name, table in zip(("1", "thread-self"), tables, strict=True):
        (tmp_path / name / "net").mkdir(parents=True)
        if table == "same":
            os.link(tmp_path / "1/net/dev", tmp_path / name / "net/dev")
        elif table:
            (tmp_path / name / "net/dev").write_text(table)
    if link:
        (tmp_path / "1/ns").mkdir()
        (tmp_path / "1/ns/net").symlink_to(link)
    return str(tmp_path)


def test_the_host_is_where_the_first_process_is(tmp_path):
    assert namespaces.host(fake_proc(tmp_path, link="net:[4026531840]")) == 4026531840


def test_without_rights_the_host_is_known_by_its_table(tmp_path):
    assert namespaces.host(fake_proc(tmp_path, tables=("a", "same"))) == namespaces.current()


def test_else_the_host_has_the_number_of_the_first_namespace(tmp_path):
    assert namespaces.host(fake_proc(tmp_path)) == namespaces.INITIAL
    assert namespaces.host(str(tmp_path / "none")) == namespaces.INITIAL


@pytest.mark.parametrize(
    ("paths", "more", "expected"),
    [
        ({}, {"host": 5}, Netns(5, "host", "host")),
        ({5: "/run/netns/blue"}, {}, Netns(5, "blue", "named")),
        ({5: "/run/docker/netns/0a1b"}, {}, Netns(5, "0a1b", "container")),
        ({5: "/var/run/docker/netns/0a1b"}, {"container": "web"}, Netns(5, "web", "container")),
        ({5: "/run/netns/cni-1234"}, {}, Netns(5, "cni-1234", "container")),
        ({}, {"container": "db"}, Netns(5, "db", "container")),
        ({}, {"seat": Seat(77, 77)}, Netns(5, "of process 77", "private")),
        ({}, {}, Netns(5, "", "private")),
    ],
)
def test_kinds(paths, more, expected):
    assert describe(5, **({"host": 1, "paths": paths} | more)) == expected


# -- namespaces that nobody found


def linked_namespaces():
    with kit.Lab() as lab:
        holder = lab.start(kit.idle_namespace)
        kit.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", str(holder.pid))
        here, there = namespaces.open_path(namespaces.HERE), namespaces.open_seat(Seat(holder.pid, holder.pid))
        links = interfaces.links()
        answers = namespaces.unseen_peers(links, [here]), namespaces.unseen_peers(links, [here, there])
        os.close(here)
        os.close(there)
        return answers


@pytest.mark.root
def test_a_peer_in_a_namespace_that_was_not_visited_is_a_gap():
    kit.needs_root()
    alone, visited = kit.in_namespace(linked_namespaces)
    assert visited == []
    assert [gap.what for gap in alone] == ["a network namespace that was not found"]
    assert "v0" in alone[0].why
    assert alone[0].remedy


def test_links_without_peers_ask_nobody():
    def opener():
        pytest.fail("the kernel was asked")

    assert namespaces.unseen_peers([Link(1, "lo"), Link(2, "eth0")], [], opener) == []


def test_sockets_stay_in_the_namespace_where_they_were_made():
    with socket.socket() as one:
        assert os.fstat(one.fileno()).st_ino
