"""Ubiquiti's discovery on UDP 10001: four bytes, answered with what the device is (there is no specification).

The answer is many times as large as the question, so it is asked once.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ubiquiti-discovery", udp=(10001,), anywhere=False)
VERSION = b"\1\0"  # version 1, discovery
MAC, ADDRESS, FIRMWARE, HOST, PLATFORM, MODEL = 0x01, 0x02, 0x03, 0x0B, 0x0C, 0x14


def talk(peer: Peer) -> Talk:
    """One empty message."""
    reply = bytes((yield Ask(VERSION + b"\0\0")))
    if reply[:2] != VERSION or len(reply) < 8 or int.from_bytes(reply[2:4], "big") != len(reply) - 4:
        return None
    told = _fields(reply)
    if told is None or not (MAC in told or ADDRESS in told) or not (FIRMWARE in told or PLATFORM in told):
        return None
    hardware = (told.get(MAC) or told.get(ADDRESS, b""))[:6]
    return Identity(
        "ubiquiti-discovery",
        text(b"Ubiquiti " + (told.get(MODEL) or told.get(PLATFORM, b""))),
        info=text(told.get(FIRMWARE, b"")),
        hostname=text(told.get(HOST, b"")),
        device="network device",
        evidence=f"discovery of {hardware.hex(':')}",
        facts=(("mac", hardware.hex(":")),),
    )


def _fields(reply: bytes) -> dict[int, bytes] | None:
    """Type, length in two bytes, value; None where they do not end where the message does."""
    at, told = 4, dict[int, bytes]()
    while at + 3 <= len(reply):
        size = int.from_bytes(reply[at + 1 : at + 3], "big")
        told.setdefault(reply[at], reply[at + 3 : at + 3 + size])
        at += 3 + size
    return told if at == len(reply) else None
