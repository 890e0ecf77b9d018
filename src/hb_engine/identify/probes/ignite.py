"""Apache Ignite's port for thin clients: a handshake in a version that never was is refused, with the newest that is.

No session begins and no user is named. Specification: Apache Ignite, "Binary client protocol": handshake.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ignite", tcp=(10800,), anywhere=False)
# length, handshake, version 0.0.0, thin client
HANDSHAKE = b"\x08\0\0\0\x01\0\0\0\0\0\0\x02"
WORDS = b"Unsupported version"


def talk(peer: Peer) -> Talk:
    """A handshake that must fail."""
    reply = bytes((yield Ask(HANDSHAKE, until=framed(0, 4, 4, "little"))))
    # length, failure, three parts of a version, a text (kind 9)
    if len(reply) < 16 or len(reply) != 4 + int.from_bytes(reply[:4], "little") or reply[4] != 0 or reply[11] != 9:
        return None
    size = int.from_bytes(reply[12:16], "little")
    words = reply[16 : 16 + size]
    if len(words) != size or not words.startswith(WORDS):
        return None
    newest = ".".join(str(int.from_bytes(reply[at : at + 2], "little")) for at in (5, 7, 9))
    info = f"thin client protocol {newest}"
    return Identity(
        "ignite", "Apache Ignite", info=info, cpe=("cpe:/a:apache:ignite",), evidence=f"{text(words)}, {newest}"
    )
