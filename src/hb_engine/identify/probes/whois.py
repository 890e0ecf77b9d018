"""Whois (RFC 3912): one line is asked, text comes back until the server closes. The text has no structure.

So an answer counts only where it repeats the name that was asked for, made of the nonce, or begins as registries'
answers do; and never as more than a likeness.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("whois", tcp=(43,), names=("nicname",))
WORDS = (b"no match", b"not found", b"no entries found", b"no data found", b"no object found", b"nothing found")


def talk(peer: Peer) -> Talk:
    """One name that cannot exist, and what comes until the server closes."""
    name = b"hb-" + peer.nonce[:4].hex().encode() + b".invalid"
    reply = yield Ask(name + b"\r\n", until=lambda data: len(data) >= 8192)
    low = reply.lower()
    if reply.ended != "closed" or low.startswith((b"http/", b"<", name)) or not any(word in low for word in WORDS):
        return None
    lines = [line for line in reply.split(b"\n") if line.strip()]
    comments = sum(line.startswith((b"%", b"#", b">>>")) for line in lines)
    if name not in low and not comments:
        return None
    return Identity("whois", proof="pattern", evidence=text(b" ".join(lines[:4])))
