"""What speaks against proposing a rule for an opening: why it looks dangerous, or was not there long or often enough.

The judge's words count, and facts that are plain without it: a program of no package, a script of no package, a file
that is not on disk any more. It refuses to weigh: one thing against an opening is enough for a person to look at it.
"""

from __future__ import annotations

from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.model.verdict import SEVERITIES
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from hb_engine.model.history import Presence
    from hb_engine.model.owner import Owner

# What a person may well want: exposures, where they are not grave.
EXPOSURES = ("clear-text-public", "private-service-public", "wider-on-ipv6")
# What a person should decide however mildly it was said.
ALWAYS = (
    *("writable-path", "relay-tool", "threat-listed-unexpected", "login-session-public", "scheduled-listener"),
    *("unpackaged-public", "second-sshd", "development-server-public", "forwarder-public"),
)
CONNECTED, DATAGRAMS = ("tcp", "sctp", "dccp"), ("udp", "udplite")
GONE = {
    "deleted": "its executable was deleted",
    "memfd": "its executable exists in memory only",
    "unreadable": "its executable cannot be read",
    "elsewhere": "its executable is one that a user laid over the machine's",
}


# A rule for one of these would be one for whatever it is given to run. Versions may follow: python3.11.
INTERPRETERS = frozenset(
    (
        *("python", "pypy", "perl", "ruby", "jruby", "php", "node", "nodejs", "deno", "bun", "java", "lua", "luajit"),
        *("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "fish", "busybox", "toybox", "awk", "gawk", "mawk", "env"),
        *("tclsh", "wish", "expect", "guile", "julia", "mono", "dotnet", "pwsh", "beam.smp", "uwsgi"),
    )
)
LOADERS = ("ld-linux", "ld-musl", "ld.so", "ld64.so", "ld-uClibc")  # ld.so(8) runs any program


@record
class Sighting:
    """An opening with how constantly it was there. `first_seen` and `looking_since` are None where no history tells;
    `packages_asked` says whether the machine's package manager was asked."""

    opening: Opening
    shown: int = 1
    asked: int = 1
    days: int = 1
    boots: int = 1
    first_seen: float | None = None
    looking_since: float | None = None
    packages_asked: bool = True


def remembered(one: Presence, looking_since: float | None, *, packages_asked: bool = True) -> Sighting:
    """What history says of an opening, as a sighting."""
    return Sighting(
        one.opening, one.shown, one.asked, one.days, one.boots, one.first_seen, looking_since, packages_asked
    )


def is_passing(opening: Opening) -> bool:
    """Whether it is a client's: a bound socket that does not listen, or UDP on a port of the kernel's choice."""
    if opening.kind != "bound" or (opening.verdict is not None and opening.verdict.word != "quiet"):
        return False
    return opening.transport in CONNECTED or (opening.transport in DATAGRAMS and opening.ephemeral)


def against(one: Sighting, now: float, presence: int = 90, age: float = DAY, lasting: Collection[str] = ()) -> str:
    """Why an opening is not proposed, in a phrase; "" where nothing speaks against it."""
    return _kind(one.opening) or _said(one.opening, lasting) or _owners(one) or _time(one, now, presence, age)


def _kind(opening: Opening) -> str:
    if "hidden" in opening.flags:
        return "the kernel's own lists do not show it"
    if opening.kind == "tap":
        return "it reads packets that are not its own"
    if opening.kind in ("redirect", "forward", "tunnel", "bpf"):
        return f"it is a {opening.kind}: it leads elsewhere"
    return ""


def _said(opening: Opening, lasting: Collection[str]) -> str:
    """The gravest thing that the judge says of it, unless it is an exposure that a person may want."""
    for reason in opening.verdict.reasons if opening.verdict else ():
        rank = SEVERITIES.index(reason.severity)
        limit = "high" if reason.rule in EXPOSURES else "medium"
        if rank >= SEVERITIES.index(limit) or reason.rule in ALWAYS or reason.rule in lasting:
            return f"{reason.text} ({reason.rule})"
    return ""


def _owners(one: Sighting) -> str:
    opening = one.opening
    if not opening.owners:
        kernel = opening.unowned is not None and opening.unowned.reason == "kernel"
        return "" if kernel else "who holds it is not known"
    return next((told for owner in opening.owners if (told := _owner(owner, one.packages_asked))), "")


def _is_interpreter(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in INTERPRETERS or name.rstrip("0123456789.-") in INTERPRETERS or name.startswith(LOADERS)


def _owner(owner: Owner, packages_asked: bool) -> str:
    if owner.exe_state in GONE:
        return GONE[owner.exe_state]
    if any(hold.how == "activation" for hold in owner.holds):
        return ""  # the first process keeps it for a service that has not started
    if owner.exe is None:
        return "which file it runs is not known"
    if owner.container is not None:
        return "" if owner.container.image else "the image of its container is not known"
    if not packages_asked:
        return ""
    if owner.package is None:
        replaced = owner.exe_state == "replaced"
        return f"its executable {'was replaced, and ' if replaced else ''}is in no package"
    if owner.package.verified is False:
        return "its executable is not the one that its package brought"
    if not owner.script and _is_interpreter(owner.exe):
        return "it runs an interpreter, and what that runs is not known"
    if owner.script and owner.script_package is None:
        return f"it runs a script of no package: {owner.script}"
    return ""


def _time(one: Sighting, now: float, presence: int, age: float) -> str:
    """Too seldom, or too new; what was there when history began may be as old as the machine."""
    if one.asked and 100 * one.shown < presence * one.asked:
        return f"seen in {one.shown:,} of {one.asked:,} looks only"
    since = one.first_seen
    if since is None or now - since >= age or (one.looking_since is not None and since <= one.looking_since):
        return ""
    hours = int((now - since) // 3600)
    return f"first seen {hours} hours ago" if hours > 1 else "first seen within the last hours"
