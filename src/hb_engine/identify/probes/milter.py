"""Milters, the filters of mail servers (opendkim, rspamd): options are negotiated, and the filter is sent home.

No message, sender or client is told. Specification: Sendmail, libmilter/mfdef.h (SMFIC_OPTNEG "O", SMFIC_QUIT "Q").
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("milter", tcp=(8891, 8893, 11332), anywhere=False)
# length, command; protocol 6, all actions, all steps that may be left out
NEGOTIATE = b"\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff"
QUIT = b"\0\0\0\x01Q"


def talk(peer: Peer) -> Talk:
    """Negotiate options, then quit."""
    reply = bytes((yield Ask(NEGOTIATE, until=framed(0, 4, 4))))
    size, version = int.from_bytes(reply[:4], "big"), int.from_bytes(reply[5:9], "big")
    if reply[4:5] != b"O" or size < 13 or len(reply) != 4 + size or not 2 <= version <= 6:
        return None
    if reply == NEGOTIATE:  # a filter takes some of what it is offered; an echo gives all of it back
        return None
    yield Ask(QUIT, wait=0.05)
    actions, steps = reply[9:13].hex(), reply[13:17].hex()
    return Identity("milter", info=f"protocol {version}", evidence=f"SMFIC_OPTNEG {version}, {actions}, {steps}")
