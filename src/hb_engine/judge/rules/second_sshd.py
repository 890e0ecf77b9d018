"""A server of remote shells runs beside the one that the system started.

It has a configuration, keys or a port of its own, and what was hardened in /etc/ssh does not hold for it. That is how a
way back in is kept open, and also how people build a jump host. Only what was read counts: started from a login or by a
schedule, in a unit of another name, or with options for another file or port.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, by_scope, each_exe, quote, serves_others, who
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "second-sshd",
    "medium",
    "A server of remote shells is not the system's own, or runs with another configuration.",
    (
        "A second sshd for automation or for files only, with a unit of its own: a baseline rule says so once.",
        "The system's sshd with a port on its command line instead of in its configuration.",
    ),
)
SERVERS = frozenset(("sshd", "dropbear", "tinyssh", "tinysshd", "teleport", "in.telnetd", "telnetd", "utelnetd"))
UNITS = ("ssh", "dropbear", "tinyssh", "teleport", "telnet", "inetutils", "inetd", "xinetd", "openbsd-inetd")
BY_HAND = ("login", "cron", "timer")
STANDARD = ("/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config")


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.transport != "tcp" or not serves_others(opening):
        return
    for owner, group in each_exe(opening.owners):
        if owner.container or SERVERS.isdisjoint(owner_names(owner)) or _serves_one_login(owner):
            continue
        trouble, severity = _trouble(owner)
        if trouble:
            yield RULE.reason(
                f"a server of remote shells, {trouble}",
                f"{who(group)}: {quote(' '.join(owner.cmdline))}",
                remedy=f"find out who set it up and whose keys it takes (sshd -T -f FILE): {ask(opening)}",
                severity=by_scope(opening, severity),
            )


def _trouble(owner: Owner) -> tuple[str, str]:
    """How a server differs from the system's own, and how badly; ("", "") where nothing that was read does."""
    options = _options(owner)
    if owner.origin and owner.origin.kind in BY_HAND:
        return f"started from a {owner.origin.kind}" + (f" {options}" if options else ""), "high"
    if options:
        return options, "low" if options.startswith("with the port") else "medium"
    unit = owner.unit or ""
    if unit.endswith(".service") and not unit.rpartition("/")[2].startswith(UNITS):
        return f"in the unit {quote(unit)}", "low"
    return "", ""


def _options(owner: Owner) -> str:
    """Options for another file or port on sshd's command line, which its title repeats; "" for none."""
    words = " ".join(owner.cmdline).split(" ")
    for at, word in enumerate(words):
        option, value = word[:2], word[2:] or " ".join(words[at + 1 : at + 2])
        if option == "-f" and value.startswith(("/", ".")) and value not in STANDARD:
            return f"with the configuration {quote(value)}"
        if option == "-o" and value.lower().startswith("authorizedkeys"):
            return f"with {quote(value)}"
        if option == "-p" and value.isdecimal() and value != "22":
            return f"with the port {quote(value)} on its command line"
    return ""


def _serves_one_login(owner: Owner) -> bool:
    """The process of one login, whose listeners are forwards (forwarder_public)."""
    title = " ".join(owner.cmdline)
    return title.startswith("sshd: ") and "[listener]" not in title and "sshd: /" not in title
