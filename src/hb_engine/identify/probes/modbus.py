"""Modbus on TCP 502: one request to read the device's identification (Modbus Application Protocol 1.1b3, 6.21).

Controllers are fragile: it is asked only where a person said so, once, and it only reads. An exception (no such
function, no such unit) with our transaction id proves Modbus as well.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("modbus", tcp=(502,), tls=(802,), names=("mbap", "mbap-s"), care="asked", anywhere=False)
READ_DEVICE = b"\x2b\x0e\1\0"  # encapsulated transport, read device identification, basic, from object 0
UNIT = b"\1"
VENDOR, CODE, REVISION = 0, 1, 2


def talk(peer: Peer) -> Talk:
    """Read vendor, product code and revision."""
    transaction = peer.nonce[:2]
    reply = bytes((yield Ask(transaction + b"\0\0\0\5" + UNIT + READ_DEVICE, until=framed(4, 2, 6))))
    if len(reply) < 9 or reply[:4] != transaction + b"\0\0" or int.from_bytes(reply[4:6], "big") != len(reply) - 6:
        return None
    if reply[6:7] != UNIT:
        return None
    if len(reply) == 9 and reply[7] == READ_DEVICE[0] | 0x80:
        return Identity("modbus", info=f"exception {reply[8]}", proof="nonce", evidence=f"exception {reply[8]}")
    if reply[7:10] != READ_DEVICE[:3] or len(reply) < 14:  # an echo has no level, no count and no objects
        return None
    told = _objects(reply)
    product = " ".join(part for part in (told.get(VENDOR, ""), told.get(CODE, "")) if part)
    return Identity("modbus", product, told.get(REVISION, ""), proof="nonce", evidence="device identification, our id")


def _objects(reply: bytes) -> dict[int, str]:
    """Objects behind the fixed part: id, length, text."""
    at, told = 14, dict[int, str]()
    while at + 2 <= len(reply):
        told[reply[at]] = text(reply[at + 2 : at + 2 + reply[at + 1]], 60)
        at += 2 + reply[at + 1]
    return told
