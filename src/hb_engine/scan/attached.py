"""The networks that this machine is attached to, and its own addresses in them: what may be scanned without asking.

Linux is asked over netlink, other systems through psutil, where it is installed. Where nobody can be asked there are
none, and only private and local addresses may be scanned. It sends nothing to any network.
"""

from __future__ import annotations

import sys

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook
from hb_engine.scan.addresses import number_of
from hb_engine.scan.scope import Attached
from hb_engine.wire import netlink, rtnetlink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def look() -> tuple[Attached, ...]:
    """The addresses of this machine with their networks; empty where the system could not be asked."""
    if sys.platform.startswith("linux"):
        try:
            return by_netlink()
        except CannotLook:
            return ()
    try:
        import psutil  # no part of the standard library, and heavy
    except ImportError:
        return ()
    return by_psutil(psutil)


def by_netlink(opener: Callable[[], Netlink] | None = None) -> tuple[Attached, ...]:
    """As the kernel of the calling thread's network namespace has them. Raises CannotLook."""
    with opener() if opener else Netlink(netlink.ROUTE) as kernel:
        links = [rtnetlink.link(body) for body in kernel.messages(rtnetlink.links_request, rtnetlink.NEWLINK)]
        bodies = kernel.messages(rtnetlink.addresses_request, rtnetlink.NEWADDR)
        rows = [found for body in bodies if (found := rtnetlink.address(body))]
    names = {link.index: link.name for link in links}
    return tuple(
        [
            Attached(
                4 if len(row.address) == 4 else 6,
                int.from_bytes(row.address, "big"),
                min(row.bits, len(row.address) * 8),
                names.get(row.ifindex, ""),
            )
            for row in rows
        ]
    )


def by_psutil(psutil: Any) -> tuple[Attached, ...]:
    """As psutil has them. What it gives no network for (or none that is one) counts as an address alone."""
    found = []
    for interface, rows in psutil.net_if_addrs().items():
        for row in rows:
            address = number_of(str(row.address).partition("%")[0])
            if address is None:
                continue  # a hardware address
            family, number = address
            mask = number_of(str(row.netmask or ""))
            whole = 32 if family == 4 else 128
            bits = mask[1].bit_count() if mask and mask[0] == family else whole
            if mask and mask[1] != (1 << whole) - (1 << (whole - bits)):
                bits = whole
            found.append(Attached(family, number, bits, interface))
    return tuple(found)
