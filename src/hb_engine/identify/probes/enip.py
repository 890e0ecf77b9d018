"""EtherNet/IP on TCP and UDP 44818: ListIdentity, which every device answers without a session (CIP volume 2, 2-4.2).

Controllers are fragile: it is asked only where a person said so, once, and it only reads.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("EtherNetIP-2", tcp=(44818,), udp=(44818,), names=("EtherNet-IP-2", "enip"), care="asked", anywhere=False)
LIST_IDENTITY = b"\x63\0"
IDENTITY = 0x0C
VENDORS = {1: "Rockwell Automation/Allen-Bradley", 47: "Omron", 90: "HMS Industrial Networks", 283: "Hilscher"}


def talk(peer: Peer) -> Talk:
    """ListIdentity; its first two bytes of context would be a delay (2-4.2.2), the other six are ours."""
    context = b"\0\0" + peer.nonce[:6]
    reply = bytes((yield Ask(LIST_IDENTITY + bytes(10) + context + bytes(4), until=framed(2, 2, 24, "little"))))
    if len(reply) < 26 or reply[:2] != LIST_IDENTITY or reply[12:20] != context:
        return None
    if _number(reply, 2) != len(reply) - 24:
        return None
    if _number(reply, 24) == 0 or _number(reply, 26) != IDENTITY or len(reply) < 63:
        return Identity("EtherNetIP-2", proof="nonce", evidence="an answer with our context, without an identity")
    name = reply[63 : 63 + reply[62]]
    return Identity(
        "EtherNetIP-2",
        text(name),
        f"{reply[54]}.{reply[55]}",
        info=VENDORS.get(_number(reply, 48), f"vendor {_number(reply, 48)}"),
        proof="nonce",
        evidence=f"identity of {text(name)}",
        facts=(
            ("device type", str(_number(reply, 50))),
            ("product code", str(_number(reply, 52))),
            ("serial", reply[58:62][::-1].hex()),
        ),
    )


def _number(reply: bytes, at: int) -> int:
    return int.from_bytes(reply[at : at + 2], "little")
