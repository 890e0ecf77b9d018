"""XMPP between servers (RFC 6120) on TCP 5269: the same streams as clients open, in the namespace jabber:server.

No dialback is begun and nobody is authenticated.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe
from hb_engine.identify.probes.xmpp import ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("xmpp-server", tcp=(5269,), tls=(5270,), names=("jabber-server",), alpn=("xmpp-server",))


def talk(peer: Peer) -> Talk:
    """A stream as servers open it."""
    return (yield from ask(peer, "xmpp-server", b"jabber:server"))
