"""VNC, the RFB protocol (RFC 6143): the server says its version, and after ours the kinds of security it takes.

No kind that leads to a password is chosen. VeNCrypt (rfbproto, security type 19) begins TLS and is followed as far as
the certificate. The protocol does not name the program; a version beyond 3.8 does, where its maker chose one.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, at_least, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from hb_engine.identify.kit import Command, Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("vnc", tcp=(5900, 5901, 5902, 5903), speaks="server", names=("rfb", "vnc-1", "vnc-2", "vnc-3"))
KINDS = {
    1: "none",
    2: "VNC password",
    5: "RA2",
    6: "RA2ne",
    13: "RA2 256",
    16: "Tight",
    17: "Ultra",
    18: "TLS",
    19: "VeNCrypt",
    20: "SASL",
    30: "Apple Diffie-Hellman",
    33: "Apple SRP",
    129: "RSA-AES 256",
}
X509 = (260, 261, 262)  # VeNCrypt's kinds with a certificate: none, VNC password, name and password
PRODUCTS = {"003.889": "Apple remote desktop", "004.000": "RealVNC", "004.001": "RealVNC", "005.000": "RealVNC"}


def talk(peer: Peer) -> Talk:
    """The version, ours in return, the kinds of security, VeNCrypt's certificate."""
    heard = yield Ask(until=lambda data: len(data) >= 12 or not b"RFB ".startswith(data[:4]))
    version = heard[4:11].decode("latin-1")
    if len(heard) < 12 or heard[:4] != b"RFB " or heard[11:12] != b"\n" or version[3:4] != ".":
        return None
    if not (version[:3] + version[4:]).isdigit():
        return None
    old = version < "003.007"
    offer = yield Ask(b"RFB 003.003\n" if old else b"RFB 003.008\n", until=_offered_old if old else _offered)
    kinds, reason = _kinds_old(offer) if old else _kinds(offer)
    starttls, tls = "", None
    if kinds and not peer.tls:
        secret = [kind for kind in kinds if kind in (18, 19)]
        starttls = "absent" if not secret else "required" if len(secret) == len(kinds) else "offered"
    if starttls != "absent" and 19 in kinds and not old:
        tls = yield from _vencrypt()
    return Identity(
        "vnc",
        PRODUCTS.get(version, ""),
        info=f"protocol {int(version[:3])}.{int(version[4:])}",
        evidence=text(heard),
        guarded=bool(reason) or (bool(kinds) and 1 not in kinds),
        starttls=starttls,
        tls=tls,
        facts=tuple([(key, value) for key, value in (("security", _words(kinds)), ("refused", reason)) if value]),
    )


def _vencrypt() -> Generator[Command, Any, Tls | None]:
    """Version 0.2, its kinds, the first with a certificate, TLS; None where there is none."""
    if (yield Ask(b"\x13", until=at_least(2)))[:2] != b"\0\2":
        return None
    told = yield Ask(
        b"\0\2", until=lambda data: data[:1] not in (b"", b"\0") or len(data) > 1 + 4 * (data + b"\0\0")[1]
    )
    subtypes = [int.from_bytes(told[at : at + 4], "big") for at in range(2, len(told) - 3, 4)]
    chosen = next((kind for kind in subtypes if kind in X509), 0)
    if told[:1] != b"\0" or not chosen or (yield Ask(chosen.to_bytes(4, "big"), until=at_least(1)))[:1] != b"\1":
        return None
    tls: Tls | None = yield StartTls()
    return tls


def _kinds(offer: bytes) -> tuple[tuple[int, ...], str]:
    """The kinds of a list (7.1.2), or the reason why there are none."""
    if not offer:
        return (), ""
    if offer[0]:
        return tuple(offer[1 : 1 + offer[0]]), ""
    return (), text(offer[5 : 5 + int.from_bytes(offer[1:5], "big")]) or "no reason"


def _kinds_old(offer: bytes) -> tuple[tuple[int, ...], str]:
    """The one kind that a server of 3.3 decides for, or the reason why there is none."""
    kind = int.from_bytes(offer[:4], "big") if len(offer) >= 4 else 0
    return ((kind,) if kind else ()), text(offer[8:]) if len(offer) >= 8 and not kind else ""


def _offered(data: bytes) -> bool:
    if not data or data[0]:
        return bool(data) and len(data) > data[0]
    return len(data) >= 5 and len(data) >= 5 + int.from_bytes(data[1:5], "big")


def _offered_old(data: bytes) -> bool:
    if len(data) < 4 or any(data[:4]):
        return len(data) >= 4
    return len(data) >= 8 and len(data) >= 8 + int.from_bytes(data[4:8], "big")


def _words(kinds: tuple[int, ...]) -> str:
    return ", ".join([KINDS.get(kind, str(kind)) for kind in kinds])[:200]
