"""Munin's node on TCP 4949: it greets with its host's name, and tells its version (Munin guide, "Data exchange").

No plugin is listed, fetched or run.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("munin", tcp=(4949,), speaks="server")
START = b"# munin node at "


def talk(peer: Peer) -> Talk:
    """Listen, then ask for the version."""
    line = bytes((yield Ask(until=_greeted))).partition(b"\n")[0]
    if not line.startswith(START):
        return None
    told = yield Ask(b"version\nquit\n", until=b"\n")
    version = text(bytes(told).partition(b"\n")[0].rpartition(b" version: ")[2]) if b" version: " in told else ""
    return Identity(
        "munin",
        "Munin node",
        version,
        hostname=text(line[len(START) :]),
        cpe=(f"cpe:/a:munin-monitoring:munin:{version}",) if version else (),
        proof="banner",
        evidence=text(line),
    )


def _greeted(data: bytes) -> bool:
    """A whole line, or the beginning of something else."""
    return b"\n" in data or not (START.startswith(data) or data.startswith(START))
