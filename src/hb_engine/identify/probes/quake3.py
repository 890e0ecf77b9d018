"""Quake III and its many children on UDP 27960: getinfo with a challenge, which comes back (id Software, ioquake3).

getstatus would tell more, and make a good amplifier: it is not sent.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("quake3", udp=(27960, 27950), anywhere=False)
SINGLE = b"\xff\xff\xff\xff"
START = SINGLE + b"infoResponse\n"


def talk(peer: Peer) -> Talk:
    """One question."""
    challenge = peer.nonce[:6].hex().encode()
    reply = bytes((yield Ask(SINGLE + b"getinfo " + challenge + b"\n")))
    parts = reply[len(START) :].rstrip(b"\n\0").split(b"\\")
    if not reply.startswith(START) or parts[0]:
        return None
    told = dict(zip(parts[1::2], parts[2::2], strict=False))
    if told.get(b"challenge") != challenge:
        return None
    return Identity(
        "quake3",
        text(told.get(b"gamename", b"")),
        info=text(b"protocol " + told[b"protocol"]) if b"protocol" in told else "",
        proof="nonce",
        evidence="infoResponse with our challenge",
        facts=tuple(
            [(name, text(told[key])) for name, key in (("name", b"hostname"), ("map", b"mapname")) if key in told]
        ),
    )
