"""Serf's RPC (7373): the handshake that every client begins with, under a number of ours. No command follows it.

Where a key is wanted, that is told only to commands.
Specification: HashiCorp Serf, "RPC protocol": handshake; MessagePack.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("serf", tcp=(7373,), names=("serf-rpc",), anywhere=False)
VERSION = b"\x81\xa7Version\x01"


def talk(peer: Peer) -> Talk:
    """handshake: a header (Command, Seq), a body (Version)."""
    number = b"\xce" + bytes([peer.nonce[0] | 0x80]) + peer.nonce[1:4]  # an unsigned integer of 32 bits
    header = b"\x82\xa7Command\xa9handshake\xa3Seq" + number
    reply = bytes((yield Ask(header + VERSION, until=_whole)))
    # two pairs in any order: Seq is ours, Error a text
    if reply[:1] != b"\x82" or b"\xa3Seq" + number not in reply or b"\xa5Error" not in reply:
        return None
    error = _text(reply.partition(b"\xa5Error")[2])
    if error is None or len(reply) != 1 + 4 + 5 + 6 + 1 + len(error):
        return None
    told = text(error)
    return Identity(
        "serf", "Serf agent", info=told, guarded=bool(told), proof="nonce", evidence=f"handshake {told}".rstrip()
    )


def _text(data: bytes) -> bytes | None:
    """A text of up to 31 bytes."""
    size = data[0] - 0xA0 if data else -1
    return data[1 : 1 + size] if 0 <= size < 32 and len(data) > size else None


def _whole(data: bytes) -> bool:
    """Both pairs are there, or what comes is no map of two."""
    if data[:1] != b"\x82":
        return bool(data)
    error = _text(data.partition(b"\xa5Error")[2])
    return error is not None and len(data) >= 1 + 4 + 5 + 6 + 1 + len(error)
