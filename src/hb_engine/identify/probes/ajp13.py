"""AJP 1.3, between web servers and Tomcat or Jetty: CPing is answered by CPong, whether or not a secret is wanted.

No request is forwarded. Specification: Apache Tomcat Connectors, "AJPv13 extensions proposal" (CPing 10, CPong 9).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ajp13", tcp=(8009,), names=("ajp12", "ajp"))
CPING, CPONG = b"\x12\x34\0\x01\x0a", b"AB\0\x01\x09"


def talk(peer: Peer) -> Talk:
    """CPing."""
    reply = yield Ask(CPING, until=at_least(len(CPONG)))
    return Identity("ajp13", evidence="CPong reply") if reply == CPONG else None
