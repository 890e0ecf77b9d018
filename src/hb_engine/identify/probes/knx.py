"""KNXnet/IP, of building automation, on UDP 3671: a request for the device's description (ISO 22510, KNX 3/8/2 7.7).

Buildings hang on it, so it is asked only where a person said so, once, and it only reads. No tunnel is opened.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("efcp", udp=(3671,), names=("knx", "knxnet-ip"), care="asked", anywhere=False)
HEADER = b"\6\x10"  # header of six bytes, version 1.0
REQUEST, RESPONSE = b"\2\3", b"\2\4"
ANYWHERE = b"\x08\1" + bytes(6)  # answer to where this came from, over UDP
DEVICE, DEVICE_SIZE = 1, 54


def talk(peer: Peer) -> Talk:
    """DESCRIPTION_REQUEST; the answer begins with what the device is."""
    reply = bytes((yield Ask(HEADER + REQUEST + b"\0\x0e" + ANYWHERE)))
    if reply[:4] != HEADER + RESPONSE or int.from_bytes(reply[4:6], "big") != len(reply):
        return None
    if len(reply) < 6 + DEVICE_SIZE or reply[6:8] != bytes([DEVICE_SIZE, DEVICE]):
        return None
    device = reply[6 : 6 + DEVICE_SIZE]
    area, line, member = device[4] >> 4, device[4] & 15, device[5]
    name = text(device[24:54].partition(b"\0")[0])
    return Identity(
        "efcp",
        name,
        info=f"KNX address {area}.{line}.{member}",
        device="building automation",
        evidence=f"description of {name}".strip(),
        facts=(("serial", device[8:14].hex()), ("mac", device[18:24].hex(":"))),
    )
