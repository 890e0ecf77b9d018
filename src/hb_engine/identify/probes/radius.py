"""RADIUS on UDP 1812 and 1813 (RFC 2865, 2866, 5997): a server answers only clients that it shares a secret with.

Status-Server would be harmless, but is authenticated as all others are: nothing is sent.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "radius",
    udp=(1812, 1813, 1645, 1646),
    names=("radius-acct", "radacct"),
    anywhere=False,
    unprovable="RADIUS drops every packet from an address for which it has no shared secret.",
)


def talk(_peer: Peer) -> Talk:
    """Ask nothing, and say nothing."""
    yield from ()
    return None
