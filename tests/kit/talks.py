"""What tests of probes share: a peer to talk to, what a talk sends, and replies that nobody should ever send."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from hb_engine.identify.kit import Peer, converse
from hb_engine.identify.transcript import NONCE, NOW, read
from hb_engine.model.identity import Identity

CAPTURES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "identify", "captures")
BYTES = tuple(bytes([value]) for value in range(256))


def peer(transport: str = "tcp", port: int = 1, **more):
    """A peer with the nonce of all captures."""
    return Peer(transport, more.pop("host", "hb.invalid"), port, NONCE, more.pop("tls", False), NOW)


def sent(talk):
    """The bytes of a talk's first command: what a scan would send as its payload."""
    return next(talk).send


def hears(probe, transport, *replies, **more):
    """What a probe makes of these replies."""
    return converse(probe.talk(peer(transport, **more)), replies)


def captured(name):
    """The replies of a capture, in order: what a real server said, for tests that change it."""
    with open(os.path.join(CAPTURES, f"{name}.talk"), encoding="utf-8") as file:
        return [turn.reply for turn in read(file.read()).turns]


def changed(data, at, by=1):
    """The same bytes with one of them different."""
    at %= len(data)
    return data[:at] + bytes([(data[at] + by) % 256]) + data[at + 1 :]


def damaged(*good):
    """Lists of replies: good ones as they are, cut, lengthened, with one byte changed, or noise instead."""
    one = [st.binary(max_size=200)]
    for reply in good:
        places = st.integers(0, max(0, len(reply) - 1))
        one += [
            st.just(reply),
            places.map(lambda at, reply=reply: reply[:at]),
            st.tuples(places, st.sampled_from(BYTES)).map(
                lambda change, reply=reply: reply[: change[0]] + change[1] + reply[change[0] + 1 :]
            ),
            st.binary(max_size=40).map(lambda tail, reply=reply: reply + tail),
        ]
    return st.lists(st.one_of(one), max_size=5)


def is_bounded(named):
    """Whether a talk's outcome is None, or an identity that took no more of a stranger's words than it may."""
    if named is None:
        return True
    words = (named.product, named.version, named.info, named.hostname, named.evidence)
    facts = [part for fact in named.facts for part in fact]
    return isinstance(named, Identity) and all(len(word) <= 400 for word in (*words, *facts))
