"""Finger (RFC 1288): asked for a user that cannot exist, the server says so, and closes.

There is no structure in the answer, so it counts only where it repeats the name, made of the nonce, with words that
finger daemons use; a server that repeats everything is none.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("finger", tcp=(79,), names=("fingerd",))
WORDS = (
    b"no such user",
    b"login:",
    b"login name:",
    b"no one logged",
    b"not known",
    b"no match",
    b"unknown user",
    b"???",
)
FOREIGN = (b"HTTP/", b"<html", b"<!doctype", b"500 ", b"502 ", b"-err")


def talk(peer: Peer) -> Talk:
    """One query, and what comes until the server closes."""
    user = b"hb-" + peer.nonce[:4].hex().encode()
    reply = yield Ask(user + b"\r\n", until=lambda data: len(data) >= 4096)
    low = reply.lower()
    if (
        user not in reply
        or not any(word in low for word in WORDS)
        or low.startswith(tuple([f.lower() for f in FOREIGN]))
    ):
        return None
    product = next((name for mark, name in ((b"efingerd", "efingerd"), (b"cfingerd", "cfingerd")) if mark in low), "")
    return Identity("finger", product, proof="nonce", evidence=text(reply))


def hint(reply: bytes) -> bool:
    """The complaint about users named GET or HTTP/1.1."""
    low = reply.lower()
    return (b"no such user" in low or b"???" in low) and b"get" in low and not low.startswith(b"http/")
