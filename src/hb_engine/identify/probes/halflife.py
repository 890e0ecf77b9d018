"""Servers of Valve's games on UDP 27015: A2S_INFO (Valve developer wiki, "Server queries").

A server that wants to know that we are where we say answers with a number first, which is sent back; without that it
would be a good amplifier. Players and rules are not asked for.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("halflife", udp=(27015,), names=("valve", "steam"), anywhere=False)
SINGLE = b"\xff\xff\xff\xff"
QUERY = SINGLE + b"TSource Engine Query\0"
CHALLENGE, INFO = SINGLE + b"A", SINGLE + b"I"
SYSTEMS = {0x6C: "Linux", 0x77: "Windows", 0x6D: "Mac OS", 0x6F: "Mac OS"}


def talk(peer: Peer) -> Talk:
    """The query, once more with the number where one was given."""
    reply = bytes((yield Ask(QUERY)))
    if reply.startswith(CHALLENGE) and len(reply) == 9:
        reply = bytes((yield Ask(QUERY + reply[5:])))
    if not reply.startswith(INFO):
        return None
    parts = reply[6:].split(b"\0", 4)
    if len(parts) < 5 or len(parts[4]) < 9:
        return None
    name, world, folder, game, rest = parts
    version, ended, _ = rest[9:].partition(b"\0")
    if not ended or rest[6] not in SYSTEMS:
        return None
    return Identity(
        "halflife",
        text(game),
        text(version),
        info=f"{rest[2]} of {rest[3]} players",
        system=SYSTEMS[rest[6]],
        evidence=f"A2S_INFO of {text(name, 80)}",
        facts=(("name", text(name)), ("map", text(world)), ("folder", text(folder))),
    )
