"""The register's cells in words, for all of its formats: dates, approval, review, reach. Unescaped; formats escape."""

from __future__ import annotations

from hb_engine.faces.export.telling import KIND_WORDS
from hb_engine.faces.text import plural
from hb_engine.wire.dates import DAY, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.register import Line, Register, Unapproved

REACH = {
    "loopback": "this machine only",
    "link": "the local link",
    "private": "private networks",
    "public": "every address",
}
HALF_A_YEAR = 184  # days: PCI DSS 1.2.7, at least once every six months
STATES = {
    "debt": "there before the baseline, and not decided since",
    "drift": "against the baseline",
    "muted": "muted by a window",
    "unseen": "could not be judged",
}


def approval(line: Line) -> str:
    """Who stands for a line, since when."""
    rule = line.rule
    by = f"by {rule.owner}" if rule.owner else f"by nobody; pack {rule.pack}" if rule.pack else "by nobody"
    return f"{iso_day(rule.accepted)}, {by}" if rule.accepted is not None else f"no date, {by}"


def review(line: Line, now: float) -> str:
    """When a line is to be reviewed, and whether that is late, or too far away to be half-yearly."""
    if line.due is None:
        return "no day is set"
    day = iso_day(line.due)
    if line.is_overdue:
        return f"{day}, overdue by {plural(max(1, int((now - line.due) // DAY)), 'day')}"
    return f"{day}, later than six months from now" if line.due - now > HALF_A_YEAR * DAY else day


def reach(line: Line) -> str:
    """How far it may reach, and who may come."""
    far = REACH.get(line.reach, line.reach)
    sources = [source for source in line.rule.sources if source != "any"]
    return f"{far}; from {', '.join(sources)}" if sources else far


def until(line: Line) -> str:
    """The day on which an allowance ends by itself."""
    return iso_day(line.rule.until) if line.rule.until is not None else ""


def security(line: Line) -> str:
    """What is insecure about it, and what limits that."""
    if not line.insecure:
        return "; ".join(line.features)
    limits = "; ".join(line.features) if line.features else "no security feature is recorded"
    return f"insecure: {'; '.join(line.insecure)}. Limited by: {limits}" if line.features else (
        f"insecure: {'; '.join(line.insecure)}; {limits}"
    )  # fmt: skip


def open_now(line: Line, machines: int) -> list[str]:
    """What is open under a line, an owner a phrase."""
    told = []
    for one in line.open:
        on = "" if machines == 1 else f" on {named(one.machines)}"
        told.append(f"{one.place} {one.scope} by {one.identity or 'unknown'}{on}")
    return told


def named(machines: tuple[str, ...], most: int = 4) -> str:
    """Machines by name, where they are few."""
    if len(machines) <= most:
        return ", ".join(machines)
    return f"{', '.join(machines[: most - 1])} and {len(machines) - most + 1} more"


def status(one: Unapproved) -> str:
    """Why something open is not approved, in a phrase."""
    title = KIND_WORDS[one.verdict.kind][0]
    return f"{title} ({STATES[one.verdict.state]})" if one.verdict.state in STATES else title


def numbers(register: Register) -> list[tuple[str, int, bool]]:
    """What a person wants to know first: a label, a number, and whether it is a complaint when it is not 0."""
    lines = register.allowed
    counted = [
        ("rule with an owner and a need", sum([line.approved for line in lines]), False),
        ("rule without an owner or a need", sum([not line.approved for line in lines]), True),
        ("rule of packs under which nothing is open", register.unused, False),
        ("opening without approval", len(register.unapproved), True),
        ("opening that could not be judged", len(register.unjudged), True),
        ("review overdue", sum([line.is_overdue for line in lines]), True),
        ("rule without a day of review", sum([line.due is None for line in lines]), True),
        ("insecure service that nothing limits", sum([line.unmitigated for line in lines]), True),
        ("thing that could not be seen", sum([len(machine.gaps) for machine in register.machines]), True),
    ]
    if not register.unused:
        counted = [one for one in counted if not one[0].startswith("rule of packs")]
    return [(label if number == 1 else _several(label), number, bad) for label, number, bad in counted]


def _several(label: str) -> str:
    """rules with an owner: the noun is the first word, or the second after insecure."""
    head, _, rest = label.partition(" ")
    return f"insecure {_several(rest)}" if head == "insecure" else f"{head}s {rest}"


def forbidden(line: Line) -> str:
    """From where on a place is forbidden."""
    return "anywhere" if line.reach == "loopback" else f"{REACH.get(line.reach, line.reach)} and wider"
