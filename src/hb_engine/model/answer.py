"""What a host said when it was asked from outside. An Answer is evidence of the asking, not of the machine's inside.

States are nmap's: open, closed, filtered (nothing came back, or an ICMP error said that it is not allowed),
open|filtered (UDP: silence), closed|filtered (silence of a host that is known to limit its refusals), unreachable (the
way there or the host is gone). Reasons are nmap's words too.
"""

from __future__ import annotations

from hb_engine.model.identity import Identity
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Registered
from hb_engine.model.record import record

STATES = ("open", "closed", "filtered", "open|filtered", "closed|filtered", "unreachable")
REASONS = (
    "syn-ack",
    "reset",
    "no-response",
    "udp-response",
    "port-unreach",
    "host-unreach",
    "net-unreach",
    "proto-unreach",
    "admin-prohibited",
    "time-exceeded",
    "conn-refused",
    "conn-accepted",
    "not-asked",
)
# What a port's answer comes to when it is held against what is expected there.
HELD = (
    "confirmed",  # what is registered or expected speaks
    "customary",  # registered for something else, or for nothing, and by custom the port of what speaks
    "other-service",  # something else speaks
    "tls-missing",  # in clear where TLS is registered
    "tls-unexpected",  # the expected service, inside TLS where it is not registered
    "unregistered",  # named, on a port for which nothing is registered
    "silent",  # open, and nothing that was asked made it speak
    "unknown",  # it speaks, and nobody knows what
    "unprovable",  # this protocol answers no stranger
    "not-asked",  # no byte was sent, out of care, or because identification was not wanted
    "everything",  # the host answers on every port: only what speaks counts
)


@record
class Answer:
    """What one port said. `ttl` is that of the answer's packet; `rtt` is in seconds."""

    transport: str
    port: int
    state: str
    reason: str
    ttl: int | None = None
    rtt: float | None = None
    registered: tuple[Registered, ...] = ()
    identity: Identity | None = None
    held: str = ""  # one of HELD; empty for ports that are not open
    mismatch: str = ""  # a sentence, where what speaks is not what is registered
    fingerprint: str = ""  # of a service that nobody could name: the same for the same unknown service
    notes: tuple[str, ...] = ()


@record
class Rest:
    """The many ports of a host that said the same, as ranges: 1-21,23-79."""

    transport: str
    state: str
    reason: str
    count: int
    ports: str


@record
class ScannedHost:
    """One address that was asked. `up` is None where nothing told. Times are seconds since the epoch."""

    address: str
    names: tuple[str, ...] = ()  # by which it was asked for
    up: bool | None = None
    reason: str = ""  # why it is called up or down
    answers: tuple[Answer, ...] = ()
    rest: tuple[Rest, ...] = ()
    mac: str = ""
    rtt: float | None = None
    notes: tuple[str, ...] = ()  # what was found out about the host as a whole, in sentences
    started_at: float = 0.0
    ended_at: float = 0.0


@record
class ScanStats:
    """What a scan cost. `loss` is the measured share of packets that got lost, both ways together, or None."""

    engine: str = ""  # packet, connect, or the file that was read
    sent: int = 0
    received: int = 0
    dropped: int = 0  # answers that the kernel counted and we never saw; asked again
    asked_again: int = 0
    seconds: float = 0.0
    loss: float | None = None


@record
class Scan:
    """One scan, whole or interrupted. `asked` are the words of the command; `scanner` is hb, nmap, masscan, naabu."""

    hosts: tuple[ScannedHost, ...]
    stats: ScanStats
    started_at: float
    ended_at: float
    asked: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    complete: bool = True
    scanner: str = "hb"
