"""The kernel hands what arrives at a port to another place than the program that listens there.

A packet filter's redirect or forward works before any listener is asked: ss and the service itself look healthy, and
somebody else answers. That is how traffic is stolen quietly, and also how containers are published and proxies put in
front. So it is a remark where nothing listens on the port, or only what forwards to the same container anyway, and it
is grave where it takes from a listener.

It lasts: whoever accepted the listener did not accept that another one gets its traffic.
"""

from __future__ import annotations

from hb_engine.judge.kit import OWN, Facts, Rule, ask, by_scope, place, quote, reaches_others, running
from hb_engine.judge.naming import names_of, says_nothing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.opening import Opening
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "kernel-redirect",
    "high",
    "A packet filter hands a listener's port to another place.",
    (
        "A proxy or an inspection in front of a service on the same machine, on purpose.",
        "A move without an outage: the new server already gets what the old one still listens for.",
        "Blocked addresses that are led to a page which says so.",
    ),
    lasting=True,
)
KINDS = ("redirect", "forward")
# How the collector's notes begin and go on.
LEADS = ("leads to ", "taken by ")
CONDITIONS, FOREIGN = "only under further conditions", "for addresses that are not this machine's"


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.kind not in KINDS:
        return
    leads = [quote(note) for note in opening.notes if note.startswith(LEADS)]
    where = leads[0] if leads else "leads elsewhere"
    robbed = (
        None if _says(opening, FOREIGN) else next((one for one in facts.siblings if _takes_from(opening, one)), None)
    )
    if robbed:
        name = quote(running(robbed.owners[0]) or robbed.owners[0].comm)
        text, severity = f"what arrives for {name} at {place(opening)} {where}", "high"
        severity = "low" if _says(opening, CONDITIONS) else by_scope(opening, severity)
    else:
        text, severity = f"{place(opening)} {where}", "info"
    yield RULE.reason(
        text,
        f"by {quote(opening.unowned.detail)}" if opening.unowned and opening.unowned.detail else "",
        *[quote(note) for note in opening.notes[:4]],
        remedy=f"see who put the rule there (nft list ruleset, iptables-save -t nat): {ask(opening)}",
        severity=severity,
    )


def _says(opening: Opening, words: str) -> bool:
    return any(note.startswith(words) for note in opening.notes)


def _takes_from(opening: Opening, other: Opening) -> bool:
    """Whether another opening would get what this one leads away: a listener that others reach, and no carrier."""
    if other.kind not in ("listener", "activation", "bound") or not other.owners or other.ephemeral:
        return False
    if not reaches_others(other) or says_nothing(names_of(other)):
        return False  # docker-proxy and its kin stand beside the rule that does the same
    mine, theirs = set(opening.addresses), set(other.addresses)
    return not mine.isdisjoint(theirs) or not mine.isdisjoint(OWN) or not theirs.isdisjoint(OWN)
