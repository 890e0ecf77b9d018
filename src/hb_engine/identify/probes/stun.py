"""STUN on UDP and TCP 3478, inside TLS on TCP 5349; and TURN, which lives on the same ports (RFC 8489, RFC 8656).

A binding request changes nothing. Whether it is a TURN server too is learnt from a Refresh with a lifetime of zero, for
an allocation that does not exist: such a server wants credentials or says that there is none. Nothing is allocated.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "stun", (3478,), (5349,), (3478,), names=("turn", "stuns", "turns"), alpn=("stun.turn", "stun.nat-discovery")
)
BINDING, REFRESH = 0x0001, 0x0004
ANSWERS = 0x0100, 0x0110  # success, error
COOKIE = b"\x21\x12\xa4\x42"
ERROR_CODE, REALM, LIFETIME, SOFTWARE = 0x0009, 0x0014, 0x000D, 0x8022
TURN_CODES = (401, 403, 437, 438)  # unauthenticated, forbidden, allocation mismatch, stale nonce


def talk(peer: Peer) -> Talk:
    """A binding request, then the question for TURN."""
    reply = yield Ask(_message(BINDING, peer.nonce[:12]), until=framed(2, 2, 20))
    told = _answer(bytes(reply), BINDING, peer.nonce[:12])
    if told is None:
        return None
    other = peer.nonce[4:16]
    refused = yield Ask(_message(REFRESH, other, b"\0\x0d\0\4\0\0\0\0"), until=framed(2, 2, 20), wait=1)
    turn = _answer(bytes(refused), REFRESH, other) or {}
    code = turn.get(ERROR_CODE, b"")
    relays = len(code) >= 4 and (code[2] & 7) * 100 + code[3] in TURN_CODES
    software = text(told.get(SOFTWARE) or turn.get(SOFTWARE, b""))
    product, version = _product(software)
    return Identity(
        "stun",
        product or software,
        version,
        info="TURN too" if relays else "",
        cpe=(f"cpe:/a:coturn_project:coturn:{version}",) if product == "Coturn" and version else (),
        proof="nonce",
        evidence=f"a binding response with our transaction id {software}".strip(),
        facts=(("realm", text(turn[REALM])),) if relays and REALM in turn else (),
    )


def _message(kind: int, transaction: bytes, attributes: bytes = b"") -> bytes:
    return kind.to_bytes(2, "big") + len(attributes).to_bytes(2, "big") + COOKIE + transaction + attributes


def _answer(reply: bytes, method: int, transaction: bytes) -> dict[int, bytes] | None:
    """The attributes of a success or an error of this method that is ours, or None."""
    if len(reply) < 20 or int.from_bytes(reply[:2], "big") not in (method | ANSWERS[0], method | ANSWERS[1]):
        return None
    if len(reply) - 20 != int.from_bytes(reply[2:4], "big") or reply[4:20] != COOKIE + transaction:
        return None
    at, told = 20, dict[int, bytes]()
    while at + 4 <= len(reply):
        kind, size = int.from_bytes(reply[at : at + 2], "big"), int.from_bytes(reply[at + 2 : at + 4], "big")
        told.setdefault(kind, reply[at + 4 : at + 4 + size])
        at += 4 + (size + 3 & ~3)
    return told


def _product(software: str) -> tuple[str, str]:
    """Coturn-4.6.1 'Gorst', restund v0.4.12, ejabberd ...: name and version where they can be told apart."""
    word = software.partition(" ")[0]
    name, dash, version = word.partition("-")
    return (name, version) if dash and version[:1].isdigit() else ("", "")
