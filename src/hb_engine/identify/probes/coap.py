"""CoAP on UDP 5683: GET of /.well-known/core, the list of what a server has (RFC 7252, RFC 6690).

Message id and token are ours and come back. The answer may be larger than the question, so it is asked once, and
further blocks are not fetched.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("coap", udp=(5683,), anywhere=False)
CONFIRMABLE, NON_CONFIRMABLE, ACKNOWLEDGEMENT, RESET = range(4)
GET, TOKEN_BYTES = 1, 4
PATH = b"\xbb.well-known\x04core"  # two Uri-Path options (11)
PAYLOAD = b"\xff"
AIOCOAP = b"/tools/aiocoap/#version-"


def talk(peer: Peer) -> Talk:
    """One confirmable GET."""
    identifier, token = peer.nonce[:2], peer.nonce[2 : 2 + TOKEN_BYTES]
    reply = bytes((yield Ask(bytes([0x40 | TOKEN_BYTES, GET]) + identifier + token + PATH)))
    if len(reply) < 4 or reply[0] >> 6 != 1:
        return None
    kind, size, code = reply[0] >> 4 & 3, reply[0] & 15, reply[1]
    if kind in (ACKNOWLEDGEMENT, RESET) and reply[2:4] != identifier:
        return None
    if code == 0:  # an empty acknowledgement, the answer comes later; or a reset
        empty = kind in (ACKNOWLEDGEMENT, RESET) and len(reply) == 4
        return Identity("coap", proof="nonce", evidence="our message id, without an answer") if empty else None
    if kind == RESET or code >> 5 not in (2, 4, 5) or size != TOKEN_BYTES or reply[4 : 4 + size] != token:
        return None
    payload, status = _payload(reply[4 + size :]), f"{code >> 5}.{code & 31:02}"
    links = payload.count(b"<") if code >> 5 == 2 else 0
    version = text(payload.partition(AIOCOAP)[2].partition(b">")[0])  # the link with rel=impl-info
    return Identity(
        "coap",
        "aiocoap" if version else "",
        version,
        info=f"{links} resources in the first block" if links else status,
        proof="nonce",
        evidence=f"our token, {status} {text(payload, 120)}".strip(),
        guarded=status in ("4.01", "4.03"),
    )


def _payload(rest: bytes) -> bytes:
    """What is behind the options (RFC 7252 3.1)."""
    at = 0
    while at < len(rest) and rest[at] != PAYLOAD[0]:
        delta, length = rest[at] >> 4, rest[at] & 15
        at += 1 + (delta == 13) + 2 * (delta == 14)
        if length == 13:
            length = 13 + int.from_bytes(rest[at : at + 1], "big")
            at += 1
        elif length == 14:
            length = 269 + int.from_bytes(rest[at : at + 2], "big")
            at += 2
        at += length
    return rest[at + 1 :]
