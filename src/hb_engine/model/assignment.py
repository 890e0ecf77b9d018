"""What a port is for: what the registries say, what has been linked with it, how hard it is scanned."""

from __future__ import annotations

from hb_engine.model.record import record

STATUSES = ("assigned", "alias", "reserved", "deassigned", "unassigned", "dynamic", "unconfirmed")


@record
class Assignment:
    """One row of IANA's Service Name and Transport Protocol Port Number Registry (RFC 6335).

    `transport` None means any; `first` and `last` are None for a service name without a port. Dates are as IANA
    writes them (YYYY-MM or YYYY-MM-DD). `as_of` dates the name, `details_as_of` the rest.
    """

    name: str
    transport: str | None
    first: int | None
    last: int | None
    description: str = ""
    assignee: str = ""
    contact: str = ""
    registered: str = ""
    modified: str = ""
    references: tuple[str, ...] = ()
    service_code: str = ""
    unauthorized: str = ""
    notes: str = ""
    status: str = "assigned"
    alias_of: str = ""
    as_of: str = ""
    details_as_of: str = ""


@record
class PortRange:
    """The class of a port on this machine. `name` is system, user or dynamic (RFC 6335 6)."""

    name: str
    first: int
    last: int
    privileged: bool | None  # None: this system could not be asked
    ephemeral: bool | None  # inside this machine's outgoing range
    detail: str = ""  # where that is read from


@record
class Threat:
    """A claim that a port has been linked with something: never that a machine is infected."""

    name: str
    transport: str
    first: int
    last: int
    kind: str  # trojan, rat, worm, botnet, backdoor, c2, exposed-admin
    direction: str  # listen, outbound, scan
    confidence: str  # high, medium, low
    source: str
    platform: str = ""
    year: str = ""
    evidence: str = ""  # lists that agree, or how the source was read


@record
class Pressure:
    """How hard the Internet scans a port on one day: reports, distinct targets, distinct sources (SANS ISC)."""

    date: str
    records: int | None
    targets: int | None
    sources: int | None


@record
class PortPage:
    """All that is known of a port number without looking at the machine."""

    port: int
    range: PortRange
    assignments: tuple[Assignment, ...]
    threats: tuple[Threat, ...]
    near: tuple[Assignment, ...] = ()
    as_of: str = ""
    origin: str = ""  # packaged, or the path of updated data
