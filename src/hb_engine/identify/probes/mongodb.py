"""MongoDB: which wire versions it speaks (hello, in the form that every release reads), then which build it is.

Both commands are allowed before anybody logs in; where buildInfo is not, the wire version narrows the release.
Specification: MongoDB wire protocol (OP_QUERY, OP_REPLY, OP_MSG) and BSON 1.1 (bsonspec.org).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.identify.kit import Talk

    Value = bytes | int | float

PROBE = Probe("mongodb", tcp=(27017, 27018, 27019), names=("mongod", "mongos"))
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
HTTP_WORDS = b"It looks like you are trying to access MongoDB over HTTP on the native driver port."
# maxWireVersion by release (MongoDB, wire version table); only releases, in order
WIRES = {
    3: "3.0",
    4: "3.2",
    5: "3.4",
    6: "3.6",
    7: "4.0",
    8: "4.2",
    9: "4.4",
    13: "5.0",
    17: "6.0",
    21: "7.0",
    25: "8.0",
}
MOST = 200  # elements of one document that are read


def talk(peer: Peer) -> Talk:
    """isMaster by OP_QUERY, then buildInfo by what both sides speak."""
    hello = _document(_int32(b"isMaster", 1))
    reply = yield Ask(_query(peer.nonce[:4], hello), until=framed(0, 4, order="little"))
    told = _answer(reply, peer.nonce[:4])
    if told is None or not ("maxWireVersion" in told or "ismaster" in told or "errmsg" in told):
        return None
    wire = told.get("maxWireVersion", 0)
    wire = wire if isinstance(wire, int) else 0
    build = _document(_int32(b"buildInfo", 1) + (_string(b"$db", b"admin") if wire >= 6 else b""))
    made = _message(peer.nonce[4:8], build) if wire >= 6 else _query(peer.nonce[4:8], build)
    built = _answer((yield Ask(made, until=framed(0, 4, order="little"))), peer.nonce[4:8]) or {}
    product, version, cpe = _kind(built)
    role = "mongos" if told.get("msg") == b"isdbgrid" else ""
    release = f"{WIRES[wire]} by its wire version" if not version and wire in WIRES else ""
    set_name = told.get("setName", b"")
    return Identity(
        "mongodb",
        product,
        version,
        info=", ".join(part for part in (release, role) if part),
        cpe=(cpe,) if cpe else (),
        proof="nonce",
        guarded=not version,
        evidence=f"reply to our request, maxWireVersion {wire}",
        facts=(("replica set", text(set_name)),) if isinstance(set_name, bytes) and set_name else (),
    )


def hint(reply: bytes) -> bool:
    """What a mongod says to an HTTP request."""
    return HTTP_WORDS in reply[:600]


def _int32(name: bytes, value: int) -> bytes:
    return b"\x10" + name + b"\0" + value.to_bytes(4, "little")


def _string(name: bytes, value: bytes) -> bytes:
    return b"\x02" + name + b"\0" + (len(value) + 1).to_bytes(4, "little") + value + b"\0"


def _document(elements: bytes) -> bytes:
    return (5 + len(elements)).to_bytes(4, "little") + elements + b"\0"


def _framed(number: bytes, opcode: int, body: bytes) -> bytes:
    return (16 + len(body)).to_bytes(4, "little") + number + bytes(4) + opcode.to_bytes(4, "little") + body


def _query(number: bytes, document: bytes) -> bytes:
    """flags, collection, skip 0, return 1, document."""
    return _framed(number, OP_QUERY, bytes(4) + b"admin.$cmd\0" + bytes(4) + b"\xff\xff\xff\xff" + document)


def _message(number: bytes, document: bytes) -> bytes:
    """flags, a section of kind 0."""
    return _framed(number, OP_MSG, bytes(4) + b"\0" + document)


def _answer(reply: bytes, number: bytes) -> Mapping[str, Value] | None:
    """The document of an answer to request `number`; None for anything else."""
    opcode = int.from_bytes(reply[12:16], "little")
    if len(reply) != int.from_bytes(reply[:4], "little") or reply[8:12] != number:
        return None
    if opcode == OP_MSG and reply[20:21] == b"\0":
        return _read(bytes(reply[21:]))
    # OP_REPLY: flags, cursor, start, count
    return _read(bytes(reply[36:])) if opcode == OP_REPLY and reply[32:36] == b"\1\0\0\0" else None


def _read(data: bytes) -> Mapping[str, Value] | None:
    """The outermost elements of a document: texts, numbers, and the bytes of what is inside. None if it is none."""
    size = int.from_bytes(data[:4], "little")
    if not 5 <= size <= len(data) or data[size - 1] != 0:
        return None
    told: dict[str, Value] = {}
    at = 4
    for _ in range(MOST):
        if at >= size - 1:
            return told
        kind, end = data[at], data.find(b"\0", at + 1, size)
        width = _width(kind, data, end + 1) if end > 0 else None
        if width is None or end + 1 + width > size - 1:
            return None
        told[text(data[at + 1 : end])] = _value(kind, data[end + 1 : end + 1 + width])
        at = end + 1 + width
    return told


def _width(kind: int, data: bytes, at: int) -> int | None:
    """How many bytes a value has."""
    size = int.from_bytes(data[at : at + 4], "little")
    fixed = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7F: 0, 0xFF: 0}
    if kind in fixed:
        return fixed[kind]
    return {0x02: size + 4, 0x03: size, 0x04: size, 0x05: size + 5}.get(kind) if size < 1 << 24 else None


def _value(kind: int, raw: bytes) -> Value:
    if kind == 0x02:
        return raw[4:-1]
    return int.from_bytes(raw, "little", signed=True) if kind in (0x08, 0x10, 0x12) else raw


def _kind(built: Mapping[str, Value]) -> tuple[str, str, str]:
    """Product, version, CPE of buildInfo. FerretDB tells both its own version and the one that it stands for."""
    own = built.get("ferretdbVersion")
    if isinstance(own, bytes):
        return "FerretDB", text(own).removeprefix("v"), ""
    told = built.get("version", b"")
    version = text(told) if isinstance(told, bytes) else ""
    if "ferretdb" in built:
        return "FerretDB", "", ""
    return "MongoDB", version, f"cpe:/a:mongodb:mongodb:{version}" if version else ""
