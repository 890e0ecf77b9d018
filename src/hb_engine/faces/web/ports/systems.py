"""What a port's number means on each system: who may listen on it, and whether it is picked for outgoing connections.

The first row is this machine's, read from its kernel; the others are documented defaults (registry/ranges.py), which
an administrator may have changed. Where a kernel could not be asked, the row says so.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language, mark
from hb_engine.faces.web.ports import words
from hb_engine.model.assignment import PortRange
from hb_engine.model.record import record
from hb_engine.registry.ranges import DEFAULTS, Defaults

NOTES = {
    "Linux": mark(
        "CAP_NET_BIND_SERVICE is needed below net.ipv4.ip_unprivileged_port_start; in most containers it is 0"
    ),
    "macOS": mark("since 10.14 anybody may take a low port on all addresses at once; on one address it needs root"),
    "Windows": mark("but Hyper-V and WSL may take ranges away, and then nobody can listen there"),
    "FreeBSD": mark("ports up to net.inet.ip.portrange.reservedhigh need root"),
    "OpenBSD": mark("low ports need root"),
    "NetBSD": mark("low ports need root; the kernel may be built without that"),
    "Solaris": mark("low ports need the privilege net_privaddr"),
    "AIX": mark("low ports need root"),
}
SHOWN = {  # the command or setting that shows a system's range
    "Linux": "sysctl net.ipv4.ip_local_port_range",
    "macOS": "sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last",
    "Windows": "netsh int ipv4 show dynamicport tcp",
    "Windows XP and 2003": "MaxUserPort",
    "FreeBSD": "sysctl net.inet.ip.portrange",
    "OpenBSD": "sysctl net.inet.ip.portfirst net.inet.ip.portlast",
    "NetBSD": "sysctl net.inet.ip.anonportmin net.inet.ip.anonportmax",
    "Solaris": "ipadm show-prop -p smallest_anon_port tcp",
    "AIX": "no -o tcp_ephemeral_low -o tcp_ephemeral_high",
}


@record
class System:
    """One row: None means that it is not known. `first` to `last` are the ports for outgoing connections."""

    name: str
    privileged: bool | None
    ephemeral: bool | None
    first: int | None
    last: int | None
    note: str
    shown: str
    live: bool = False


def here(place: PortRange, local: tuple[int, int] | None, spoken: Language) -> System:
    """This machine's row, as its kernel says; `local` are the ports that it picks for outgoing connections."""
    return System(
        spoken.say("this machine, now"),
        place.privileged,
        place.ephemeral,
        local[0] if local else None,
        local[1] if local else None,
        "",
        place.detail,
        live=True,
    )


def elsewhere(port: int, spoken: Language) -> tuple[System, ...]:
    """The other rows, the common systems first."""
    return tuple([_system(port, rule, spoken) for rule in DEFAULTS])


def span(place: PortRange, spoken: Language) -> str:
    """The range that a port is in, in a sentence."""
    return spoken.say(
        "It is one of the %(kind)s, %(first)s to %(last)s.",
        kind=words.said(words.RANGES, place.name, spoken),
        first=place.first,
        last=place.last,
    )


def _system(port: int, rule: Defaults, spoken: Language) -> System:
    note = spoken.say(NOTES[rule.system]) if rule.system in NOTES else ""
    return System(
        rule.system,
        port < rule.privileged,
        rule.first <= port <= rule.last,
        rule.first,
        rule.last,
        note if port < rule.privileged or rule.privileged == 0 else "",
        SHOWN.get(rule.system, rule.source),
    )
