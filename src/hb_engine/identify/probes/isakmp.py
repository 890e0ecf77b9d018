"""IKE on UDP 500 and 4500, the key exchange of IPsec: IKEv2 (RFC 7296) is asked first, then IKEv1 (RFC 2408, 2409).

The answer carries our initiator's SPI. One proposal that most accept is made; what the server agrees to, refuses or
wants proves it alike. Nothing is ever authenticated; what was begun expires by itself. On port 4500 four zero bytes
stand in front (RFC 7296 2.23, RFC 3948 2.2).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("isakmp", udp=(500, 4500), names=("nat-t-ike", "ipsec-nat-t", "ike"), anywhere=False)
NATT = 4500
SA, KE, NONCE, NOTIFY, NOTIFY1, VENDOR, VENDOR1 = 33, 34, 40, 41, 11, 43, 13
SA1 = 1
NOTICES = {
    5: "INVALID_MAJOR_VERSION",
    7: "INVALID_SYNTAX",
    14: "NO_PROPOSAL_CHOSEN",
    17: "INVALID_KE_PAYLOAD",
    16390: "COOKIE",
}
# Vendor ids that name a program: the MD5 of strongSwan's name, Microsoft's of "MS NT5 ISAKMPOAKLEY".
PRODUCTS = (
    (bytes.fromhex("882fe56d6fd20dbc2251613b2ebe5beb"), "strongSwan"),
    (bytes.fromhex("1e2b516905991c7d7c96fcbfb587e461"), "Microsoft Windows"),
    (b"OE-Libreswan-", "Libreswan"),
)


def talk(peer: Peer) -> Talk:
    """IKE_SA_INIT, and main mode where that stayed without an answer."""
    marker = bytes(4) if peer.port == NATT else b""
    spi = peer.nonce[:8]
    for request in (_sa_init(spi, peer.nonce), _main_mode(spi)):
        reply = bytes((yield Ask(marker + request)))
        message = reply[len(marker) :] if reply.startswith(marker) else b""
        if _is_answer(message, spi):
            return _named(message)
    return None


def _named(message: bytes) -> Identity:
    first = message[17] >> 4 == 1
    payloads = _payloads(message)
    vendors = [body for kind, body in payloads if kind == (VENDOR1 if first else VENDOR) and body]
    product = next((name for start, name in PRODUCTS for vendor in vendors if vendor.startswith(start)), "")
    version = next((text(v[len(PRODUCTS[2][0]) :]) for v in vendors if v.startswith(PRODUCTS[2][0])), "")
    notices = [_notice(body, first=first) for kind, body in payloads if kind == (NOTIFY1 if first else NOTIFY)]
    agreed = any(kind == (SA1 if first else SA) for kind, _ in payloads)
    said = "agrees to our proposal" if agreed else ", ".join(notice for notice in notices if notice)
    return Identity(
        "isakmp",
        product,
        version,
        info=f"IKEv{message[17] >> 4}" + (f", {said[:100]}" if said else ""),
        cpe=(f"cpe:/a:libreswan:libreswan:{version}",) if version[:1].isdigit() else (),
        proof="nonce",
        evidence=f"a response with our SPI, {len(payloads)} payloads",
        facts=tuple([("vendor id", text(v) if v.isascii() and text(v) else v[:32].hex()) for v in vendors[:8]]),
    )


def _is_answer(message: bytes, spi: bytes) -> bool:
    """A header with our SPI and the right length, of a responder (IKEv2), or of IKEv1, which has no such flag."""
    if len(message) < 28 or message[:8] != spi or int.from_bytes(message[24:28], "big") != len(message):
        return False
    version, exchange, flags = message[17] >> 4, message[18], message[19]
    if version == 2:
        return exchange == 34 and flags & 0x28 == 0x20
    if version != 1 or message[16] not in (SA1, NOTIFY1):
        return False
    return exchange == 5 or (exchange == 2 and any(message[8:16]))  # an echo has no cookie of the responder's


def _payloads(message: bytes) -> list[tuple[int, bytes]]:
    """The chain of payloads as (type, body), as far as it is whole."""
    kind, at, found = message[16], 28, list[tuple[int, bytes]]()
    while kind and at + 4 <= len(message) and len(found) < 32:
        size = int.from_bytes(message[at + 2 : at + 4], "big")
        if size < 4 or at + size > len(message):
            break
        found.append((kind, message[at + 4 : at + size]))
        kind, at = message[at], at + size
    return found


def _notice(body: bytes, *, first: bool) -> str:
    """What a notification says (RFC 7296 3.10; RFC 2408 3.14 has a domain of interpretation in front)."""
    place = 6 if first else 2
    return NOTICES.get(int.from_bytes(body[place : place + 2], "big"), "")


def _payload(following: int, body: bytes) -> bytes:
    return bytes([following, 0]) + (4 + len(body)).to_bytes(2, "big") + body


def _header(spi: bytes, kinds: bytes, body: bytes) -> bytes:
    """A header (RFC 7296 3.1): kinds are first payload, version, exchange, flags; the message id is 0."""
    fixed = spi + bytes(8) + kinds + bytes(4)
    return fixed + (28 + len(body)).to_bytes(4, "big") + body


def _sa_init(spi: bytes, nonce: bytes) -> bytes:
    """AES-CBC-256, PRF and integrity with HMAC-SHA2-256, group 14 (RFC 7296 3.3); any bytes may be a public value."""
    transforms = (b"\1\0\0\x0c\x80\x0e\1\0", b"\2\0\0\5", b"\3\0\0\x0c", b"\4\0\0\x0e")
    chain = b"".join(
        bytes([3 if number < len(transforms) else 0, 0]) + (4 + len(one)).to_bytes(2, "big") + one
        for number, one in enumerate(transforms, 1)
    )
    proposal = b"\0\0" + (8 + len(chain)).to_bytes(2, "big") + b"\1\1\0\4" + chain
    body = _payload(KE, proposal) + _payload(NONCE, b"\0\x0e\0\0" + nonce * 16) + _payload(0, nonce * 2)
    return _header(spi, bytes([SA, 0x20, 34, 0x08]), body)


def _main_mode(spi: bytes) -> bytes:
    """Main mode with one proposal: AES-CBC-256, SHA-1, pre-shared key, group 14, eight hours (RFC 2409 appendix A)."""
    attributes = b"\x80\1\0\7\x80\x0e\1\0\x80\2\0\2\x80\3\0\1\x80\4\0\x0e\x80\x0b\0\1\x80\x0c\x70\x80"
    transform = _payload(0, b"\1\1\0\0" + attributes)
    proposal = _payload(0, b"\1\1\0\1" + transform)
    return _header(spi, bytes([SA1, 0x10, 2, 0]), _payload(0, b"\0\0\0\1\0\0\0\1" + proposal))
