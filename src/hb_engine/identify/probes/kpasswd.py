"""The Kerberos password service (RFC 3244): a request whose ticket is four zeros is refused with an error.

It holds no ticket and no password, so nothing could be changed by it. On TCP a length of four bytes comes first.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire.ber import SEQUENCE, first, number, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("kpasswd5", tcp=(464,), udp=(464,), names=("kpasswd",), anywhere=False)
REQUEST = b"\x00\x0e\x00\x01\x00\x04" + bytes(8)  # length 14, version 1, a ticket of four bytes, and four behind it

PRODUCTS = (("Failed reading application request", "MIT Kerberos"), ("gensec_update failed", "Samba"))


def talk(peer: Peer) -> Talk:
    """One request, one reply: a header, and a KRB-ERROR whose data says what was wrong."""
    stream = peer.transport != "udp"
    request = len(REQUEST).to_bytes(4, "big") + REQUEST if stream else REQUEST
    reply = yield Ask(request, until=framed(0, 4, 4) if stream else None)
    message = reply[4:] if stream else reply
    if (
        len(message) < 6
        or int.from_bytes(message[:2], "big") != len(message)
        or message[2:4] not in (b"\0\1", b"\xff\x80")
    ):
        return None
    ticket = int.from_bytes(message[4:6], "big")
    body = first(message[6 + ticket :], 0x7E, SEQUENCE)
    fields = {tag - 0xA0: content for tag, content in pieces(body or b"") if tag >= 0xA0}
    if ticket or number(first(fields.get(1, b""), 0x02)) != 30:
        return None
    data = next((content for _, content in pieces(fields.get(12, b""))), b"")
    said, realm = text(data[2:]), next((text(content) for _, content in pieces(fields.get(9, b""))), "")
    product = next((name for words, name in PRODUCTS if said.startswith(words)), "")
    return Identity(
        "kpasswd5",
        product,
        info=said,
        evidence=said or "KRB-ERROR to a ticket of zeros",
        facts=(("realm", realm),) if realm else (),
    )
