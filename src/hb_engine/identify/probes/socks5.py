"""SOCKS 5 on TCP 1080, Tor's on 9050: the greeting that offers a way to authenticate (RFC 1928 3, 4, 6).

Two bytes come back. Where we are let in, a command that does not exist is sent, for no address: it is refused in the
form of a SOCKS reply, or the server hangs up. No connection, binding or name is ever asked for.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("socks5", tcp=(1080, 9050, 9150), names=("socks",))
OFFER = b"\5\1\0"  # one method: no authentication
OPEN, UNACCEPTABLE = b"\5\0", b"\5\xff"
NO_COMMAND = b"\5\x7f\0\1" + bytes(6)  # version, command 127, reserved, an IPv4 address and a port of zeros
REPLY_SIZE = 10  # with an IPv4 address in it
TOR = b"Tor is not an HTTP Proxy"


def talk(peer: Peer) -> Talk:
    """The greeting, and the command that cannot be."""
    reply = bytes((yield Ask(OFFER, until=at_least(2))))
    if reply == UNACCEPTABLE:
        told = "wants authentication"
        return Identity("socks5", info=told, evidence=f"method 0xff: {told}", guarded=True)
    if reply != OPEN:
        return None
    refused = yield Ask(NO_COMMAND, until=at_least(REPLY_SIZE), wait=1)
    proved = _refuses(refused) or (not refused and refused.ended in ("closed", "reset"))
    told = "no authentication"
    return Identity("socks5", info=told, proof="structure" if proved else "pattern", evidence=f"method 0x00: {told}")


def _refuses(reply: bytes) -> bool:
    """Version 5, one of the failures that there are, and a zero (RFC 1928 6)."""
    return reply[:1] == b"\5" and 1 <= int.from_bytes(reply[1:2], "big") <= 8 and reply[2:3] == b"\0"


def hint(reply: bytes) -> bool:
    """What Tor's SOCKS port says to an HTTP request."""
    return TOR in reply
