"""A process still runs the old file after an update put a new one in its place.

That is how updates work, and why the old fault stays open until the service is restarted. Known to a package it is a
note; of no package it is worth a look, for somebody else replaced that file.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, each_exe, quote, running, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "replaced-executable",
    "low",
    "A process runs an older file than the one at its path: it needs a restart.",
    ("An update whose service restarts by itself at a quieter hour.",),
)


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        if owner.exe_state == "replaced":
            yield _reason(facts, owner, group)


def _reason(facts: Facts, owner: Owner, group: tuple[Owner, ...]) -> Reason:
    package = owner.package
    unknown = package is None and owner.container is None and facts.packages_asked
    now = f"now of {package.name} {package.version}" if package else "of no package" if unknown else ""
    return RULE.reason(
        "runs a file of no package that was replaced since" if unknown else "runs the file of before an update",
        f"{who(group)} runs what {quote(running(owner)) or 'its file'} held before",
        f"the file at that path is {now}" if now else "",
        remedy=f"systemctl restart {owner.unit}" if owner.unit else "restart it",
        severity="" if unknown else "info",
    )
