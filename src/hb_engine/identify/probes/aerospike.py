"""Aerospike: the info protocol reads its build and edition. Nobody logs in; where that is wanted, the refusal is read.

Specification: Aerospike, "Info protocol" (protocol version 2, type 1, 48 bits of length; names in lines).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("aerospike", tcp=(3000,), anywhere=False)
NAMES = b"build\nedition\n"


def talk(peer: Peer) -> Talk:
    """build and edition."""
    reply = bytes((yield Ask(b"\x02\x01" + len(NAMES).to_bytes(6, "big") + NAMES, until=framed(2, 6, 8))))
    if reply[:2] != b"\x02\x01" or len(reply) != 8 + int.from_bytes(reply[2:8], "big"):
        return None
    told = {
        text(name): text(value)
        for name, tab, value in (line.partition(b"\t") for line in reply[8:].split(b"\n"))
        if tab
    }
    build = told.get("build")
    if build is None:
        return None
    version = build if build[:1].isdigit() else ""
    return Identity(
        "aerospike",
        told.get("edition", "") if version and told.get("edition", "").startswith("Aerospike") else "Aerospike",
        version,
        cpe=(f"cpe:/a:aerospike:aerospike_server:{version}",) if version else (),
        guarded=not version,
        evidence=text(reply[8:]),
    )
