"""Discard (RFC 863): it takes everything and never answers, so nothing can prove it. It is asked nothing."""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "discard",
    tcp=(9,),
    udp=(9,),
    names=("sink", "null"),
    anywhere=False,
    unprovable="Discard takes every byte and answers none (RFC 863), so its silence proves nothing.",
)


def talk(peer: Peer) -> Talk:
    """Ask nothing, name nothing."""
    yield from ()
    return None
