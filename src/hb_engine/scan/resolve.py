"""Names into addresses, once, before anything is asked: what a name leads to later changes nothing in a running scan.

Many names are asked for at once, since each may take the seconds that a dead name server takes. The system's resolver
is asked (getaddrinfo: hosts file, DNS, mDNS, whatever nsswitch.conf says). It refuses to resolve in the other
direction, and to guess a name that does not resolve.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeAlias

    Resolve: TypeAlias = Callable[[tuple[str, ...], tuple[str, ...]], Mapping[str, "Resolved"]]

FAMILIES = ("ipv4", "ipv6")
AT_ONCE = 16  # questions under way: enough for a file of names, and kind to a small name server
MOST = 256  # addresses of one name


@record
class Resolved:
    """What a name led to: addresses as text, or the reason why there are none."""

    addresses: tuple[str, ...] = ()
    problem: str = ""


def by_system(names: Iterable[str], families: tuple[str, ...] = FAMILIES) -> dict[str, Resolved]:
    """Each name with its addresses in the families asked for, IPv4 first. Raises nothing."""
    from concurrent.futures import ThreadPoolExecutor  # only where there are names

    wanted = tuple(dict.fromkeys(names))
    if not wanted:
        return {}
    with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
        return dict(zip(wanted, pool.map(lambda name: one(name, families), wanted), strict=True))


def one(name: str, families: tuple[str, ...], ask: Callable[..., Any] | None = None) -> Resolved:
    """One name through getaddrinfo(3), or what stands in its place."""
    import socket  # heavy, and only names need it

    ask = ask or socket.getaddrinfo
    found: dict[str, None] = {}
    problem = ""
    for family in families:
        try:
            rows = ask(name, None, socket.AF_INET if family == "ipv4" else socket.AF_INET6, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:  # UnicodeError: no such name can be in IDNA
            # The system's sentence is its own; a name that has the other family alone is no problem.
            problem = problem or (error.strerror if isinstance(error, OSError) and error.strerror else "no such name")
            continue
        found.update(dict.fromkeys([str(row[4][0]) for row in rows]))
    addresses = tuple(found)[:MOST]
    return Resolved(addresses, "" if addresses else problem.lower() or "it has no address")
