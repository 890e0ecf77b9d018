"""DHCP servers on UDP 67: DHCPINFORM, which asks for settings without an address (RFC 2131 3.4, 4.3.5).

A server notes it in its log, and most answer to port 68 only, wherever the question came from: it is asked only where a
person said so, and silence says nothing. No address is ever requested or offered.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("dhcps", udp=(67,), names=("bootps", "dhcp-server"), care="asked", anywhere=False)
COOKIE = b"\x63\x82\x53\x63"
REQUEST, REPLY = 1, 2
MESSAGE_TYPE, PARAMETERS, SERVER, DOMAIN = 53, 55, 54, 15
INFORM, ACK, NAK = 8, 5, 6


def talk(peer: Peer) -> Talk:
    """One BOOTREQUEST with our transaction id and a locally administered hardware address."""
    identifier, hardware = peer.nonce[:4], b"\2\0" + peer.nonce[4:8]
    head = bytes([REQUEST, 1, 6, 0]) + identifier + bytes(20) + hardware + bytes(202)
    options = bytes([MESSAGE_TYPE, 1, INFORM, PARAMETERS, 3, 1, 3, DOMAIN, 255])
    reply = bytes((yield Ask(head + COOKIE + options)))
    if len(reply) < 241 or reply[0] != REPLY or reply[4:8] != identifier or reply[236:240] != COOKIE:
        return None
    told = _options(reply)
    if told.get(MESSAGE_TYPE) not in (bytes([ACK]), bytes([NAK])):
        return None
    server = told.get(SERVER, b"")
    return Identity(
        "dhcps",
        proof="nonce",
        evidence="DHCPACK for our transaction" if told[MESSAGE_TYPE] == bytes([ACK]) else "DHCPNAK for our transaction",
        facts=(
            *((("server", ".".join(str(byte) for byte in server)),) if len(server) == 4 else ()),
            *((("domain", text(told[DOMAIN])),) if DOMAIN in told else ()),
        ),
    )


def _options(reply: bytes) -> dict[int, bytes]:
    """Options behind the cookie (RFC 2132): code, length, value; 0 pads and 255 ends."""
    at, told = 240, dict[int, bytes]()
    while at < len(reply) and reply[at] != 255:
        if reply[at] == 0:
            at += 1
            continue
        size = int.from_bytes(reply[at + 1 : at + 2], "big")
        told.setdefault(reply[at], reply[at + 2 : at + 2 + size])
        at += 2 + size
    return told
