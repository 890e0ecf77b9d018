"""Talks that are nobody's protocol: to listen, to see whether a peer repeats our words, to shake hands and go."""

from __future__ import annotations

from hb_engine.identify.kit import Ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Peer, Talk


def listen() -> Talk:
    """Say nothing, and hear what comes until it pauses."""
    yield Ask(until=_never)
    return None


def parrot(peer: Peer) -> Talk:
    """A line that nobody else would say. The evidence is in the reply: the talk itself claims nothing."""
    line = parrot_line(peer)
    yield Ask(line, until=line)
    return None


def parrot_line(peer: Peer) -> bytes:
    """The line of `parrot`."""
    return peer.nonce.hex().encode() + b"\r\n"


def nothing() -> Talk:
    """For the handshake alone."""
    return None
    yield


def _never(_data: bytes) -> bool:
    return False
