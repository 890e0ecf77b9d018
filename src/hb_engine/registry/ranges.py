"""What class a port belongs to: by RFC 6335, on this machine, and on other systems.

Classes are the standard's; privilege and the ephemeral range are the machine's. On Linux both are read from the
kernel when asked (they differ between network namespaces, and administrators change them). Elsewhere the system's
documented default is given, and the detail says that it was not asked. This module refuses to bind a port to find
out.
"""

from __future__ import annotations

import os
import sys

from hb_engine.model.assignment import PortRange
from hb_engine.model.record import record

CLASSES = (("system", 0, 1023), ("user", 1024, 49151), ("dynamic", 49152, 65535))  # RFC 6335 section 6
PROC = "/proc/sys/net/ipv4"
UNPRIVILEGED = "ip_unprivileged_port_start"  # since Linux 4.11; ip-sysctl.rst
LOCAL = "ip_local_port_range"
RESERVED = "ip_local_reserved_ports"


@record
class Elsewhere:
    """What a port means on some system by default: that system's truth, not this machine's."""

    system: str
    privileged: bool
    ephemeral: bool
    note: str


@record
class Defaults:
    """What a system's documentation says: ports below `privileged` need rights, outgoing ones are first to last."""

    system: str
    privileged: int  # 0: none
    first: int
    last: int
    note: str  # in one sentence, how privilege works there
    source: str  # where the ephemeral range is set or shown


DEFAULTS = (
    Defaults(
        "Linux",
        1024,
        32768,
        60999,
        "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE; in most containers it is 0",
        "net.ipv4.ip_local_port_range",
    ),
    Defaults(
        "macOS",
        1024,
        49152,
        65535,
        "since 10.14 anyone may bind a low port on the wildcard address; on one specific address it needs root",
        "sysctl net.inet.ip.portrange.first and last",
    ),
    Defaults(
        "Windows",
        0,
        49152,
        65535,
        "no port is privileged, but Hyper-V and WSL may exclude ranges (netsh int ipv4 show excludedportrange tcp)",
        "netsh int ipv4 show dynamicport tcp",
    ),
    Defaults("Windows XP and 2003", 0, 1025, 5000, "no port is privileged", "MaxUserPort in the system's registry"),
    Defaults(
        "FreeBSD",
        1024,
        10000,
        65535,
        "ports up to net.inet.ip.portrange.reservedhigh need root",
        "sysctl net.inet.ip.portrange",
    ),
    Defaults("OpenBSD", 1024, 1024, 49151, "low ports need root", "sysctl net.inet.ip.portfirst and portlast"),
    Defaults("NetBSD", 1024, 49152, 65535, "low ports need root", "sysctl net.inet.ip.anonportmin and anonportmax"),
    Defaults("Solaris", 1024, 32768, 65535, "low ports need the privilege net_privaddr", "tcp_smallest_anon_port"),
    Defaults("AIX", 1024, 32768, 65535, "low ports need root", "no -a"),
)
PLATFORMS = {  # sys.platform, by its beginning
    "darwin": "macOS",
    "win32": "Windows",
    "cygwin": "Windows",
    "freebsd": "FreeBSD",
    "openbsd": "OpenBSD",
    "netbsd": "NetBSD",
    "sunos": "Solaris",
    "aix": "AIX",
}


def port_range(port: int, platform: str = sys.platform, proc: str = PROC) -> PortRange:
    """The class of a port of 0 to 65535, whether it is privileged and ephemeral here, and where that is read from."""
    name, first, last = next(found for found in CLASSES if found[1] <= port <= found[2])
    if platform.startswith("linux"):
        return PortRange(name, first, last, *_linux(port, proc))
    system = next((system for start, system in PLATFORMS.items() if platform.startswith(start)), None)
    if system is None:
        return PortRange(name, first, last, None, None, f"hb does not know the ports of {platform!r}")
    rule = next(rule for rule in DEFAULTS if rule.system == system)
    detail = f"the documented default of {system}, not asked here: {_span(rule)} ({rule.source}); {rule.note}"
    return PortRange(name, first, last, port < rule.privileged, rule.first <= port <= rule.last, detail)


def elsewhere(port: int) -> tuple[Elsewhere, ...]:
    """What a port means on the systems that hb knows, by their documented defaults; the common ones first."""
    return tuple(
        Elsewhere(
            rule.system,
            port < rule.privileged,
            rule.first <= port <= rule.last,
            f"{_span(rule)} ({rule.source}); {rule.note}",
        )
        for rule in DEFAULTS
    )


def _span(rule: Defaults) -> str:
    return f"ephemeral {rule.first}-{rule.last}"


def _linux(port: int, proc: str) -> tuple[bool | None, bool | None, str]:
    """Privileged, ephemeral and the detail, read from the kernel; None where it could not be read."""
    start, start_told = _setting(proc, UNPRIVILEGED, 1)
    local, local_told = _setting(proc, LOCAL, 2)
    detail = f"{start_told}, {local_told}"
    privileged = None if start is None else port < start[0]
    ephemeral = None if local is None else local[0] <= port <= local[1]
    if ephemeral:
        reserved, told = _reserved(proc)
        if reserved is None:
            detail += f", {told}"
        elif any(first <= port <= last for first, last in reserved):
            return privileged, False, f"{detail}, but {RESERVED} leaves it out"
    return privileged, ephemeral, detail


def _setting(proc: str, name: str, count: int) -> tuple[list[int] | None, str]:
    """Numbers of a setting, with a phrase for people; None if it cannot be read or is something else."""
    try:
        words = _read(proc, name).split()
        numbers = [int(word) for word in words]
    except OSError as error:
        return None, f"{name} cannot be read ({error.strerror})"
    except ValueError:
        return None, f"{name} is not a number"
    if len(numbers) != count or not all(0 <= number <= 65536 for number in numbers):
        return None, f"{name} has a value that hb does not understand"
    return numbers, f"{name} is {'-'.join(map(str, numbers))}"


def _reserved(proc: str) -> tuple[list[tuple[int, int]] | None, str]:
    """Ports that the kernel leaves out of the ephemeral range: "8080,9148-9150"."""
    try:
        parts = _read(proc, RESERVED).strip().split(",")
        pairs = [part.partition("-") for part in parts if part]
        return [(int(low), int(high or low)) for low, _, high in pairs], ""
    except OSError as error:
        return None, f"{RESERVED} cannot be read ({error.strerror})"
    except ValueError:
        return None, f"{RESERVED} has a value that hb does not understand"


def _read(proc: str, name: str) -> str:
    """A setting's text; at most the 64 kB bitmap's longest form, and ASCII only (ValueError otherwise)."""
    with open(os.path.join(proc, name), "rb", buffering=0) as file:
        return file.read(1 << 20).decode("ascii")
