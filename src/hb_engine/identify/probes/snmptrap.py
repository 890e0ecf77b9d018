"""SNMP notifications on UDP 162 (RFC 3416): a sink.

Traps get no answer, and an inform that is answered would be stored and might raise an alarm: nothing is sent.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "snmptrap",
    udp=(162,),
    anywhere=False,
    unprovable="A receiver of SNMP traps takes notifications in and never answers one.",
)


def talk(_peer: Peer) -> Talk:
    """Ask nothing, and say nothing."""
    yield from ()
    return None
