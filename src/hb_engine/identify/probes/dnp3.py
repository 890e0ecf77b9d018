"""DNP3 on TCP or UDP 20000, inside TLS on 19999: one request for the status of the link (IEEE 1815, 9.2).

Controllers are fragile: it is asked only where a person said so, once, and it changes nothing. An outstation answers
for its own address only, and many answer only to their master's, and we know neither: the request goes to 0xFFFC,
whoever allows that, and to the addresses that devices often come with, as link frames in one piece, from address 1.
Silence says nothing.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("dnp", tcp=(20000,), tls=(19999,), udp=(20000,), names=("dnp3", "dnp-sec"), care="asked", anywhere=False)
START = b"\x05\x64"
REQUEST_LINK_STATUS, LINK_STATUS = 0xC9, 0x0B  # from a master; of an outstation
SELF = 0xFFFC
USUAL = (SELF, 2, 4, 10, 1024)
MASTER = 1


def talk(peer: Peer) -> Talk:
    """Requests from a master's address; the status comes back to it."""
    reply = bytes((yield Ask(b"".join(_frame(REQUEST_LINK_STATUS, to, MASTER) for to in USUAL), until=at_least(10))))
    if len(reply) < 10 or reply[:3] != START + b"\5" or reply[3] & 0xEF != LINK_STATUS:
        return None
    if reply[4:6] != MASTER.to_bytes(2, "little") or reply[8:10] != _crc(reply[:8]):
        return None
    theirs = int.from_bytes(reply[6:8], "little")
    return Identity("dnp", info=f"link address {theirs}", evidence="link status with its check sum")


def _frame(control: int, destination: int, source: int) -> bytes:
    head = START + bytes([5, control]) + destination.to_bytes(2, "little") + source.to_bytes(2, "little")
    return head + _crc(head)


def _crc(data: bytes) -> bytes:
    """CRC-16/DNP: polynomial 0x3D65, reflected, inverted, low byte first."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA6BC if value & 1 else 0)
    return (value ^ 0xFFFF).to_bytes(2, "little")
