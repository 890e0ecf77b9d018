"""Bolt, the protocol of Neo4j and Memgraph: both sides agree on a version, then the server says what it is.

Since Bolt 5.1 HELLO comes before any login (LOGON), so it is asked; in older versions HELLO is the login, and is not.
Specification: Neo4j, "Bolt Protocol": handshake, message HELLO; PackStream.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("bolt", tcp=(7687,), names=("neo4j", "neo4j-bolt"))
MAGIC = b"\x60\x60\xb0\x17"
OFFERS = b"\0\x08\x08\x05\0\x02\x04\x04\0\0\x01\x04\0\0\0\x03"  # 5.8 to 5.0, 4.4 to 4.2, 4.1, 3
SPOKEN = {*((5, minor) for minor in range(9)), (4, 4), (4, 3), (4, 2), (4, 1), (3, 0)}
AGENT = b"hb-engine/1"


def talk(peer: Peer) -> Talk:
    """Offer versions; ask for the server's name where that is no login."""
    reply = yield Ask(MAGIC + OFFERS, until=at_least(4))
    if len(reply) != 4 or reply[:2] != b"\0\0":
        return None
    major, minor = reply[3], reply[2]
    if (major, minor) == (0, 0):  # nothing of what was offered: the answer of Bolt, but four zeros are not much
        return Identity("bolt", proof="pattern", evidence="no common version")
    if (major, minor) not in SPOKEN:
        return None
    said = b""
    if (major, minor) >= (5, 1):
        said = _server((yield Ask(_hello(), until=b"\0\0")))
    product, version, cpe = _kind(text(said))
    return Identity(
        "bolt",
        product,
        version,
        info=f"Bolt {major}.{minor}",
        cpe=(cpe,) if cpe else (),
        evidence=f"version {major}.{minor} chosen of those offered" + (f", {text(said)}" if said else ""),
    )


def _text(value: bytes) -> bytes:
    return (bytes([0x80 + len(value)]) if len(value) < 16 else b"\xd0" + bytes([len(value)])) + value


def _hello() -> bytes:
    agent = b"\xa1" + _text(b"product") + _text(AGENT)
    message = b"\xb1\x01\xa2" + _text(b"user_agent") + _text(AGENT) + _text(b"bolt_agent") + agent
    return len(message).to_bytes(2, "big") + message + b"\0\0"


def _server(reply: bytes) -> bytes:
    """The text behind the key "server" in a SUCCESS (B1 70, a map)."""
    key = _text(b"server")
    if reply[2:4] != b"\xb1\x70" or key not in reply:
        return b""
    value = bytes(reply).partition(key)[2]
    if value[:1] == b"\xd0":
        return value[2 : 2 + value[1]] if len(value) > 1 else b""
    return value[1 : 1 + value[0] - 0x80] if value and 0x80 <= value[0] < 0x90 else b""


def _kind(said: str) -> tuple[str, str, str]:
    """Neo4j/5.13.0, or a compatible server that says so."""
    if "Memgraph" in said:
        return "Memgraph", "", ""
    name, slash, version = said.partition("/")
    if name == "Neo4j" and slash and version[:1].isdigit():
        version = version.split(" ", 1)[0]
        return "Neo4j", version, f"cpe:/a:neo4j:neo4j:{version}"
    return said, "", ""
