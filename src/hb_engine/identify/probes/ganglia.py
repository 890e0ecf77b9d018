"""Ganglia's monitoring daemon on TCP 8649, gmetad on 8651: XML for whoever connects (Ganglia, gmond(1)).

Document type first, then the element that has the version. We read that far and leave.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ganglia", tcp=(8649, 8651), speaks="server", names=("ganglia-gmond",))
START = b"<?xml "
DOCUMENT, ELEMENT = b"<!DOCTYPE GANGLIA_XML ", b"<GANGLIA_XML VERSION="
DOCUMENT_WITHIN, ELEMENT_WITHIN = 200, 8192


def talk(peer: Peer) -> Talk:
    """Only listen, until the version was told."""
    heard = bytes((yield Ask(until=_told)))
    if not heard.startswith(START) or DOCUMENT not in heard[:DOCUMENT_WITHIN]:
        return None
    told = dict(
        pair.split(b"=", 1) for pair in heard.partition(b"<GANGLIA_XML ")[2].partition(b">")[0].split() if b"=" in pair
    )
    version, source = (text(told.get(name, b"").strip(b'"')) for name in (b"VERSION", b"SOURCE"))
    return Identity(
        "ganglia",
        f"Ganglia {source}".strip(),
        version,
        cpe=(f"cpe:/a:ganglia:ganglia:{version}",) if version[:1].isdigit() else (),
        proof="banner",
        evidence=f"GANGLIA_XML {version}".strip(),
    )


def _told(data: bytes) -> bool:
    """The version's element is there, or this cannot be Ganglia."""
    if not (data.startswith(START) or START.startswith(data)):
        return True
    if len(data) >= DOCUMENT_WITHIN and DOCUMENT not in data[:DOCUMENT_WITHIN]:
        return True
    return b">" in data.partition(ELEMENT)[2] or len(data) >= ELEMENT_WITHIN
