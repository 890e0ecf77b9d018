"""A process runs a file under a path at which the machine itself has another one, or none.

Whoever may make a user namespace may lay files of their own over /usr/sbin/nginx, for their processes alone; each tool
that reads the link /proc/PID/exe then tells the name of the server that is allowed. Sandboxes for desktop programs work
the same way, with paths that no server has.

It lasts: whoever accepted a program by its path accepted the machine's file there, not a user's.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, quote, running, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "executable-elsewhere",
    "high",
    "A process runs a file that a user laid over the path of the machine's own, or that only the user's view has.",
    (
        "A program of a sandbox that an ordinary user started (Flatpak, Steam, bubblewrap) brings its own files.",
        "A container that a user started without root shares the host's network.",
    ),
    lasting=True,
)
SYSTEM = ("/usr/", "/bin/", "/sbin/", "/lib", "/opt/", "/snap/", "/etc/", "/srv/")


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        if owner.exe_state != "elsewhere":
            continue
        path = running(owner)
        yield RULE.reason(
            f"runs a file of a user's own under the path {quote(path)}",
            f"{who(group)} runs {quote(path)}, where this machine has another file, or none",
            remedy=f"keep the evidence first (cp /proc/{owner.pid}/exe evidence), then find its origin: "
            f"{ask(facts.opening)}; what it sees of the files is in /proc/{owner.pid}/root",
            severity="" if path.startswith(SYSTEM) and not owner.container else "medium",
        )
