"""IEC 60870-5-104 on TCP 2404, inside TLS on 19998: one test frame (IEC 60870-5-104, 5.2).

Some stations allow one master only, and our connection may take its place: it is asked only where a person said so. The
data transfer is never started.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("iec-104", tcp=(2404,), tls=(19998,), names=("iec-104-sec",), care="asked", anywhere=False)
TEST = b"\x68\4\x43\0\0\0"  # TESTFR act
CONFIRMED = b"\x68\4\x83\0\0\0"  # TESTFR con


def talk(peer: Peer) -> Talk:
    """A test frame, and its confirmation."""
    reply = yield Ask(TEST, until=at_least(len(CONFIRMED)))
    if not reply.startswith(CONFIRMED):
        return None
    return Identity("iec-104", evidence="TESTFR confirmed")
