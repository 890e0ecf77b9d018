"""What tests of probes share: a peer to talk to, what a talk sends, and replies that nobody should ever send."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from hb_engine.identify import transcript
from hb_engine.identify.kit import Peer, converse
from hb_engine.model.identity import Identity

NONCE, NOW = transcript.NONCE, transcript.NOW
CAPTURES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "identify", "captures")
BYTES = tuple(bytes([value]) for value in range(256))


def peer(transport: str = "tcp", port: int = 1, **more):
    """A peer with the nonce of all captures."""
    return Peer(transport, more.pop("host", "hb.invalid"), port, NONCE, more.pop("tls", False), NOW)


def begin(probe, transport="tcp", port=1, **more):
    """A probe's talk, not yet begun, for tests that play the other side themselves."""
    return probe.talk(peer(transport, port, **more))


def sent(talk):
    """The bytes of a talk's first command: what a scan would send as its payload."""
    return next(talk).send


def hears(probe, transport, *replies, **more):
    """What a probe makes of these replies."""
    return converse(probe.talk(peer(transport, **more)), replies)


def captured(name):
    """The replies of a capture, in order: what a real server said, for tests that change it."""
    with open(os.path.join(CAPTURES, f"{name}.talk"), encoding="utf-8") as file:
        return [turn.reply for turn in transcript.read(file.read()).turns]


def changed(data, at, by=1):
    """The same bytes with one of them different."""
    at %= len(data)
    return data[:at] + bytes([(data[at] + by) % 256]) + data[at + 1 :]


def damaged(*good):
    """Lists of replies: good ones as they are, cut, lengthened, with one byte changed, or noise instead."""
    replies = st.sampled_from([bytes(reply) for reply in good])
    how = st.sampled_from(["whole", "cut", "changed", "longer", "noise"])
    spoilt = st.tuples(replies, how, st.integers(0, 1 << 16), st.binary(max_size=40)).map(_spoilt)
    return st.lists(spoilt, max_size=4)


def _spoilt(drawn):
    reply, how, place, noise = drawn
    at = place % (len(reply) + 1)
    if how == "cut":
        return reply[:at]
    if how == "changed":
        return reply[:at] + BYTES[place % 256] + reply[at + 1 :]
    return {"whole": reply, "longer": reply + noise, "noise": noise}[how]


def is_bounded(named):
    """Whether a talk's outcome is None, or an identity that took no more of a stranger's words than it may."""
    if named is None:
        return True
    words = (named.product, named.version, named.info, named.hostname, named.evidence)
    facts = [part for fact in named.facts for part in fact]
    return isinstance(named, Identity) and all(len(word) <= 400 for word in (*words, *facts))
