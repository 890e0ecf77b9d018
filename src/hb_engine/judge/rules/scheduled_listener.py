"""A job of cron or of a timer stays behind and waits for connections.

Jobs come, work and go. One that listens is either a service that was started where nobody looks for services, with no
restart, no log and no order of shutdown, or it is how something survives a reboot unseen. Sockets of clients, which a
job needs for its own questions, are not meant.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, quote, reaches_others, running, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "scheduled-listener",
    "low",
    "A program that cron, at or a timer started waits for connections.",
    (
        "@reboot in a crontab, as people without root start their own service.",
        "A certificate's renewal that answers its challenge for a minute.",
    ),
)


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.port is None or opening.ephemeral or "not-listening" in opening.flags:
        return
    for owner, group in each_exe(opening.owners):
        origin = owner.origin
        if origin and origin.kind in ("cron", "timer"):
            by = quote(origin.name) or origin.kind
            yield RULE.reason(
                f"was started by {by}, and stays to listen",
                f"{who(group)} runs {quote(running(owner) or owner.comm)}, started by {by}",
                f"the job is of {quote(origin.user)}" if origin.user else "",
                remedy=f"make it a service of its own if it is wanted, else unschedule it: {ask(opening)}",
                severity="" if reaches_others(opening) else "info",
            )
