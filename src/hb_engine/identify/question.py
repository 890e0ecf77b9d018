"""The nouns of this room: what is asked, what was found, and how much may be spent on it.

They are plain values, so that a plan can be tested, shown and stored. Nothing here decides anything.
"""

from __future__ import annotations

from hb_engine.model.identity import Identity
from hb_engine.model.record import record


@record
class Question:
    """An open port to be identified. `address` is numeric; `host` is the name or address that was asked for.

    expected: names of services, best first: of a baseline, or registered for the port. sure: whether they come from
    somebody who knows this machine; only then do they allow bytes to fragile ports (care.py). asked: names of careful
    probes that the user allowed here. rtt: seconds, if measured. everything: the host is known to answer on every port.
    """

    transport: str  # tcp, udp
    address: str
    port: int
    host: str = ""
    expected: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    rtt: float | None = None
    tls_expected: bool = False
    sure: bool = False
    everything: bool = False


@record
class Finding:
    """What a port turned out to be. Without an identity, one of the fields says why: silent, untouched, unprovable."""

    question: Question
    identity: Identity | None = None
    spoke: bool = False  # at least one byte came
    silent: bool = False  # it took our connections, or datagrams, and never said a byte
    untouched: bool = False  # no byte was sent, out of care
    wrapped: bool = False  # it took connections and closed them without a byte: access lists do that
    unprovable: str = ""  # why nobody can know from outside
    fingerprint: str = ""  # of what it said, where it could not be named
    notes: tuple[str, ...] = ()
    connections: int = 0
    sent: int = 0  # bytes
    received: int = 0  # bytes
    seconds: float = 0.0
    complete: bool = True  # False where the asking was broken off
    heard: tuple[tuple[str, bytes], ...] = ()  # (question, answer), where Settings.answers wants them; tally.said


@record
class Settings:
    """How much may be spent. Times are in seconds, sizes in bytes."""

    parallel: int = 256  # connections at once
    per_host: int = 4  # connections at once to one address
    waiting: int = 16  # connections at once to one address of which no answer is expected: asking around
    listeners: int = 48  # connections at once to one address that only listen, or wait with patience
    wait: float = 2.0  # for one answer (at least; four round trips where they are longer)
    slow: float = 6.0  # of listening in the slow pass; 0 leaves it out
    budget: float = 3.0  # for the bundle of questions to one unknown port
    talk: float = 10.0  # for one talk on its connections
    connection_bytes: int = 1 << 19  # read from one connection at most
    udp_tries: int = 2
    udp_anywhere: bool = False  # ask the common protocols on UDP ports of which nothing is known
    versions: bool = True  # ask which versions of TLS are accepted
    answers: bool = False  # keep the beginnings of some answers in the findings, for second opinions
