"""What a probe is made of: a declaration, and a talk that asks and listens but never connects.

A talk is a generator. It yields Ask, StartTls or Reconnect, is sent what came back, and returns an Identity, or None
when the answers are not its protocol's. Whoever carries it (carrier.py over sockets, `converse` in tests, a banner that
was heard already) is none of its business. It does no I/O and knows no clock: name, port, nonce and time come with the
Peer. It never logs in and never writes; what it gets is strangers' bytes, bounded by the carrier to LIMIT a reply.

A probe is one file in probes/ with PROBE and talk(peer); probes.load() lists the folder. It may also have
hint(reply): whether an answer to somebody else's question (a GET, or a greeting nobody asked for) looks like its own.
"""

from __future__ import annotations

from hb_engine.model.identity import Identity, Tls
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from typing import Any, TypeAlias

    Command: TypeAlias = "Ask | StartTls | Reconnect"
    Talk: TypeAlias = "Generator[Command, Any, Identity | None]"
    Complete: TypeAlias = "bytes | Callable[[bytes], bool] | None"

__all__ = [  # what probes take from here, the two nouns of their answers with it
    "Ask",
    "Identity",
    "Peer",
    "Probe",
    "Reconnect",
    "Reply",
    "StartTls",
    "Tls",
    "at_least",
    "converse",
    "framed",
    "text",
]

LIMIT = 65536  # bytes of one reply that a talk is given at most
EVIDENCE = 200  # characters of evidence, and of any text that a stranger chose
CARE = ("safe", "asked", "never")


@record
class Probe:
    """A protocol that hb can ask. Ports are those where it is at home; other ports get it by rank.

    name: nmap's service name. speaks: who speaks first, server (it gets no byte before its greeting), client or either.
    names: registered service names (IANA's, nmap's) that mean this protocol too. alpn: TLS protocol ids (RFC 7301) that
    mean it. care: safe; asked (no byte unless registered there, expected or asked for: fragile or noisy); never.
    anywhere: worth asking on a port of which nothing is known. unprovable: for protocols that answer no stranger, the
    sentence that says why; their talk asks nothing.
    """

    name: str
    tcp: tuple[int, ...] = ()
    tls: tuple[int, ...] = ()  # inside TLS from the first byte
    udp: tuple[int, ...] = ()
    speaks: str = "client"
    names: tuple[str, ...] = ()
    alpn: tuple[str, ...] = ()
    care: str = "safe"
    anywhere: bool = True
    unprovable: str = ""


@record
class Peer:
    """Whom a talk talks to. `host` is the name or address that was asked for; `nonce` is 16 fresh random bytes."""

    transport: str  # tcp, udp
    host: str
    port: int
    nonce: bytes
    tls: bool = False  # the talk is carried inside TLS
    now: int = 0  # seconds since the epoch


@record
class Ask:
    """Send some bytes (none: only listen), and wait for a whole reply.

    until: the bytes that end a reply, or a function that says of what has arrived whether it is whole; None takes what
    comes first. wait: seconds to wait at most; None leaves it to the carrier. On UDP a reply is one datagram.
    other_port: UDP, the reply comes from a port of the server's choice (TFTP).
    """

    send: bytes = b""
    until: Complete = None
    wait: float | None = None
    other_port: bool = False


@record
class StartTls:
    """Begin TLS on this connection now, as the protocol agreed. The talk is sent a Tls, or None where it failed."""

    alpn: tuple[str, ...] = ()


@record
class Reconnect:
    """Give up this connection and go on with a fresh one (inside TLS if the first was). The talk is sent a bool."""


class Reply(bytes):
    """What came back. `ended` says how: "" (whole), "silent" (time was up), "closed", "reset", or "limit"."""

    ended: str = ""

    @classmethod
    def of(cls, data: bytes, ended: str = "") -> Reply:
        """A reply of these bytes that ended so."""
        reply = cls(data)
        reply.ended = ended
        return reply


def at_least(size: int) -> Callable[[bytes], bool]:
    """A reply is whole when it has so many bytes."""
    return lambda data: len(data) >= size


def framed(offset: int, width: int, extra: int = 0, order: str = "big") -> Callable[[bytes], bool]:
    """A reply is whole when it has the length that `width` bytes at `offset` promise, plus `extra`; at most LIMIT."""

    def whole(data: bytes) -> bool:
        if len(data) < offset + width:
            return False
        promised = int.from_bytes(data[offset : offset + width], "little" if order == "little" else "big")
        return len(data) >= min(promised + extra, LIMIT)

    return whole


def text(data: bytes, limit: int = EVIDENCE) -> str:
    """Strangers' bytes as bounded text, one line: what is no UTF-8 is kept as Latin-1, control characters as spaces."""
    head = bytes(data[:limit])
    try:
        decoded = head.decode()
    except UnicodeDecodeError:
        decoded = head.decode("latin-1")
    return " ".join("".join([c if c.isprintable() else " " for c in decoded]).split())


def converse(talk: Talk, replies: Iterable[bytes | Tls | bool]) -> Identity | None:
    """Play replies to a talk, then silence (refused TLS, refused connections), and give what it makes of them.

    For tests of probes. A reply of bytes may be a Reply, to say how it ended.
    """
    left = iter(replies)
    try:
        command = next(talk)
        for _ in range(100):
            command = talk.send(_played(command, next(left, None)))
    except StopIteration as end:
        named: Identity | None = end.value
        return named
    raise AssertionError("this talk never ends")


def _played(command: Command, reply: bytes | Tls | bool | None) -> Reply | Tls | bool | None:
    if isinstance(command, StartTls):
        return reply if isinstance(reply, Tls) else None
    if isinstance(command, Reconnect):
        return reply is not None and reply is not False
    if isinstance(reply, Reply):
        return reply
    return Reply.of(reply) if isinstance(reply, bytes) else Reply.of(b"", "silent")
