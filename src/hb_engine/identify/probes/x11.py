"""X11 (X Window System Protocol, chapter 8): the connection setup is answered with the server's vendor, or a reason.

No authorization is sent. Where the door is open, which everybody should know, the connection ends right there.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("X11", tcp=tuple(range(6000, 6010)), names=("x11", *[f"x11-{number}" for number in range(1, 10)]))
REQUEST = b"l\0" + Struct("<HHHHH").pack(11, 0, 0, 0, 0)
FAILED, SUCCESS, AUTHENTICATE = 0, 1, 2


def talk(peer: Peer) -> Talk:
    """One setup request, and the first part of its answer."""
    reply = yield Ask(REQUEST, until=_whole)
    if len(reply) < 8 or reply == REQUEST[: len(reply)]:
        return None
    status, length = reply[0], int.from_bytes(reply[6:8], "little")
    if (
        status == AUTHENTICATE
        and 0 < length <= 256
        and len(reply) == 8 + 4 * length
        and reply[8:].strip(b"\0").isascii()
    ):
        return Identity("X11", info="authentication required", evidence=text(reply[8:].strip(b"\0")), guarded=True)
    if reply[2:4] != b"\x0b\0" or status not in (FAILED, SUCCESS):
        return None
    if status == FAILED:
        reason = text(reply[8 : 8 + reply[1]].strip(b"\0"))
        if not reply[1] or not reason or (reply[1] + 3) // 4 != length:
            return None
        return Identity("X11", info="access denied", evidence=reason, guarded=True)
    return _open(reply, length) if len(reply) >= 40 and length >= 8 else None


def _open(reply: bytes, length: int) -> Identity | None:
    release, size = int.from_bytes(reply[8:12], "little"), int.from_bytes(reply[24:26], "little")
    if 32 + size > 4 * length:
        return None
    vendor = text(reply[40 : 40 + size])
    xorg = vendor == "The X.Org Foundation"
    version = _version(release) if xorg else ""
    return Identity(
        "X11",
        "X.Org X server" if xorg else vendor,
        version,
        info="open to everybody",
        cpe=(f"cpe:/a:x.org:x_server:{version}",) if version else (),
        evidence=f"setup accepted by {vendor}, release {release}"[:200],
    )


def _version(release: int) -> str:
    """12101007 is 21.1.7, 12013000 is 1.20.13: since 21 the leading one is no part of the version."""
    parts = (release // 10_000_000, release // 100_000 % 100, release // 1000 % 100, release % 1000)
    if parts[0] == 1 and parts[1] >= 21:
        return ".".join([str(part) for part in parts[1:]])
    return ".".join([str(part) for part in parts[:3]])


def _whole(data: bytes) -> bool:
    """The vendor is there, or the reason; screens and formats behind it are not waited for."""
    if len(data) < 8:
        return bool(data) and data[0] > AUTHENTICATE
    promised = 8 + 4 * int.from_bytes(data[6:8], "little")
    if data[0] != SUCCESS:
        return len(data) >= promised
    return len(data) >= min(promised, 40 + (int.from_bytes(data[24:26], "little") if len(data) >= 26 else 0))
