"""iSCSI (RFC 7143): a login request that stays in its first stage and offers nothing is answered under our task tag.

The transit bit is clear, so no session ever comes to be, and no target is listed. The answer says that a portal is
there, or why it would not have us.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("iscsi", tcp=(3260, 860), names=("iscsi-target",))
KEYS = b"InitiatorName=iqn.2000-01.invalid.hb:probe\0SessionType=Discovery\0AuthMethod=None\0"
CLASSES = ("", "redirected", "refused: initiator", "refused: target")


def talk(peer: Peer) -> Talk:
    """One login request (11.12), one login response (11.13)."""
    tag = peer.nonce[:4]
    reply = yield Ask(_login(tag, peer.nonce[4:7]), until=_whole)
    if len(reply) < 48 or reply[0] & 0x3F != 0x23 or reply[16:20] != tag or reply[36] >= len(CLASSES):
        return None
    told = dict(part.split(b"=", 1) for part in reply[48:].split(b"\0") if b"=" in part)
    code = CLASSES[reply[36]]
    shown = ("TargetAlias", "TargetPortalGroupTag", "TargetAddress", "AuthMethod")
    return Identity(
        "iscsi",
        info=f"{code} {reply[37]:#04x}" if code else "",
        proof="nonce",
        evidence=f"login response, status {reply[36]:02x}{reply[37]:02x}",
        guarded=bool(code),
        facts=tuple([(key, text(told[key.encode()])) for key in shown if key.encode() in told]),
    )


def _login(tag: bytes, random: bytes) -> bytes:
    """Immediate, stage 0, ISID of the random kind, no session yet."""
    head = Struct(">BBBBB3s").pack(0x43, 0, 0, 0, 0, len(KEYS).to_bytes(3, "big"))
    head += b"\x80" + random + b"\0\0" + b"\0\0" + tag + bytes(4) + (1).to_bytes(4, "big") + bytes(20)
    return head + KEYS + bytes(-len(KEYS) % 4)


def _whole(data: bytes) -> bool:
    """A header of 48 bytes, with additional headers and data padded to four (11.2)."""
    if len(data) < 48:
        return bool(data) and data[0] & 0x3F != 0x23
    size = int.from_bytes(data[5:8], "big")
    return len(data) >= 48 + 4 * data[4] + size + -size % 4
