"""Tarantool greets with 128 bytes: its version and instance in one line, a salt in the other. We only listen.

Specification: Tarantool, "Binary protocol": greeting message.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("tarantool", tcp=(3301,), speaks="server")
START = b"Tarantool "


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = yield Ask(until=_whole)
    if len(heard) != 128 or not heard.startswith(START) or heard[63:64] != b"\n" or heard[127:128] != b"\n":
        return None
    version, _, rest = text(heard[len(START) : 63]).partition(" ")
    way, _, instance = rest.partition(" ")
    if way not in ("(Binary)", "(Lua"):
        return None
    return Identity(
        "tarantool",
        "Tarantool",
        version,
        cpe=(f"cpe:/a:tarantool:tarantool:{version}",),
        evidence=text(heard[:63]),
        facts=(("instance", instance),) if instance else (),
    )


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply.startswith(START) and len(reply) == 128


def _whole(data: bytes) -> bool:
    return len(data) >= 128 or not START.startswith(data[:10])
