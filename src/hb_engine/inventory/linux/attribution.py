"""To each socket its owners, or the reason why there are none: never a blank.

The order is that of proof: descriptors, io_uring and mapped rings, the kernel's own services, descriptors on their way
between processes. Only then comes not knowing, and its reasons differ: a process that may not be read, a pid namespace
that hides the others, or nothing at all, which is a finding.
"""

from __future__ import annotations

from hb_engine.inventory.linux import cgroups, unusual, users
from hb_engine.inventory.linux.openings import Attributed
from hb_engine.model.errors import CannotLook
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Hold, Origin
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.inventory.linux.census import Census
    from hb_engine.inventory.linux.owners import People
    from hb_engine.inventory.linux.tour import Tour
    from hb_engine.inventory.linux.units import Units
    from hb_engine.model.owner import Owner
    from hb_engine.wire.socket_row import Socket

    Holders = dict[int, dict[int, tuple[Hold, ...]]]  # socket inode -> pid -> unusual ways to hold it


class Attribution:
    """Owners for the sockets of one look. `veil` is the reason where something hides whole processes from hb."""

    def __init__(self, census: Census, people: People, tour: Tour, veil: Unowned | None = None) -> None:
        self.census = census
        self.people = people
        self.tour = tour
        self.veil = veil
        self.guessing = not census.places  # whether what is in flight can only be guessed at
        self._crowds: dict[tuple[int, ...], tuple[Owner, ...]] = {}
        self._units: Units | None = None

    def of(self, sockets: Iterable[Socket]) -> list[Attributed]:
        """Each socket with its owners or the reason, its user, and unit and container by its cgroup."""
        chosen = list(sockets)
        holders = self._holders(chosen)
        self.people.meet(dict.fromkeys(pid for socket in chosen for pid in holders.get(socket.inode, ())))
        orphans = [socket for socket in chosen if socket.inode not in holders]
        places = self._places(orphans)
        rows = [self._owned(socket, holders[socket.inode]) for socket in chosen if socket.inode in holders]
        flights = self._flights() if orphans and self.guessing else ()
        return rows + [self._orphan(socket, places, flights) for socket in orphans]

    def _holders(self, sockets: list[Socket]) -> Holders:
        wanted = {socket.inode for socket in sockets}
        holders: Holders = {}
        for inode in wanted.intersection(self.census.holders):
            grips = self.census.holders[inode]
            holders[inode] = {pid: _threads(pid, tid, fd) for pid, tid, fd in reversed(grips)}
            self.people.threads.update({pid: tid for pid, tid, _ in grips if pid != tid})
        finds = list(unusual.in_rings(self.census)) if self.census.rings else []
        taps = {s.inode for s in sockets if s.transport == "packet" and s.inode not in holders}
        if taps:
            finds += unusual.in_maps(taps, self.tour.pids())
        if self.census.flights and not wanted.issubset(holders):
            finds += self._proven_flights()
        for find in finds:
            if find.inode in wanted:
                there = holders.setdefault(find.inode, {})
                there[find.pid] = (*there.get(find.pid, ()), find.hold)
        return holders

    def _proven_flights(self) -> list[unusual.Find]:
        try:
            return list(unusual.in_flight(self.census, self.people.memo))
        except CannotLook:
            self.guessing = True
            return []

    def _owned(self, socket: Socket, holders: dict[int, tuple[Hold, ...]]) -> Attributed:
        owners = self._crowd(holders)
        if 1 in holders:
            owners = self._activated(socket, owners)
        if owners:
            return Attributed(socket, owners, None, owners[0].user if socket.uid is None else users.name(socket.uid))
        pids = ", ".join(map(str, holders))
        return Attributed(socket, (), Unowned("vanished", f"process {pids} held it and ended while hb looked"))

    def _crowd(self, holders: dict[int, tuple[Hold, ...]]) -> tuple[Owner, ...]:
        """Owners, the one who started first in front: of a server and its workers that is the server."""
        if not any(holders.values()):
            key = tuple(holders)
            if key not in self._crowds:
                self._crowds[key] = _by_age([owner for pid in key if (owner := self.people.owner(pid))])
            return self._crowds[key]
        return _by_age([owner for pid, holds in holders.items() if (owner := self.people.owner(pid, holds))])

    def _activated(self, socket: Socket, owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
        """A socket that systemd holds for a service belongs to the service, before and after its start."""
        if self._units is None:
            from hb_engine.inventory.linux.units import Units  # only where a socket is held by the first process

            self._units = Units()
        found = self._units.match(socket.transport, socket.address, socket.port)
        if not found:
            return owners
        unit = found[0]
        hold = Hold("activation", f"{unit.name} listens for {unit.service}")
        service = cgroups.lasting(unit.service)
        first = [
            replace(owner, unit=service, origin=Origin("socket", unit.name), holds=(*owner.holds, hold))
            for owner in owners
            if owner.pid == 1
        ]
        return (*[owner for owner in owners if owner.pid != 1], *first)

    # -- nobody holds it ---------------------------------------------------------------------------------------------

    def _places(self, orphans: list[Socket]) -> dict[int, str]:
        """The paths of the cgroups that orphans were made in: unit and container without any right."""
        wanted = {socket.cgroup for socket in orphans if socket.cgroup > 1}
        return cgroups.path_of_ids(wanted) if wanted else {}

    def _flights(self) -> tuple[Owner, ...]:
        """Processes with descriptors in flight, where nobody can tell which: each with the hold that says so."""
        found = []
        for pid, fd, count in unusual.maybe_in_flight(self.census):
            what = f"{count} descriptors wait" if count > 1 else "a descriptor waits"
            detail = f"likely: {what} to be received in its unix socket, fd {fd}"
            owner = self.people.owner(pid, (Hold("in-flight", detail),))
            found += [owner] if owner else []
        return tuple(found)

    def _orphan(self, socket: Socket, places: dict[int, str], flights: tuple[Owner, ...]) -> Attributed:
        unit, container = self.people.place(places.get(socket.cgroup))
        user = users.name(socket.uid) if socket.uid is not None else ""
        kernel = self.tour.explain(socket) if not socket.uid else None
        if kernel:
            return Attributed(socket, (), Unowned("kernel", kernel[0]), user, notes=(f"proven by {kernel[1]}",))
        if flights and not self.census.unread:
            return Attributed(socket, flights, None, user, unit, container)
        return Attributed(socket, (), self._reason(flights), user, unit, container)

    def _reason(self, flights: tuple[Owner, ...]) -> Unowned:
        unread = len(set(self.census.unread))
        if unread:
            which = "the one process" if unread == 1 else f"one of the {unread} processes"
            waiting = ", ".join([str(owner.pid) for owner in flights])
            flight = f"; or it waits to be received in a unix socket of process {waiting}" if flights else ""
            return Unowned("not-permitted", f"its process may be {which} whose descriptors hb may not read{flight}")
        if self.veil:
            return self.veil
        return Unowned("not-found", "no process, no io_uring, no mapped ring, no kernel service known to hb holds it")


def _threads(pid: int, tid: int, fd: int) -> tuple[Hold, ...]:
    return () if tid == pid else (Hold("thread", f"fd {fd} of thread {tid}, which has descriptors of its own"),)


def _by_age(owners: list[Owner]) -> tuple[Owner, ...]:
    """The eldest first; the first process comes last: it holds what it started for others (socket activation)."""
    return tuple(sorted(owners, key=lambda one: (one.pid == 1, one.started_at or 0.0, one.pid)))
