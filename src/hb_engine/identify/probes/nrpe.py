"""NRPE, which runs checks for Nagios, on TCP 5666, mostly inside TLS: its own version is asked for (_NRPE_CHECK).

No command is run by that. The packet of version 2 (NRPE, include/common.h) is understood by all servers; both ways have
a CRC-32. A server that does not list our address closes.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nrpe", tcp=(5666,), tls=(5666,), anywhere=False)
SIZE = 1036
QUERY, RESPONSE = b"\0\2\0\1", b"\0\2\0\2"  # packet version 2, type


def talk(peer: Peer) -> Talk:
    """_NRPE_CHECK; the answer is the version's text."""
    rest = bytes(2) + b"_NRPE_CHECK".ljust(1026, b"\0")
    reply = bytes((yield Ask(QUERY + _crc(QUERY, rest) + rest, until=at_least(SIZE))))
    if len(reply) != SIZE or reply[:4] != RESPONSE or reply[4:8] != _crc(RESPONSE, reply[8:]):
        return None
    said = reply[10:1034].partition(b"\0")[0]
    version = text(said.removeprefix(b"NRPE v")) if said.startswith(b"NRPE v") else ""
    return Identity(
        "nrpe",
        "Nagios NRPE",
        version,
        cpe=(f"cpe:/a:nagios:nrpe:{version}",) if version else (),
        evidence=text(said) or "a response with its CRC",
    )


def _crc(head: bytes, rest: bytes) -> bytes:
    """CRC-32 over the packet with zeros in the place of the CRC."""
    from zlib import crc32  # rarely needed

    return crc32(head + bytes(4) + rest).to_bytes(4, "big")
