"""iperf3 on TCP 5201: a client's cookie, answered with the state of the server (iperf3, src/iperf_api.h).

One byte comes back: parameters are wanted, or a test is running. It must come behind the cookie's last byte and not
before, which makes of one byte a proof; a busy server says so at once. We leave then, and the server is free again.
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
    """Thirty-six letters, and then the zero that ends them."""
    early = yield Ask(bytes(ALPHABET[(peer.nonce * 3)[index] & 31] for index in range(36)), wait=0.3)
    if early == DENIED:
        told = "busy with another client"
        return Identity("iperf3", "iperf3", info=told, proof="pattern", evidence=f"state 255: {told}")
    if early or early.ended != "silent" or bytes((yield Ask(b"\0"))) != PARAMETERS:
        return None
    return Identity("iperf3", "iperf3", info="wants parameters", evidence="state 9 behind the whole cookie")


def hint(reply: bytes) -> bool:
    """The same byte behind the first of any question, which was taken for a cookie."""
    return reply in (PARAMETERS, DENIED)
