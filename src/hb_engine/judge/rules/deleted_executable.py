"""A process serves from a file that is no longer there.

Programs that do not want to be found delete their file once it runs: nothing is left to scan or to hash, and the
process lives on. An update does the same for a moment, but leaves a new file in the old place; that is
replaced_executable.

It lasts: whoever accepted a program accepted the file that was there, and nobody can look at this one any more.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, quote, running, who
from hb_engine.judge.places import writable_by_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "deleted-executable",
    "high",
    "A process serves from an executable that was deleted and not replaced.",
    (
        "A package was removed, or moved its program to a path with a new version, while the old process runs on.",
        "A developer rebuilt or cleaned a build folder under a running program.",
    ),
    lasting=True,
)


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        if owner.exe_state != "deleted":
            continue
        path = running(owner)
        open_to_all = writable_by_all(path)
        yield RULE.reason(
            f"runs a deleted file, {quote(path)}" if path else "runs a deleted file",
            f"{who(group)} runs {quote(path) or 'a file'} (deleted)",
            f"{open_to_all} is writable by everyone" if open_to_all else "",
            remedy=f"keep the evidence first (Linux: cp /proc/{owner.pid}/exe evidence), then find its origin: "
            f"{ask(facts.opening)}; after a removed package, restart or stop the service",
            severity="critical" if open_to_all else "",
        )
