"""One tour of the network namespaces: the sockets of each, its devices, and what its kernel itself listens on.

hb's own namespace is looked at first and without moving. Others are entered where that is allowed; where it is not,
their text tables are read through /proc/PID/net, which any user may do; what stays unseen is a gap with the reason.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import firewall, namespaces, sockets, walk
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.inventory.linux.interfaces import Interfaces
    from hb_engine.inventory.linux.kernel_services import Facts
    from hb_engine.model.opening import Netns, Opening
    from hb_engine.wire.socket_row import Socket

REMEDY = "run hb as root, on the host itself"


class Space:
    """A network namespace and the way in: `seat` a pid in it, `path` a mount, `holder` (pid, fd) of a socket in it."""

    def __init__(self, inode: int, pid: int = 0, path: str = "", holder: tuple[int, int] | None = None) -> None:
        self.inode = inode
        self.pid = pid
        self.path = path
        self.holder = holder
        self.sockets: tuple[Socket, ...] = ()
        self.devices: Interfaces | None = None
        self.rules = firewall.Ruled()
        self.kernel: Facts | None = None

    def open(self) -> int:
        """A descriptor of the namespace. Close it. Raises CannotLook."""
        if self.path:
            return namespaces.open_path(self.path)
        if self.pid:
            return namespaces.open_seat(namespaces.Seat(self.pid, self.pid))
        if self.holder:
            from hb_engine.inventory.linux import descriptors  # a rarity

            return descriptors.socket_netns(*self.holder)[0]
        return namespaces.open_path(namespaces.HERE)


class Tour:
    """Namespaces that processes are in (`seats`: inode -> pid) or mounts keep; what was asked; what was not seen.

    `elsewhere` are processes in other mount namespaces, whose mounts may keep namespaces too.
    """

    def __init__(self, seats: dict[int, int], elsewhere: Iterable[int] = ()) -> None:
        self.home = namespaces.current()
        self.spaces: dict[int, Space] = {self.home: Space(self.home)}
        self.sources: dict[str, None] = {}
        self.gaps: dict[Gap, None] = {}
        mounts = namespaces.mounted() + namespaces.mounted_elsewhere(elsewhere)
        self.mounts = {mount.inode: mount.path for mount in reversed(mounts)}
        for inode, pid in seats.items():
            self.spaces.setdefault(inode, Space(inode, pid))
        for inode, path in self.mounts.items():
            self.spaces.setdefault(inode, Space(inode, path=path))
        for space in list(self.spaces.values()):
            self.visit(space)

    def look_for_unseen(self) -> None:
        """A virtual link whose other end is in none of the visited namespaces proves that there is one more."""
        from hb_engine.inventory.linux import interfaces

        doors: list[int] = []
        try:
            for space in self.spaces.values():
                doors.append(space.open())  # noqa: PERF401 -- each must be closed, also when a later one fails
            for space in list(self.spaces.values()):
                self.within(space, lambda: self._note(namespaces.unseen_peers(interfaces.links(), doors)))
        except CannotLook as error:
            self._note([Gap("links to other network namespaces", error.message, error.remedy or REMEDY, "netns")])
        finally:
            for door in doors:
                os.close(door)

    def _note(self, gaps: list[Gap]) -> None:
        self.gaps.update(dict.fromkeys(gaps))

    def visit(self, space: Space) -> None:
        """Fill a namespace's sockets, and its devices if a socket is bound to one."""
        self.spaces.setdefault(space.inode, space)
        try:
            self.within(space, lambda: self._fill(space))
        except CannotLook as error:
            self._from_outside(space, error)

    def within(self, space: Space, look: Callable[[], None]) -> None:
        """Call `look` inside a namespace. Raises CannotLook where it cannot be entered."""
        if space.inode == self.home:
            look()
            return
        fd = space.open()
        try:
            with namespaces.Entered(fd):
                look()
        finally:
            os.close(fd)

    def pids(self) -> list[int]:
        """Every process there is, for what only their memory shows."""
        return walk.all_pids()

    def device(self, inode: int, ifindex: int) -> tuple[str, str]:
        """The name of a device and how far it reaches."""
        space = self.spaces.get(inode)
        if space is None or space.devices is None:
            return f"if{ifindex}", "public"
        return space.devices.names.get(ifindex, f"if{ifindex}"), space.devices.scope(ifindex)

    def ways(self, names: dict[int, Netns]) -> list[Opening]:
        """What the firewalls' rules of all namespaces lead elsewhere, as openings. `names` are those of `names()`."""
        ruled = [space for space in self.spaces.values() if space.rules.ways]
        if not ruled:
            return []
        from hb_engine.inventory.linux import redirects  # most machines have no such rules

        return [
            one for space in ruled for one in redirects.of(space.rules.ways, names[space.inode], self._devices(space))
        ]

    def _devices(self, space: Space) -> Interfaces | None:
        """The devices and addresses of a namespace; None, and a gap, where they cannot be asked."""
        from hb_engine.inventory.linux import interfaces

        def ask() -> None:
            space.devices = interfaces.look()

        try:
            if space.devices is None:
                self.within(space, ask)
        except CannotLook as error:
            self.gaps[Gap("the addresses that rules are for", error.message, error.remedy or REMEDY, "facts")] = None
        return space.devices

    def explain(self, socket: Socket) -> tuple[str, str] | None:
        """What in the kernel holds a socket, and what proves it."""
        from hb_engine.inventory.linux import kernel_services  # only for sockets without an owner

        facts = self._facts(self.spaces[socket.netns])
        others = [self._facts(space) for space in self.spaces.values() if space.inode != socket.netns]
        found = kernel_services.explain(socket, facts, others)
        return (found.detail, kernel_services.proof(socket, facts, others)) if found else None

    def names(self) -> dict[int, Netns]:
        """Each namespace as people and keys know it."""
        host = namespaces.host()
        return {
            inode: namespaces.describe(
                inode,
                host=host if host is not None else self.home,
                paths=self.mounts,
                seat=namespaces.Seat(space.pid, space.pid) if space.pid else None,
                container=self._container(inode),
            )
            for inode, space in self.spaces.items()
        }

    def _container(self, inode: int) -> str:
        """The container that a mounted namespace without processes was made for, where its runtime keeps that."""
        path = self.mounts.get(inode, "")
        if "docker" not in path:
            return ""
        from hb_engine.inventory.linux.containers import network_owner  # only beside Docker

        found = network_owner(path)
        return found.name if found else ""

    def _fill(self, space: Space) -> None:
        self._take(space, sockets.dump(space.inode))
        space.rules = firewall.look()
        self.sources.update(dict.fromkeys(space.rules.sources))
        self.gaps.update(dict.fromkeys(space.rules.gaps))
        if any(socket.ifindex for socket in space.sockets):
            from hb_engine.inventory.linux import interfaces  # most machines bind no socket to a device

            try:
                space.devices = interfaces.look()
            except CannotLook as error:
                what = "the devices that sockets are bound to"
                self.gaps[Gap(what, error.message, error.remedy, "device")] = None

    def _from_outside(self, space: Space, error: CannotLook) -> None:
        """The text tables, where a process leads to them; else a gap."""
        try:
            if not space.pid:
                raise error
            self._take(space, namespaces.dump_of_process(space.pid)[1])
        except CannotLook as reason:
            where = space.path or f"network namespace {space.inode}"
            self.gaps[Gap(f"the sockets of {where}", reason.message, reason.remedy or REMEDY, "netns")] = None

    def _take(self, space: Space, dump: sockets.Dump) -> None:
        space.sockets = dump.sockets
        self.sources.update(dict.fromkeys(dump.sources))
        self.gaps.update(dict.fromkeys(dump.gaps))

    def _facts(self, space: Space) -> Facts:
        from hb_engine.inventory.linux import interfaces, kernel_services

        def ask() -> None:
            space.kernel = kernel_services.gather(interfaces.links())

        if space.kernel is None:
            space.kernel = kernel_services.Facts()
            try:
                self.within(space, ask)
            except CannotLook as error:
                what = "ports that the kernel itself listens on"
                self.gaps[Gap(what, error.message, error.remedy or REMEDY, "owners")] = None
            self.gaps.update(dict.fromkeys(space.kernel.gaps))
        return space.kernel
