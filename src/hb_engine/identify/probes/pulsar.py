"""Pulsar: CONNECT without credentials; CONNECTED tells the version, ERROR that a login is wanted.

Nothing is produced, consumed or looked up. Specification: Apache Pulsar, "Binary protocol" and PulsarApi.proto.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire import protobuf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("pulsar", tcp=(6650,), tls=(6651,), anywhere=False)
CONNECT, CONNECTED, ERROR = 2, 3, 14  # the kinds of commands, and the fields in which they stand


def talk(peer: Peer) -> Talk:
    """CONNECT, and what it is answered."""
    connect = protobuf.octets(1, b"hb-engine") + protobuf.number(4, 6)
    command = protobuf.number(1, CONNECT) + protobuf.octets(CONNECT, connect)
    sized = len(command).to_bytes(4, "big") + command
    reply = bytes((yield Ask(len(sized).to_bytes(4, "big") + sized, until=framed(0, 4, 4))))
    size, inner = int.from_bytes(reply[:4], "big"), int.from_bytes(reply[4:8], "big")
    if len(reply) < 8 + inner or size < inner + 4:
        return None
    told = dict(protobuf.fields(reply[8 : 8 + inner]))
    kind = told.get(1)
    answer = told.get(kind) if kind in (CONNECTED, ERROR) and isinstance(kind, int) else None
    if not isinstance(answer, bytes):
        return None
    words = dict(protobuf.fields(answer))
    said = words.get(1 if kind == CONNECTED else 3)
    if not isinstance(said, bytes):
        return None
    version = text(said).rpartition("Pulsar Server")[2].lstrip("-") if kind == CONNECTED else ""
    version = version if version[:1].isdigit() else ""
    return Identity(
        "pulsar",
        "Apache Pulsar",
        version,
        cpe=(f"cpe:/a:apache:pulsar:{version}".rstrip(":"),),
        guarded=kind == ERROR,
        evidence=text(said),
    )
