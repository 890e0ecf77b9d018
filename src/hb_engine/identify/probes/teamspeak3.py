"""TeamSpeak 3: its query interface on TCP 10011, which greets, and its voice port on UDP 9987.

The query interface tells its version to anybody; nobody logs in (TeamSpeak 3 ServerQuery manual). The voice port is
asked with the first packet of its handshake, TS3INIT1, whose random number comes back in reverse; it is not documented,
and built from what clients send.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("teamspeak3", tcp=(10011,), udp=(9987,), speaks="either", names=("ts3",), anywhere=False)
START = b"TS3\n\r"
INIT = b"TS3INIT1\0\x65"  # in place of a signature; packet id 101
INIT_FLAGS = b"\x88"


def talk(peer: Peer) -> Talk:
    """Listen, and ask for the version; on UDP the first packet."""
    if peer.transport == "udp":
        return (yield from _voice(peer))
    heard = yield Ask(until=_greeted)
    if not heard.startswith(START):
        return None
    line = yield Ask(b"version\nquit\n", until=b"msg=")
    told = dict(pair.split(b"=", 1) for pair in bytes(line).split(b"\n")[0].split() if b"=" in pair)
    return Identity(
        "teamspeak3",
        "TeamSpeak 3 ServerQuery",
        text(told.get(b"version", b"")),
        info=text(b"build " + told[b"build"]) if b"build" in told else "",
        system=text(told.get(b"platform", b"")),
        proof="banner",
        evidence="TS3",
        guarded=b"version" not in told,
    )


def _voice(peer: Peer) -> Talk:
    random = peer.nonce[:4]
    client = b"\0\0"
    version = b"\x09\x83\x8c\xcf"  # a client's build, as seconds since 2010
    first = INIT + client + INIT_FLAGS + version + b"\0" + bytes(4) + random + bytes(8)
    reply = bytes((yield Ask(first)))
    if reply[:11] != INIT + INIT_FLAGS or len(reply) < 32 or reply[11] != 1 or reply[28:32] != random[::-1]:
        return None
    return Identity("teamspeak3", "TeamSpeak 3", proof="nonce", evidence="TS3INIT1 with our number in reverse")


def _greeted(data: bytes) -> bool:
    """The mark, or the beginning of something else."""
    return len(data) >= len(START) or not START.startswith(data)
