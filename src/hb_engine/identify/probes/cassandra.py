"""Cassandra's native protocol (CQL): OPTIONS asks what the server can do, before anybody logs in.

ScyllaDB answers with options of its own name. What is told is the version of CQL and of the protocol, not of the
program.
Specification: Apache Cassandra, native_protocol_v4.spec (sections 2, 4.1.3, 4.2.4).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("cassandra-native", tcp=(9042,), tls=(9142,), names=("cassandra", "scylla"))
VERSIONS = range(0x81, 0x88)  # responses of protocol 1 to 7
ERROR, SUPPORTED = 0x00, 0x06
WRONG_VERSION = b"nvalid or unsupported protocol version"


def talk(peer: Peer) -> Talk:
    """OPTIONS in protocol 4, with a stream number of ours."""
    stream = bytes([peer.nonce[0] & 0x7F, peer.nonce[1]])
    reply = yield Ask(b"\x04\0" + stream + b"\x05\0\0\0\0", until=framed(5, 4, 9))
    kind, body = _frame(reply)
    if kind == ERROR:
        return _refusal(body)
    if kind != SUPPORTED or reply[2:4] != stream:
        return None
    options = _multimap(body)
    if "CQL_VERSION" not in options:
        return None
    scylla = any(name.startswith("SCYLLA_") for name in options)
    return Identity(
        "cassandra-native",
        "ScyllaDB" if scylla else "Apache Cassandra",
        info=f"CQL {options['CQL_VERSION']}, protocols {options.get('PROTOCOL_VERSIONS', '4')}"[:200],
        cpe=("cpe:/a:scylladb:scylladb" if scylla else "cpe:/a:apache:cassandra",),
        proof="nonce",
        evidence=", ".join(f"{name} {value}" for name, value in options.items())[:200],
    )


def hint(reply: bytes) -> bool:
    """The error frame that an HTTP request gets, whose first letter is no version that exists."""
    kind, body = _frame(reply)
    return kind == ERROR and WRONG_VERSION in body


def _frame(reply: bytes) -> tuple[int, bytes]:
    """Opcode and body of one whole response; -1 for what is none. Version 1 and 2 have a stream of one byte."""
    if len(reply) < 9 or reply[0] not in VERSIONS:
        return -1, b""
    head = 8 if reply[0] in (0x81, 0x82) else 9
    size = int.from_bytes(reply[head - 4 : head], "big")
    return (reply[head - 5], bytes(reply[head:])) if len(reply) == head + size else (-1, b"")


def _refusal(body: bytes) -> Identity | None:
    """A protocol error (000A) that says which version it wanted."""
    if body[:4] != b"\0\0\0\x0a" or WRONG_VERSION not in body:
        return None
    return Identity("cassandra-native", evidence=text(body[6:]))


def _multimap(body: bytes) -> dict[str, str]:
    """The options: names, each with a list of texts."""
    told: dict[str, str] = {}
    cursor = Cursor(body)
    try:
        for _ in range(cursor.be16()):
            name = text(cursor.take(cursor.be16()))
            told[name] = " ".join([text(cursor.take(cursor.be16())) for _ in range(cursor.be16())])
    except Truncated:
        return {}
    return told
