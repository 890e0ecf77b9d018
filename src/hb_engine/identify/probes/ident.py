"""The identification protocol (RFC 1413): the server repeats the two ports that are asked for, and knows no owner.

The ports are made of the nonce, so they belong to no connection of ours; who owns a real one is not asked.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ident", tcp=(113,), names=("auth",))
ERRORS = (b"INVALID-PORT", b"NO-USER", b"HIDDEN-USER", b"UNKNOWN-ERROR")


def talk(peer: Peer) -> Talk:
    """One pair of ports, one line about it."""
    ports = [1 + int.from_bytes(peer.nonce[at : at + 2], "big") % 65535 for at in (0, 2)]
    reply = yield Ask(b"%d , %d\r\n" % tuple(ports), until=b"\n")
    pair, _, rest = reply.partition(b"\n")[0].partition(b":")
    kind, _, detail = rest.partition(b":")
    told = pair.split(b",")
    if [part.strip() for part in told] != [str(port).encode() for port in ports]:
        return None
    if kind.strip() == b"ERROR" and (detail.strip() in ERRORS or detail.strip().startswith(b"X")):
        return Identity("ident", info=text(detail).lower(), proof="nonce", evidence=text(reply))
    if kind.strip() == b"USERID" and detail.strip():
        return Identity("ident", info="names a user for any connection", proof="nonce", evidence=text(reply))
    return None


def hint(reply: bytes) -> bool:
    """The complaint about a GET: two zero ports, or none."""
    kind = [part.strip() for part in reply.partition(b"\n")[0].split(b":")]
    return len(kind) >= 3 and kind[1] == b"ERROR" and kind[2] in ERRORS
