"""L2TP on UDP 1701: a request for a control connection, which is taken back at once (RFC 2661 5 and 6).

The answer carries our tunnel id. A server that accepts is sent StopCCN, so that no tunnel waits for us. Where L2TP is
for IPsec only, the packet is dropped, and nothing can be known.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("L2TP", udp=(1701,), names=("l2tp", "l2f"), anywhere=False)
CONTROL = b"\xc8\x02"  # control message with length and sequence numbers, version 2
SCCRQ, SCCRP, STOP = 1, 2, 4
MESSAGE, RESULT, PROTOCOL, FRAMING, FIRMWARE, HOST, VENDOR, TUNNEL = 0, 1, 2, 3, 6, 7, 8, 9


def talk(peer: Peer) -> Talk:
    """SCCRQ; StopCCN where it was accepted."""
    ours = peer.nonce[:2] if any(peer.nonce[:2]) else b"\0\1"
    opening = _avp(PROTOCOL, b"\1\0") + _avp(HOST, b"hb-engine") + _avp(FRAMING, b"\0\0\0\3") + _avp(TUNNEL, ours)
    reply = bytes((yield Ask(_message(b"\0\0", 0, 0, SCCRQ, opening))))
    told = _answer(reply, ours)
    kind = int.from_bytes(told.get(MESSAGE, b""), "big")
    if kind not in (SCCRP, STOP):
        return None
    if kind == SCCRP and len(told.get(TUNNEL, b"")) == 2:
        goodbye = _avp(TUNNEL, ours) + _avp(RESULT, b"\0\1")
        yield Ask(_message(told[TUNNEL], 1, 1, STOP, goodbye), wait=0.2)
    firmware = told.get(FIRMWARE, b"")
    return Identity(
        "L2TP",
        text(told.get(VENDOR, b"")),
        info=f"firmware {int.from_bytes(firmware, 'big'):#06x}" if len(firmware) == 2 else "",
        hostname=text(told.get(HOST, b"")),
        proof="nonce",
        evidence="SCCRP for our tunnel" if kind == SCCRP else "StopCCN for our tunnel",
        guarded=kind == STOP,
    )


def _avp(kind: int, value: bytes) -> bytes:
    """A mandatory attribute of the IETF's."""
    return (0x8000 | 6 + len(value)).to_bytes(2, "big") + b"\0\0" + kind.to_bytes(2, "big") + value


def _message(tunnel: bytes, sent: int, received: int, kind: int, avps: bytes) -> bytes:
    body = _avp(MESSAGE, kind.to_bytes(2, "big")) + avps
    numbers = b"\0\0" + sent.to_bytes(2, "big") + received.to_bytes(2, "big")
    return CONTROL + (12 + len(body)).to_bytes(2, "big") + tunnel + numbers + body


def _answer(reply: bytes, tunnel: bytes) -> dict[int, bytes]:
    """The attributes of a control message for our tunnel, and no session; none where it is something else."""
    if reply[:2] != CONTROL or int.from_bytes(reply[2:4], "big") != len(reply) or reply[4:8] != tunnel + b"\0\0":
        return {}
    at, told = 12, dict[int, bytes]()
    while at + 6 <= len(reply):
        size = int.from_bytes(reply[at : at + 2], "big") & 0x3FF
        if size < 6:
            break
        if reply[at + 2 : at + 4] == b"\0\0" and not reply[at] & 0x40:  # the IETF's, and not hidden
            told.setdefault(int.from_bytes(reply[at + 4 : at + 6], "big"), reply[at + 6 : at + size])
        at += size
    return told
