"""MGCP gateways on UDP 2427: an audit of an endpoint that does not exist (RFC 3435 2.3.11).

Our transaction number comes back behind a code. No endpoint is named that could ring.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mgcp-gateway", udp=(2427,), names=("mgcp",), anywhere=False)


def talk(peer: Peer) -> Talk:
    """AuditEndpoint."""
    transaction = b"%d" % (int.from_bytes(peer.nonce[:3], "big") + 1)
    reply = bytes((yield Ask(b"AUEP " + transaction + b" hb-engine@hb.invalid MGCP 1.0\r\n")))
    line = reply.partition(b"\n")[0].rstrip(b"\r")
    code, _, rest = line.partition(b" ")
    if len(code) != 3 or not code.isdigit() or rest.partition(b" ")[0] != transaction:
        return None
    return Identity("mgcp-gateway", proof="nonce", evidence=text(line))
