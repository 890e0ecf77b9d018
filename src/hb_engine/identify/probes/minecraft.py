"""Minecraft's server on TCP 25565: the status that every client shows in its list (Minecraft wiki, "Server List Ping").

Nobody joins: the handshake asks for status, never for login.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("minecraft", tcp=(25565,), anywhere=False)
ANY_VERSION = b"\xff\xff\xff\xff\x0f"  # -1
STATUS = b"\1"
REQUEST = b"\1\0"
MOST = 60000


def talk(peer: Peer) -> Talk:
    """Handshake with the wish for status, and the request for it."""
    host = peer.host.encode()[:127]
    shake = b"\0" + ANY_VERSION + bytes([len(host)]) + host + peer.port.to_bytes(2, "big") + STATUS
    reply = bytes((yield Ask(_varint(len(shake)) + shake + REQUEST, until=_whole)))
    told = _status(reply)
    version = told.get("version")
    if not isinstance(version, dict) or not isinstance(version.get("name"), str):
        return None
    name, number, players = text(version["name"].encode()), version.get("protocol"), told.get("players")
    most = players.get("max") if isinstance(players, dict) else None
    return Identity(
        "minecraft",
        "Minecraft server",
        name,
        info=f"protocol {number}" if isinstance(number, int) and abs(number) < 1 << 31 else "",
        evidence=f"status of {name}",
        facts=(("players at most", str(most)),) if isinstance(most, int) and abs(most) < 1 << 31 else (),
    )


def _status(reply: bytes) -> dict[str, object]:
    """The JSON of a status response; empty where it is none."""
    import json  # rarely needed

    size, at = _read(reply, 0)
    if size <= 0 or len(reply) < at + size or reply[at : at + 1] != b"\0":
        return {}
    end = at + size
    length, at = _read(reply, at + 1)
    try:
        told = json.loads(reply[at:end]) if 0 < length <= MOST and at + length == end else None
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _whole(data: bytes) -> bool:
    size, at = _read(data, 0)
    return size < 0 or size > MOST or (at > 0 and len(data) >= at + size)


def _varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128, value >> 7])


def _read(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where the rest begins; (0, 0) while it is cut, -1 where it is too long."""
    value = 0
    for index in range(4):
        if at + index >= len(data):
            return 0, 0
        value |= (data[at + index] & 127) << 7 * index
        if data[at + index] < 128:
            return value, at + index + 1
    return -1, at
