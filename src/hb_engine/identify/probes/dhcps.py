"""DHCP servers on UDP 67 (RFC 2131): nothing can be proved from the port of an ordinary program.

A server sends its answers to port 68, of a client that it can reach on its own link or through a relay; a DHCPINFORM
from another port is logged and its answer goes elsewhere, or nowhere. So nothing is sent, and no address is asked for.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "dhcps",
    udp=(67,),
    names=("bootps", "dhcp-server"),
    anywhere=False,
    unprovable="A DHCP server answers to port 68 only, so a question from any other port stays without an answer.",
)


def talk(_peer: Peer) -> Talk:
    """Ask nothing, and say nothing."""
    yield from ()
    return None
