"""LLMNR on port 5355 (RFC 4795): nothing can be proved from outside.

A responder answers for its own names and stays silent for all others; by unicast many answer nothing at all. Asking
for names until one fits would be guessing.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "llmnr",
    udp=(5355,),
    tcp=(5355,),
    anywhere=False,
    unprovable="LLMNR answers only to a question for its own name, which a stranger does not know.",
)


def talk(_peer: Peer) -> Talk:
    """Ask nothing, and say nothing."""
    yield from ()
    return None
