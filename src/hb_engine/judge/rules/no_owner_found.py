"""Somebody holds this opening, and nobody can be named.

Every collector says why. Most reasons are honest limits and only noted. One is not: everything was allowed to be read,
everything was read, and no process holds it. That is what hiding looks like, so it is a finding and not a blank.

That one lasts: what was accepted is held by a process that can be named. The limits are remarks, and no evidence.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.opening import Unowned
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "no-owner-found",
    "high",
    "A socket is open, all processes could be read, and none of them holds it.",
    (
        "A service inside the kernel that hb does not know yet.",
        "A descriptor that was being handed from one process to another at that moment: look again.",
    ),
    lasting=True,
)
SHOWN = {
    "kernel": "",  # its own tool stands in the opening's notes
    "not-permitted": "look again as root, or give hb CAP_SYS_PTRACE",
    "outside-pid-namespace": "look from the host, outside this container or subsystem",
    "in-flight": "look again: a descriptor that stays on its way is being parked",
    "vanished": "look again",
    "untold": "hb snapshot on the machine itself names it",
}


def judge(facts: Facts) -> Iterator[Reason]:
    unowned = facts.opening.unowned
    if "hidden" in facts.opening.flags:
        return  # that is more than a missing name, and hidden_opening says it
    if unowned is not None and not facts.opening.owners:
        yield _not_found(facts, unowned) if unowned.reason == "not-found" else _excused(unowned)


def _excused(unowned: Unowned) -> Reason:
    named = unowned.reason == "kernel" and unowned.detail
    return RULE.reason(
        f"held by the kernel: {quote(named)}" if named else f"no owner named: {unowned.reason.replace('-', ' ')}",
        quote(unowned.detail),
        remedy=SHOWN.get(unowned.reason, ""),
        severity="low" if unowned.reason == "in-flight" else "info",
    )


def _not_found(facts: Facts, unowned: Unowned) -> Reason:
    known = facts.opening.unit or (facts.opening.container.name if facts.opening.container else "")
    all_read = facts.coverage.privileged
    return RULE.reason(
        "no process holds it, though all could be read" if all_read else "no process that holds it was found",
        quote(unowned.detail),
        f"its socket was made in {quote(known)}" if known else "",
        remedy=f"look again, then from outside: {ask(facts.opening)}; if it stays, trust nothing on this machine",
        severity="" if all_read else "info",
    )
