"""The NetBIOS name service (RFC 1002 4.2.17) on UDP 137: a node tells its names, and its hardware address.

The request is sent to one node, never broadcast, and its transaction id is ours.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity
from hb_engine.wire.netbios import STATUS, encoded, status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("netbios-ns", udp=(137,), anywhere=False)


def talk(peer: Peer) -> Talk:
    """One node status request for the name of all names, one datagram back."""
    xid = peer.nonce[:2]
    reply = yield Ask(xid + b"\0\0\0\1\0\0\0\0\0\0" + encoded(b"*", 0, b"\0") + STATUS)
    told = status(reply, xid)
    if told is None:
        return None
    names, mac = told
    own = next((name for name, suffix, group in names if suffix == 0x00 and not group), b"")
    group = next((name for name, suffix, group in names if suffix == 0x00 and group), b"")
    facts = (("workgroup", text(group)), ("mac", mac if mac != "00:00:00:00:00:00" else ""))
    return Identity(
        "netbios-ns",
        "Samba nmbd" if mac == "00:00:00:00:00:00" else "",
        info=f"workgroup {text(group)}" if group else "",
        hostname=text(own),
        proof="nonce",
        evidence=text(b", ".join([name + b"<%02x>" % suffix for name, suffix, _ in names])),
        facts=tuple([(key, value) for key, value in facts if value]),
    )
