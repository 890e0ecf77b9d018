"""What the registries and lists say of a port, in lines: shared by hb port, hb why and the tables of hb port NAME.

A registration says what should live on a port, a listing says what somebody once linked with it. Neither says what does
live there, and the wording here never lets it sound so.
"""

from __future__ import annotations

from hb_engine.faces.document import Field, Span, line, listed
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import RANGES, person, reference
from hb_engine.model.assignment import Assignment
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Line
    from hb_engine.model.assignment import PortPage, PortRange, Threat

STATUS = {
    "alias": "another name",
    "reserved": "reserved",
    "deassigned": "was assigned once and is no longer",
    "unassigned": "not assigned",
    "dynamic": "never assigned: for outgoing connections and private use",
    "unconfirmed": "in older data only",
}
KINDS = {  # one of them, and several
    "trojan": ("a trojan", "trojans"),
    "rat": ("a remote access trojan", "remote access trojans"),
    "worm": ("a worm", "worms"),
    "botnet": ("a botnet", "botnets"),
    "backdoor": ("a backdoor", "backdoors"),
    "c2": ("a command-and-control tool", "command-and-control tools"),
    "exposed-admin": ("a service often attacked where it is exposed", "services often attacked where they are exposed"),
}
DIRECTIONS = {
    "listen": "waiting here",
    "outbound": "connecting to this port elsewhere",
    "scan": "scanning for this port",
}
CAUTION = "Lists repeat each other; a match alone proves nothing."
NAMES = 6  # names told together before the rest is counted


@record
class Group:
    """Rows that differ in transport only."""

    row: Assignment
    transports: tuple[str, ...]
    references: tuple[str, ...]


def groups(assignments: tuple[Assignment, ...]) -> list[Group]:
    """Rows gathered over their transports, in the order of their first."""
    found: dict[Assignment, Group] = {}
    for row in assignments:
        key = replace(row, transport=None, references=(), as_of="", details_as_of="")
        group = found.get(key) or Group(row, (), ())
        transports = dict.fromkeys((*group.transports, row.transport or "any transport"))
        references = dict.fromkeys((*group.references, *row.references))
        found[key] = Group(row, tuple(transports), tuple(references))
    return list(found.values())


def is_named(row: Assignment) -> bool:
    """Whether a row says that a service lives here."""
    return bool(row.name) and row.status in ("assigned", "unconfirmed")


def title(page: PortPage, transport: str | None = None) -> str:
    """The port's first name with its transports: hb-engine (tcp, udp); not registered."""
    named: dict[str, dict[str, None]] = {}
    for row in page.assignments:
        if is_named(row) and (transport is None or row.transport in (None, _asked(transport))):
            named.setdefault(row.name, {})[row.transport or "any transport"] = None
    for name, transports in named.items():
        more = f" and {plural(len(named) - 1, 'more name')}" if len(named) > 1 else ""
        return f"{name} ({', '.join(transports)}){more}"
    return "not registered"


def range_words(place: PortRange) -> str:
    """Registered range, no privilege needed, used for outgoing connections here."""
    needs = {True: "privileged here", False: "no privilege needed", None: ""}[place.privileged]
    out = "used for outgoing connections here" if place.ephemeral else ""
    return ", ".join([part for part in (f"{RANGES.get(place.name, place.name)} range", needs, out) if part])


def meant(page: PortPage, transport: str | None) -> Line:
    """What the registry says of one transport of a port, in a line."""
    rows = [row for row in page.assignments if transport is None or row.transport in (None, _asked(transport))]
    named = [group for group in groups(tuple(rows)) if is_named(group.row)]
    ranged = f"{RANGES.get(page.range.name, page.range.name)} range"
    if not named:
        return line(f"nothing is registered here ({ranged})")
    row = named[0].row
    said = f": {row.description}" if row.description not in ("", row.name) else ""
    return line(Span(row.name, "strong"), f"{said}, {_papers(named[0])} ({ranged}). A registration is no proof.")


def iana(group: Group) -> Line:
    """One group of rows with all its cells but the remarks."""
    row = group.row
    name = Span(row.name or "no name", "strong" if is_named(row) else "dim")
    status = f"another name of {row.alias_of}" if row.alias_of else STATUS.get(row.status, "")
    parts = [said for said in (_description(row), status, _span(row)) if said]
    told = f" ({', '.join(group.transports)})" + (f": {'; '.join(parts)}" if parts else "")
    facts = [said for said in (_people(row), _papers(group), _service_code(row)) if said]
    return line(name, told, f"; {'; '.join(facts)}" if is_named(row) or row.references else "")


def remarks(group: Group) -> list[Line]:
    """What the registry adds to a group: its notes and uses without registration."""
    row = group.row
    told = [("note: ", row.notes), ("used without registration: ", row.unauthorized)]
    return [line(Span(head, "dim"), " ".join(text.split())) for head, text in told if text]


def _description(row: Assignment) -> str:
    text = " ".join(row.description.split())
    return "" if text.lower() in (row.name.lower(), row.status) else text


def _span(row: Assignment) -> str:
    return f"{row.first} to {row.last}" if row.first is not None and row.first != row.last else ""


def _people(row: Assignment) -> str:
    assignee, contact = person(row.assignee), person(row.contact)
    other = f", contact {contact}" if contact and contact != assignee else ""
    return f"assigned to {assignee}{other}" if assignee else contact and f"contact {contact}"


def _papers(group: Group) -> str:
    row = group.row
    dates = (row.registered and f"registered {row.registered}", row.modified and f"changed {row.modified}")
    papers = [said for said in (*dates, *map(reference, group.references)) if said]
    if papers:
        return ", ".join(papers)
    return "no date, no reference"


def _service_code(row: Assignment) -> str:
    return f"DCCP service code {row.service_code}" if row.service_code else ""


def data_line(page: PortPage) -> str:
    """Of which day the data is, and whether it is the packaged data."""
    dates = {(row.as_of, row.details_as_of) for row in page.assignments if row.as_of}
    names, details = max(dates, default=(page.as_of, ""))
    told = [f"names of {names}" if names else "", f"details of {details}" if details and details != names else ""]
    return ", ".join([part for part in (*told, page.origin) if part])


def threats(
    claims: tuple[Threat, ...], transport: str | None = None, *, each: bool = False, hint: str = ""
) -> Field | None:
    """What has been linked with the port, the surest first; None for nothing.

    `each` tells every claim with its source; else alike ones are told together, and `hint` says where the sources are.
    """
    asked = [claim for claim in claims if transport is None or claim.transport == _asked(transport)]
    if not asked:
        return None
    lines = [_claims((claim,), each=True) for claim in asked] if each else [_claims(alike) for alike in _alike(asked)]
    return Field("listed", (*lines, (Span(CAUTION if each else f"{CAUTION}{hint}", "dim"),)))


def _alike(claims: list[Threat]) -> list[tuple[Threat, ...]]:
    """Claims of one transport, kind, direction and confidence: 15 trojans of one old list are one line."""
    found: dict[tuple[str, ...], tuple[Threat, ...]] = {}
    for claim in claims:
        key = (claim.transport, claim.kind, claim.direction, claim.confidence)
        found[key] = (*found.get(key, ()), claim)
    return list(found.values())


def _claims(claims: tuple[Threat, ...], *, each: bool = False) -> Line:
    claim = claims[0]
    names = list(dict.fromkeys([other.name for other in claims]))
    told = names if len(names) <= NAMES else [*names[: NAMES - 1], f"{len(names) - NAMES + 1} more"]
    kind = KINDS.get(claim.kind, (claim.kind, claim.kind))[len(names) > 1]
    where = f", {DIRECTIONS.get(claim.direction, claim.direction)}" if claim.kind != "exposed-admin" else ""
    detail = [f"{claim.confidence} confidence", *(_origin(claim, each=each) if len(claims) == 1 else ())]
    head = f"{claim.transport} has been listed as used by "
    return line(head, Span(joined(told), "strong"), f", {kind}{where} ({', '.join(detail)})")


def _origin(claim: Threat, *, each: bool) -> list[str]:
    """Where a claim comes from. In short, the sure ones need no more than their confidence."""
    parts = [claim.platform if claim.platform != "any" else "", claim.year]
    parts += [claim.evidence] if each or claim.confidence != "high" else []
    return [part for part in (*parts, claim.source if each else "") if part]


def near(page: PortPage) -> Field | None:
    """The neighbours' names; None where there are none."""
    names: dict[int, list[str]] = {}
    for row in page.near:
        if row.name and row.first is not None and row.name not in names.setdefault(row.first, []):
            names[row.first].append(row.name)
    told = [line(Span(f"{port} ", "dim"), joined(same)) for port, same in sorted(names.items()) if same]
    return Field("near", (listed(told),)) if told else None


def _asked(transport: str) -> str:
    """UDP-Lite has no registry of its own: its ports are UDP's (RFC 3828 5)."""
    return "udp" if transport == "udplite" else transport
