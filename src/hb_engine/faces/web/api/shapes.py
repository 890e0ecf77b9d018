"""What is open on machines, and what registries say, as the API's answers have it: the shapes of JSON objects.

They are the documents of the command line's contract (schema hb/1), which faces/export writes: these structs describe
them for the OpenAPI document, and tests read every answer by them. What each field means stands in sentences.py.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from hb_engine.faces.web.api.times import Time


class Document(Struct):
    """What each document begins with."""

    schema: Literal["hb/1"]
    kind: str


class Netns(Struct):
    """A network namespace."""

    id: int
    name: str
    kind: str


class Unowned(Struct):
    """Why no process is named; then owners is empty."""

    reason: str
    detail: str


class Registered(Struct):
    """What the registries say of an opening's port, in short."""

    name: str
    description: str
    status: str


class Reason(Struct):
    """One of the judge's rules that spoke."""

    rule: str
    text: str
    severity: str
    evidence: list[str]
    remedy: str


class Judgement(Struct):
    """What the judge's rules say of an opening."""

    word: str
    severity: str
    reasons: list[Reason]


class Package(Struct):
    """The package that a file belongs to."""

    name: str
    version: str
    manager: str
    verified: bool | None
    detail: str


class Container(Struct):
    """A container, as its runtime's files describe it."""

    runtime: str
    id: str
    name: str
    image: str
    pod: str


class Ancestor(Struct):
    """A process further up."""

    pid: int
    comm: str
    started_at: Time | None
    cmdline: list[str]


class Origin(Struct):
    """What started a process's chain."""

    kind: str
    name: str
    user: str
    remote: str
    at: Time | None


class Hold(Struct):
    """How a process holds a socket."""

    how: str
    detail: str


class Owner(Struct):
    """One process that can use the opening, the one that started first in front."""

    pid: int
    comm: str
    exe: str | None
    cmdline: list[str]
    user: str
    started_at: Time | None
    unit: str | None
    container: Container | None
    parents: list[Ancestor]
    package: Package | None
    uid: int | None
    exe_state: str
    script: str | None
    script_package: Package | None
    origin: Origin | None
    holds: list[Hold]


class Opening(Struct):
    """One way in. Several sockets of one owner are one opening: both families, or a SO_REUSEPORT group."""

    key: str
    kind: str
    transport: str
    port: int | None
    addresses: list[str]
    families: list[str]
    scope: str
    interface: str
    netns: Netns
    owners: list[Owner]
    unowned: Unowned | None
    registered: list[Registered]
    verdict: Judgement | None
    thread: str
    uid: int | None
    user: str
    unit: str | None
    container: Container | None
    ephemeral: bool
    flags: list[str]
    notes: list[str]
    inodes: list[int]
    protocol: str


class Gap(Struct):
    """Something that was not seen. An answer is complete only where there are none."""

    what: str
    why: str
    remedy: str
    about: str


class Coverage(Struct):
    """What was asked, and what could not be seen."""

    privileged: bool
    sources: list[str]
    gaps: list[Gap]
    partial: str


class Host(Struct):
    """The machine that was looked at."""

    name: str
    system: str
    kernel: str
    boot_id: str
    machine: str
    os: str
    addresses: list[str]
    labels: list[str]
    local_ports: list[int] | None


class Assignment(Struct):
    """A row of IANA's registry, or of its older state."""

    name: str
    transport: str | None
    first: int | None
    last: int | None
    description: str
    assignee: str
    contact: str
    registered: str
    modified: str
    references: list[str]
    service_code: str
    unauthorized: str
    notes: str
    status: str
    alias_of: str
    as_of: str
    details_as_of: str


class Threat(Struct):
    """A claim that a port has been linked with something, never that a machine is infected."""

    name: str
    kind: str
    direction: str
    confidence: str
    source: str
    transport: str
    first: int
    last: int
    platform: str
    year: str
    evidence: str


class Elsewhere(Struct):
    """What a number means by default on some system."""

    system: str
    privileged: bool
    ephemeral: bool
    note: str
