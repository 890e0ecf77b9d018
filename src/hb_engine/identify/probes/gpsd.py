"""gpsd greets with an object of its release and protocol. We only listen, and switch nothing on.

Specification: gpsd_json(5): VERSION.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("gpsd-ng", tcp=(2947,), speaks="server", names=("gpsd",))
START = b'{"class":"VERSION",'


def talk(peer: Peer) -> Talk:
    """Only listen."""
    import json

    heard = yield Ask(until=lambda data: b"\n" in data or not START.startswith(data[: len(START)]))
    line, end, _ = bytes(heard).partition(b"\n")
    if not line.startswith(START) or not end:
        return None
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    release, major, minor = (told.get(name) for name in ("release", "proto_major", "proto_minor"))
    if not isinstance(release, str) or not isinstance(major, int) or not isinstance(minor, int):
        return None
    version = text(release.encode("utf-8", "replace")).removeprefix("release-")
    return Identity(
        "gpsd-ng",
        "GPSD",
        version,
        info=f"protocol {major}.{minor}"[:40],
        cpe=(f"cpe:/a:gpsd_project:gpsd:{version.partition(' ')[0].partition('~')[0]}",),
        evidence=text(line),
    )


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply.startswith(START)
