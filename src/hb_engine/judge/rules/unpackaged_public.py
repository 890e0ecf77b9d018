"""What serves the network came from no package: nobody signed it, and nobody will update it.

Most such programs are a team's own, so this asks for a look and no more. It is silent where this machine's packages
were not asked, for containers (their image is their package), and for trees that bring their own packages.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, each_exe, is_file, quote, reaches_others, running, who
from hb_engine.judge.places import is_local, is_managed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "unpackaged-public",
    "medium",
    "An executable or script that no package owns can be reached from other machines.",
    (
        "A team's own service, or a vendor's installer that uses no package: a baseline rule says so once.",
        "A program that a language's own manager installed (pip, npm, cargo).",
    ),
)


def judge(facts: Facts) -> Iterator[Reason]:
    if not facts.packages_asked or not reaches_others(facts.opening):
        return
    for owner, group in each_exe(facts.opening.owners):
        path, what, severity = _unpackaged(owner)
        if path:
            yield RULE.reason(
                f"{what} of no package, {quote(path)}",
                f"{who(group)}: no package owns {quote(path)}",
                remedy="find out who installed it and who updates it, and write that down as its baseline rule",
                severity="info" if _is_a_client(facts.opening) else by_scope(facts.opening, severity),
            )


def _is_a_client(opening: Opening) -> bool:
    """A UDP socket on a port that the kernel chose: some program asks the network, and strangers do not know where."""
    return opening.ephemeral and opening.transport == "udp"


def _unpackaged(owner: Owner) -> tuple[str, str, str]:
    """The file that no package owns, what it is, and the severity; ("", "", "") for none."""
    path = running(owner)
    if owner.container or not is_file(owner) or is_managed(path):
        return "", "", ""
    if owner.package is None:
        return path, "runs a program", "low" if is_local(path) else "medium"
    # A packaged interpreter: what it runs is the service. Scripts of one's own are ordinary.
    if owner.script and owner.script.startswith("/") and not owner.script_package and not is_managed(owner.script):
        return owner.script, "runs a script", "low"
    return "", "", ""
