"""What serves was put where anyone, or the wrong one, can put things.

/tmp, /var/tmp and /dev/shm are writable by all: no package installs there, and an intruder with one user's rights
starts there. A home folder is its user's to write, so a program that runs from it as somebody else runs what that
user likes.

It does not last: who accepts a program by its path has seen the path, and bytes that changed are for other rules.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, milder, quote, reaches_others, running, who
from hb_engine.judge.places import home_of, is_notable, temporary_of_one, writable_by_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "writable-path",
    "high",
    "A process serves a program or script from a folder that others may write to.",
    (
        "go run, test runners, AppImages and self-unpacking programs run from /tmp while a person works with them.",
        "A program started with sudo from the home folder of the person who started it.",
    ),
)


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        for path, what in ((running(owner), "runs"), (owner.script or "", "runs the script")):
            trouble, severity = _trouble(owner, path) if is_notable(path) else ("", "")
            if trouble:
                yield RULE.reason(
                    f"{what} {quote(path)}: {trouble}",
                    f"{who(group)} {what} {quote(path)}",
                    remedy=f"find who put it there: {ask(facts.opening)}; what stays belongs where only root writes",
                    severity=severity if reaches_others(facts.opening) else milder(severity),
                )


def _trouble(owner: Owner, path: str) -> tuple[str, str]:
    """What is wrong with a path, and how badly; ("", "") for nothing."""
    folder = writable_by_all(path)
    if folder:
        return f"everyone may write to {folder}", "high"
    folder = temporary_of_one(path)
    if folder:
        return f"{quote(folder)} is for temporary files", "medium"
    home = home_of(path)
    # Inside a container /home/node is part of the image, and its users are not this machine's.
    if home and owner.user and owner.user != home and not owner.container:
        return (
            f"{quote(home)} may write there, and it runs as {quote(owner.user)}",
            "high" if owner.uid == 0 else "medium",
        )
    return "", ""
