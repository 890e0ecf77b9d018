"""MonetDB's MAPI: the server greets with a challenge that says what it is and which hashes it knows. We only listen.

Specification: MonetDB, "The MAPI client protocol": block header of two bytes, challenge of six fields and more.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("monetdb", tcp=(50000,), speaks="server", names=("mapi",))
ROLES = ("mserver", "merovingian", "control", "proxy")


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = bytes((yield Ask(until=_whole)))
    header = int.from_bytes(heard[:2], "little")
    fields = heard[2:].split(b":")
    if not header & 1 or len(heard) != 2 + (header >> 1) or len(fields) < 6 or fields[-1]:
        return None
    role, protocol, hashes = (text(field) for field in fields[1:4])
    if role not in ROLES or not protocol.isdigit() or "SHA" not in hashes:
        return None
    info = f"MAPI {protocol}, {role}"
    return Identity(
        "monetdb", "MonetDB", info=info, cpe=("cpe:/a:monetdb:monetdb",), guarded=True, evidence=text(heard[2:])
    )


def _whole(data: bytes) -> bool:
    header = int.from_bytes(data[:2], "little")
    if len(data) < 2:
        return False
    return not header & 1 or header >> 1 > 1000 or len(data) >= 2 + (header >> 1)
