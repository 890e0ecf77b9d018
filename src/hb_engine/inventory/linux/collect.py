"""The inventory of a Linux machine: who runs, what is open in every namespace, who holds it, and what was not seen.

    census ── who holds which socket: the BPF iterator, else a walk through /proc
    tour ──── the sockets of every network namespace
    strays ── sockets that only a descriptor shows: in a namespace nobody is in, or of a family without a list
    attribution ── owners, or the reason why there are none
    openings ── what people and baselines talk about
    ways ──── what needs no socket: rules of firewalls, programs of BPF that choose sockets
    hidden ── ports that the kernel keeps and no list shows; only where they are asked for

A question about one port (`ports`) skips what it does not need: without a socket there, nobody's descriptors are read.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import bpf_links, bpf_tasks, machine, namespaces, walk
from hb_engine.inventory.linux.tour import Space, Tour
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Coverage, Gap, Inventory
from hb_engine.model.opening import Unowned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.inventory.linux.census import Census
    from hb_engine.inventory.linux.memo import Memo
    from hb_engine.inventory.linux.openings import Attributed
    from hb_engine.inventory.linux.owners import People
    from hb_engine.model.opening import Opening
    from hb_engine.wire.socket_row import Socket

OUTSIDE = Gap(
    "what runs outside of this container",
    "hb stands in a pid namespace of its own, which hides other processes and their network namespaces",
    "run hb on the host itself",
    "netns",
)
ASKED_ONE_BY_ONE = 1024  # processes; each costs a readlink
ELSEWHERE = Gap(
    "network namespaces without processes that are mounted only where other programs look",
    f"without BPF each process must be asked where it looks, and there are more than {ASKED_ONE_BY_ONE}",
    "run hb where BPF is allowed",
    "netns",
)
UNLISTED = Gap(
    "sockets that no list shows, such as those of a network namespace that nobody is in",
    "only their descriptors lead to them, and other users' are not hb's to ask",
    "run hb as root",
    "netns",
)
STOPPED = Gap(
    "other holders of these sockets, and sockets that no list shows",
    "without BPF the walk through /proc ended at the first holder of each",
    "hb why looks at every process",
    "owners netns xdp vsock",
)
STRAYS = 4096  # descriptors that are asked one by one; more would make a busy machine wait for a rarity
ROOT = "run hb as root"
HIDEPID = "/proc is mounted with hidepid, which hides the processes of other users"
PORTLESS = ("vsock sockets", "xdp sockets")  # what a kernel without their diagnosis modules cannot list


def collect(
    ports: frozenset[int] | None = None, memo: Memo | None = None, *, fresh: bool = False, hidden: bool = False
) -> Inventory:
    """Look at this machine once. With `ports`, only sockets on these ports count. Raises CannotLook without /proc.

    `memo` remembers what does not change between looks; `fresh` reads every executable's digest again all the same;
    `hidden` binds to each port of hb's own namespace for a moment, to find those that no list shows.
    """
    look = _Look(ports, memo)
    openings = look.with_ways(look.openings(fresh=fresh))
    if hidden:
        openings = look.with_hidden(openings)
    if memo:
        memo.save()
    return Inventory(machine.host(), look.taken_at, look.coverage(), openings)


class _Look:
    def __init__(self, ports: frozenset[int] | None, memo: Memo | None) -> None:
        self.ports = ports
        self.memo = memo
        self.taken_at = machine.now()
        self.missing = machine.missing_capabilities()
        self.gaps: dict[Gap, None] = {}
        self.sources: list[str] = []
        self.silent, self.reason = 0, ""  # descriptors that could not be asked, and why the last could not
        self.census = self._ask_bpf()
        if self.census is None and ports is None:
            self.census = self._whole_census([])  # the walk finds the namespaces too
        self.tour = Tour(self._seats(), self._elsewhere())
        if ports is None:
            self.tour.look_for_unseen()

    def openings(self, *, fresh: bool) -> tuple[Opening, ...]:
        sockets = [socket for space in self.tour.spaces.values() for socket in space.sockets if self._counts(socket)]
        if self.missing:
            self.gaps[UNLISTED] = None
            if self.ports is not None and not sockets:
                return ()  # nobody's descriptors are ours to ask: the gap says so
        census = self._whole_census(sockets, thorough=fresh)
        self._say_what_is_unread(census)
        sockets += self._strays(census, {socket.inode for socket in sockets})
        return self._told(sockets, census, fresh=fresh) if sockets else ()

    def with_ways(self, openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
        """The openings, and ways in without a socket: rules of firewalls, and programs of BPF that choose sockets."""
        links, gaps, sources = bpf_links.look()
        self.gaps.update(dict.fromkeys(gaps))
        self.sources += sources
        ruled = any(one.rules.ways for one in self.tour.spaces.values())
        if not ruled and not links:
            return openings
        names = self.tour.names()
        told = bpf_links.openings(links, names)
        if ruled:
            from hb_engine.inventory.linux.redirects import covers  # most machines have no such rules

            told += [
                way
                for way in self.tour.ways(names)
                if self.ports is None or any(covers(way, port) for port in self.ports)
            ]
        return tuple(
            sorted((*openings, *told), key=lambda o: (o.transport, o.port is None, o.port or 0, o.scope, o.key))
        )

    def with_hidden(self, openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
        """The openings, and the ports of this namespace that the kernel keeps and its lists do not show."""
        from hb_engine.inventory.linux import hidden  # a second or two of binds, only where they are asked for

        home = self.tour.names()[self.tour.home]
        here = [one for one in openings if one.netns.id == home.id]
        held = {(one.transport, one.port) for one in here if one.port is not None}
        ports = hidden.EVERY if self.ports is None else sorted(self.ports & frozenset(hidden.EVERY))
        found, gaps = hidden.find(ports, held)
        self.gaps.update(dict.fromkeys(gaps))
        self.sources.append("bind sweep tcp, udp")
        return hidden.merged(openings, found, home)

    def _told(self, sockets: list[Socket], census: Census, *, fresh: bool) -> tuple[Opening, ...]:
        from hb_engine.inventory.linux.attribution import Attribution  # a closed port needs none of these
        from hb_engine.inventory.linux.openings import arrange
        from hb_engine.inventory.linux.owners import People

        people = People(census, self.memo, fresh=fresh)
        rows = Attribution(census, people, self.tour, self._veil()).of(sockets)
        rows = self._still_there(rows, people)
        self.gaps.update(people.gaps)
        self.sources += people.sources
        self._say_who_is_unnamed(rows, census)
        return arrange(rows, self.tour.names(), self.tour.device)

    def coverage(self) -> Coverage:
        """What was asked, and what was not seen."""
        gaps = {**self.tour.gaps, **self.gaps}
        if self.ports is None and _in_a_pid_namespace():
            gaps[OUTSIDE] = None
        if self.ports is not None or not self.missing:  # without ports; or found by their descriptors
            gaps = {gap: None for gap in gaps if gap.what not in PORTLESS}
        asked = f"ports {', '.join(map(str, sorted(self.ports)))}" if self.ports is not None else ""
        return Coverage(not self.missing, (*self.sources, *self.tour.sources), tuple(gaps), asked)

    # -- who runs ----------------------------------------------------------------------------------------------------

    def _ask_bpf(self) -> Census | None:
        try:
            census = bpf_tasks.census(self.memo)
        except CannotLook as error:
            self.sources.append(f"/proc walk ({error.message.rstrip('.')})")
            return None
        self.sources.append(census.source)
        self._ask_the_unlisted(census)
        return census

    def _ask_the_unlisted(self, census: Census) -> None:
        """Processes that /proc shows and the iterator does not are read there: two witnesses are better than one."""
        likely = [pid for pid in census.parents - census.places.keys() if pid]
        if census.unlisted == sum([walk.threads_of(pid) for pid in likely]):
            unlisted = likely  # usually none
        else:
            unlisted = [pid for pid in walk.all_pids() if pid not in census.places]
        for pid in unlisted:
            walk.walk_process(census, pid)

    def _whole_census(self, sockets: list[Socket], *, thorough: bool = True) -> Census:
        """The census; where BPF was refused, a walk: of all processes, or until the sockets of some ports have holders.

        It ends early only where there are such sockets and nobody asked for the whole story, and that is a gap: more
        holders, and sockets that no list shows, may come later. Without a socket on the port it never ends early.
        """
        if self.census is None:
            early = self.ports is not None and sockets and not thorough
            self.census = walk.census(self._order(sockets), {socket.inode for socket in sockets} if early else None)
            walk.remember(self.memo, self.census)
            if not self.census.complete:
                self.gaps[STOPPED] = None
        return self.census

    def _order(self, sockets: list[Socket]) -> list[int]:
        """Who is walked first: members of the sockets' cgroups, the holders of the last look, the same users."""
        members = walk.members({socket.cgroup for socket in sockets if socket.cgroup > 1})
        users = {socket.uid for socket in sockets}
        pids = walk.all_pids()
        same = [pid for pid in pids if machine.owner_of(pid) in users] if self.ports is not None else ()
        return walk.in_order(pids, members, walk.remembered(self.memo), same)

    # -- where -------------------------------------------------------------------------------------------------------

    def _seats(self) -> dict[int, int]:
        """One process in each network namespace."""
        if self.census is not None:
            seats = dict(self.census.netns)
        else:
            seats = {inode: seat.pid for inode, seat in namespaces.of_processes().items()}
        if self.missing:
            seats.update(self._guessed_seats(seats))
        return seats

    def _elsewhere(self) -> Iterable[int]:
        """Processes in other mount namespaces; without the iterator each is asked, but not for one port."""
        if self.ports is not None or self.missing:
            return ()
        if self.census and self.census.places:
            return self.census.mounts.values()
        pids = walk.all_pids()
        if len(pids) > ASKED_ONE_BY_ONE:
            self.gaps[ELSEWHERE] = None
            return ()
        return pids

    def _guessed_seats(self, known: dict[int, int]) -> dict[int, int]:
        """Namespaces of processes that are not ours to read: told apart by the inode of a table in them."""
        tables = namespaces.tables_of_processes([os.getpid(), *known.values(), *walk.all_pids()])
        ours = {_table(pid) for pid in (os.getpid(), *known.values())}
        return {table: pid for table, pid in tables.items() if table not in ours}

    def _counts(self, socket: Socket) -> bool:
        return self.ports is None or socket.port in self.ports

    # -- sockets that no list shows ----------------------------------------------------------------------------------

    def _strays(self, census: Census, known: set[int]) -> list[Socket]:
        """Sockets that are held but not listed: of a namespace that nobody is in, or of a family without a list."""
        listed = {socket.inode for space in self.tour.spaces.values() for socket in space.sockets} | known
        suspects = [inode for inode in census.suspects(listed) if inode not in listed]
        if len(suspects) > STRAYS:
            what = f"{len(suspects) - STRAYS} descriptors that no list of sockets explains"
            why = f"hb asks at most {STRAYS} one by one"
            self.gaps[Gap(what, why, "run hb where BPF is allowed", "netns xdp vsock")] = None
        found: list[Socket] = []
        self.silent = 0
        for inode in suspects[:STRAYS]:
            found += self._stray(census, inode, listed)
        if self.silent:
            what = f"{self.silent} held socket{'s' if self.silent > 1 else ''} that no list shows"
            self.gaps[Gap(what, f"asking the descriptor failed: {self.reason}", ROOT, "netns xdp vsock")] = None
        return [socket for socket in found if self._counts(socket)]

    def _stray(self, census: Census, inode: int, listed: set[int]) -> list[Socket]:
        from hb_engine.inventory.linux import descriptors  # a rarity

        pid, _, fd = census.holders[inode][0]
        if inode in listed:
            return []
        try:
            netns, socket = descriptors.socket_netns(pid, fd)
        except CannotLook as error:
            if os.path.lexists(f"/proc/{pid}/fd/{fd}"):  # else it was closed while we looked
                self.silent, self.reason = self.silent + 1, error.message
            return []
        space = os.fstat(netns).st_ino
        os.close(netns)
        if space not in self.tour.spaces:
            self.tour.visit(Space(space, holder=(pid, fd)))
            fresh = [one for one in self.tour.spaces[space].sockets if one.inode not in listed]
            listed.update(one.inode for one in fresh)
            if inode in listed:
                return fresh
        listed.add(inode)
        return [socket] if socket and socket.state != "connected" else []

    # -- what remains ------------------------------------------------------------------------------------------------

    def _still_there(self, rows: list[Attributed], people: People) -> list[Attributed]:
        """Look again for sockets without a holder: they were closed, or taken over, while hb looked."""
        doubtful = [row for row in rows if row.unowned and row.unowned.reason in ("not-found", "vanished")]
        if not doubtful:
            return rows
        for space in list(self.tour.spaces.values()):
            self.tour.visit(space)
        there = {(one.netns, one.inode, one.cookie) for space in self.tour.spaces.values() for one in space.sockets}
        left = [row.socket for row in doubtful if (row.socket.netns, row.socket.inode, row.socket.cookie) in there]
        sure = [row for row in rows if row not in doubtful]
        if not left:
            return sure
        from hb_engine.inventory.linux.attribution import Attribution
        from hb_engine.inventory.linux.owners import People

        self.census = self._ask_bpf()
        census = self._whole_census(left)
        again = People(census, self.memo, fresh=people.fresh, insist=True)
        return sure + Attribution(census, again, self.tour, self._veil()).of(left)

    def _say_what_is_unread(self, census: Census) -> None:
        unread = sorted(set(census.unread))
        if unread and not self.missing:
            pids = ", ".join(map(str, unread[:8])) + (" ..." if len(unread) > 8 else "")
            why = "they have capabilities that hb has not, or a security module protects them"
            what = f"sockets that no list shows, and shared ones, of {_processes(len(unread))} ({pids})"
            remedy = "run hb with all capabilities, on the host itself"
            self.gaps[Gap(what, why, remedy, "owners netns xdp vsock")] = None

    def _veil(self) -> Unowned | None:
        """Why a process may exist that hb cannot even see; None where it would see every one."""
        if _in_a_pid_namespace():
            return Unowned("outside-pid-namespace", "its process runs outside the pid namespace that hb is in")
        from hb_engine.inventory.linux.processes import hidepid  # already loaded: there are sockets to own

        return Unowned("not-permitted", HIDEPID) if self.missing and hidepid() else None

    def _say_who_is_unnamed(self, rows: list[Attributed], census: Census) -> None:
        unnamed = [row for row in rows if row.unowned and row.unowned.reason == "not-permitted"]
        if not unnamed:
            return
        units = sum(1 for row in unnamed if row.unit or row.container)
        known = f"; the unit or container of {units} is known by cgroup" if units else ""
        unread = len(set(census.unread))
        why = f"the descriptors of {_processes(unread)} are not hb's to read{known}" if unread else HIDEPID + known
        lacking = " and ".join(self.missing) or "the capabilities that those processes have"
        remedy = f"{ROOT}, or give it {lacking}"
        self.gaps[Gap(f"the owners of {len(unnamed)} of {len(rows)} sockets", why, remedy, "owners")] = None


def _processes(count: int) -> str:
    return "1 process" if count == 1 else f"{count} processes"


def _table(pid: int) -> int | None:
    try:
        return os.stat(f"/proc/{pid}/net/dev").st_ino
    except OSError:
        return None


def _in_a_pid_namespace() -> bool:
    try:
        return os.stat("/proc/self/ns/pid").st_ino != bpf_tasks.INITIAL_PID_NAMESPACE
    except OSError:
        return True
