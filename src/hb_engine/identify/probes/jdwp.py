"""JDWP, Java's debugger port: a handshake of 14 bytes, then the version of the virtual machine.

Only one debugger may be attached, and a machine that waits for its debugger goes on when one has come and gone: no byte
is sent unless somebody asked for it (care: asked). Nothing is suspended, set or invoked.
Specification: Java Debug Wire Protocol, "Start Up", "Packets", VirtualMachine.Version (1, 1).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least, text
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("jdwp", tcp=(5005, 8000), care="asked", anywhere=False)
HANDSHAKE = b"JDWP-Handshake"


def talk(peer: Peer) -> Talk:
    """The handshake, and VirtualMachine.Version under a number of ours."""
    reply = yield Ask(HANDSHAKE, until=at_least(len(HANDSHAKE)))
    if not reply.startswith(HANDSHAKE):
        return None
    number = peer.nonce[:4]
    # length, number, no flags, command set 1, command 1
    said = yield Ask(b"\0\0\0\x0b" + number + b"\0\x01\x01", until=lambda data: _answer(data, number) is not None)
    body = _answer(bytes(said), number)
    if body is None:  # whoever repeats what it hears repeats this too, as a command and not as a reply
        return Identity("jdwp", proof="pattern", evidence="JDWP-Handshake") if not said else None
    description, version, name = _told(body)
    return Identity("jdwp", name, version, info="Java debugger port", proof="nonce", evidence=description)


def _answer(data: bytes, number: bytes) -> bytes | None:
    """The body of the reply (flag 80) to our command; a machine may tell events in between."""
    for _ in range(20):
        size = int.from_bytes(data[:4], "big")
        if not 11 <= size <= len(data):
            return None
        if data[4:8] == number and data[8:11] == b"\x80\0\0":
            return data[11:size]
        data = data[size:]
    return None


def _told(body: bytes) -> tuple[str, str, str]:
    """Description, the machine's version, its name; two numbers of the protocol between them."""
    cursor = Cursor(body)
    try:
        description = text(cursor.take(cursor.be32()))
        cursor.skip(8)
        return description, text(cursor.take(cursor.be32())), text(cursor.take(cursor.be32()))
    except Truncated:
        return "", "", ""
