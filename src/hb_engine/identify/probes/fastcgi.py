"""FastCGI: GET_VALUES asks an application server (php-fpm) what it can do, without running anything.

Specification: FastCGI 1.0, 4.1 (FCGI_GET_VALUES 9, FCGI_GET_VALUES_RESULT 10).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("fastcgi", tcp=(9000,), names=("php-fpm",))
NAME = b"FCGI_MPXS_CONNS"
# version 1, type, request 0, length, padding, reserved; a name with no value
QUESTION = b"\x01\x09\0\0" + (2 + len(NAME)).to_bytes(2, "big") + b"\x07\0" + bytes([len(NAME), 0]) + NAME + bytes(7)


def talk(peer: Peer) -> Talk:
    """GET_VALUES; a server may know the name or not, and answers with what it knows."""
    reply = bytes((yield Ask(QUESTION, until=_whole)))
    size, padding = int.from_bytes(reply[4:6], "big"), reply[6] if len(reply) > 7 else 0
    body = reply[8 : 8 + size]
    if reply[:4] != b"\x01\x0a\0\0" or len(reply) != 8 + size + padding:
        return None
    if size and not (body[0] == len(NAME) and body[2 : 2 + len(NAME)] == NAME and len(body) == 2 + len(NAME) + body[1]):
        return None
    return Identity("fastcgi", evidence=f"GET_VALUES_RESULT {text(body[2:])}".rstrip())


def _whole(data: bytes) -> bool:
    return len(data) >= 8 and len(data) >= 8 + int.from_bytes(data[4:6], "big") + data[6]
