"""What machine this is, and what hb may do on it."""

from __future__ import annotations

import os
import time

from hb_engine.model.inventory import Host

CAPABILITIES = {"CAP_DAC_READ_SEARCH": 2, "CAP_NET_ADMIN": 12, "CAP_SYS_PTRACE": 19, "CAP_SYS_ADMIN": 21}
LIMIT = 65536  # bytes of any file that is read here
NEEDED = ("CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN")  # for other users' files, descriptors, namespaces


def host(root: str = "/") -> Host:
    """Name, system and kernel; "" for what cannot be read."""
    system = os.uname()
    boot = _line(os.path.join(root, "proc/sys/kernel/random/boot_id"))
    return Host(system.nodename, _pretty_name(root) or system.sysname, system.release, boot)


def missing_capabilities(status: str = "/proc/self/status") -> tuple[str, ...]:
    """Which of the capabilities that a full look needs hb does not have. Raises nothing: unreadable means none."""
    try:
        text = _read(status)
    except OSError:
        return NEEDED
    at = text.find(b"\nCapEff:")
    held = int(text[at + 8 : at + 32].split()[0], 16) if at >= 0 else 0
    return tuple(name for name in NEEDED if not held >> CAPABILITIES[name] & 1)


def threads() -> int:
    """How many threads there are on the whole machine, by /proc/loadavg; -1 where that cannot be read."""
    try:
        return int(_read("/proc/loadavg").split()[3].partition(b"/")[2])
    except (OSError, IndexError, ValueError):
        return -1


def owner_of(pid: int) -> int | None:
    """The user that a process runs as, by its folder in /proc; None when it is gone."""
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None


def now() -> float:
    """Seconds since the epoch."""
    return time.time()


def _pretty_name(root: str) -> str:
    for path in ("etc/os-release", "usr/lib/os-release"):
        try:
            text = _read(os.path.join(root, path)).decode("utf-8", "replace")
        except OSError:
            continue
        for line in text.splitlines():
            if line.startswith("PRETTY_NAME="):
                return line[12:].strip("\"' ")
    return ""


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read(LIMIT) or b""


def _line(path: str) -> str:
    try:
        return _read(path).decode("utf-8", "replace").strip()
    except OSError:
        return ""
