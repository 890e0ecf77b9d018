"""Whether anything vouches for an opening's owner: evidence that is too little to accuse, and enough to weigh.

A list match, or silence, means nothing of its own. Beside a program of no package, a deleted file, a bare relay or a
holder that cannot be found it means something. What was not read, or not asked, is no doubt.
"""

from __future__ import annotations

from hb_engine.judge.kit import is_file, quote, running
from hb_engine.judge.naming import owner_names
from hb_engine.judge.places import is_managed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.judge.kit import Facts
    from hb_engine.model.owner import Owner

RELAYS = frozenset(("nc", "ncat", "netcat", "nc.traditional", "nc.openbsd", "socat", "bash", "sh", "dash", "zsh"))


def doubt_of(facts: Facts) -> str:
    """Why the owner is in doubt, as a clause; "" if something vouches for it or too little was read."""
    opening = facts.opening
    if not opening.owners:
        found = opening.unowned is not None and opening.unowned.reason == "not-found" and facts.coverage.privileged
        return "no process holds it" if found else ""
    return next((doubt for owner in opening.owners if (doubt := _owner_doubt(owner, facts.packages_asked))), "")


def _owner_doubt(owner: Owner, packages_asked: bool) -> str:
    if owner.exe_state in ("deleted", "memfd"):
        return f"pid {owner.pid} runs a file that is not on disk"
    if owner.exe_state == "elsewhere":
        return f"pid {owner.pid} runs a file that a user laid over the machine's"
    if not RELAYS.isdisjoint(owner_names(owner)):
        return f"pid {owner.pid} is a bare {owner_names(owner)[0]}"
    if owner.container or not packages_asked or not is_file(owner) or is_managed(running(owner)):
        return ""
    if owner.package is None:
        return f"pid {owner.pid} runs {quote(running(owner))}, which is in no package"
    if owner.script and owner.script.startswith("/") and owner.script_package is None:  # a module's name is no path
        return f"pid {owner.pid} runs the script {quote(owner.script)}, which is in no package"
    return ""
