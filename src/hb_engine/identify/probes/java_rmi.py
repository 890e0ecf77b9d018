"""Java RMI: the stream protocol is acknowledged with our own address as the server sees it; then a registry is listed.

The names in a registry (jmxrmi) are read; none is looked up, and no object is deserialized here.
Specification: Java RMI, chapter 10 "RMI Wire Protocol"; Java Object Serialization, "Stream protocol".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("java-rmi", tcp=(1099, 1098, 1090), names=("rmiregistry", "rmiactivation", "java-rmi-registry", "ff-fms"))
HEADER = b"JRMI\0\x02\x4b"  # version 2, stream protocol
ACK = 0x4E
# Our end point (no name, port 0); then a call: serialization's header, 34 bytes: the registry's object (all zeros),
# operation 1 (list), the hash of its interface.
LIST = b"\0\0\0\0\0\0" + b"\x50\xac\xed\0\x05\x77\x22" + bytes(22) + b"\0\0\0\x01" + b"\x44\x15\x4d\xc9\xd4\xe6\x3b\xdf"
RETURN = b"\x51\xac\xed\0\x05\x77\x0f\x01"
STRINGS = b"[Ljava.lang.String;"
DESCRIBED = 8 + 1 + 2  # serial version, flags, no fields; then where the class is from, or null (70)
STRING = 0x74


def talk(peer: Peer) -> Talk:
    """The header; then a listing of the registry, if there is one."""
    reply = bytes((yield Ask(HEADER, until=_acknowledged)))
    size = int.from_bytes(reply[1:3], "big")
    address, port = reply[3 : 3 + size], reply[3 + size :]
    if (
        reply[:1] != bytes([ACK])
        or not 2 <= size < 256
        or len(port) != 4
        or port[:2] != b"\0\0"
        or not _is_host(address)
    ):
        return None
    listed = bytes((yield Ask(LIST, until=_listed, wait=1)))
    names = _names(listed)
    registry = names is not None
    return Identity(
        "java-rmi",
        "Java RMI Registry" if registry else "Java RMI",
        info=", ".join(names or ())[:200],
        evidence=f"ProtocolAck, we are {text(address)}",
        facts=tuple(("name", name) for name in (names or [])[:20]),
    )


def _is_host(address: bytes) -> bool:
    return all(byte in b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-_%" for byte in address)


def _acknowledged(data: bytes) -> bool:
    if data[:1] != bytes([ACK]):
        return bool(data)
    return len(data) >= 3 and len(data) >= 7 + int.from_bytes(data[1:3], "big")


def _listed(data: bytes) -> bool:
    """As far as that can be told without reading serialization: the return's frame, and an array that is whole."""
    return _names(data) is not None or (len(data) > 8 and data[:8] != RETURN)


def _names(data: bytes) -> list[str] | None:
    """The names in a return with an array of strings; None if it is not that, or not whole."""
    if data[:8] != RETURN or STRINGS not in data:
        return None
    cursor = Cursor(data, data.index(STRINGS) + len(STRINGS))
    try:
        cursor.skip(DESCRIBED)
        if cursor.u8() == STRING:
            cursor.skip(cursor.be16())
        cursor.skip(2)  # end of annotations, no superclass
        names = []
        for _ in range(cursor.be32()):
            if cursor.u8() != STRING:  # a string; the same string again would be a reference, and names are unique
                return None
            names.append(text(cursor.take(cursor.be16())))
    except Truncated:
        return None
    return names
