"""This machine's answers through psutil, written down as a recording.

psutil's list of everything raises AccessDenied on macOS at the first process of somebody else, so there each process is
asked by itself and a refusal is noted. A process that ends meanwhile is no error. Strangers' text is cut to a size, and
environments are never read: they hold secrets.
"""

from __future__ import annotations

import os
import sys
import time

from hb_engine.inventory.portable.recording import FAMILIES, FORMAT
from hb_engine.model.errors import CannotLook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType
    from typing import Any

WORDS, LETTERS = 256, 4096  # arguments that are kept, and of each so many characters
COMMAND_TIMEOUT = 5  # seconds
INSTALL = 'pip install "hb-engine[portable]"'
RANGES = {
    "darwin": (("sysctl", "-n", "net.inet.ip.portrange.first", "net.inet.ip.portrange.last"), "first last"),
    "windows": (("netsh", "int", "ipv4", "show", "dynamicport", "tcp"), "first count"),
}
LINUX_RANGE = "/proc/sys/net/ipv4/ip_local_port_range"


def this_system() -> str:
    """darwin, windows or linux. Raises CannotLook elsewhere."""
    name = {"darwin": "darwin", "win32": "windows", "linux": "linux"}.get(sys.platform)
    if name is None:
        raise CannotLook(f"hb has no collector for {sys.platform}.", "Use it on Linux, macOS or Windows.")
    return name


class Live:
    """psutil on this machine. `psutil` may be handed in, by tests and by whoever has imported it already."""

    def __init__(self, system: str, psutil: Any = None, clock: Callable[[], float] = time.time) -> None:
        self.system = system
        self.psutil = psutil or _import()
        self.clock = clock

    def look(self) -> dict[str, object]:
        """One look, as a recording's document. Raises CannotLook where the system refuses to list sockets at all."""
        rows, denied = self._per_process() if self.system == "darwin" else (self._all_at_once(), [])
        listed_at = self.clock()
        processes = self._processes({row["pid"] for row in rows if row["pid"] is not None})
        return {
            "format": FORMAT,
            "system": self.system,
            **_machine(self.system),
            "boot_time": self._ask(self.psutil.boot_time),
            "psutil": str(self.psutil.__version__),
            "privileged": _privileged(self.system),
            "listed_at": listed_at,
            "ephemeral": _ephemeral(self.system),
            "interfaces": _interfaces(),
            "addresses": self._addresses(),
            "connections": rows,
            "denied": denied,
            "processes": processes,
        }

    # -- sockets -----------------------------------------------------------------------------------------------------

    def _pids(self) -> list[int]:
        try:
            return list(self.psutil.pids())
        except (self.psutil.Error, OSError) as error:
            raise CannotLook(f"The processes could not be listed: {error}.", "Run hb with more rights.") from error

    def _all_at_once(self) -> list[dict[str, Any]]:
        try:
            found = self.psutil.net_connections(kind="inet")
        except (self.psutil.Error, OSError) as error:
            raise CannotLook(f"The sockets could not be listed: {error}.", "Run hb with more rights.") from error
        return [_row(connection, connection.pid) for connection in found]

    def _per_process(self) -> tuple[list[dict[str, Any]], list[int]]:
        rows: list[dict[str, Any]] = []
        denied: list[int] = []
        for pid in self._pids():
            try:
                found = self.psutil.Process(pid).net_connections(kind="inet")
            except self.psutil.NoSuchProcess:  # ended, or a zombie: it holds nothing any more
                continue
            except (self.psutil.Error, OSError, RuntimeError):
                denied.append(pid)
                continue
            rows += [_row(connection, pid) for connection in found]
        return rows, denied

    def _addresses(self) -> list[str]:
        """The addresses of all interfaces; hardware addresses are left out."""
        found = self._ask(self.psutil.net_if_addrs) if hasattr(self.psutil, "net_if_addrs") else None
        rows = [row for rows in (found or {}).values() for row in rows]
        return [_cut(row.address) for row in rows if int(row.family) in FAMILIES and row.address]

    # -- processes ---------------------------------------------------------------------------------------------------

    def _processes(self, holders: Iterable[int]) -> list[dict[str, object]]:
        """The holders of sockets, and their parents as far up as they go."""
        services = self._services()
        found: dict[int, dict[str, object]] = {}
        wanted = set(holders)
        while wanted:
            pid = wanted.pop()
            facts = self._process(pid, services.get(pid, []))
            if facts is not None:
                found[pid] = facts
                parent = facts["ppid"]
                if isinstance(parent, int) and parent not in found and parent > 0:
                    wanted.add(parent)
        return [found[pid] for pid in sorted(found)]

    def _process(self, pid: int, services: list[str]) -> dict[str, object] | None:
        """What of a process can be read; None if it has ended."""
        try:
            process = self.psutil.Process(pid)
            with process.oneshot():
                return self._facts(process, services)
        except (self.psutil.Error, OSError):
            return None

    def _facts(self, process: Any, services: list[str]) -> dict[str, object]:
        exe = self._ask(process.exe) or None
        uids = self._ask(process.uids) if hasattr(process, "uids") else None
        words = self._ask(process.cmdline)
        return {
            "pid": process.pid,
            "name": _cut(self._ask(process.name) or ""),
            "exe": exe and _cut(exe),
            "exe_there": _is_there(exe),
            "cmdline": None if words is None else [_cut(word) for word in words[:WORDS]],
            "username": self._ask(process.username),
            "uid": uids.real if uids else None,
            "ppid": self._ask(process.ppid),
            "create_time": self._ask(process.create_time),
            "services": services,
        }

    def _services(self) -> dict[int, list[str]]:
        """Windows' services by the process that runs them."""
        found: dict[int, list[str]] = {}
        if not hasattr(self.psutil, "win_service_iter"):
            return found
        for service in self._ask(lambda: list(self.psutil.win_service_iter())) or []:
            pid = self._ask(service.pid)
            if pid:
                found.setdefault(pid, []).append(_cut(service.name()))
        return found

    def _ask(self, question: Callable[[], Any]) -> Any:
        """An answer, or None where it is denied; that a process has ended passes on."""
        try:
            return question()
        except self.psutil.NoSuchProcess:
            raise
        except (self.psutil.Error, OSError, RuntimeError, KeyError):  # KeyError: a uid without a name
            return None


def _import() -> ModuleType:
    try:
        import psutil
    except ImportError as error:
        raise CannotLook("Looking at this system needs psutil, which is not installed.", INSTALL) from error
    return psutil


def _row(connection: Any, pid: int | None) -> dict[str, Any]:
    return {
        "fd": connection.fd,
        "family": int(connection.family),
        "type": int(connection.type),
        "laddr": list(connection.laddr),
        "raddr": list(connection.raddr),
        "status": str(connection.status),
        "pid": pid,
    }


def _machine(system: str) -> dict[str, str]:
    import platform  # not needed for a recording

    release = f"{platform.system()} {platform.release()}"
    if system == "darwin":
        release = f"macOS {platform.mac_ver()[0]}"
    elif system == "windows":
        release = f"Windows {platform.win32_ver()[0]} ({platform.win32_ver()[1]})"
    return {"host": platform.node(), "release": release, "kernel": platform.release()}


def _privileged(system: str) -> bool:
    if system != "windows":
        return os.geteuid() == 0
    import ctypes

    try:
        return bool(ctypes.windll.shell32.IsUserAnAdmin())  # type: ignore[attr-defined, unused-ignore]
    except (AttributeError, OSError):
        return False


def _interfaces() -> list[list[object]]:
    import socket  # if_nameindex is not in the C module of Windows

    try:
        return [[number, name] for number, name in socket.if_nameindex()]
    except (AttributeError, OSError):
        return []


def _ephemeral(system: str) -> list[int] | None:
    """The range of outgoing ports, first and last; None where it cannot be asked. Windows': of TCP over IPv4."""
    if system == "linux":
        try:
            with open(LINUX_RANGE, encoding="ascii") as file:
                return parse_range(file.read(), "first last")
        except OSError:
            return None
    command, shape = RANGES[system]
    return parse_range(_output(command), shape)


def parse_range(text: str, shape: str) -> list[int] | None:
    """The last two numbers of an answer, first and last, or first and count; None for anything else.

    netsh's words are in the user's language and its header names "tcp"; its numbers stand last on their lines.
    """
    numbers = [int(word) for line in text.splitlines() for word in line.split(":")[-1].split() if _is_port(word)]
    if len(numbers) < 2:
        return None
    first, second = numbers[-2:]
    last = first + second - 1 if shape == "first count" else second
    return [first, last] if 0 < first <= last <= 65535 else None


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 5


def _output(command: tuple[str, ...]) -> str:
    import subprocess  # two systems need it, once

    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=COMMAND_TIMEOUT, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _is_there(path: str | None) -> bool | None:
    """Whether an executable's file is there; None where that cannot be told (no path, no right to look)."""
    if not path or not os.path.isabs(path):
        return None
    try:
        os.stat(path)
    except FileNotFoundError:
        return False
    except (OSError, ValueError):  # ValueError: a NUL in it
        return None
    return True


def _cut(text: str) -> str:
    return text[:LETTERS]
