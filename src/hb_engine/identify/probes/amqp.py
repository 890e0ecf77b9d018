"""AMQP: 0-9-1 (RabbitMQ) tells product and version before any login; who speaks 1.0 instead answers with its header.

For 1.0 the mechanisms of SASL are read, and none is chosen: nobody logs in, no connection is opened.
Specification: AMQP 0-9-1 (2.3.7, 4.2), OASIS AMQP 1.0 (2.2 version negotiation, 5.3 SASL).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, text
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("amqp", tcp=(5672,), tls=(5671,), names=("amqps", "rabbitmq", "amqp-1-0"), alpn=("amqp",))
OLD = b"AMQP\0\0\x09\x01"
PLAIN, SASL = b"AMQP\0\x01\0\0", b"AMQP\x03\x01\0\0"
START = b"\0\x0a\0\x0a"  # class connection, method start
MECHANISMS = b"\x53\x40"  # descriptor of sasl-mechanisms
CPES = {"RabbitMQ": "cpe:/a:vmware:rabbitmq"}


def talk(peer: Peer) -> Talk:
    """The header of 0-9-1; where another header comes back, that of SASL for 1.0."""
    reply = yield Ask(OLD, until=_whole)
    if reply[:4] != b"AMQP" and reply:
        return _start(bytes(reply))
    spoken = bytes(reply[:8])
    if spoken in (PLAIN, SASL) or (not reply and reply.ended in ("closed", "reset")):
        if not (yield Reconnect()):
            return _header(spoken)
        answer = yield Ask(SASL, until=_mechanisms_whole)
        return _sasl(bytes(answer)) or _header(spoken)
    return _header(spoken) if spoken != OLD else None  # who speaks that starts, and does not say it back


def hint(reply: bytes) -> bool:
    """An HTTP request gets the header of a version that would be understood."""
    return reply[:4] == b"AMQP" and _header(bytes(reply[:8])) is not None


def _whole(data: bytes) -> bool:
    if b"AMQP".startswith(data[:4]):
        return len(data) >= 8
    if len(data) >= 1 and data[0] != 1:
        return True
    return len(data) >= 7 and len(data) >= 8 + int.from_bytes(data[3:7], "big")


def _header(header: bytes) -> Identity | None:
    """Eight bytes: AMQP, an id (0, 2 TLS, 3 SASL), major, minor, revision; 0-9-1 has a zero, then 0, 9, 1."""
    if len(header) != 8 or header[:4] != b"AMQP":
        return None
    if header[5:] == b"\x01\0\0" and header[4] in (0, 2, 3):
        return Identity("amqp", info="AMQP 1.0", evidence=f"header {header.hex()}")
    if header in (OLD, b"AMQP\x01\x01\0\x09", b"AMQP\x01\x01\0\x0a", b"AMQP\x01\x01\x08\0"):
        return Identity("amqp", info="AMQP 0", evidence=f"header {header.hex()}")
    return None


def _start(reply: bytes) -> Identity | None:
    """Connection.Start: a method frame on channel 0, versions 0 and 9, a table, mechanisms, locales, the end (CE)."""
    size = int.from_bytes(reply[3:7], "big")
    if reply[:3] != b"\x01\0\0" or len(reply) != size + 8 or reply[-1] != 0xCE or reply[7:11] != START:
        return None
    cursor = Cursor(reply, 11, len(reply) - 1)
    try:
        major, minor = cursor.u8(), cursor.u8()
        table = cursor.part(cursor.be32())
        mechanisms = text(cursor.take(cursor.be32()))
    except Truncated:
        return None
    told = _table(table)
    product, version = told.get("product", ""), told.get("version", "")
    cpe = CPES.get(product, "")
    return Identity(
        "amqp",
        product,
        version,
        info=", ".join(part for part in (f"AMQP {major}-{minor}", told.get("platform", "")) if part),
        hostname=told.get("cluster_name", "").partition("@")[2],
        cpe=(f"{cpe}:{version}",) if cpe and version else (),
        evidence=f"Connection.Start: {product} {version}, {mechanisms}"[:200],
        guarded="ANONYMOUS" not in mechanisms.split(),
        facts=(("mechanisms", mechanisms),),
    )


def _table(cursor: Cursor) -> dict[str, str]:
    """The texts of a field table, up to a kind of value that is not read."""
    told: dict[str, str] = {}
    try:
        while cursor.left:
            name, kind = text(cursor.take(cursor.u8())), cursor.take(1)
            if kind in (b"S", b"F", b"A", b"x"):
                value = cursor.take(cursor.be32())
                if kind == b"S":
                    told[name] = text(value)
            elif kind in WIDTHS:
                cursor.skip(WIDTHS[kind])
            else:
                break
    except Truncated:
        pass
    return told


WIDTHS = {b"t": 1, b"b": 1, b"B": 1, b"U": 2, b"u": 2, b"I": 4, b"i": 4, b"f": 4, b"D": 5, b"L": 8, b"l": 8, b"d": 8}
WIDTHS |= {b"T": 8, b"s": 2, b"V": 0}


def _mechanisms_whole(data: bytes) -> bool:
    if data[:4] != b"AMQP"[: len(data)]:
        return True
    return len(data) >= 12 and len(data) >= 8 + int.from_bytes(data[8:12], "big")


def _sasl(reply: bytes) -> Identity | None:
    """The header back, then a SASL frame (type 1) with sasl-mechanisms, whose symbols are capital letters."""
    frame = reply[8:]
    if reply[:8] != SASL or len(frame) < 12 or frame[5] != 1 or MECHANISMS not in frame[8:14]:
        return None
    names = "".join(chr(byte) if chr(byte) in LETTERS else " " for byte in frame[10:600]).split()
    mechanisms = " ".join(name for name in names if len(name) > 3)
    evidence = f"SASL mechanisms {mechanisms}"[:200]
    closed = "ANONYMOUS" not in mechanisms.split()
    return Identity("amqp", info="AMQP 1.0", evidence=evidence, guarded=closed, facts=(("mechanisms", mechanisms),))


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
