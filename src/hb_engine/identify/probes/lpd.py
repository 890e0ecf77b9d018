"""The line printer daemon (RFC 1179): it is asked for the long state of a queue that cannot exist, and names it.

Printers speak this too, and some print what they do not understand: so no byte is sent where nobody asked. No job is
sent, listed or removed; the queue's name is made of the nonce.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("printer", tcp=(515,), names=("lpd", "spooler"), care="asked", anywhere=False)
REFUSALS = (
    b"unknown printer",
    b"no such printer",
    b"unable to get printer",
    b"does not exist",
    b"unknown queue",
    b"no permission to connect",
    b"your host does not have line printer access",
    b"malformed from address",
    b"no entries",
    b"no connect permissions",
)


def talk(peer: Peer) -> Talk:
    """One command (5.4), and what comes until the daemon closes."""
    queue = b"hb-" + peer.nonce[:6].hex().encode()
    reply = yield Ask(b"\x04" + queue + b"\n", until=lambda data: len(data) >= 2048)
    low = reply.lower()
    ours = queue in reply
    if reply[:1] == b"\x04" or not (ours or b"lpd" in low or b"printer" in low):
        return None
    if not any(words in low for words in REFUSALS):
        return None
    host = text(reply).partition(f"Printer: {queue.decode()}@")[2].partition(" ")[0]
    return Identity(
        "printer",
        "CUPS lpd" if low.startswith(b"unable to get printer ") else "LPRng" if host or b"lprng" in low else "",
        hostname=host.strip("'"),
        proof="nonce" if ours else "pattern",
        evidence=text(reply),
        guarded=b"permission" in low or b"access" in low,
    )


def hint(reply: bytes) -> bool:
    """What daemons say to a first byte that is no command, such as a G."""
    return reply.lower().startswith((b"lpd [@", b"lpd: ", b"illegal service request"))
