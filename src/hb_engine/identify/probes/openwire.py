"""OpenWire, ActiveMQ's own protocol: the broker greets with its wire format, in which newer ones tell their version.

We only listen. Specification: Apache ActiveMQ, "OpenWire" (WireFormatInfo: type 1, loose encoding).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("apachemq", tcp=(61616,), tls=(61617,), speaks="server", names=("activemq-openwire", "activemq"))
MAGIC = b"\x01ActiveMQ"
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 8, 7: 8, 8: 4}  # of values by their kind; 9 is a text


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = bytes((yield Ask(until=_whole)))
    size = int.from_bytes(heard[:4], "big")
    if heard[4:13] != MAGIC or not 13 <= size <= len(heard) - 4:
        return None
    protocol, told = int.from_bytes(heard[13:17], "big"), _properties(heard[17 : 4 + size])
    product, version = told.get("ProviderName", "ActiveMQ"), told.get("ProviderVersion", "")
    cpe = "cpe:/a:apache:activemq_artemis" if "Artemis" in product else "cpe:/a:apache:activemq"
    return Identity(
        "apachemq",
        f"Apache {product}" if product.startswith("ActiveMQ") else product,
        version,
        info=", ".join(part for part in (f"OpenWire {protocol}", told.get("PlatformDetails", "")) if part)[:200],
        cpe=(f"{cpe}:{version}".rstrip(":"),),
        evidence=text(f"WireFormatInfo {protocol} {product} {version}".encode()),
    )


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply[4:13] == MAGIC


def _whole(data: bytes) -> bool:
    if len(data) > 4 and not MAGIC.startswith(data[4:13]):
        return True
    return len(data) >= 13 and len(data) >= 4 + int.from_bytes(data[:4], "big")


def _properties(data: bytes) -> dict[str, str]:
    """The texts of the properties: whether there are any, their length and number, then names, kinds and values."""
    cursor, told = Cursor(data), dict[str, str]()
    try:
        if not cursor.u8():
            return told
        cursor.skip(4)
        for _ in range(min(cursor.be32(), 100)):
            name, kind = text(cursor.take(cursor.be16())), cursor.u8()
            if kind == 9:
                told[name] = text(cursor.take(cursor.be16()))
            elif kind in WIDTHS:
                cursor.skip(WIDTHS[kind])
            else:
                break
    except Truncated:
        pass
    return told
