"""Who holds an opening, in few words: the unit, the container, the process, or why nobody is named.

A unit's name alone would mislead where something else runs inside the unit (a shell that cron started is in
cron.service), so the process is named as well unless the two are plainly kin. It refuses to call a process by a
name without saying that the process chose it, where name and executable disagree.
"""

from __future__ import annotations

from hb_engine.faces.document import Span
from hb_engine.faces.text import quoted, shell_word
from hb_engine.faces.words import UNOWNED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Line
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Container, Owner

LEADS = "leads to "  # how the collector's note about a firewall's rule begins
UNIT_SUFFIXES = (".service", ".socket", ".timer", ".scope", ".mount", ".path", ".slice")


def base(path: str) -> str:
    """The last part of a path; the path itself where it ends in a slash."""
    return path.rsplit("/", 1)[-1] or path


def process_name(owner: Owner) -> str:
    """What people call a process: an interpreter's script, else the name that the process has, else its executable.

    An option (python -c) tells that the text stands in the command line: it names nothing.
    """
    script = "" if (owner.script or "").startswith("-") else base(owner.script or "")
    return script or owner.comm or base(owner.exe or "") or f"pid {owner.pid}"


def chosen_name(owner: Owner) -> bool:
    """Whether the process's name is not its executable's: comm is its first 15 bytes (proc_pid_comm(5))."""
    return bool(owner.comm and owner.exe) and not base(owner.exe or "").startswith(owner.comm)


def unit_name(path: str) -> str:
    """A unit without the slices that it is in."""
    return base(path)


def unit_stem(unit: str) -> str:
    """A unit without suffix and instance: getty@tty1.service is getty."""
    name = unit_name(unit)
    for suffix in UNIT_SUFFIXES:
        name = name.removesuffix(suffix)
    return name.split("@", 1)[0]


def kin(unit: str, owner: Owner) -> bool:
    """Whether a unit's name tells the process: ssh.service and sshd, redis-server.service and redis-server."""
    stem = unit_stem(unit).lower()
    names = [base(text).lower() for text in (owner.comm, owner.exe or "", owner.script or "") if text]
    return any(len(min(stem, name, key=len)) > 1 and (stem.startswith(name) or name.startswith(stem)) for name in names)


def container_name(box: Container) -> str:
    """A container as people find it: docker web; docker 3f1c09ab2d11 where it has no name."""
    return f"{box.runtime} {box.name or box.id[:12]}".strip()


def unit_of(opening: Opening) -> str | None:
    """The unit of the first owner, else of the socket's cgroup."""
    return opening.owners[0].unit if opening.owners and opening.owners[0].unit else opening.unit


def container_of(opening: Opening) -> Container | None:
    """The container of the first owner, else of the socket's cgroup."""
    return opening.owners[0].container if opening.owners and opening.owners[0].container else opening.container


def holder(opening: Opening) -> str:
    """Who holds it, in one short phrase for a table. Unescaped."""
    if not opening.owners:
        goal = leads(opening)
        return f"\u2192 {goal}, {_nobody(opening)}" if goal else _nobody(opening)
    first = opening.owners[0]
    others = {process_name(owner) for owner in opening.owners} - {process_name(first)}
    return _first(first, opening) + (f" +{len(others)}" if others else "")


def leads(opening: Opening) -> str:
    """Where a redirect or a forward leads, in short: 443; 10.0.0.2:80. Empty for what leads nowhere."""
    told = opening.notes[0] if opening.kind in ("redirect", "forward") and opening.notes else ""
    if not told.startswith(LEADS):
        return ""
    goal = told.removeprefix(LEADS).partition(", container ")[0]
    return goal.removesuffix(" of this machine").removeprefix("port ") if goal.endswith(" of this machine") else goal


def _first(owner: Owner, opening: Opening) -> str:
    box, unit = container_of(opening), unit_of(opening)
    if box:
        return f"{_named(owner)} in {container_name(box)}"
    if unit and not unit.endswith(".scope"):
        return unit_name(unit) if kin(unit, owner) else f"{_named(owner)} in {unit_name(unit)}"
    return f"pid {owner.pid} {_named(owner)}"


def _named(owner: Owner) -> str:
    """The process's name, quoted where it chose it itself or where it could pass for our own words."""
    name = process_name(owner)
    return quoted(name) if " " in name or (chosen_name(owner) and not owner.script) else name


def _nobody(opening: Opening) -> str:
    box, unit = container_of(opening), unit_of(opening)
    if box:
        return container_name(box)
    if unit:
        return unit_name(unit)
    if opening.unowned is None:
        return "nobody named"
    if opening.unowned.reason == "kernel":
        return f"kernel: {opening.unowned.detail}" if opening.unowned.detail else "the kernel"
    return UNOWNED.get(opening.unowned.reason, opening.unowned.reason)


def pids(opening: Opening) -> str:
    """The owners' process ids: 712; 712,713,714; 712 and more as 712+8."""
    numbers = [str(owner.pid) for owner in opening.owners]
    return ",".join(numbers) if len(numbers) <= 3 else f"{numbers[0]}+{len(numbers) - 1}"


def user_of(opening: Opening) -> str:
    """The user of the first owner, else of the socket; a number where there is no name."""
    known = [(owner.user, owner.uid) for owner in opening.owners[:1]] + [(opening.user, opening.uid)]
    return next((user or str(uid) for user, uid in known if user or uid is not None), "")


def started(opening: Opening) -> float | None:
    """When the youngest owner started, in seconds since the epoch; None where unknown."""
    return max([owner.started_at for owner in opening.owners if owner.started_at is not None], default=None)


def worst(opening: Opening) -> str:
    """The severity of an opening; none for one that was not judged."""
    return opening.verdict.severity if opening.verdict else "none"


def word(opening: Opening) -> str:
    """Quiet, look or alarm."""
    return opening.verdict.word if opening.verdict else "quiet"


def services(opening: Opening) -> str:
    """The registered names, the first of them for a table."""
    return opening.registered[0].name if opening.registered else ""


def holder_line(opening: Opening) -> Line:
    """The holder as a cell; what has no owner is dim."""
    return (Span(holder(opening), "" if opening.owners else "dim"),)


def why_query(opening: Opening) -> str | None:
    """What to hand to hb why for this opening: its port, else its process where that can be typed."""
    if opening.port is not None:
        return str(opening.port)
    return shell_word(process_name(opening.owners[0])) if opening.owners else None
