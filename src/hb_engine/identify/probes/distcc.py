"""distcc: a compiler that runs what it is sent. Only a job would be answered, and a job runs a program over there.

So nothing is sent, ever. The protocol (doc/protocol-1.txt of distcc) has no greeting and no harmless question.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "distccd",
    tcp=(3632,),
    names=("distcc",),
    care="never",
    anywhere=False,
    unprovable="distcc answers nothing but jobs, and a job would run a compiler on that machine; it is not asked.",
)


def talk(peer: Peer) -> Talk:
    """Ask nothing, name nothing."""
    yield from ()
    return None
