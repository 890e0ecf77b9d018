"""What to do next, as numbered steps with commands to paste: keep the evidence, cut it off, find the way in.

Commands hold strangers' names only where a shell reads them as one word; a name that no quoting makes readable costs
its command, never a person's machine. Nothing here runs anything, and a quiet opening asks for nothing.
"""

from __future__ import annotations

from hb_engine.faces.document import Field, Span, command, line
from hb_engine.faces.stories.owners import unit_name, unit_of, worst
from hb_engine.faces.text import shell_word, width
from hb_engine.model.record import record
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Line
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

NFT = ("tcp", "udp", "udplite", "sctp", "dccp")  # transports whose port nft can match
ADVICE = 2  # remedies below the commands of a grave story
GONE = ("deleted", "memfd", "replaced")


@record
class Step:
    """One thing to do; the command is empty where only a person can know it."""

    what: str
    command: str = ""


def steps(opening: Opening) -> list[Step]:
    """The steps for one opening, in order; none for a quiet one."""
    rank = SEVERITIES.index(worst(opening))
    if rank < SEVERITIES.index("low"):
        return []
    grave = rank >= SEVERITIES.index("high")
    owners = opening.owners[:1]
    strange = [owner for owner in owners if owner.exe_state in GONE or owner.package is None]
    found = [_evidence(opening, owner) for owner in strange] if grave else []
    kept = [f"/proc/{owner.pid}/exe" for owner in strange] if found else []
    advice = [Step(said) for said in remedies(opening, kept)]
    behind = [step for owner in owners for step in _way_in(owner)] if strange else _unit(opening)
    cut = _cut(opening) if grave and opening.scope != "loopback" else []
    if grave and strange:  # what a tired person types first stands first; of many rules' advice two are enough
        return list(dict.fromkeys(found + cut + behind + advice[:ADVICE]))
    return list(dict.fromkeys(found + advice + cut + behind))


def remedies(opening: Opening, done: list[str] | None = None) -> list[str]:
    """The rules' remedies, each once, without the parts that name what is `done` or send people to this page."""
    here = f"hb why {opening.port}"
    found = []
    for reason in opening.verdict.reasons if opening.verdict else ():
        parts = [part.removesuffix(f": {here}") for part in reason.remedy.split("; ")]
        parts = [part for part in parts if part not in ("", here) and not any(word in part for word in done or ())]
        found.append("; ".join(parts).replace(here, "the lines above"))
    return [said for said in dict.fromkeys(found) if said]


def _evidence(opening: Opening, owner: Owner) -> Step:
    name = f"{opening.transport}-{opening.port if opening.port is not None else owner.pid}"
    query = opening.port if opening.port is not None else owner.pid
    return Step(
        "keep the evidence", f"cp /proc/{owner.pid}/exe /root/{name}.exe; hb why {query} --json > /root/{name}.json"
    )


def _cut(opening: Opening) -> list[Step]:
    """Drop what comes in, in a table of its own, before every other rule, so that one command takes it back."""
    if opening.port is None or opening.transport not in NFT:
        return []
    rule = f"type filter hook input priority -400; {opening.transport} dport {opening.port} drop;"
    inside = _inside(opening)
    if inside is None:
        return []
    return [
        Step("cut it off", f"{inside}nft 'table inet hb_cut {{ chain in {{ {rule} }}; }}'"),
        Step("take that back", f"{inside}nft delete table inet hb_cut"),
    ]


def _inside(opening: Opening) -> str | None:
    """What a command needs before it to run in the opening's network namespace; None where there is no way by name."""
    if opening.netns.kind == "host":
        return ""
    if opening.owners:
        return f"nsenter -t {opening.owners[0].pid} -n "
    name = shell_word(opening.netns.name) if opening.netns.kind == "named" else None
    return f"ip netns exec {name} " if name else None


def _way_in(owner: Owner) -> list[Step]:
    """Where to look for whoever started it."""
    kind = owner.origin.kind if owner.origin else "unknown"
    user = shell_word(owner.origin.user) if owner.origin and owner.origin.user else None
    if kind == "cron":
        listing = f"crontab -l -u {user}; " if user else ""
        return [Step("find the way in", f"{listing}ls -la --time-style=full-iso /etc/cron* /var/spool/cron")]
    if kind == "login":
        return [Step("find the way in", f"last -i -n 20 {user}" if user else "last -i -n 20")]
    if kind == "container" and owner.container:
        name = shell_word(owner.container.name or owner.container.id)
        return [Step("find the way in", f"{owner.container.runtime} logs --since 1h {name}")] if name else []
    return [Step("find the way in", f"journalctl _PID={owner.pid}; ls -la /proc/{owner.pid}/cwd /proc/{owner.pid}/fd")]


def _unit(opening: Opening) -> list[Step]:
    unit = unit_of(opening)
    name = shell_word(unit_name(unit)) if unit else None
    if not name or name.startswith(("-", "session-")) or "/" in name:
        return []
    return [Step("see how it is set up", f"systemctl cat {name}; journalctl -u {name} -n 50")]


def field(found: list[Step]) -> Field:
    """Steps as lines, numbered, commands aligned behind short sentences; nothing to do for none."""
    if not found:
        return Field("do", (line("nothing to do"),))
    edge = max([width(step.what) for step in found if step.command], default=0)
    return Field("do", tuple([_line(number, step, edge) for number, step in enumerate(found, 1)]))


def _line(number: int, step: Step, edge: int) -> Line:
    padding = " " * (edge - width(step.what) + 2) if step.command else ""
    return line(Span(f"{number}  ", "number"), step.what + padding, *([command(step.command)] if step.command else []))
