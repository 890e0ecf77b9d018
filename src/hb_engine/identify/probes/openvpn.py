"""OpenVPN on UDP or TCP 1194, often on 443: a client's hard reset, answered with the server's.

The answer acknowledges our packet and repeats our session id. A server with tls-auth, tls-crypt or tls-crypt-v2 stays
silent, and is not told from one that is not there. Source: OpenVPN, src/openvpn/ssl_pkt.h and doc/protocol. No TLS is
begun.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("openvpn", tcp=(1194,), udp=(1194,), anywhere=False)
CLIENT_RESET, SERVER_RESET = 0x38, 0x40  # opcodes 7 and 8, key 0


def talk(peer: Peer) -> Talk:
    """P_CONTROL_HARD_RESET_CLIENT_V2 with an empty list of acknowledgements and packet id 0."""
    session = peer.nonce[:8]
    reset = bytes([CLIENT_RESET]) + session + bytes(5)
    if peer.transport == "udp":
        reply = bytes((yield Ask(reset)))
    else:
        whole = yield Ask(len(reset).to_bytes(2, "big") + reset, until=framed(0, 2, 2))
        size = int.from_bytes(whole[:2], "big")
        reply = bytes(whole[2 : 2 + size]) if len(whole) >= 2 + size else b""
    if len(reply) < 14 or reply[0] != SERVER_RESET or not 1 <= reply[9] <= 8:
        return None
    behind = 10 + 4 * reply[9]
    if reply[behind : behind + 8] != session or len(reply) < behind + 12:
        return None
    return Identity("openvpn", "OpenVPN", proof="nonce", evidence="a hard reset that acknowledges our session")
