"""NTP on UDP 123: one client packet, whose transmit timestamp must come back as origin (RFC 5905 8).

Versions of programs are told in control messages only (mode 6), which are for ntp_control.py.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ntp", udp=(123,), names=("sntp",))
CLIENT = 0xE3  # no warning known, version 4, mode 3
SERVER = 4
REFUSALS = (b"DENY", b"RSTR", b"RATE")  # kiss codes, in the place of a reference (RFC 5905 7.4)


def talk(peer: Peer) -> Talk:
    """One question of 48 bytes, one answer of at least as many."""
    reply = yield Ask(bytes([CLIENT]) + bytes(39) + peer.nonce[:8])
    if len(reply) < 48 or reply[0] & 7 != SERVER or reply[0] >> 3 & 7 not in (3, 4) or reply[24:32] != peer.nonce[:8]:
        return None
    stratum, reference = reply[1], bytes(reply[12:16])
    refused = not stratum and reference in REFUSALS
    told = f"stratum {stratum}" if stratum else text(reference.rstrip(b"\0"))
    if reply[0] >> 6 == 3 and not refused:
        told += ", not synchronised"
    source = text(reference.rstrip(b"\0")) if stratum == 1 else ""
    return Identity(
        "ntp",
        info=f"NTPv{reply[0] >> 3 & 7}, {told}",
        proof="nonce",
        evidence=f"mode 4, our timestamp as origin, {told}",
        guarded=refused,
        facts=(("reference clock", source),) if source else (),
    )
