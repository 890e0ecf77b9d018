"""ZMTP, what ZeroMQ sockets speak: both sides send their signature at once, then the version and how peers prove who
they are.

We answer with a greeting of our own (mechanism NULL), which makes the peer tell the rest of its greeting, and go.
Nothing is subscribed to and no message is sent. Salt's master (4505, 4506) and Jupyter's kernels speak it.
Specification: ZMTP 3.1 (ZeroMQ RFC 23 and 37).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("zmtp", tcp=(4505, 4506, 5555, 5556), speaks="server", names=("zeromq", "salt-master"))
SIGNATURE = b"\xff\0\0\0\0\0\0\0\x01\x7f"
REST = b"\x03\0NULL" + bytes(16) + b"\0" + bytes(31)  # version 3.0, mechanism, no server, filler


def talk(peer: Peer) -> Talk:
    """Hear the signature, then greet, to hear the rest."""
    heard = yield Ask(until=_whole)
    if heard[:1] != b"\xff" or heard[9:10] != b"\x7f" or len(heard) > 64 or not heard.startswith(SIGNATURE[:8]):
        return None
    greeting = bytes(heard) + bytes((yield Ask(SIGNATURE + REST, until=at_least(64 - len(heard)))))
    major = greeting[10] if len(greeting) > 10 else 0
    mechanism = text(greeting[12:32].rstrip(b"\0")) if major >= 3 and len(greeting) >= 32 else ""
    version = f"{major}.{greeting[11]}" if major >= 3 and len(greeting) >= 12 else {1: "2.0", 2: "2.1"}.get(major, "")
    return Identity(
        "zmtp",
        "ZeroMQ",
        info=", ".join(part for part in (f"ZMTP {version}".rstrip(), mechanism) if part),
        guarded=mechanism not in ("", "NULL"),
        evidence=f"signature {greeting[:12].hex()}, mechanism {mechanism or 'untold'}",
    )


def hint(reply: bytes) -> bool:
    """The signature."""
    return reply[:10] == SIGNATURE


def _whole(data: bytes) -> bool:
    return len(data) >= 10 or not SIGNATURE[:8].startswith(data[:8])
