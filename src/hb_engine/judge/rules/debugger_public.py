"""A debugger waits for whoever connects, and does what they say.

Java's JDWP, Node's inspector, debugpy, Delve, gdbserver and frida run any code that a client sends, without a
password: that is their purpose, on one's own machine. The command line tells that they are there, and on which port.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, each_exe, quote, reaches_others, who
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "debugger-public",
    "high",
    "A debugger that runs any code for its client can be reached from other machines.",
    ("A development machine whose network is trusted; binding to loopback and a tunnel does the same.",),
)
DEBUGGERS = frozenset(("gdbserver", "lldb-server", "debugserver", "dlv", "frida-server", "rdbg", "msvsmon"))
INSPECT = "--inspect"  # node --inspect[-brk|-wait][=[host:]port], 9229 where none is given


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.transport != "tcp" or opening.port is None or not reaches_others(opening):
        return
    for owner, group in each_exe(opening.owners):
        how = _debugger(owner, opening.port)
        if how:
            yield RULE.reason(
                f"a debugger ({quote(how)}) runs code for whoever connects",
                f"{who(group)} was started with {quote(how)}",
                remedy="bind it to 127.0.0.1 and reach it through ssh -L, or start without it",
                severity=by_scope(opening, RULE.severity),
            )


def _debugger(owner: Owner, port: int) -> str:
    """The program or option that makes this port a debugger's, or ""."""
    for name in owner_names(owner):
        if name in DEBUGGERS:
            return name
    for word in owner.cmdline:
        if _opens(word, port, owner.cmdline):
            return word
    return ""


def _opens(word: str, port: int, words: tuple[str, ...]) -> bool:
    """Whether an argument opens a debugger on a port."""
    if "jdwp" in word and "address=" in word:
        return _ends_with_port(word.partition("address=")[2].partition(",")[0], port)
    if word.startswith(INSPECT) and not word.startswith("--inspect-port"):
        value = word.partition("=")[2]
        return _ends_with_port(value, port) if value else port == 9229
    return _ends_with_port(word, port) and "--listen" in words and any("debugpy" in other for other in words)


def _ends_with_port(text: str, port: int) -> bool:
    """*:5005, 0.0.0.0:5005 and 5005 alike."""
    return text.rpartition(":")[2] == str(port)
