"""GTP, the tunnels of mobile networks, on UDP 2123 (control) and 2152 (user): Echo Request (3GPP TS 29.060, 29.274).

Its sequence number comes back. Version 1 is spoken on both ports; a control node of version 2 is asked in its own words
where version 1 stayed without an answer. No session is made.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("gtp-control", udp=(2123, 2152), names=("gtp-user",), anywhere=False)
USER = 2152
ECHO_REQUEST, ECHO_RESPONSE, UNSUPPORTED = 1, 2, 3
V1, V2 = 0x32, 0x40  # version 1, protocol GTP, with a sequence number; version 2 without a tunnel


def talk(peer: Peer) -> Talk:
    """Version 1, then version 2 on the control port."""
    number = peer.nonce[:2]
    reply = bytes((yield Ask(bytes([V1, ECHO_REQUEST, 0, 4]) + bytes(4) + number + b"\0\0")))
    name = "gtp-user" if peer.port == USER else "gtp-control"
    if _is_answer(reply, V1) and reply[1] == ECHO_RESPONSE and reply[8:10] == number:
        return Identity(name, info="GTPv1", proof="nonce", evidence="an echo with our sequence number")
    if peer.port == USER:
        return None
    if not _is_answer(reply, V2) or reply[1] != UNSUPPORTED:
        longer = peer.nonce[2:5]
        reply = bytes((yield Ask(bytes([V2, ECHO_REQUEST, 0, 9]) + longer + b"\0\3\0\1\0\0")))
        if not _is_answer(reply, V2) or reply[1] != ECHO_RESPONSE or reply[4:7] != longer:
            return None
        return Identity(name, info="GTPv2", proof="nonce", evidence="an echo with our sequence number")
    return Identity(name, info="GTPv2", evidence="version 1 is not supported")


def _is_answer(reply: bytes, version: int) -> bool:
    """A header of this version whose length is that of the datagram (it leaves 8 bytes out, or 4)."""
    fixed = 8 if version == V1 else 4
    if len(reply) < 8 or reply[0] >> 5 != version >> 5 or (version == V1 and not reply[0] & 0x10):
        return False
    return int.from_bytes(reply[2:4], "big") == len(reply) - fixed
