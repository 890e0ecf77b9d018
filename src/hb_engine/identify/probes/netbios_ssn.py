"""The NetBIOS session service (RFC 1002 4.3) on TCP 139: it is asked for *SMBSERVER, a name that every server has.

A positive answer leads to SMB, which is asked as on TCP 445. A negative one has a reason, and names it as surely.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed
from hb_engine.identify.probes.smb import ask
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace
from hb_engine.wire.netbios import encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("netbios-ssn", tcp=(139,))
REASONS = {
    0x80: "not listening on the called name",
    0x81: "not listening for the calling name",
    0x82: "called name not present",
    0x83: "insufficient resources",
    0x8F: "unspecified error",
}


def talk(peer: Peer) -> Talk:
    """A session request, and SMB inside the session."""
    names = encoded(b"*SMBSERVER", 0x20) + encoded(b"HB", 0x00)
    reply = yield Ask(b"\x81\0" + len(names).to_bytes(2, "big") + names, until=framed(2, 2, 4))
    if reply[:4] == b"\x83\0\0\1" and len(reply) == 5 and reply[4] in REASONS:
        return Identity("netbios-ssn", info=REASONS[reply[4]], evidence="negative session response", guarded=True)
    if reply != b"\x82\0\0\0":
        return None
    named = yield from ask(peer, "netbios-ssn")
    positive = "positive session response"
    return replace(named, evidence=positive) if named else Identity("netbios-ssn", evidence=positive)
