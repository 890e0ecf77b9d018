"""BGP: a router that takes us for a neighbour opens the conversation itself. We only listen, and never send OPEN.

Most routers hang up on strangers without a word; that proves nothing.
Specification: RFC 4271 (4.1, 4.2, 4.5), RFC 6793 (AS numbers of four bytes), RFC 5492 (capabilities).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("bgp", tcp=(179,), speaks="server")
MARKER = b"\xff" * 16
OPEN, NOTIFICATION = 1, 3
CAPABILITIES, FOUR_BYTES = 2, 65
ERRORS = {1: "message header", 2: "OPEN message", 3: "UPDATE message", 4: "hold timer", 5: "state machine", 6: "cease"}


def talk(peer: Peer) -> Talk:
    """Only listen, for OPEN or NOTIFICATION."""
    heard = bytes((yield Ask(until=_whole)))
    size = int.from_bytes(heard[16:18], "big")
    if heard[:16] != MARKER or not 19 <= size <= min(len(heard), 4096):
        return None
    kind, body = heard[18], heard[19:size]
    if kind == NOTIFICATION and len(body) >= 2 and body[0] in ERRORS:
        return Identity("bgp", info=f"NOTIFICATION, {ERRORS[body[0]]} {body[1]}", guarded=True, evidence=body[:2].hex())
    if kind != OPEN or len(body) < 10 or body[0] != 4 or len(body) != 10 + body[9]:
        return None
    number = _four_bytes(body[10:]) or int.from_bytes(body[1:3], "big")
    router = ".".join(str(byte) for byte in body[5:9])
    return Identity("bgp", info=f"AS {number}, router {router}", evidence=f"OPEN of AS {number}, router {router}")


def hint(reply: bytes) -> bool:
    """A message's marker."""
    return reply.startswith(MARKER) and len(reply) >= 19


def _whole(data: bytes) -> bool:
    if not MARKER.startswith(data[:16]):
        return True
    return len(data) >= 18 and len(data) >= int.from_bytes(data[16:18], "big")


def _four_bytes(parameters: bytes) -> int:
    """The AS number of the capability that has one of four bytes; 0 where there is none."""
    while len(parameters) >= 2 and len(parameters) >= 2 + parameters[1]:
        inside = parameters[2 : 2 + parameters[1]] if parameters[0] == CAPABILITIES else b""
        while len(inside) >= 2 and len(inside) >= 2 + inside[1]:
            if inside[0] == FOUR_BYTES and inside[1] == 4:
                return int.from_bytes(inside[2:6], "big")
            inside = inside[2 + inside[1] :]
        parameters = parameters[2 + parameters[1] :]
    return 0
