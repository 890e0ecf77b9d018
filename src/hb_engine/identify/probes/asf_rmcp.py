"""IPMI over RMCP on UDP 623: one request for a channel's authentication capabilities (IPMI 2.0, 13.1.3, 22.13).

It is the question that comes before any session, answered to anybody. Management controllers are slow and fragile, so
they get this one packet and no session.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("asf-rmcp", udp=(623,), names=("ipmi", "rmcp"), anywhere=False)
RMCP = b"\6\0\xff\7"  # version 1.0, no acknowledgement, class IPMI
SESSION = bytes(9)  # no authentication, sequence 0, session 0
CAPABILITIES = b"\x38"
BMC, CONSOLE = 0x20, 0x81
# Of the response's authentication types (22.13, byte 3), the ones that tell something.
NONE = 0x01


def talk(peer: Peer) -> Talk:
    """The request with a sequence number of ours; 0x8E: this channel, IPMI 2.0 wanted; 4: administrator."""
    sequence = peer.nonce[0] & 0xFC
    head = bytes([BMC, 0x18])
    body = bytes([CONSOLE, sequence]) + CAPABILITIES + b"\x8e\4"
    message = head + _checksum(head) + body + _checksum(body)
    reply = bytes((yield Ask(RMCP + SESSION + bytes([len(message)]) + message)))
    if reply[:4] != RMCP or len(reply) < 30 or reply[13] != len(reply) - 14:
        return None
    answer = reply[14:]
    if answer[:2] != bytes([CONSOLE, 0x1C]) or answer[4:6] != bytes([sequence]) + CAPABILITIES:
        return None
    if _checksum(answer[:2]) != answer[2:3] or _checksum(answer[3:-1]) != answer[-1:]:
        return None
    return _named(answer[6:-1])


def _named(data: bytes) -> Identity:
    """Completion code, channel, authentication types, status, extended capabilities, OEM's number (3 bytes)."""
    versions = "IPMI 2.0" if data[4] & 2 and data[2] & 0x80 else "IPMI 1.5"
    maker = int.from_bytes(data[5:8], "little")
    open_to_all = bool(data[2] & NONE) or bool(data[3] & 0x01)
    return Identity(
        "asf-rmcp",
        info=versions,
        device="management controller",
        proof="nonce",
        evidence="authentication capabilities with our sequence number",
        guarded=not open_to_all,
        facts=(
            *((("enterprise", str(maker)),) if maker else ()),
            *((("authentication none", "offered"),) if data[2] & NONE else ()),
            *((("anonymous login", "enabled"),) if data[3] & 0x01 else ()),
            *((("key KG", "not set"),) if not data[3] & 0x20 and data[2] & 0x80 else ()),
        ),
    )


def _checksum(data: bytes) -> bytes:
    return bytes([-sum(data) & 0xFF])
