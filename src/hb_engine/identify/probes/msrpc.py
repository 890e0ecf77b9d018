"""DCE/RPC over TCP (C706, MS-RPCE): a bind to the endpoint mapper is acknowledged, or refused, with our call id.

The bind carries NTLM's first message, as a client's would, so the acknowledgement brings the challenge, which names
the machine and its build. No third message follows: nobody logs in, and nothing is called.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire.ntlm import NEGOTIATE, Challenge, challenge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("msrpc", tcp=(135,), names=("epmap", "loc-srv"))
BIND, ACK, NAK, FAULT = 11, 12, 13, 3
MAPPER = bytes.fromhex("0883afe11f5dc91191a408002b14a0fa") + (3).to_bytes(4, "little")  # e1af8308-... version 3.0
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + (2).to_bytes(4, "little")  # 8a885d04-... version 2.0


def talk(peer: Peer) -> Talk:
    """One bind."""
    call = peer.nonce[:4]
    reply = yield Ask(_bind(call), until=framed(8, 2, order="little"))
    kind = reply[2] if len(reply) >= 16 else 0
    if reply[:2] != b"\5\0" or kind not in (ACK, NAK, FAULT) or reply[4:5] != b"\x10" or reply[12:16] != call:
        return None
    if int.from_bytes(reply[8:10], "little") != len(reply):
        return None
    who = challenge(reply) or Challenge()
    samba = who.version == "6.1.0"  # Windows 6.1 has a build
    return Identity(
        "msrpc",
        "Samba" if samba else "Microsoft Windows RPC" if who.build else "",
        info={ACK: "endpoint mapper", NAK: "bind refused", FAULT: "fault"}[kind],
        hostname=text(who.host.encode()),
        system="" if samba else who.system,
        cpe=("cpe:/a:samba:samba",) if samba else (),
        proof="nonce",
        evidence=f"bind answered with packet type {kind}, call id ours",
        guarded=kind != ACK,
        facts=tuple([(name, text(value.encode())) for name, value in who.facts]),
    )


def _bind(call: bytes) -> bytes:
    """C706 12.6.4.3, with one context, and an NTLM token at connect level (MS-RPCE 2.2.2.11)."""
    context = b"\1\0\0\0" + b"\0\0\1\0" + MAPPER + NDR
    verifier = bytes((10, 2, 0, 0)) + bytes(4) + NEGOTIATE
    body = Struct("<HHI").pack(4280, 4280, 0) + context + verifier
    head = bytes((5, 0, BIND, 3)) + b"\x10\0\0\0" + Struct("<HH").pack(16 + len(body), len(NEGOTIATE)) + call
    return head + body
