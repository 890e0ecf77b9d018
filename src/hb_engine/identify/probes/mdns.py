"""Multicast DNS on UDP 5353, asked by unicast which services there are (RFC 6762, 6763 9).

A responder that gets a question from a port other than 5353 repeats its ID and question (RFC 6762 6.7): that is the
proof. One that has no service to tell, or answers its own link only, stays silent. It is asked once.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text
from hb_engine.identify.probes.domain import PTR, SRV, records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mdns", udp=(5353,), names=("zeroconf",), anywhere=False)
SERVICES = b"\x09_services\x07_dns-sd\x04_udp\x05local\0"
QUESTION = SERVICES + b"\0\x0c\0\1"  # PTR, IN
SHOWN = 12


def talk(peer: Peer) -> Talk:
    """One question for the types of services."""
    reply = bytes((yield Ask(peer.nonce[:2] + b"\0\0\0\1\0\0\0\0\0\0" + QUESTION)))
    if len(reply) < 12 or reply[:2] not in (peer.nonce[:2], b"\0\0") or reply[2] & 0xF8 != 0x80:
        return None
    told = records(reply)
    name = b"_services._dns-sd._udp.local"
    types = sorted({data.removesuffix(b".local") for kind, of, data in told if kind == PTR and of.lower() == name})
    if not types:
        return None
    host = next((data for kind, _, data in told if kind == SRV), b"")
    return Identity(
        "mdns",
        info=text(b", ".join(types[:SHOWN])),
        hostname=text(host),
        proof="nonce" if reply[:2] == peer.nonce[:2] else "structure",
        evidence=f"{len(types)} types of services",
        facts=tuple([("service", text(kind)) for kind in types[:SHOWN]]),
    )
