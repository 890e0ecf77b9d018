"""TFTP (RFC 1350): a file that cannot exist is asked for; the error comes from a port of the server's own choice.

The file's name is made of the nonce. Nothing is ever written, and a file that is there after all is not fetched: its
first block proves the protocol, and is not acknowledged.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("tftp", udp=(69,))
ERRORS = (
    "not defined",
    "file not found",
    "access violation",
    "disk full",
    "illegal operation",
    "unknown transfer id",
    "file already exists",
    "no such user",
    "option refused",
)


def talk(peer: Peer) -> Talk:
    """One read request, one datagram back."""
    name = b"hb-" + peer.nonce[:6].hex().encode()
    reply = yield Ask(b"\0\1" + name + b"\0octet\0", other_port=True)
    operation, code = reply[:2], int.from_bytes(reply[2:4], "big")
    if operation == b"\0\5" and len(reply) >= 5 and reply.endswith(b"\0") and code < len(ERRORS):
        said = text(reply[4:])
        return Identity("tftp", info=ERRORS[code], evidence=f"error {code}: {said}"[:200], guarded=code == 2)
    if operation == b"\0\3" and code == 1 and 4 <= len(reply) <= 516:
        return Identity("tftp", info="any name is served", evidence=f"data, block 1 of {len(reply) - 4} bytes")
    return None
