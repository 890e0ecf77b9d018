"""The whole look on real sockets: every trap is listed and owned, with BPF and without, as root and as nobody."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.kit.sockets import Lab, as_nobody, in_namespace, ip, needs_root, netns_inode, tcp, udp, unshare
from tests.kit.traps import TRAPS, connected_udp, dual_stack, in_flight, io_uring, mapped_ring, other_namespace, shared

from hb_engine.inventory.linux import bpf_tasks, cgroups
from hb_engine.inventory.linux.collect import collect
from hb_engine.inventory.linux.memo import Memo
from hb_engine.model.errors import CannotLook

CLONE_NEWNS = 0x00020000
pytestmark = [pytest.mark.root, pytest.mark.slow]


@pytest.fixture(autouse=True)
def root():
    needs_root()


@pytest.fixture(params=["bpf", "walk"])
def way(request, monkeypatch):
    """Both ways of finding holders; the first is skipped where this machine does not allow it."""
    if request.param == "walk":
        monkeypatch.setenv(bpf_tasks.SWITCH, "no")
        return "/proc walk"
    try:
        bpf_tasks.census()
    except CannotLook as error:
        pytest.skip(error.message)
    return "bpf task iterator"


def here(seen):
    """The openings of the namespace that the test made, and not what else goes on on the machine."""
    return [one for one in seen.openings if one.netns.id == netns_inode()]


def holding(openings, inode):
    return [one for one in openings if inode in one.inodes]


def test_every_trap_is_listed_and_every_holder_named(way):
    def work():
        with Lab() as lab:
            holders = {trap: lab.start(trap) for trap in TRAPS}
            seen = collect()
            assert any(source.startswith(way) for source in seen.coverage.sources)
            for trap, holder in holders.items():
                if "missing" in holder.facts:
                    continue
                found = holding(seen.openings, holder.facts["inode"])
                if trap is connected_udp:
                    assert not found
                    continue
                assert len(found) == 1, (trap.__name__, found)
                if trap is in_flight and found[0].unowned:  # without BPF, beside processes that nobody may read
                    assert str(holder.pid) in found[0].unowned.detail
                    continue
                pids = {owner.pid for owner in found[0].owners}
                assert {holder.pid, *holder.facts.get("children", ())} <= pids, (trap.__name__, found[0])
                assert found[0].unowned is None

    in_namespace(work)


def test_how_a_socket_is_held_is_told(way):
    def work():
        with Lab() as lab:
            expected = {in_flight: "in-flight", io_uring: "io_uring", mapped_ring: "mapped"}
            holders = {trap: lab.start(trap) for trap in expected}
            seen = collect()
            for trap, how in expected.items():
                facts = holders[trap].facts
                if "missing" not in facts and (trap is not in_flight or way.startswith("bpf")):
                    owner = holding(seen.openings, facts["inode"])[0].owners[0]
                    assert [hold.how for hold in owner.holds] == [how]

    in_namespace(work)


def test_all_owners_of_a_shared_listener(way):
    def work():
        with Lab() as lab:
            holder = lab.start(shared)
            opening = holding(collect().openings, holder.facts["inode"])[0]
            assert {owner.pid for owner in opening.owners} == {holder.pid, *holder.facts["children"]}
            assert opening.owners[0].pid == holder.pid  # the eldest comes first

    in_namespace(work)


def test_families_tell_the_truth_about_v6only(way):
    def work():
        with Lab() as lab:
            facts = lab.start(dual_stack).facts
            openings = collect().openings
            both, only = holding(openings, facts["inode"])[0], holding(openings, facts["only"])[0]
            assert (both.families, only.families) == (("ipv4", "ipv6"), ("ipv6",))
            assert "v6only" in only.flags

    in_namespace(work)


def test_a_socket_of_a_namespace_that_nobody_is_in(way):
    def work():
        with Lab() as lab:
            facts = lab.start(other_namespace).facts
            opening = holding(collect().openings, facts["inode"])[0]
            assert (opening.netns.id, opening.port) == (facts["netns"], 5006)

    in_namespace(work)


def test_a_namespace_that_only_a_mount_keeps(way):
    name = f"hb-test-{os.getpid()}"
    ip("netns", "add", name)
    try:
        ip("-n", name, "link", "add", "vx0", "type", "vxlan", "id", "7", "dstport", "4789", "local", "127.0.0.1")
        ip("-n", name, "link", "set", "vx0", "up")
        inode = os.stat(f"/run/netns/{name}").st_ino
        found = [one for one in collect().openings if one.netns.id == inode]
        assert [(one.transport, one.port, one.netns.name, one.netns.kind) for one in found] == [
            ("udp", 4789, name, "named")
        ]
        assert found[0].unowned is not None
        assert (found[0].unowned.reason, found[0].owners) == ("kernel", ())
    finally:
        ip("netns", "delete", name)


def test_one_process_with_more_sockets_than_the_kernels_buffer_takes(way):
    def work():
        def many(ready, wait):
            kept = [tcp(20000 + number, "127.0.0.1") for number in range(700)]
            ready(count=len(kept))
            wait()

        with Lab() as lab:
            holder = lab.start(many)
            found = [one for one in here(collect()) if one.port and 20000 <= one.port < 20700]
            assert len(found) == 700
            assert all([owner.pid for owner in one.owners] == [holder.pid] for one in found)

    in_namespace(work)


def test_a_question_about_one_port_finds_it_and_nothing_else(way):
    def work():
        def two(ready, wait):
            kept = (tcp(6001), udp(6001), tcp(6002))
            ready(count=len(kept))
            wait()

        with Lab() as lab:
            holder = lab.start(two)
            seen = collect(frozenset((6001,)))
            assert sorted(one.transport for one in here(seen)) == ["tcp", "udp"]
            assert all(owner.pid == holder.pid for one in here(seen) for owner in one.owners)
            assert here(collect(frozenset((6003,)))) == []

    in_namespace(work)


def test_what_is_remembered_changes_nothing(way, tmp_path):
    def work():
        def one(ready, wait):
            kept = tcp(6001)
            ready(inode=kept.fileno())
            wait()

        with Lab() as lab:
            lab.start(one)
            memo = Memo(str(tmp_path / "memo"))
            first, again = here(collect(memo=memo)), here(collect(memo=Memo(str(tmp_path / "memo"))))
            assert [opening.key for opening in first] == [opening.key for opening in again]
            assert first[0].owners == again[0].owners

    in_namespace(work)


def test_nobody_sees_every_socket_and_is_told_what_is_missing():
    def work():
        def one(ready, wait):
            kept = (tcp(6001, "127.0.0.1"), udp(6002))
            ready(count=len(kept))
            wait()

        with Lab() as lab:
            lab.start(one)
            namespace = netns_inode()

            def look():
                seen = collect()
                ours = [opening for opening in here(seen) if opening.port in (6001, 6002)]
                return seen, [(o.port, o.scope, o.user, bool(o.owners), o.unowned and o.unowned.reason) for o in ours]

            seen, ours = as_nobody(look)
            assert namespace
            assert ours == [
                (6001, "loopback", "root", False, "not-permitted"),
                (6002, "public", "root", False, "not-permitted"),
            ]
            assert not seen.coverage.privileged
            gaps = [gap for gap in seen.coverage.gaps if gap.what.startswith("the owners of")]
            assert len(gaps) == 1
            assert "CAP_SYS_PTRACE" in gaps[0].remedy

    in_namespace(work)


def test_processes_that_proc_hides_are_no_proof_that_nobody_holds_a_socket():
    """With hidepid a user sees no other processes at all: every socket of theirs has an owner that is not shown."""

    def work():
        with Lab() as lab:

            def one(ready, wait):
                kept = tcp(6001)
                ready(fd=kept.fileno())
                wait()

            lab.start(one)
            unshare(CLONE_NEWNS)
            for command in (
                ["mount", "--make-rprivate", "/"],
                ["mount", "-t", "proc", "-o", "hidepid=2", "proc", "/proc"],
            ):
                subprocess.run(command, check=True)

            def look():
                seen = collect()
                reasons = [one.unowned.reason for one in here(seen) if one.port == 6001 and one.unowned]
                return reasons, [gap.why for gap in seen.coverage.gaps]

            reasons, whys = as_nobody(look)
            assert reasons == ["not-permitted"]
            assert any("hidepid" in why for why in whys)

    in_namespace(work)


def test_nobody_is_told_the_unit_by_the_sockets_cgroup():
    """INET_DIAG_CGROUP_ID needs no right at all: it is the inode of the cgroup's folder (Linux 5.8)."""
    root = cgroups.mounted()
    if not os.path.exists(f"{root}/cgroup.procs"):
        pytest.skip("no cgroup version 2 is mounted here")
    folder = f"{root}/hb-test-{os.getpid()}.service"
    os.mkdir(folder)
    try:

        def work():
            with Lab() as lab:

                def one(ready, wait):
                    with open(f"{folder}/cgroup.procs", "w", encoding="ascii") as file:
                        file.write(str(os.getpid()))
                    kept = tcp(6001)
                    ready(fd=kept.fileno())
                    wait()

                lab.start(one)
                (opening,) = [one for one in as_nobody(lambda: here(collect())) if one.port == 6001]
                assert opening.unit == os.path.basename(folder)
                assert opening.identity == f"unit:{opening.unit}"

        in_namespace(work)
    finally:
        os.rmdir(folder)


def test_a_namespace_that_is_mounted_only_where_others_look(way):
    """As a container manager keeps them: a mount in its own mount namespace, and no process inside."""
    name = f"hb-there-{os.getpid()}"

    def keeper(ready, wait):
        unshare(CLONE_NEWNS)
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
        for words in (f"netns add {name}", f"-n {name} link add vx0 type vxlan id 7 dstport 4791 local 127.0.0.1",
                      f"-n {name} link set vx0 up"):  # fmt: skip
            subprocess.run(["ip", *words.split()], check=True)
        ready(inode=os.stat(f"/run/netns/{name}").st_ino)
        wait()

    with Lab() as lab:
        inode = lab.start(keeper).facts["inode"]
        assert not os.path.exists(f"/run/netns/{name}")
        found = [one for one in collect().openings if one.netns.id == inode]
        assert [(one.transport, one.port, one.netns.name) for one in found] == [("udp", 4791, name)]


def test_a_port_that_only_a_descriptor_leads_to_is_never_called_closed(way):
    def work():
        with Lab() as lab:
            facts = lab.start(other_namespace).facts
            assert len(holding(collect(frozenset((5006,))).openings, facts["inode"])) == 1

    in_namespace(work)


def test_a_walk_that_ended_early_says_what_it_left_out(monkeypatch):
    monkeypatch.setenv(bpf_tasks.SWITCH, "no")

    def work():
        with Lab() as lab:
            holder = lab.start(shared)
            quick, whole = collect(frozenset((5009,))), collect(frozenset((5009,)), fresh=True)
            assert any("other holders" in gap.what for gap in quick.coverage.gaps)
            assert not any("other holders" in gap.what for gap in whole.coverage.gaps)
            owners = holding(whole.openings, holder.facts["inode"])[0].owners
            assert {owner.pid for owner in owners} == {holder.pid, *holder.facts["children"]}

    in_namespace(work)


def test_nobody_is_told_that_a_closed_port_was_not_asked_of_every_descriptor():
    def work():
        gaps = as_nobody(lambda: collect(frozenset((6003,)))).coverage.gaps
        assert any("no list shows" in gap.what for gap in gaps)

    in_namespace(work)
