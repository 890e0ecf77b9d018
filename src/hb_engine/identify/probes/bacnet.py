"""BACnet/IP on UDP 47808: one request to read vendor, model, firmware and name of the device (ASHRAE 135, 15.7).

Controllers of buildings are fragile: it is asked only where a person said so, once, and it only reads. The wildcard
instance means whoever is asked. An error or a refusal with our invoke id proves BACnet as well.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("bacnet", udp=(47808,), care="asked", anywhere=False)
READ_MULTIPLE = 14
VENDOR, MODEL, FIRMWARE, NAME = 121, 70, 44, 77
ACK, ERROR, REJECT, ABORT = 0x30, 0x50, 0x60, 0x70
DEVICE = b"\x0c\x02\x3f\xff\xff"  # object: device, wildcard instance


def talk(peer: Peer) -> Talk:
    """ReadPropertyMultiple for our invoke id."""
    invoke = peer.nonce[0]
    wanted = b"".join(bytes([0x09, kind]) for kind in (VENDOR, MODEL, FIRMWARE, NAME))
    body = b"\1\4\0\5" + bytes([invoke, READ_MULTIPLE]) + DEVICE + b"\x1e" + wanted + b"\x1f"
    reply = bytes((yield Ask(b"\x81\x0a" + (4 + len(body)).to_bytes(2, "big") + body)))
    if reply[:2] != b"\x81\x0a" or int.from_bytes(reply[2:4], "big") != len(reply) or reply[4:6] != b"\1\0":
        return None
    kind = reply[6] & 0xF0 if len(reply) >= 9 else 0
    if kind not in (ACK, ERROR, REJECT, ABORT) or reply[7] != invoke:
        return None
    if kind != ACK:
        word = {ERROR: "an error", REJECT: "a rejection", ABORT: "an abort"}[kind]
        return Identity("bacnet", proof="nonce", evidence=f"{word} for our invoke id")
    if reply[8] != READ_MULTIPLE or reply[6] & 0x0F:
        return None
    told = _properties(reply[9:])
    return Identity(
        "bacnet",
        " ".join(part for part in (told.get(VENDOR, ""), told.get(MODEL, "")) if part),
        told.get(FIRMWARE, ""),
        hostname=told.get(NAME, ""),
        proof="nonce",
        evidence="properties of the device for our invoke id",
        facts=(("instance", str(int.from_bytes(reply[10:14], "big") & 0x3FFFFF)),),
    )


def _properties(body: bytes) -> dict[int, str]:
    """Property id, then a character string (20.2.9) between tags, or an error between tags, which is passed over."""
    at, told = 6, dict[int, str]()
    while at + 3 < len(body) and body[at] == 0x29:  # context tag 2: the property's id
        kind, opened, at = body[at + 1], body[at + 2], at + 3
        if opened == 0x4E and body[at] & 0xF8 == 0x70:
            size, at = body[at] & 7, at + 1
            if size == 5:  # the length is in the next byte
                size, at = body[at] if at < len(body) else 0, at + 1
            value = text(body[at + 1 : at + size], 60)  # behind the byte for the character set
            told[kind] = "" if value == "N/A" else value
            at += size
        elif opened == 0x5E:
            at += 4  # error class and error code, an enumerated byte each
        else:
            break
        at += 1  # the closing tag
    return told
