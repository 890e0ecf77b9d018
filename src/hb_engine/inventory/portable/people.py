"""A recording's processes as owners, and the honest reasons where a socket's process cannot be named.

Windows names the process that created a socket, which may have ended, and its number may be another process's by now;
the kernel's own sockets carry the number of the System process. macOS shows descriptors, so its owners are true, but
only those of one's own processes unless one is root.
"""

from __future__ import annotations

from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Ancestor, Hold, Origin, Owner
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.portable.recording import Process, Recording, Row

WINDOWS_KERNEL = 4  # "System": drivers' sockets
LAUNCHD = 1
PARENTS = 32
SLACK = 0.05  # seconds: clocks of the process table and of the wall are read apart
SERVICES = 4  # services of one svchost.exe that are still worth a name
# Which driver listens for the System process, by port: [MS-SMB2], [MS-NBTE], and what HTTP.sys is reserved for.
DRIVERS = {
    ("tcp", 445): "SMB server (srv2.sys)",
    **dict.fromkeys((("tcp", 139), ("udp", 137), ("udp", 138)), "NetBIOS (netbt.sys)"),
    **dict.fromkeys((("tcp", port) for port in (80, 443, 2869, 5357, 5358, 5985, 5986, 47001)), "HTTP.sys"),
}
HTTP_SYS = "HTTP.sys answers for a program that registered with it: netsh http show servicestate view=requestq names it"
NETBIOS = "NetBIOS over TCP/IP is part of Windows: nbtstat -n lists its names"
SMB = "the SMB server is part of Windows: Get-SmbShare lists what it shares"
DRIVER = "some driver of Windows; if it speaks HTTP: netsh http show servicestate view=requestq"
DEMAND = "launchd holds it and starts the service on demand: sudo launchctl print system, and the Sockets of its plist"


class People:
    """The owners of a recording, each process built once."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._known: dict[int, Owner] = {}

    def of(self, row: Row) -> tuple[Owner | None, Unowned | None, tuple[str, ...]]:
        """A socket's owner, or why there is none, and what should be said of it."""
        if self._recording.system == "windows" and row.pid == WINDOWS_KERNEL:
            driver = DRIVERS.get((row.transport, row.port), "System")
            return None, Unowned("kernel", driver), (_how_to_ask(driver),)
        process = self._recording.processes.get(row.pid) if row.pid else None
        if process is None:
            return None, self._nobody(row), ()
        if process.created is not None and process.created > self._recording.listed_at + SLACK:
            detail = f"pid {process.pid} started after the sockets were listed: its number was another process's"
            return None, Unowned("vanished", detail), ()
        notes = (DEMAND,) if self._is_on_demand(row) else ()
        return self._owner(process, row), None, notes

    def _nobody(self, row: Row) -> Unowned:
        if row.pid:
            detail = f"pid {row.pid} opened it and has ended; a child that inherited it may hold it still"
            return Unowned("vanished", detail)
        if self._recording.system == "windows":
            return Unowned("vanished", "Windows names no process any more")
        if self._recording.privileged:
            return Unowned("not-found", "psutil names no process")
        return Unowned("not-permitted", "its process belongs to somebody else")

    def _owner(self, process: Process, row: Row) -> Owner:
        """The process as an owner; how it holds the socket is the row's own."""
        if process.pid not in self._known:
            self._known[process.pid] = self._build(process)
        owner = self._known[process.pid]
        hold = self._hold(row)
        return owner if hold is None else replace(owner, holds=(hold,))

    def _build(self, process: Process) -> Owner:
        return Owner(
            pid=process.pid,
            comm=process.name,
            exe=process.exe,
            exe_state=_exe_state(process),
            cmdline=process.cmdline or (),
            uid=process.uid,
            user=process.username or "",
            started_at=process.created,
            unit=_unit(process),
            parents=self._parents(process),
            origin=_origin(process),
        )

    def _parents(self, process: Process) -> tuple[Ancestor, ...]:
        """Up to the first process that cannot be the parent: gone, or younger than its child (a reused number)."""
        chain: list[Ancestor] = []
        seen, child = {process.pid}, process
        while len(chain) < PARENTS:
            parent = self._recording.processes.get(child.ppid) if child.ppid else None
            if parent is None or parent.pid in seen or _is_younger(parent, child):
                break
            chain.append(Ancestor(parent.pid, parent.name, parent.created, parent.cmdline or ()))
            seen.add(parent.pid)
            child = parent
        return tuple(chain)

    def _hold(self, row: Row) -> Hold | None:
        if self._is_on_demand(row):
            return Hold("activation", f"launchd, fd {row.fd}")
        return Hold("fd", str(row.fd)) if row.fd >= 0 else None

    def _is_on_demand(self, row: Row) -> bool:
        return self._recording.system == "darwin" and row.pid == LAUNCHD


def _unit(process: Process) -> str | None:
    """Windows' service as a unit, where it is the same at every look.

    A process of one service is that service, and a small group in one svchost.exe is known by its names. lsass.exe and
    big groups start and end services while they run: there the executable is the better identity.
    """
    names = sorted(process.services)
    shared = (process.exe or process.name).lower().endswith("svchost.exe")
    return "+".join(names) if len(names) == 1 or (shared and 0 < len(names) <= SERVICES) else None


def _origin(process: Process) -> Origin | None:
    names = sorted(process.services)
    return Origin("service", "+".join(names[:SERVICES]) + ("+..." if len(names) > SERVICES else "")) if names else None


def _exe_state(process: Process) -> str:
    if process.exe is None:
        return "unreadable"
    return "deleted" if process.exe_there is False else "present"


def _is_younger(parent: Process, child: Process) -> bool:
    return parent.created is not None and child.created is not None and parent.created > child.created + SLACK


def _how_to_ask(driver: str) -> str:
    if driver == "HTTP.sys":
        return HTTP_SYS
    if driver.startswith("NetBIOS"):
        return NETBIOS
    return SMB if driver.startswith("SMB") else DRIVER
