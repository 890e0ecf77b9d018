"""Two different programs hold the same address and port, each by a socket of its own.

SO_REUSEPORT lets the sockets of one program share its connections. A second program in the group takes a share of
what was meant for the first, silently (socket(7)). Sockets with the same inode are one socket in two hands:
inherited, no impostor.

It lasts: one of the two was accepted, and the other takes a share of what was meant for it.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, place, quote, running, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.opening import Opening
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "shared-by-different-executables",
    "medium",
    "Different programs listen on the same address and port and share what arrives.",
    (
        "A server that hands over to its new version under another path.",
        "Multicast protocols share their port by design; the well-known ones are left out.",
    ),
    lasting=True,
)
# mDNS, LLMNR, SSDP, WS-Discovery, DHCP, NetBIOS, PTP, SLP, and programs that find each other on a local network.
SHARED_BY_DESIGN = frozenset(
    (67, 68, 137, 138, 319, 320, 427, 546, 547, 1900, 3702, 5353, 5355, 17500, 21027, 27036, 57621)
)


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.transport == "udp" and opening.port in SHARED_BY_DESIGN:
        return
    for other in facts.siblings:
        trouble = _trouble(opening, other)
        if trouble:
            mine, theirs = opening.owners[0], other.owners[0]
            yield RULE.reason(
                f"shares {place(opening)} with {quote(running(theirs) or theirs.comm)}, {trouble}",
                f"{who(opening.owners)} runs {quote(running(mine))}",
                f"{who(other.owners)} runs {quote(running(theirs))}",
                f"both hold {', '.join(sorted(set(opening.addresses) & set(other.addresses)))}",
                remedy=f"only one of them should be there: {ask(opening)}",
                severity="high" if trouble != ANOTHER else "",
            )


ANOTHER = "another program"


def _trouble(opening: Opening, other: Opening) -> str:
    """How two openings differ that share an address, or "" where they do not, or where too little is known."""
    if set(opening.addresses).isdisjoint(other.addresses) or opening.interface != other.interface:
        return ""
    if not opening.inodes or not other.inodes or not set(opening.inodes).isdisjoint(other.inodes):
        return ""
    if not opening.owners or not other.owners:
        return ""
    mine, theirs = opening.owners[0], other.owners[0]
    if not running(mine) or not running(theirs) or running(mine) == running(theirs):
        return ""
    if mine.uid is not None and theirs.uid is not None and mine.uid != theirs.uid:
        return "another program of another user"
    if (mine.package is None) != (theirs.package is None) and not mine.container and not theirs.container:
        return "and only one of them is in a package"
    return ANOTHER
