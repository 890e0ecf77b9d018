"""A bare relay is listening: netcat, socat and their kin connect whoever comes with a file, a port, or a shell.

They are honest tools of a minute's work. Left open to others they are a door without a lock, and with a program behind
them they are a shell for everybody.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, by_scope, each_exe, quote, reaches_others, who
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "relay-tool",
    "medium",
    "netcat, socat or a kin of theirs listens where other machines can reach it.",
    ("Somebody copies a file this minute.", "A health check or a small bridge that was built with socat on purpose."),
)
TOOLS = frozenset(("nc", "ncat", "netcat", "nc.traditional", "nc.openbsd", "socat", "cryptcat", "pwncat", "powercat"))
RUNS = frozenset(("-e", "-c", "--exec", "--sh-exec", "--lua-exec"))


def judge(facts: Facts) -> Iterator[Reason]:
    if not reaches_others(facts.opening):
        return
    for owner, group in each_exe(facts.opening.owners):
        tool = _tool(owner)
        if tool:
            runs = _runs_a_program(owner)
            yield RULE.reason(
                f"{tool} gives a program to whoever connects" if runs else f"{tool} listens for whoever connects",
                f"{who(group)}: {quote(' '.join(owner.cmdline))}",
                remedy=f"end it if nobody needs it, or bind it to loopback: {ask(facts.opening)}",
                severity=by_scope(facts.opening, "high" if runs else "medium"),
            )


def _tool(owner: Owner) -> str:
    for name in owner_names(owner):
        if name in TOOLS:
            return name
    return ""


def _runs_a_program(owner: Owner) -> bool:
    """netcat's options that run a program, and socat's address types that do."""
    return any(word in RUNS or word.upper().startswith(("EXEC:", "SYSTEM:", "SHELL:")) for word in owner.cmdline[1:])
