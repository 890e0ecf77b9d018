"""iperf3 on TCP 5201: a client's cookie, answered with the state of the server (iperf3, src/iperf_api.h).

One byte comes back: parameters are wanted, or a test is running. We leave then; a server that waits for one client at a
time is free again. One byte is a weak proof, so it is asked on its own port only.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("iperf3", tcp=(5201,), anywhere=False)
ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567"
PARAMETERS, DENIED = b"\x09", b"\xff"


def talk(peer: Peer) -> Talk:
    """Thirty-six letters and a zero."""
    cookie = bytes(ALPHABET[(peer.nonce * 3)[index] & 31] for index in range(36)) + b"\0"
    reply = bytes((yield Ask(cookie)))
    if reply not in (PARAMETERS, DENIED):
        return None
    told = "wants parameters" if reply == PARAMETERS else "busy with another client"
    return Identity("iperf3", "iperf3", info=told, proof="pattern", evidence=f"state {reply[0]}: {told}")
