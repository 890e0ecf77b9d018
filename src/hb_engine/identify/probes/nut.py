"""Network UPS Tools' server upsd on TCP 3493 (RFC 9271): VER tells its version to anybody.

Nobody logs in, and no UPS is listed or told anything.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nut", tcp=(3493,), names=("nut-upsd",))
START = b"Network UPS Tools upsd "
REFUSED = (b"ERR UNKNOWN-COMMAND", b"ERR ACCESS-DENIED")


def talk(peer: Peer) -> Talk:
    """VER, and goodbye in the same breath."""
    line = bytes((yield Ask(b"VER\nLOGOUT\n", until=b"\n"))).partition(b"\n")[0]
    if not line.startswith(START):
        return None
    version = text(line[len(START) :].partition(b" ")[0])
    return Identity(
        "nut",
        "Network UPS Tools upsd",
        version,
        cpe=(f"cpe:/a:networkupstools:nut:{version}",) if version[:1].isdigit() else (),
        proof="banner",
        evidence=text(line),
    )


def hint(reply: bytes) -> bool:
    """What upsd says to an HTTP request."""
    return reply.startswith(REFUSED)
