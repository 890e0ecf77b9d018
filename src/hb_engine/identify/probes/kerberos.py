"""Kerberos 5 (RFC 4120): a key distribution centre answers a request for a ticket of nobody with an error.

The request names a client that cannot exist, made of the nonce, in the realm HB.INVALID; a realm that is not served is
refused (68), or looked for in vain (6). The error carries the server's clock, and often our names. On TCP a length of
four bytes comes first (7.2.2). No key, no password, no pre-authentication is ever sent.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire.ber import SEQUENCE, first, integer, number, pieces, tlv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("kerberos-sec", tcp=(88,), udp=(88,), names=("kerberos",))
KRB_ERROR = 0x7E
GENERAL, TIME = 0x1B, 0x18  # GeneralString, GeneralizedTime
ERRORS = {
    6: "client unknown",
    7: "server unknown",
    12: "policy",
    14: "no common encryption",
    25: "pre-authentication required",
    52: "too big for UDP",
    60: "generic error",
    61: "field too long",
    68: "wrong realm",
}
MIT_WORDS = ("CLIENT_NOT_FOUND", "LOOKING_UP_CLIENT", "BAD_ENCRYPTION_TYPE", "NULL_CLIENT", "CANT_FIND_CLIENT_KEY")


def talk(peer: Peer) -> Talk:
    """One AS-REQ, one KRB-ERROR."""
    client = b"hb-" + peer.nonce[:6].hex().encode()
    request = _request(client, int.from_bytes(peer.nonce[6:10], "big") & 0x7FFFFFFF)
    stream = peer.transport != "udp"
    if stream:
        request = len(request).to_bytes(4, "big") + request
    reply = yield Ask(request, until=framed(0, 4, 4) if stream else None)
    told = error(reply[4:] if stream else reply)
    if told is None:
        return None
    code, fields = told
    says = text(_string(fields.get(11)))
    realm = text(_string(fields.get(9)))
    echoed = client in (fields.get(8) or b"")
    return Identity(
        "kerberos-sec",
        "MIT Kerberos" if says in MIT_WORDS else "",
        info=says,
        cpe=("cpe:/a:mit:kerberos_5",) if says in MIT_WORDS else (),
        proof="nonce" if echoed else "structure",
        evidence=f"error {code} ({ERRORS.get(code, 'unlisted')}), server time {text(_string(fields.get(4)))}",
        facts=tuple([(k, v) for k, v in (("server time", _time(fields)), ("realm", realm)) if v and v != "HB.INVALID"]),
    )


def hint(reply: bytes) -> bool:
    """What a centre says to a GET, whose first bytes are a length that is too long: error 61."""
    return error(reply[4:]) is not None


def error(data: bytes) -> tuple[int, dict[int, bytes]] | None:
    """The code of a KRB-ERROR (5.9.1) and its fields by number; None for anything else."""
    body = first(data, KRB_ERROR, SEQUENCE)
    fields = {tag - 0xA0: content for tag, content in pieces(body or b"") if tag >= 0xA0}
    code = number(first(fields.get(6, b""), 0x02))
    if number(first(fields.get(0, b""), 0x02)) != 5 or number(first(fields.get(1, b""), 0x02)) != 30:
        return None
    if code is None or not 0 <= code < 128 or not 4 <= len(_string(fields.get(4))) <= 20:
        return None
    return code, fields


def _request(client: bytes, nonce: int) -> bytes:
    """AS-REQ (5.4.1) for krbtgt/HB.INVALID, until 2037, with AES and RC4."""

    def name(kind: int, *parts: bytes) -> bytes:
        strings = tlv(SEQUENCE, *[tlv(GENERAL, part) for part in parts])
        return tlv(SEQUENCE, tlv(0xA0, integer(kind)), tlv(0xA1, strings))

    realm = b"HB.INVALID"
    body = tlv(
        SEQUENCE,
        tlv(0xA0, tlv(0x03, bytes(5))),  # no options
        tlv(0xA1, name(1, client)),
        tlv(0xA2, tlv(GENERAL, realm)),
        tlv(0xA3, name(2, b"krbtgt", realm)),
        tlv(0xA5, tlv(TIME, b"20370913024805Z")),
        tlv(0xA7, integer(nonce)),
        tlv(0xA8, tlv(SEQUENCE, integer(18), integer(17), integer(23))),
    )
    return tlv(0x6A, tlv(SEQUENCE, tlv(0xA1, integer(5)), tlv(0xA2, integer(10)), tlv(0xA4, body)))


def _string(field: bytes | None) -> bytes:
    """The string inside a field, whatever its kind."""
    return next((content for _, content in pieces(field or b"")), b"")


def _time(fields: dict[int, bytes]) -> str:
    return text(_string(fields.get(4)))
