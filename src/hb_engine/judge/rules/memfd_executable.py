"""A process serves from a file that never had a name: it was written to memory and run from there (memfd_create(2)).

No package, no disk scan and no file integrity check can see it. Servers are not started that way.

It lasts: no baseline names a program that was never a file, so this is not what was accepted, whatever it calls itself.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, quote, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "memfd-executable",
    "critical",
    "A process serves from an executable that exists in memory only.",
    (
        "Container runtimes run a sealed copy of themselves for a moment; it does not listen.",
        "A few launchers and self-unpacking programs do this by design: then its parent says which.",
    ),
    lasting=True,
)


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        if owner.exe_state == "memfd":
            yield RULE.reason(
                "runs from memory only, from no file on any disk",
                f"{who(group)} runs {quote(owner.exe or 'a memfd')}",
                remedy=f"keep the evidence first (cp /proc/{owner.pid}/exe evidence): it ends with the process; "
                f"then find its origin: {ask(facts.opening)}",
            )
