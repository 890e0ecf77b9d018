"""Syslog on UDP 514, TCP 514 and 601, TLS 6514 (RFC 5424, 5425, 5426, 6587): a sink.

Every byte that it gets may become a line of somebody's log: nothing is ever sent. Inside TLS the certificate is all
that can be seen.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "syslog",
    udp=(514,),
    tcp=(514, 601),
    tls=(6514,),
    names=("syslog-conn", "syslog-tls"),
    anywhere=False,
    unprovable="A syslog receiver never answers, and what it is sent becomes content of a log.",
)


def talk(_peer: Peer) -> Talk:
    """Ask nothing, and say nothing."""
    yield from ()
    return None
