"""A service that was kept narrow on IPv4 is wide open on IPv6.

Whoever binds to 127.0.0.1 and [::] has thought of one family only, and so has many a firewall. Only what one owner does
on one port is compared; a socket that takes both families by itself is one opening, and no such slip.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, place, reaches_others
from hb_engine.model.endpoint import SCOPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.opening import Opening
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "wider-on-ipv6",
    "medium",
    "A service reaches further on IPv6 than the same program on the same port does on IPv4.",
    (
        "A machine that is meant to be reached over IPv6 only.",
        "An IPv4 network behind address translation, whose servers bind to each address by itself.",
    ),
)
WILDCARD = "::"


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.families != ("ipv6",) or opening.scope != "public" or not reaches_others(opening):
        return
    narrow = _on_ipv4(opening, facts.siblings)
    if not narrow:
        return
    widest = max((other.scope for other in narrow), key=SCOPES.index)
    if widest == "public":
        return
    listed = ", ".join(sorted({address for other in narrow for address in other.addresses})[:4])
    by_address = widest == "private" and WILDCARD not in opening.addresses
    yield RULE.reason(
        f"is {widest} on IPv4 and public on IPv6",
        f"{place(opening)} of the same owner: {listed} and {', '.join(opening.addresses[:4])}",
        remedy="bind both families to the same reach, or close the port on IPv6 in the firewall too",
        severity="info" if by_address else by_scope(opening, RULE.severity),
    )


def _on_ipv4(opening: Opening, siblings: tuple[Opening, ...]) -> list[Opening]:
    """The same owner's openings of this port that take IPv4 connections."""
    return [
        other
        for other in siblings
        if "ipv4" in other.families
        and other.identity == opening.identity != "unknown"
        and "not-listening" not in other.flags
    ]
