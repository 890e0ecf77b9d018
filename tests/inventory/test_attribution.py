"""Owners, or the reason why there are none: the order of proof, on censuses made by hand."""

from __future__ import annotations

import pytest

from hb_engine.inventory.linux import attribution, unusual
from hb_engine.inventory.linux.attribution import Attribution
from hb_engine.inventory.linux.census import Census
from hb_engine.inventory.linux.unusual import Find
from hb_engine.model.errors import CannotLook
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Hold, Owner
from hb_engine.model.record import replace
from hb_engine.wire.socket_row import Socket

SOCKET = Socket("tcp", "ipv4", bytes(4), 22, "listen", inode=100, netns=1, uid=0)
TAP = Socket("packet", "packet", b"", None, "tap", inode=300, netns=1, uid=0)


class People:
    """Who is known: a process for each pid, the younger the larger; those in `ended` are gone."""

    def __init__(self, census, ended=()) -> None:
        self.census, self.ended, self.memo = census, ended, None
        self.threads: dict[int, int] = {}
        self.met: list[int] = []

    def meet(self, pids):
        self.met += pids

    def owner(self, pid, holds=()):
        return None if pid in self.ended else Owner(pid, f"p{pid}", started_at=float(pid), user="root", holds=holds)

    def place(self, cgroup):
        return ("shop.service", None) if cgroup else (None, None)


class Tour:
    """A kernel that itself listens on port 2049."""

    def explain(self, socket):
        return ("nfsd", "/proc/fs/nfsd/portlist") if socket.port == 2049 else None

    def pids(self):
        return [7, 8]


@pytest.fixture(autouse=True)
def units(monkeypatch):
    """No unit files but those that a test puts here: (transport, address, port) -> socket units."""
    known: dict[tuple[object, ...], tuple[object, ...]] = {}

    class Units:
        def match(self, *place):
            return known.get(place, ())

    monkeypatch.setattr("hb_engine.inventory.linux.units.Units", Units)
    monkeypatch.setattr(attribution, "Units", Units, raising=False)
    return known


@pytest.fixture
def census():
    made = Census("test")
    made.places = {1: 0}  # the iterator was asked: nothing is guessed about descriptors in flight
    return made


def attributed(census, *sockets, veil=None, ended=()):
    people = People(census, ended)
    return Attribution(census, people, Tour(), veil).of(sockets or (SOCKET,))  # type: ignore[arg-type]


def test_whoever_has_a_descriptor_owns_it(census):
    census.hold(100, 7, 7, 3)
    (row,) = attributed(census)
    assert [owner.pid for owner in row.owners] == [7]
    assert (row.unowned, row.owners[0].holds) == (None, ())


def test_all_owners_the_eldest_first(census):
    for pid in (30, 10, 20):
        census.hold(100, pid, pid, 3)
    (row,) = attributed(census)
    assert [owner.pid for owner in row.owners] == [10, 20, 30]


def test_the_first_process_comes_last(census):
    census.hold(100, 1, 1, 40)
    census.hold(100, 7, 7, 3)
    (row,) = attributed(census)
    assert [owner.pid for owner in row.owners] == [7, 1]


def test_a_thread_with_descriptors_of_its_own_is_named(census):
    census.hold(100, 7, 9, 4)
    (row,) = attributed(census)
    assert row.owners[0].holds == (Hold("thread", "fd 4 of thread 9, which has descriptors of its own"),)


def test_a_ring_is_a_holder(census, monkeypatch):
    census.rings = [(7, 7, 5)]
    monkeypatch.setattr(unusual, "in_rings", lambda _: [Find(100, 7, Hold("io_uring"))])
    (row,) = attributed(census)
    assert [hold.how for hold in row.owners[0].holds] == ["io_uring"]


def test_only_for_taps_without_a_holder_is_memory_read(census, monkeypatch):
    asked = []

    def in_maps(wanted, pids):
        asked.append(wanted)
        return [Find(300, pids[-1], Hold("mapped"))]

    monkeypatch.setattr(unusual, "in_maps", in_maps)
    rows = attributed(census, SOCKET, TAP)
    assert asked == [{300}]
    assert [[owner.pid for owner in row.owners] for row in rows if row.socket is TAP] == [[8]]


def test_a_socket_on_its_way_belongs_to_whom_it_waits_for(census, monkeypatch):
    census.flights = [(7, 7, 4, 1)]
    monkeypatch.setattr(unusual, "in_flight", lambda _census, _memo: [Find(100, 7, Hold("in-flight"))])
    (row,) = attributed(census)
    assert [hold.how for hold in row.owners[0].holds] == ["in-flight"]


def test_what_the_first_process_holds_for_a_service_is_the_services(census, units):
    class Unit:
        name, service = "ssh.socket", "ssh.service"

    census.hold(100, 1, 1, 40)
    units["tcp", bytes(4), 22] = (Unit,)
    (row,) = attributed(census)
    owner = row.owners[0]
    assert owner.origin is not None
    assert (owner.unit, owner.origin.kind, owner.origin.name) == ("ssh.service", "socket", "ssh.socket")
    assert [hold.how for hold in owner.holds] == ["activation"]


# -- nobody


def reason(census, socket=SOCKET, **more):
    (row,) = attributed(census, socket, **more)
    assert row.unowned is not None
    assert row.owners == ()
    return row.unowned.reason


def test_the_kernel_itself_with_its_proof(census):
    (row,) = attributed(census, replace(SOCKET, port=2049))
    assert row.unowned is not None
    assert (row.unowned.reason, row.unowned.detail) == ("kernel", "nfsd")
    assert row.notes == ("proven by /proc/fs/nfsd/portlist",)


def test_a_users_socket_is_never_the_kernels(census):
    """The kernel's own belong to root: a user who binds NFS's port is a finding."""
    assert reason(census, replace(SOCKET, port=2049, uid=1000)) == "not-found"


def test_a_holder_that_ended_meanwhile(census):
    census.hold(100, 7, 7, 3)
    assert reason(census, ended=(7,)) == "vanished"


def test_processes_that_may_not_be_read(census):
    census.unread = [7, 8, 8]
    (row,) = attributed(census)
    assert row.unowned is not None
    assert row.unowned.reason == "not-permitted"
    assert "2 processes" in row.unowned.detail


def test_a_pid_namespace_that_hides_the_others(census):
    assert reason(census, veil=Unowned("outside-pid-namespace", "somewhere else")) == "outside-pid-namespace"


def test_nobody_at_all_is_said_only_when_all_could_be_read(census):
    assert reason(census) == "not-found"


def test_the_unit_is_known_without_any_right(census, monkeypatch):
    monkeypatch.setattr("hb_engine.inventory.linux.cgroups.path_of_ids", lambda ids: dict.fromkeys(ids, "/x"))
    census.unread = [7]
    (row,) = attributed(census, replace(SOCKET, cgroup=4242))
    assert row.unit == "shop.service"


def test_without_bpf_a_waiting_descriptor_is_likely_and_said_to_be(census, monkeypatch):
    census.places = {}
    monkeypatch.setattr(unusual, "maybe_in_flight", lambda _: [(7, 4, 2)])
    (row,) = attributed(census)
    assert row.owners[0].holds[0].detail.startswith("likely: 2 descriptors wait")


def test_likely_is_not_enough_beside_processes_that_may_not_be_read(census, monkeypatch):
    census.places, census.unread = {}, [9]
    monkeypatch.setattr(unusual, "maybe_in_flight", lambda _: [(7, 4, 1)])
    (row,) = attributed(census)
    assert row.unowned is not None
    assert row.unowned.reason == "not-permitted"
    assert "process 7" in row.unowned.detail


def test_every_socket_comes_back_with_owners_or_a_reason(census):
    census.hold(100, 7, 7, 3)
    rows = attributed(census, SOCKET, TAP, replace(SOCKET, inode=101))
    assert sorted(row.socket.inode for row in rows) == [100, 101, 300]
    assert all(bool(row.owners) != bool(row.unowned) for row in rows)


def test_a_kernel_whose_queues_bpf_cannot_read_leaves_a_likely_holder(census, monkeypatch):
    """Linux 5.17 to 6.0: the iterator counts what is in flight, but cannot be asked about one process."""

    def refuse(*_):
        raise CannotLook("Invalid argument")

    monkeypatch.setattr(unusual, "in_flight", refuse)
    census.flights = [(7, 7, 4, 1)]
    (row,) = attributed(census)
    assert row.unowned is None
    assert row.owners[0].holds[0].detail.startswith("likely")
