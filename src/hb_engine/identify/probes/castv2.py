"""Chromecast and its kin on TCP 8009, inside TLS: a heartbeat of CASTV2 (Chromium, components/openscreen).

PING is answered with PONG by whoever speaks it, before anything is connected. No application is started, and no status
asked for.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("castv2", tls=(8009,), names=("googlecast",), anywhere=False)
HEARTBEAT = b"urn:x-cast:com.google.cast.tp.heartbeat"
PING, PONG = b'{"type":"PING"}', b'{"type":"PONG"}'
SOURCE, DESTINATION, NAMESPACE, TEXT = 2, 3, 4, 6  # fields of a CastMessage; 1 is the version, 5 the kind of payload
STRING = 2  # wire type of protobuf


def talk(peer: Peer) -> Talk:
    """One CastMessage with its length in front."""
    ours = b"sender-" + peer.nonce[:4].hex().encode()
    message = b"\x08\0" + _field(SOURCE, ours) + _field(DESTINATION, b"receiver-0") + _field(NAMESPACE, HEARTBEAT)
    message += b"\x28\0" + _field(TEXT, PING)
    reply = bytes((yield Ask(len(message).to_bytes(4, "big") + message, until=framed(0, 4, 4))))
    body = reply[4 : 4 + int.from_bytes(reply[:4], "big")]
    told = _fields(body)
    if told.get(NAMESPACE) != HEARTBEAT or told.get(TEXT, b"").replace(b" ", b"") != PONG:
        return None
    mine = told.get(DESTINATION) in (ours, b"*")
    return Identity("castv2", device="media player", proof="nonce" if mine else "structure", evidence="PONG of CASTV2")


def _field(number: int, value: bytes) -> bytes:
    return bytes([number << 3 | STRING, len(value)]) + value


def _fields(message: bytes) -> dict[int, bytes]:
    """Short strings by field number; numbers of one byte are passed over, and all else ends it."""
    at, told = 0, dict[int, bytes]()
    while at + 1 < len(message):
        number, wire, size = message[at] >> 3, message[at] & 7, message[at + 1]
        if size >= 0x80 or wire not in (0, STRING):
            break
        at += 2
        if wire == STRING:
            told[number] = message[at : at + size]
            at += size
    return told
