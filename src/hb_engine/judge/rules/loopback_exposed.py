"""A packet filter opens to others what listens on loopback only.

A service on 127.0.0.1 trusts whoever reaches it, for it expects its own machine. A rule that leads a port there ends
that, and no list of listeners shows it. Linux follows such a rule only where route_localnet is set, which somebody did
on purpose then.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, by_scope, place, quote, reaches_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "loopback-exposed",
    "medium",
    "A packet filter leads a port that others reach to a loopback address.",
    (
        "A rule that the kernel does not follow, since net.ipv4.conf.*.route_localnet, which is not read, is off.",
        "Local resolvers and proxies that a container platform puts behind an address of its own.",
    ),
)
KINDS = ("redirect", "forward")
# As the collector's notes say where a way leads.
LOOPBACK = ("leads to 127.", "leads to [::1]")
OWN = (" of 127.", " of ::1")


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.kind not in KINDS or not reaches_others(opening):
        return
    for note in opening.notes:
        if note.startswith(LOOPBACK) or (note.startswith("leads to ") and any(mark in note for mark in OWN)):
            yield RULE.reason(
                f"opens to others what listens on loopback: {place(opening)} {quote(note)}",
                f"by {quote(opening.unowned.detail)}" if opening.unowned and opening.unowned.detail else "",
                remedy=f"see who put the rule there (nft list ruleset, iptables-save -t nat): {ask(opening)}",
                severity=by_scope(opening, RULE.severity),
            )
            return
