"""What serves others was started by hand, from somebody's login.

It ends with the session or with the next reboot, or it goes on when nobody remembers it; no unit restarts it and no
package updates it. Forwards of ssh belong to sessions by nature, and have their own rule. Programs of a desktop are of
a login too, so what came from another machine is worth a look and the rest is a remark.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, quote, running, serves_others, who
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "login-session-public",
    "low",
    "A program that was started from a login can be reached from other machines.",
    (
        "Somebody tries something out this minute.",
        "A service that an administrator restarted by hand instead of through its unit.",
    ),
)
FORWARDERS = frozenset(("ssh", "sshd", "sshd-session", "dropbear"))


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.port is None or not serves_others(opening):
        return
    for owner, group in each_exe(opening.owners):
        origin = owner.origin
        if not origin or origin.kind != "login" or not FORWARDERS.isdisjoint(owner_names(owner)):
            continue
        user = quote(origin.user) or "somebody"
        yield RULE.reason(
            f"was started by hand, from a login of {user}{f' from {quote(origin.remote)}' if origin.remote else ''}",
            f"{who(group)} runs {quote(running(owner) or owner.comm)}",
            f"the session is {quote(origin.name)}" if origin.name else "",
            remedy=f"make it a unit if it is to stay, end it if it is not: {ask(opening)}",
            severity="" if origin.remote else "info",
        )
