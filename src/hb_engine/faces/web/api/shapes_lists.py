"""Lists and documents that the API alone has, and those of hb port: the shapes of JSON objects.

Each list is a Page: a part of its items, how many there are, and what may be missing from them. What each field means
stands in sentences.py.
"""

from __future__ import annotations

from msgspec import Struct

from hb_engine.faces.web.api.shapes import Assignment, Coverage, Document, Elsewhere, Host, Opening, Threat
from hb_engine.faces.web.api.shapes_rules import Rule, Verdict
from hb_engine.faces.web.api.times import Time


class Trouble(Struct):
    """Something that could not be seen or read, and what to do."""

    about: str
    message: str
    remedy: str
    hint: bool


class Page(Document):
    """A part of a list."""

    next: str | None
    total: int
    sight: int
    taken_at: Time | None
    troubles: list[Trouble]


class Name(Struct):
    """A name that a port is registered by."""

    transport: str | None
    name: str
    description: str
    status: str


class PortRow(Struct):
    """A port in a list."""

    port: int
    range: str
    registered: list[Name]
    threats: int
    openings: int
    machines: int


class Ports(Page):
    """Ports, by their numbers."""

    items: list[PortRow]


class PortMachine(Struct):
    """What one machine has on a port."""

    name: str
    source: str
    taken_at: Time
    openings: list[Opening]
    verdicts: list[Verdict]
    judged: bool
    coverage: Coverage


class Port(Document):
    """The page of a port, as hb port tells it, with all machines."""

    port: int
    range: str
    privileged: bool | None
    ephemeral_here: bool | None
    assignments: list[Assignment]
    threats: list[Threat]
    pressure: None
    openings: list[Opening] | None
    query: str
    transport: str | None
    range_first: int
    range_last: int
    range_detail: str
    near: list[Assignment]
    as_of: str
    origin: str
    coverage: Coverage | None
    elsewhere: list[Elsewhere]
    matches: list[Assignment]
    suggestions: list[str]
    problem: str | None
    machines: list[PortMachine]


class MachineRow(Struct):
    """A machine in a list."""

    name: str
    system: str
    source: str
    taken_at: Time
    openings: int
    public: int
    judged: bool
    expected: int | None
    drift: int | None
    debt: int | None
    unseen: int | None
    privileged: bool
    gaps: int


class Machines(Page):
    """Machines, by their names."""

    items: list[MachineRow]


class Machine(Document):
    """One machine, without its openings."""

    host: Host
    taken_at: Time
    coverage: Coverage
    source: str
    openings: int
    public: int
    baseline: str | None
    rules: int | None
    expected: int | None
    states: dict[str, int] | None


class ListedOpening(Opening):
    """An opening with its name in addresses."""

    id: str


class Openings(Page):
    """The openings of a machine, by port, transport and id."""

    items: list[ListedOpening]


class OneOpening(Document):
    """One opening of a machine, with what the baseline says of it. Several may have one key: then it is the first."""

    machine: str
    taken_at: Time
    id: str
    opening: Opening
    others: list[Opening]
    verdicts: list[Verdict]
    judged: bool


class Change(Struct):
    """A difference between two looks."""

    change: str
    at: Time
    after: Time | None
    opening: Opening
    previous: Opening | None


class Changes(Page):
    """What changed on a machine, the latest first."""

    items: list[Change]


class Drift(Page):
    """Differences from the baseline, the worst first."""

    items: list[Verdict]


class ListedRule(Rule):
    """A rule with the machines that it is for, and what it covers there."""

    machines: list[str]
    covers: int


class Rules(Page):
    """The rules of the baseline, by their ids."""

    items: list[ListedRule]


class Hit(Struct):
    """Something that a search found."""

    group: str
    title: str
    detail: str
    field: str
    matched: str
    href: str


class Hits(Page):
    """What a search found: group by group, in each the best first."""

    items: list[Hit]
    groups: dict[str, int]
    suggestions: list[str]


class PortState(Struct):
    """What is known of one port of one transport on all machines."""

    port: int
    transport: str
    state: str
    severity: str
    openings: int
    machines: int


class Map(Document):
    """All ports at once."""

    sight: int
    taken_at: Time
    troubles: list[Trouble]
    registered: dict[str, list[list[int]]]
    ports: list[PortState]


class SightNow(Document):
    """What is shown now, in numbers: for scripts that wait for a change."""

    number: int
    taken_at: Time | None
    troubles: list[Trouble]
    machines: int
    judged: int
    openings: int
    expected: int
    states: dict[str, int]
    severities: dict[str, int]
    registry_as_of: str
    threats_as_of: str
    writing: bool


class Problem(Document):
    """What went wrong, and what to do next (RFC 9457)."""

    error: str
    message: str
    remedy: str
    type: str
    title: str
    status: int
    detail: str
