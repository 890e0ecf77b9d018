"""What rules say of machines, as the API's answers have it: the shapes of JSON objects.

They are the documents of the command line's contract (schema hb/1), which faces/export writes: these structs describe
them for the OpenAPI document, and tests read every answer by them. What each field means stands in sentences.py.
"""

from __future__ import annotations

from msgspec import Struct

from hb_engine.faces.web.api.shapes import Document, Gap, Opening
from hb_engine.faces.web.api.times import Time


class Where(Struct):
    """A place in a file of rules."""

    file: str
    line: int
    column: int


class Cause(Struct):
    """What probably led to a difference."""

    at: Time
    text: str
    source: str
    kind: str


class Verdict(Struct):
    """One difference from the baseline, as hb check tells it."""

    rule: str
    severity: str
    state: str
    opening: Opening | None
    reason: str
    evidence: list[str]
    remedy: str
    difference: str
    key: str
    host: str
    where: Where | None
    owner: str
    why: str
    causes: list[Cause]
    since: Time | None


class Rule(Struct):
    """A rule in short; the file has the rest."""

    id: str
    kind: str
    file: str
    line: int
    listen: str
    by: str
    why: str
    owner: str
    until: Time | None
    review: Time | None
    severity: str
    accepts: list[str]
    pack: str


class OpenNow(Struct):
    """What is open under a rule."""

    place: str
    scope: str
    identity: str
    machines: list[str]


class RegisterLine(Struct):
    """A rule as a line of the register."""

    rule: Rule
    ports: list[str]
    protocols: list[str]
    reach: str
    sources: list[str]
    approved: bool
    accepted: Time | None
    due: Time | None
    overdue: bool
    insecure: list[str]
    features: list[str]
    open: list[OpenNow]
    machines: list[str]


class RegisterMachine(Struct):
    """A machine that the register speaks of."""

    name: str
    system: str
    looked_at: Time
    openings: int
    expected: int
    privileged: bool
    gaps: list[Gap]
    source: str


class Register(Document):
    """The register of allowed ports, as hb register writes it."""

    made_at: Time
    made_by: str
    baseline: str
    files: list[str]
    allowed: list[RegisterLine]
    forbidden: list[RegisterLine]
    unused: int
    unapproved: list[Verdict]
    unjudged: list[Verdict]
    machines: list[RegisterMachine]
